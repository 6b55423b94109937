// Room: web/ui. A list as a table: one page of what the server holds, sorted and filtered there. On a narrow screen a row
// becomes a card with its column names; on paper the choosing and the arrows go and the head repeats.
import { useId } from 'react';
import type { CSSProperties, ReactNode } from 'react';
import { Button } from './button.tsx';
import { CheckBox } from './choice.tsx';
import { Icon } from './icons.tsx';
import { NONE, choose, chosenCount, isChosen } from './selection.ts';
import type { Selection } from './selection.ts';
import { formatNumber } from './text.tsx';
import type { Unit } from './text.tsx';

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand at the end. */
  readonly end?: boolean;
  /** Names the row for a screen reader; one column a table. */
  readonly names?: boolean;
  /** No narrower than so many full-width characters: names and addresses break at every one. */
  readonly chars?: number;
  /** The server can sort by it. */
  readonly sortable?: boolean;
}

export interface Sort {
  readonly by: string;
  readonly descending: boolean;
}

export interface TableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly sort?: Sort | undefined;
  readonly onSort?: (sort: Sort) => void;
  readonly selection?: Selection;
  /** Rows that may be chosen; all where left out. */
  readonly choosable?: ((row: Row) => boolean) | undefined;
  /** How many match in all, and their unit; needed with a selection. */
  readonly total?: number;
  readonly unit?: Unit;
  /** What can be done with the chosen rows. */
  readonly bulk?: (count: number) => ReactNode;
  /** Newer rows are being fetched; the old ones stay. */
  readonly busy?: boolean;
  readonly dense?: boolean;
  /** The caption stands elsewhere as a heading. */
  readonly captionHidden?: boolean;
  readonly foot?: ReactNode;
}

