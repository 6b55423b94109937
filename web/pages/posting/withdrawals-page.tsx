// Certificates that were taken out and keep their person out of later issuances: since when, why, and the lifting of it.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { liftWithdrawal, withdrawalsQuery } from '../../api/papers.ts';
import type { WithdrawalList } from '../../api/papers.ts';
import { ReasonForm } from '../../forms/reason-form.tsx';
import { paths } from '../../paths.ts';
import { Banner } from '../../ui/banner.tsx';
import { LinkButton } from '../../ui/button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { AsOf, Paging } from '../../ui/paging.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import type { Column } from '../../ui/table.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Count, DateText, PaperNumber } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';
import { useMay } from '../signed-in.tsx';

type Row = WithdrawalList['items'][number];

const COLUMNS: readonly Column<Row>[] = [
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
  { key: 'number', title: '引き抜いた証', cell: (row) => <PaperNumber number={row.certificateNumber} /> },
  {
    key: 'code',
    title: '区分',
    chars: 8,
    cell: (row) => (
      <>
        {row.codeLabel}（{row.term}）
        {row.lostOn !== null && (
          <>
            　<DateText date={row.lostOn as LocalDate} />
          </>
        )}
      </>
    ),
  },
  { key: 'reason', title: '理由', chars: 8, cell: (row) => row.reason },
  { key: 'on', title: '引き抜いた日', cell: (row) => <DateText date={row.withdrawnOn as LocalDate} /> },
  { key: 'days', title: '日数', end: true, cell: (row) => <Count n={row.days} unit="日" /> },
];

export function WithdrawalsPage(): ReactNode {
  const [search] = useSearchParams();
  const code = search.get('code') ?? '';
  const query = useQuery(withdrawalsQuery(code, search.get('after') ?? ''));
  const mayLift = useMay('change-papers');
  const [done, setDone] = useState<string | null>(null);
  const lift: Column<Row> = {
    key: 'lift',
    title: '解除',
    cell: (row) => (
      <ReasonForm
        verb="解除する"
        label={`${row.key} の引き抜きを解除する`}
        question={`${row.key} の引き抜きを解除しますか`}
        effect="この方の引き抜きは、後の発行でこの方を対象から外さなくなります。引き抜いた証は戻りません。次の回で、対象になれば作られます。"
        act={(reason, key) => liftWithdrawal(row.key, reason, key)}
        onDone={({ message }) => setDone(message)}
      />
    ),
  };
  return (
    <Page
      title="引き抜き"
      lead="発送の前に引き抜き、まだ解除していない資格確認書です。引き抜きが効くあいだ、その方は後の発行の対象になりません。"
      actions={<LinkButton to={paths.pieces('withdrawn')}>引き抜いた郵便物</LinkButton>}
    >
      {done !== null && (
        <div className="mb-4">
          <Banner kind="success" title={done} onClose={() => setDone(null)} />
        </div>
      )}
      <Fetched query={query}>
        {({ items, counts, next, asOf }) => {
          const all = counts.reduce((sum, row) => sum + row.count, 0);
          const total = code === '' ? all : (counts.find((row) => row.code === code)?.count ?? 0);
          return (
            <Section
              title="解除していない引き抜き"
              actions={<AsOf at={asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />}
            >
              {counts.length > 0 && (
                <Tabs
                  label="区分"
                  tabs={[
                    { to: paths.withdrawals(), label: 'すべて', current: code === '', count: all },
                    ...counts.map((row) => ({
                      to: paths.withdrawals(row.code),
                      label: row.label,
                      current: code === row.code,
                      count: row.count,
                    })),
                  ]}
                />
              )}
              {items.length === 0 ? (
                <Empty icon="ban" title="解除していない引き抜きはありません">
                  加入者や郵便物のページの「引き抜く」で引き抜くと、ここに並びます。
                </Empty>
              ) : (
                <>
                  <Table
                    caption="解除していない引き抜き"
                    columns={mayLift ? [...COLUMNS, lift] : COLUMNS}
                    rows={items}
                    rowKey={(row) => row.certificateNumber}
                    busy={query.isFetching}
                    dense
                  />
                  <Paging next={next} shown={items.length} pageSize={50} total={total} unit="件" />
                </>
              )}
            </Section>
          );
        }}
      </Fetched>
    </Page>
  );
}
