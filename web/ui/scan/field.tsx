// Room: web/ui. The field of a scan station. Wherever the keyboard is on the page, a reader's digits come here; a click
// beside the controls brings the keyboard back. Only another text field or an open dialog keeps its keys.
import { useEffect, useId, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { Button } from '../button.tsx';
import { ScanReader } from './reader.ts';
import type { Reading } from './reader.ts';

export function ScanField({
  ref: field,
  label,
  support,
  parse,
  onRead,
  onUndo,
}: {
  readonly ref: RefObject<HTMLInputElement | null>;
  readonly label: string;
  readonly support: string;
  /** The code in a text, or null where it holds none of ours. */
  readonly parse: (text: string) => string | null;
  readonly onRead: (reading: Reading) => void;
  /** Ctrl+Z in the empty field. */
  readonly onUndo: () => void;
}): ReactNode {
  const id = useId();
  const [byHand, setByHand] = useState(false);
  const now = useRef({ parse, onRead, onUndo });
  now.current = { parse, onRead, onUndo };
  const reader = useRef<ScanReader | null>(null);
  reader.current ??= new ScanReader(
    (text) => now.current.parse(text),
    (reading) => now.current.onRead(reading),
  );
  const read = reader.current;

  const empty = (): void => {
    if (field.current) field.current.value = '';
  };

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const input = field.current;
      if (!input || keepsKeys(event.target, input)) return;
      const isHere = event.target === input;
      if ((event.ctrlKey || event.metaKey) && event.code === 'KeyZ' && input.value === '') {
        event.preventDefault();
        now.current.onUndo();
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const isDigit = /^(?:Digit|Numpad)\d$/.test(event.code) && !event.shiftKey;
      // Enter on a button is the button's; digits are nobody's but ours.
      if (!isHere && !isDigit) return;
      if (!isHere) input.focus();
      const composing = event.isComposing || event.keyCode === 229;
      if (read.key({ code: event.code, key: event.key, composing }, input.value, event.timeStamp)) {
        event.preventDefault();
        empty();
      } else if (event.code === 'Enter' && !composing) event.preventDefault();
    };
    const onClick = (event: MouseEvent): void => {
      const target = event.target as Element;
      if (target.closest('a, button, input, select, textarea, label, summary, dialog, [tabindex="0"]')) return;
      if (document.getSelection()?.type === 'Range') return;
      field.current?.focus();
    };
    document.addEventListener('keydown', onKey, true);
    document.addEventListener('click', onClick);
    return () => {
      document.removeEventListener('keydown', onKey, true);
      document.removeEventListener('click', onClick);
    };
  }, [field, read]);

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (field.current && read.submit(field.current.value, event.timeStamp)) empty();
        field.current?.focus();
      }}
    >
      <label htmlFor={id} className="text-std-17B-170 text-solid-gray-900">
        {label}
      </label>
      <p id={`${id}-support`} className="mb-2 text-dns-16N-130 text-solid-gray-600">
        {support}
      </p>
      <div className="flex flex-wrap gap-2">
        <input
          ref={field}
          id={id}
          aria-describedby={`${id}-support`}
          inputMode={byHand ? 'numeric' : 'none'}
          autoComplete="off"
          enterKeyHint="send"
          spellCheck={false}
          onCompositionEnd={(event) => {
            if (!read.composed(event.data, event.timeStamp)) return;
            // Some browsers put the committed text into the field after this event.
            empty();
            setTimeout(empty);
          }}
          className="code h-14 min-w-0 grow rounded-8 border-2 border-solid-gray-600 bg-white px-4 text-std-20B-150 text-solid-gray-900 hover:border-black"
        />
        <Button type="submit" size="lg">
          登録する
        </Button>
      </div>
      <Button
        variant="text"
        size="sm"
        aria-pressed={byHand}
        className="mt-2 pointer-fine:hidden"
        onClick={() => {
          setByHand(!byHand);
          field.current?.blur();
          requestAnimationFrame(() => field.current?.focus());
        }}
      >
        {byHand ? '読み取り機で入れる' : '手で入力する'}
      </Button>
    </form>
  );
}

/** True where what has the keyboard is a text field of its own, or in a dialog. */
function keepsKeys(target: EventTarget | null, field: HTMLInputElement): boolean {
  if (!(target instanceof Element) || target === field) return false;
  if (target.closest('dialog[open]')) return true;
  return target.closest('input:not([type=checkbox], [type=radio]), textarea, [contenteditable]') !== null;
}
