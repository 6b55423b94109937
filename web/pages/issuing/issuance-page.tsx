// One issuance: the flow from members to handed-over papers with counts that add up, the steps, and the proof.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { KIND_WORDS } from '../../../src/rules/papers/kinds.ts';
import type { PaperState } from '../../../src/rules/papers/lifecycle.ts';
import { balancesQuery, issuanceQuery, startJob } from '../../api/work.ts';
import type { IssuancePage as IssuanceData } from '../../api/work.ts';
import { CancelForm } from '../../forms/cancel-form.tsx';
import { paths } from '../../paths.ts';
import { Banner } from '../../ui/banner.tsx';
import { BarChart } from '../../ui/bar-chart.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { StateChip } from '../../ui/chip.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { AsOf } from '../../ui/paging.tsx';
import { Table } from '../../ui/table.tsx';
import { Count, DateText, formatNumber } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';
import { Flow } from './issuance-flow.tsx';
import { IssuanceSteps } from './issuance-steps.tsx';
import { JobLine } from '../job-view.tsx';
import { LISTED } from '../listed-states.ts';
import { useMay } from '../signed-in.tsx';
import { StartButton } from '../start-button.tsx';

export function IssuancePage(): ReactNode {
  const id = Number(useParams()['id']);
  const query = useQuery(issuanceQuery(id));
  const mayRun = useMay('run-issuances');
  const mayApprove = useMay('approve-lots');
  const maySeePapers = useMay('see-papers');
  const mayReconcile = useMay('see-balances');
  return (
    <Fetched query={query} page="発行">
      {(page) => {
        const { overview, note, jobs, asOf } = page;
        return (
          <Page
            title={overview.title}
            crumbs={[{ to: paths.issuances, label: '発行' }]}
            lead={
              <>
                第{overview.id}号・{KIND_WORDS[overview.kind].referenceOn}{' '}
                <DateText date={overview.referenceOn as LocalDate} />・{KIND_WORDS[overview.kind].issuedOn}{' '}
                <DateText date={overview.issuedOn as LocalDate} />
                {overview.parentId !== null && (
                  <>
                    ・もとの発行 <Link to={paths.issuance(overview.parentId)}>第{overview.parentId}号</Link>
                  </>
                )}
              </>
            }
            actions={
              <>
                <LinkButton to={paths.lots(overview.id)}>ロットと二人の確認</LinkButton>
                {maySeePapers && <LinkButton to={paths.files(overview.id)}>一覧とファイル</LinkButton>}
              </>
            }
          >
            {note !== null && <Banner kind="information" title={note} live={false} />}
            <Section
              title="流れ"
              actions={<AsOf at={asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />}
            >
              <Flow page={page} />
            </Section>
            <Section title="進める">
              <IssuanceSteps page={page} mayRun={mayRun} />
            </Section>
            <Section title="対象者の理由">
              <Reasons page={page} />
            </Section>
            <Section title="用紙の状態">
              <States page={page} />
            </Section>
            {mayReconcile && (
              <Section title="突き合わせ">
                <Proof id={overview.id} />
              </Section>
            )}
            {mayRun && overview.printedBatches > 0 && (
              <Section title="書き出したファイル">
                <p className="mb-3">
                  この発行の書き出しと引き渡しのすべてのファイルを、目録（manifest.json）の大きさと照合値に照らします。結果は「この発行の処理」に残ります。
                </p>
                <StartButton
                  verb="ファイルを確かめる"
                  question={`第${overview.id}号の書き出しと引き渡しのファイルを確かめますか`}
                  icon="check"
                  start={(key) => startJob({ kind: 'verify', issuanceId: overview.id }, key)}
                >
                  ファイルは変わりません。数が多いときは、時間がかかります。
                </StartButton>
              </Section>
            )}
            {mayApprove && overview.parentId === null && (
              <Section title="取りやめる">
                <CancelForm id={overview.id} persons={page.cancellation} />
              </Section>
            )}
            {jobs.length > 0 && (
              <Section title="この発行の処理">
                <ul className="border-t border-solid-gray-200">
                  {jobs.map((job) => (
                    <JobLine key={job.id} job={job} mayStop={mayRun} />
                  ))}
                </ul>
              </Section>
            )}
          </Page>
        );
      }}
    </Fetched>
  );
}

function Reasons({ page: { reasons, overview } }: { readonly page: IssuanceData }): ReactNode {
  const maySee = useMay('see-decisions');
  const bars = (isTarget: boolean) =>
    reasons
      .filter((row) => row.isTarget === isTarget)
      .map((row) => ({
        key: row.reason,
        label: maySee ? (
          <Link to={paths.decided(overview.id, { target: isTarget ? 'yes' : 'no', reason: row.reason })}>
            {row.label}
          </Link>
        ) : (
          row.label
        ),
        count: row.count,
      }));
  return (
    <div className="grid grid-cols-1 gap-8">
      <BarChart
        title={`対象者 ${formatNumber(overview.targets)}人`}
        unit="人"
        labelTitle="理由"
        bars={bars(true)}
        notes="割合は小数第3位を四捨五入。合計が100％にならないことがあり、調整しません。"
      />
      {overview.decided > overview.targets && (
        <BarChart
          title={`対象外 ${formatNumber(overview.decided - overview.targets)}人`}
          unit="人"
          labelTitle="理由"
          bars={bars(false)}
        />
      )}
    </div>
  );
}

function States({ page: { states, overview } }: { readonly page: IssuanceData }): ReactNode {
  const maySee = useMay('see-papers');
  if (states.length === 0) return <p>用紙はまだありません。</p>;
  return (
    <Table
      caption="用紙の状態ごとの数"
      rows={states}
      rowKey={(row) => `${row.subject}-${row.state}`}
      dense
      columns={[
        { key: 'subject', title: '用紙', cell: (row) => (row.subject === 'mailpiece' ? '郵便物' : '資格確認書') },
        { key: 'state', title: '状態', names: true, cell: (row) => <StateChip state={row.state as PaperState} /> },
        {
          key: 'count',
          title: '数',
          end: true,
          cell: (row) => {
            const count = <Count n={row.count} unit={row.subject === 'mailpiece' ? '通' : '枚'} />;
            return maySee && LISTED.includes(row.state as PaperState) ? (
              <Link to={paths.pieces(row.state as PaperState, { issuance: String(overview.id) })}>{count}</Link>
            ) : (
              count
            );
          },
        },
      ]}
    />
  );
}

/** Counting everything again is asked for, not done at every visit. */
function Proof({ id }: { readonly id: number }): ReactNode {
  const [asked, setAsked] = useState(false);
  const query = useQuery({ ...balancesQuery(id), enabled: asked });
  if (!asked) {
    return (
      <div className="flex flex-wrap items-center gap-4">
        <p>この発行のすべての行を数え直し、どの数もどこかで失われていないことを確かめます。</p>
        <Button icon="check" onClick={() => setAsked(true)}>
          数え直す
        </Button>
      </div>
    );
  }
  return (
    <Fetched query={query}>
      {({ balanced, balances, asOf }) => (
        <>
          <div className="mb-4">
            <Banner
              kind={balanced ? 'success' : 'error'}
              title={
                balanced
                  ? `すべて一致しました（${balances.length}式）`
                  : `一致しない式が${balances.filter((b) => b.difference !== 0).length}つあります`
              }
              actions={<AsOf at={asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />}
            />
          </div>
          <Table
            caption="突き合わせの式"
            rows={balances}
            rowKey={(row) => row.name}
            dense
            columns={[
              { key: 'name', title: '式', names: true, chars: 16, cell: (row) => row.name },
              { key: 'left', title: '左', end: true, cell: (row) => formatNumber(row.left) },
              { key: 'right', title: '右', end: true, cell: (row) => formatNumber(row.right) },
              {
                key: 'difference',
                title: '差',
                end: true,
                cell: (row) =>
                  row.difference === 0 ? '0' : <strong className="text-error-2">{formatNumber(row.difference)}</strong>,
              },
            ]}
          />
        </>
      )}
    </Fetched>
  );
}
