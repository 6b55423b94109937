// Room: web/ui. What stands around every page: skip link, head with search, the places of this role, and the voice that
// tells a screen reader of a new page. On a narrow screen the places are a drawer.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { NavLink, useLocation } from 'react-router';
import { Disclosure } from './disclosure.tsx';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';
import { Announce } from './page.tsx';
import { SearchBox } from './search-box.tsx';
import type { Place } from './place.ts';
import { ShortcutHelp, useShortcuts } from './shortcuts.tsx';
import { formatNumber } from './text.tsx';

export interface ShellProps {
  readonly insurer: string;
  /** 「本部」「島根支部」「閲覧のみ」 */
  readonly scope: string;
  readonly person: string;
  readonly role: string;
  readonly home: string;
  readonly places: readonly Place[];
  /** Where a search goes; none for roles that may not search. */
  readonly searchAt?: string | undefined;
  readonly searchLabel?: string;
  readonly onSignOut: () => void;
  /** Running work, for the head. */
  readonly tray?: ReactNode;
  readonly children: ReactNode;
}

export function Shell(props: ShellProps): ReactNode {
  const { insurer, scope, person, role, home, places, searchAt, onSignOut, tray, children } = props;
  const search = useRef<HTMLInputElement>(null);
  const main = useRef<HTMLElement>(null);
  const [said, setSaid] = useState('');
  const announce = useCallback((text: string) => setSaid(text), []);
  const [helpOpen, setHelpOpen] = useState(false);
  useShortcuts({ places, search, onHelp: () => setHelpOpen(true) });

  return (
    <Announce value={announce}>
      <a
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
        className="fixed top-2 left-2 z-30 -translate-y-24 rounded-8 bg-white px-4 py-3 focus:translate-y-0 print:hidden"
      >
        本文へ移動
      </a>
      <header className="sticky top-0 z-20 border-b border-solid-gray-420 bg-white print:hidden">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2 desktop:flex-nowrap desktop:px-6">
          <Drawer places={places} scope={scope} role={role} />
          <NavLink
            to={home}
            data-control
            className="flex min-h-11 items-center gap-2 pr-1 text-solid-gray-900 no-underline visited:text-solid-gray-900"
          >
            <Mark />
            <span className="text-oln-17B-100">todoke</span>
          </NavLink>
          <span className="min-w-0 truncate text-dns-14N-130 text-solid-gray-700 max-desktop:hidden">{insurer}</span>
          <span className="rounded-8 border border-blue-700 bg-blue-50 px-2 py-1 text-oln-14B-100 whitespace-nowrap text-blue-1000">
            {scope}
          </span>
          <div
            className={`ml-auto flex items-center gap-1 desktop:order-last ${searchAt === undefined ? '' : 'desktop:ml-0'}`}
          >
            {tray}
            <Disclosure label={person} icon="person" wordFrom="wide">
              <div className="flex flex-col p-2">
                <p className="px-3 py-2 text-dns-14N-130 text-solid-gray-700">
                  <span className="block text-dns-16B-130 text-solid-gray-900">{person}</span>
                  {insurer}・{role}
                </p>
                <MenuButton icon="question" onClick={() => setHelpOpen(true)}>
                  キー操作の一覧
                </MenuButton>
                <MenuButton icon="external" onClick={onSignOut}>
                  サインアウト
                </MenuButton>
              </div>
            </Disclosure>
          </div>
          {searchAt !== undefined && (
            <SearchBox ref={search} to={searchAt} label={props.searchLabel ?? '番号・カナ・氏名でさがす'} />
          )}
        </div>
      </header>
      <div className="desktop:grid desktop:grid-cols-[15rem_minmax(0,1fr)] print:block">
        <aside className="sticky top-[4.0625rem] flex h-[calc(100dvh-4.0625rem)] flex-col overflow-y-auto border-r border-solid-gray-200 max-desktop:hidden print:hidden">
          <Places places={places} />
          <p className="mt-auto border-t border-solid-gray-200 px-5 py-3 text-dns-14N-130 text-solid-gray-700">
            {scope === role ? role : `${scope}・${role}`}
          </p>
        </aside>
        <main
          id="main"
          ref={main}
          tabIndex={-1}
          className="min-w-0 px-4 py-6 desktop:px-10 desktop:py-8 print:p-0 [&>*]:mx-auto [&>*]:max-w-[72rem]"
        >
          {children}
        </main>
      </div>
      <p role="status" aria-live="polite" className="sr-only">
        {said}
      </p>
      <ShortcutHelp places={places} open={helpOpen} onClose={() => setHelpOpen(false)} />
    </Announce>
  );
}

