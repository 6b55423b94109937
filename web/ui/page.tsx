// Room: web/ui. The frame of a page: its title in the tab, its place among pages, one heading, one sentence, its actions.
// It also decides where the keyboard is after a change of page: at the heading, or where the page itself asks for.
import { createContext, useContext, useEffect, useRef } from 'react';
import type { ReactNode, RefObject } from 'react';
import { Link, useLocation } from 'react-router';
import { Icon } from './icons.tsx';

const PRODUCT = 'todoke';

/** Says a text to a screen reader, politely. Given by the shell. */
export const Announce = createContext<(text: string) => void>(() => {});

export interface Crumb {
  readonly to: string;
  readonly label: string;
}

export function Page({
  title,
  of,
  lead,
  crumbs = [],
  actions,
  firstFocus,
  width = 'full',
  children,
}: {
  readonly title: string;
  /** What the page is about, for the tab: 「画面名 | 対象 | todoke」. */
  readonly of?: string;
  readonly lead?: ReactNode;
  readonly crumbs?: readonly Crumb[];
  readonly actions?: ReactNode;
  /** The field that holds the keyboard here (a scan station's); the heading otherwise. */
  readonly firstFocus?: RefObject<HTMLElement | null>;
  readonly width?: 'full' | 'reading';
  readonly children: ReactNode;
}): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  const announce = useContext(Announce);
  const { pathname, key } = useLocation();

  const name = [title, of, PRODUCT].filter(Boolean).join(' | ');
  useEffect(() => {
    document.title = name;
  }, [name]);

  // Not for filters and pages of a list, which change the address but not the page; and not on the first load, where
  // the browser's own start is right.
  useEffect(() => {
    if (firstFocus) {
      firstFocus.current?.focus();
      announce(title);
    } else if (key !== 'default') heading.current?.focus({ preventScroll: true });
    // oxlint-disable-next-line react/exhaustive-deps
  }, [pathname]);

  return (
    // The shell gives the widest a page may be; within it a page for reading keeps to the left.
    <div>
      <div className={width === 'reading' ? 'max-w-[50rem]' : ''}>
        {crumbs.length > 0 && (
          <nav aria-label="現在位置" className="mb-2 print:hidden">
            <ol className="flex flex-wrap items-center gap-x-1 text-dns-14N-130">
              {crumbs.map((crumb) => (
                <li key={crumb.to} className="flex items-center gap-x-1">
                  <Link to={crumb.to} className="py-1 visited:text-blue-1000">
                    {crumb.label}
                  </Link>
                  <Icon name="chevron-right" className="size-4 text-solid-gray-600" />
                </li>
              ))}
              <li aria-current="page" className="py-1 text-solid-gray-700">
                {of ?? title}
              </li>
            </ol>
          </nav>
        )}
        <div className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
          <div className="min-w-0">
            <h1 ref={heading} tabIndex={-1} className="text-std-24B-150 desktop:text-std-28B-150">
              {title}
            </h1>
            {lead && <div className="mt-1 text-solid-gray-700">{lead}</div>}
          </div>
          {actions && <div className="flex flex-wrap gap-3 print:hidden">{actions}</div>}
        </div>
        {children}
      </div>
    </div>
  );
}

/** A part of a page with a heading of its own. */
export function Section({
  title,
  actions,
  children,
}: {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className="mb-10">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h2 className="text-std-20B-150">{title}</h2>
        {actions && <div className="flex flex-wrap gap-3 print:hidden">{actions}</div>}
      </div>
      {children}
    </section>
  );
}
