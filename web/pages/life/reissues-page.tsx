// Certificates asked for again: which requests wait, why one cannot be made today, and the run that makes all the others.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { reissuesQuery } from '../../api/papers.ts';
import type { WaitingReissues } from '../../api/papers.ts';
import { startJob } from '../../api/work.ts';
import type { Job } from '../../api/work.ts';
import { paths } from '../../paths.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { AsOf, Paging } from '../../ui/paging.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import type { Column } from '../../ui/table.tsx';
import { DateText, PaperNumber, formatNumber, today } from '../../ui/text.tsx';
import { WarekiDateField } from '../../ui/wareki-date-field.tsx';
import { Fetched } from '../fetched.tsx';
import { StartedJob } from '../job-view.tsx';
import { useMay } from '../signed-in.tsx';
import { StartButton } from '../start-button.tsx';

const COLUMNS: readonly Column<WaitingReissues['items'][number]>[] = [
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
  { key: 'number', title: 'もとの証', cell: (row) => <PaperNumber number={row.certificateNumber} /> },
  { key: 'reason', title: '理由', cell: (row) => <span className="whole">{row.reasonLabel}</span> },
  { key: 'on', title: '申請の日', cell: (row) => <DateText date={row.requestedOn as LocalDate} /> },
  { key: 'why', title: '今日作れるか', chars: 12, cell: (row) => row.whyNot || '作れます' },
];

export function ReissuesPage(): ReactNode {
  const [search, setSearch] = useSearchParams();
  const waiting = useQuery(reissuesQuery(search.get('after') ?? ''));
  const mayRemake = useMay('remake');
  const started = search.get('job');
  return (
    <Page title="再交付" lead="申請を受け付けて、まだ作っていない資格確認書です。まとめて作り、次の発行にします。">
      {started !== null && (
        <Section title="始めた再交付">
          <StartedJob id={started} />
        </Section>
      )}
      <Section
        title="待っている申請"
        actions={
          waiting.data && (
            <AsOf at={waiting.data.asOf} busy={waiting.isFetching} onRefresh={() => void waiting.refetch()} />
          )
        }
      >
        <Fetched query={waiting}>
          {({ items, total, next }) =>
            total === 0 ? (
              <Empty
                icon="refresh"
                title="待っている申請はありません"
                actions={<LinkButton to={paths.people}>加入者をさがす</LinkButton>}
              >
                加入者のページの「再交付する」で受け付けると、ここに並びます。
              </Empty>
            ) : (
              <>
                {mayRemake && (
                  <div className="mb-4">
                    <ReissueButton total={total} onStarted={(job) => setSearch({ job: job.id })} />
                  </div>
                )}
                <Table
                  caption="再交付を待つ申請"
                  columns={COLUMNS}
                  rows={items}
                  rowKey={(row) => row.certificateNumber}
                  busy={waiting.isFetching}
                  dense
                />
                <Paging next={next} shown={items.length} pageSize={50} total={total} unit="件" />
              </>
            )
          }
        </Fetched>
      </Section>
    </Page>
  );
}

function ReissueButton({
  total,
  onStarted,
}: {
  readonly total: number;
  readonly onStarted: (job: Job) => void;
}): ReactNode {
  const [issuedOn, setIssuedOn] = useState<LocalDate | null>(today);
  return (
    <StartButton
      verb="再交付を作る"
      question={`${formatNumber(total)}件の申請を確かめて、再交付を作りますか`}
      variant="filled"
      icon="refresh"
      start={(key) =>
        issuedOn === null ? Promise.reject(new Error('no date')) : startJob({ kind: 'reissue', issuedOn }, key)
      }
      given={issuedOn}
      onStarted={onStarted}
      needs={issuedOn === null ? '交付年月日を入れてください' : undefined}
    >
      <p className="mb-4">
        いちばん新しい加入者・登録状況のファイルで確かめ、作れるものを新しい番号で作り、印刷ファイルにします。資格を失った方などの申請は、待っている申請に残ります。
      </p>
      <WarekiDateField
        label="再交付する資格確認書の交付年月日"
        support="もとの発行の交付年月日以後にしてください。"
        required
        defaultValue={today()}
        onChange={setIssuedOn}
      />
    </StartButton>
  );
}