export function Mark(): ReactNode {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className="size-8 shrink-0">
      <rect width="32" height="32" rx="6" className="fill-key-900 forced-colors:fill-[CanvasText]" />
      <path
        d="M6 10.5h20v12H6zm.5.5 9.5 7 9.5-7"
        fill="none"
        strokeWidth="2.2"
        strokeLinejoin="round"
        className="stroke-white forced-colors:stroke-[Canvas]"
      />
    </svg>
  );
}

function MenuButton({
  icon,
  onClick,
  children,
}: {
  readonly icon: IconName;
  readonly onClick: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex min-h-11 items-center gap-2 rounded-8 px-3 text-left text-oln-16N-100 whitespace-nowrap hover:bg-solid-gray-50 hover:underline"
    >
      <Icon name={icon} className="size-5" />
      {children}
    </button>
  );
}

function Places({ places }: { readonly places: readonly Place[] }): ReactNode {
  return (
    <nav aria-label="主な画面" className="p-2">
      <ul className="flex flex-col gap-0.5">
        {places.map((place) => (
          <li key={place.to}>
            <NavLink
              to={place.to}
              end={place.to === '/'}
              data-control
              className="flex min-h-11 items-center gap-3 rounded-r-8 border-l-4 border-transparent px-3 text-dns-16N-130 text-solid-gray-800 no-underline visited:text-solid-gray-800 hover:bg-solid-gray-50 hover:underline aria-[current=page]:border-blue-900 aria-[current=page]:bg-blue-50 aria-[current=page]:font-700 aria-[current=page]:text-blue-1000"
            >
              <Icon name={place.icon} className="size-6" />
              <span className="grow">{place.label}</span>
              {place.count !== undefined && place.count > 0 && (
                <span className="figures min-w-6 rounded-full bg-red-900 px-2 py-1 text-center text-oln-14B-100 text-white">
                  {formatNumber(place.count)}
                  <span className="sr-only">件</span>
                </span>
              )}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Drawer({
  places,
  scope,
  role,
}: {
  readonly places: readonly Place[];
  readonly scope: string;
  readonly role: string;
}): ReactNode {
  const drawer = useRef<HTMLDialogElement>(null);
  const { pathname } = useLocation();
  useEffect(() => drawer.current?.close(), [pathname]);
  return (
    <>
      <button
        type="button"
        onClick={() => drawer.current?.showModal()}
        className="-ml-1 grid size-11 place-items-center rounded-8 hover:bg-solid-gray-50 desktop:hidden"
      >
        <Icon name="menu" label="メニューを開く" />
      </button>
      <dialog
        ref={drawer}
        aria-label="メニュー"
        onClick={(event) => closeOutside(event.target, drawer)}
        className="m-0 h-dvh max-h-none w-72 max-w-[85vw] bg-white p-0 text-solid-gray-800 shadow-4 backdrop:bg-opacity-gray-600"
      >
        <div className="flex min-h-full flex-col">
          <button
            type="button"
            onClick={() => drawer.current?.close()}
            className="m-2 ml-auto flex min-h-11 items-center gap-1 rounded-8 px-3 hover:bg-solid-gray-50"
          >
            <Icon name="close" className="size-5" />
            閉じる
          </button>
          <Places places={places} />
          <p className="mt-auto border-t border-solid-gray-200 px-5 py-3 text-dns-14N-130 text-solid-gray-700">
            {scope === role ? role : `${scope}・${role}`}
          </p>
        </div>
      </dialog>
    </>
  );
}

function closeOutside(target: EventTarget, drawer: RefObject<HTMLDialogElement | null>): void {
  if (target === drawer.current) drawer.current?.close();
}
