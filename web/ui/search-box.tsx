// Room: web/ui. The search in the head: any number or name, typed or scanned. A plain form, so that Enter while a word is
// being composed only commits the word.
import type { ReactNode, Ref } from 'react';
import { useNavigate } from 'react-router';
import { textOf } from './form-values.ts';
import { Icon } from './icons.tsx';

export function SearchBox({
  ref,
  to,
  label,
}: {
  readonly ref: Ref<HTMLInputElement>;
  readonly to: string;
  readonly label: string;
}): ReactNode {
  const navigate = useNavigate();
  return (
    <search className="w-full min-w-0 desktop:mx-2 desktop:ml-auto desktop:max-w-[26rem]">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const q = textOf(new FormData(event.currentTarget), 'q').trim();
          if (q) void navigate(`${to}?${new URLSearchParams({ q }).toString()}`);
        }}
        className="flex"
      >
        <label className="relative min-w-0 grow">
          <span className="sr-only">{label}</span>
          <Icon
            name="search"
            className="pointer-events-none absolute top-1/2 left-3 size-5 -translate-y-1/2 text-solid-gray-700"
          />
          <input
            ref={ref}
            type="search"
            name="q"
            autoComplete="off"
            maxLength={100}
            title={`${label}（/ または Ctrl+K）`}
            className="h-11 w-full appearance-none rounded-l-8 border border-r-0 border-solid-gray-600 bg-white pr-2 pl-10 text-oln-16N-100 hover:border-black"
          />
        </label>
        <button
          type="submit"
          className="h-11 rounded-r-8 border border-solid-gray-600 bg-solid-gray-50 px-3 text-oln-16B-100 whitespace-nowrap text-key-900 hover:underline"
        >
          さがす
        </button>
      </form>
    </search>
  );
}