export function Table<Row>({
  caption,
  columns,
  rows,
  rowKey,
  sort,
  onSort,
  selection,
  choosable = () => true,
  total = rows.length,
  unit = '件',
  bulk,
  busy = false,
  dense = false,
  captionHidden = true,
  foot,
}: TableProps<Row>): ReactNode {
  const id = useId();
  const keys = rows.map(rowKey);
  const page = rows.filter(choosable).map(rowKey);
  const pad = dense ? 'desktop:px-3 desktop:py-2' : 'desktop:px-4 desktop:py-3';
  return (
    <div className={busy ? 'opacity-70 motion-safe:transition-opacity' : ''} aria-busy={busy || undefined}>
      {sort && onSort && <NarrowSort columns={columns} sort={sort} onSort={onSort} />}
      {selection && <Bar selection={selection} page={page} total={total} unit={unit} bulk={bulk} />}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls is reached by keyboard */}
      <div
        role="region"
        aria-labelledby={`${id}-caption`}
        tabIndex={0}
        className="overflow-x-auto print:overflow-visible"
      >
        <table role="table" className="block w-full border-collapse text-dns-16N-130 desktop:table print:table">
          <caption id={`${id}-caption`} className={captionHidden ? 'sr-only' : 'mb-2 text-left text-std-16B-170'}>
            {caption}
          </caption>
          <thead role="rowgroup" className="hidden desktop:table-header-group print:table-header-group">
            <tr role="row" className="border-b border-black bg-solid-gray-50">
              {selection && (
                <th role="columnheader" scope="col" className="w-12 py-2 pl-3 text-left print:hidden">
                  <PageBox selection={selection} page={page} />
                </th>
              )}
              {columns.map((column) => (
                <Head key={column.key} column={column} pad={pad} sort={sort} onSort={onSort} />
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup" className="block desktop:table-row-group print:table-row-group">
            {rows.map((row, index) => {
              const key = keys[index] as string;
              const chosen = selection !== undefined && isChosen(selection.chosen, key);
              return (
                <tr
                  key={key}
                  role="row"
                  className={`relative mb-3 block break-inside-avoid rounded-8 border border-solid-gray-420 px-4 py-2 desktop:mb-0 desktop:table-row desktop:rounded-none desktop:border-0 desktop:border-b print:table-row print:border-b ${chosen ? 'bg-blue-100' : 'hover:bg-blue-50'}`}
                >
                  {selection && (
                    <td
                      role="cell"
                      className={`${choosable(row) ? 'block' : 'hidden'} h-10 desktop:table-cell desktop:h-auto desktop:py-2 desktop:pl-3 print:hidden`}
                    >
                      {choosable(row) && (
                        <CheckBox
                          checked={chosen}
                          aria-labelledby={`${id}-choose ${id}-${key}`}
                          onChange={(event) =>
                            selection.toggle(key, page, (event.nativeEvent as unknown as MouseEvent).shiftKey)
                          }
                        />
                      )}
                    </td>
                  )}
                  {columns.map((column) => {
                    const Cell = column.names ? 'th' : 'td';
                    const content = column.cell(row);
                    // A card names no column that holds nothing.
                    const shown = content === false || content === null ? 'hidden' : 'flex';
                    return (
                      <Cell
                        key={column.key}
                        {...(column.names
                          ? { scope: 'row' as const, role: 'rowheader', id: `${id}-${key}` }
                          : { role: 'cell' })}
                        className={`${shown} gap-3 py-1 text-left font-400 desktop:table-cell print:table-cell print:px-1 print:py-0.5 ${pad} ${column.end ? 'figures desktop:text-right print:text-right' : ''}`}
                      >
                        <span
                          aria-hidden
                          className="w-[7em] shrink-0 text-dns-14N-130 leading-[1.5] text-solid-gray-700 desktop:hidden print:hidden"
                        >
                          {column.title}
                        </span>
                        <span
                          className="block min-w-0 grow desktop:min-w-(--chars)"
                          style={{ '--chars': `${column.chars ?? 0}em` } as CSSProperties}
                        >
                          {content}
                        </span>
                      </Cell>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
          {foot}
        </table>
        {selection && (
          <span id={`${id}-choose`} hidden>
            行を選択
          </span>
        )}
      </div>
    </div>
  );
}

function Head<Row>({
  column,
  pad,
  sort,
  onSort,
}: {
  readonly column: Column<Row>;
  readonly pad: string;
  readonly sort: Sort | undefined;
  readonly onSort: ((sort: Sort) => void) | undefined;
}): ReactNode {
  const end = column.end ? 'text-right' : 'text-left';
  if (!column.sortable || !onSort) {
    return (
      <th role="columnheader" scope="col" className={`font-700 whitespace-nowrap ${end} ${pad} print:px-1`}>
        {column.title}
      </th>
    );
  }
  const sorted = sort?.by === column.key ? (sort.descending ? 'descending' : 'ascending') : 'none';
  return (
    <th
      role="columnheader"
      scope="col"
      aria-sort={sorted}
      className={`p-0 font-700 whitespace-nowrap ${end} print:px-1`}
    >
      <button
        type="button"
        onClick={() => onSort({ by: column.key, descending: sorted === 'ascending' })}
        className={`inline-flex min-h-11 items-center gap-1 font-700 underline-offset-4 hover:underline ${pad}`}
      >
        {column.title}
        <Icon
          name={sorted === 'none' ? 'sort' : sorted === 'ascending' ? 'up' : 'down'}
          className={`size-5 print:hidden ${sorted === 'none' ? 'text-solid-gray-600' : 'text-blue-900'}`}
        />
      </button>
    </th>
  );
}

/** The head's buttons are out of sight on a narrow screen; this stands for them. */
function NarrowSort<Row>({
  columns,
  sort,
  onSort,
}: {
  readonly columns: readonly Column<Row>[];
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
}): ReactNode {
  const id = useId();
  return (
    <div className="mb-3 flex items-center gap-2 desktop:hidden print:hidden">
      <label htmlFor={id} className="shrink-0 text-dns-16N-130">
        並べ替え
      </label>
      <select
        id={id}
        value={`${sort.by} ${sort.descending ? 'd' : 'a'}`}
        onChange={(event) => {
          const [by = '', way] = event.target.value.split(' ');
          onSort({ by, descending: way === 'd' });
        }}
        className="h-11 min-w-0 grow rounded-8 border border-solid-gray-600 bg-white px-3"
      >
        {columns
          .filter((column) => column.sortable)
          .flatMap((column) => [
            <option key={`${column.key} a`} value={`${column.key} a`}>{`${column.title}（昇順）`}</option>,
            <option key={`${column.key} d`} value={`${column.key} d`}>{`${column.title}（降順）`}</option>,
          ])}
      </select>
    </div>
  );
}

function PageBox({ selection, page }: { readonly selection: Selection; readonly page: readonly string[] }): ReactNode {
  const inPage = page.filter((id) => isChosen(selection.chosen, id)).length;
  const all = page.length > 0 && inPage === page.length;
  return (
    <CheckBox
      aria-label="このページの行をすべて選択"
      checked={all}
      indeterminate={inPage > 0 && !all}
      onChange={() => selection.set(choose(selection.chosen, page, !all))}
    />
  );
}

function Bar({
  selection,
  page,
  total,
  unit,
  bulk,
}: {
  readonly selection: Selection;
  readonly page: readonly string[];
  readonly total: number;
  readonly unit: Unit;
  readonly bulk: ((count: number) => ReactNode) | undefined;
}): ReactNode {
  const count = chosenCount(selection.chosen, total);
  const wholePage = page.length > 0 && page.every((id) => isChosen(selection.chosen, id));
  return (
    <div className="mb-3 flex min-h-12 flex-wrap items-center gap-x-4 gap-y-2 print:hidden">
      <span className="desktop:hidden">
        <PageBox selection={selection} page={page} />
      </span>
      <p role="status" className="text-dns-16N-130">
        {count === 0
          ? `${formatNumber(total)}${unit}`
          : selection.chosen.kind === 'all'
            ? `条件に合う${formatNumber(count)}${unit}を選択中`
            : `${formatNumber(count)}${unit}を選択中`}
      </p>
      {selection.chosen.kind === 'some' && wholePage && total > count && (
        <Button variant="text" size="sm" onClick={() => selection.set({ kind: 'all', except: new Set() })}>
          条件に合う{formatNumber(total)}
          {unit}すべてを選択
        </Button>
      )}
      {count > 0 && (
        <Button variant="text" size="sm" onClick={() => selection.set(NONE)}>
          選択を解除
        </Button>
      )}
      {count > 0 && bulk && <div className="ml-auto flex flex-wrap gap-3">{bulk(count)}</div>}
    </div>
  );
}
