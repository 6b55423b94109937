// Room: web/ui. Keys: `/` and Ctrl+K search, `g` then a letter goes to a place, `?` lists them. Single keys can be
// switched off (WCAG 2.1.4), never work inside a field, and never while a word is being composed.
import { useEffect, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { useNavigate } from 'react-router';
import { Checkbox } from './choice.tsx';
import { Dialog } from './dialog.tsx';
import type { Place } from './place.ts';

const SWITCH = 'todoke.single-keys';
const SECOND_KEY_MS = 1500;

function singleKeysOn(): boolean {
  return localStorage.getItem(SWITCH) !== 'off';
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable], dialog') !== null;
}

export function useShortcuts({
  places,
  search,
  onHelp,
}: {
  readonly places: readonly Place[];
  readonly search: RefObject<HTMLInputElement | null>;
  readonly onHelp: () => void;
}): void {
  const navigate = useNavigate();
  const wentAt = useRef(0);
  const now = useRef({ places, onHelp });
  now.current = { places, onHelp };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k' && search.current) {
        event.preventDefault();
        search.current.focus();
        search.current.select();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target) || !singleKeysOn()) return;
      if (event.key === '/' && search.current) {
        event.preventDefault();
        search.current.focus();
      } else if (event.key === '?') now.current.onHelp();
      else if (event.key === 'g') wentAt.current = event.timeStamp;
      else if (event.timeStamp - wentAt.current < SECOND_KEY_MS && wentAt.current > 0) {
        wentAt.current = 0;
        const place = now.current.places.find((candidate) => candidate.letter === event.key);
        if (place) void navigate(place.to);
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [navigate, search]);
}

function Key({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <kbd className="inline-block min-w-8 rounded-6 border border-solid-gray-600 bg-solid-gray-50 px-2 py-0.5 text-center font-sans text-dns-16N-130">
      {children}
    </kbd>
  );
}

export function ShortcutHelp({
  places,
  open,
  onClose,
}: {
  readonly places: readonly Place[];
  readonly open: boolean;
  readonly onClose: () => void;
}): ReactNode {
  const [on, setOn] = useState(singleKeysOn);
  return (
    <Dialog title="キー操作の一覧" open={open} onClose={onClose}>
      <table className="w-full border-collapse">
        <caption className="sr-only">キーとその働き</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">キー</th>
            <th scope="col">働き</th>
          </tr>
        </thead>
        <tbody>
          <Line keys={['Ctrl', 'K']} does="検索の欄へ" />
          <Line keys={['/']} does="検索の欄へ" />
          {places.map((place) => place.letter && <Line key={place.to} keys={['g', place.letter]} does={place.label} />)}
          <Line keys={['?']} does="この一覧" />
        </tbody>
      </table>
      <div className="mt-4">
        <Checkbox
          label="一文字のキー（/ g ?）を使う"
          checked={on}
          onChange={(event) => {
            setOn(event.target.checked);
            localStorage.setItem(SWITCH, event.target.checked ? 'on' : 'off');
          }}
        />
      </div>
    </Dialog>
  );
}

function Line({ keys, does }: { readonly keys: readonly string[]; readonly does: string }): ReactNode {
  return (
    <tr className="border-b border-solid-gray-200">
      <th scope="row" className="w-32 py-2 text-left font-400 whitespace-nowrap">
        {keys.map((key, index) => (
          <span key={key}>
            {index > 0 && ' '}
            <Key>{key}</Key>
          </span>
        ))}
      </th>
      <td className="py-2">{does}</td>
    </tr>
  );
}
