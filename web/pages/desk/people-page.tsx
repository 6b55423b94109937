// Finding a person by any number, kana or name. A number that names one person, or a mailpiece, opens its page at once.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useSearchParams } from 'react-router';
import { parsePaperNumber } from '../../../src/rules/words/check-digits.ts';
import { RELATION_LABELS } from '../../../src/rules/intake/member.ts';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { address } from '../../api/client.ts';
import { peopleQuery } from '../../api/people.ts';
import type { PersonRow } from '../../api/people.ts';
import { paths } from '../../paths.ts';
import { Chip } from '../../ui/chip.tsx';
import { CsvChoice } from '../../ui/csv-choice.tsx';
import { Page } from '../../ui/page.tsx';
import { AsOf, Paging } from '../../ui/paging.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import type { Column } from '../../ui/table.tsx';
import { DateText } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';
import { ListSearch } from '../list-search.tsx';

const MEANINGS: Readonly<Record<string, string>> = {
  key: '記号-番号-枝番',
  household: '記号-番号（世帯）',
  certificate: '資格確認書の番号',
  mailpiece: '郵便物の番号',
  kana: 'カナの前方一致',
  name: '氏名の前方一致（新旧の字体を区別しない）',
};

const COLUMNS: readonly Column<PersonRow>[] = [
  {
    key: 'key',
    title: '記号-番号-枝番',
    names: true,
    cell: (row) => (
      <Link to={paths.person(row.key)} className="code">
        {row.key}
      </Link>
    ),
  },
  { key: 'name', title: '氏名', chars: 8, cell: (row) => row.name },
  { key: 'kana', title: 'カナ', chars: 8, cell: (row) => row.kana },
  { key: 'relation', title: '続柄', cell: (row) => <span className="whole">{RELATION_LABELS[row.relation]}</span> },
  {
    key: 'state',
    title: '資格',
    cell: (row) =>
      row.lostOn === null ? (
        'あり'
      ) : (
        <span className="flex flex-wrap items-center gap-2">
          <Chip icon="ban">喪失</Chip>
          <DateText date={row.lostOn as LocalDate} />
        </span>
      ),
  },
];

export function PeoplePage(): ReactNode {
  const [search] = useSearchParams();
  const q = search.get('q') ?? '';
  const after = search.get('after') ?? '';
  const found = useQuery(peopleQuery(q, after));
  return (
    <Page title="加入者をさがす">
      <ListSearch
        label="番号・カナ・氏名"
        support="記号-番号、記号-番号-枝番、カナ、氏名の初めから、資格確認書か封筒の14桁"
        verb="さがす"
      />
      {q !== '' && (
        <Fetched query={found}>
          {({ items, next, meaning, asOf }) => {
            const paper = meaning === 'mailpiece' && items.length > 0 ? parsePaperNumber(q) : null;
            if (paper) return <Navigate to={paths.piece(paper.number)} replace />;
            const only = items.length === 1 && next === null ? items[0] : undefined;
            if (only && after === '' && meaning !== 'kana' && meaning !== 'name')
              return <Navigate to={paths.person(only.key)} replace />;
            if (items.length === 0) return <NotFound q={q} meaning={MEANINGS[meaning] ?? ''} />;
            return (
              <>
                <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
                  <p className="text-solid-gray-700">
                    「{q}」を{MEANINGS[meaning]}としてさがしました。
                  </p>
                  <div className="flex flex-wrap items-center gap-3">
                    <CsvChoice href={(encoding) => address('/exports/members.csv', { q, as: encoding })} />
                    <AsOf at={asOf} busy={found.isFetching} onRefresh={() => void found.refetch()} />
                  </div>
                </div>
                <Table
                  caption={`「${q}」で見つかった加入者`}
                  columns={COLUMNS}
                  rows={items}
                  rowKey={(row) => row.key}
                  busy={found.isFetching}
                />
                <Paging next={next} shown={items.length} pageSize={50} total={null} unit="人" />
              </>
            );
          }}
        </Fetched>
      )}
    </Page>
  );
}

function NotFound({ q, meaning }: { readonly q: string; readonly meaning: string }): ReactNode {
  return (
    <Empty icon="search" title={`「${q}」は見つかりません`}>
      <p>{meaning}として、見える範囲をさがしました。</p>
      <ul className="mt-2 list-inside list-disc text-left">
        <li>枝番を付けずに、記号-番号だけでさがす</li>
        <li>氏名の代わりにカナの初めの数文字でさがす（全角・半角・ひらがなのどれでも）</li>
        <li>封筒や資格確認書の14桁は、数字だけで入れる</li>
      </ul>
    </Empty>
  );
}
