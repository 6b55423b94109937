// The search of one list: a form with a button; the words stand in the address, and the list begins at its first page.
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { textOf } from '../ui/form-values.ts';

export function ListSearch({
  label,
  support,
  verb = '絞り込む',
}: {
  readonly label: string;
  readonly support?: string;
  readonly verb?: string;
}): ReactNode {
  const [search, setSearch] = useSearchParams();
  const q = search.get('q') ?? '';
  const go = (text: string): void =>
    setSearch((now) => {
      const query = new URLSearchParams(now);
      query.delete('after');
      query.delete('page');
      query.delete('group');
      if (text === '') query.delete('q');
      else query.set('q', text);
      return query;
    });
  return (
    <search className="mb-4 block print:hidden">
      <form
        key={q}
        onSubmit={(event) => {
          event.preventDefault();
          go(textOf(new FormData(event.currentTarget), 'q').trim());
        }}
        className="flex flex-wrap items-end gap-3"
      >
        <div className="min-w-0 grow desktop:max-w-[32rem]">
          <TextField
            label={label}
            {...(support !== undefined && { support })}
            name="q"
            type="search"
            defaultValue={q}
            maxLength={100}
          />
        </div>
        <Button type="submit" icon="search">
          {verb}
        </Button>
        {q !== '' && (
          <Button variant="text" onClick={() => go('')}>
            条件を消す
          </Button>
        )}
      </form>
    </search>
  );
}
