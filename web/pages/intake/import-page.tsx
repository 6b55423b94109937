// One proposal: what its files would change, together, before anything counts; who confirmed it; and the way to take it in or not.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { JOIN_STOP_LABELS } from '../../../src/rules/intake/import-report.ts';
import { wordsOf } from '../../api/client.ts';
import { useAction } from '../../api/action.ts';
import { importQuery, recheckImport } from '../../api/imports.ts';
import type { ImportPage as ImportData, ImportReport } from '../../api/imports.ts';
import { ConfirmImport, RejectImport } from '../../forms/confirm-import.tsx';
import { KINDS } from '../../forms/import-form.tsx';
import { paths } from '../../paths.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Facts } from '../../ui/card.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { AsOf } from '../../ui/paging.tsx';
import { Table } from '../../ui/table.tsx';
import { Count, InstantText, formatNumber } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';
import { JobProgress, isOpen } from '../job-view.tsx';
import { useAccount } from '../signed-in.tsx';
import { ImportedFile } from './import-file.tsx';

export function ImportPage(): ReactNode {
  const id = Number(useParams()['id']);
  const query = useQuery(importQuery(id));
  const account = useAccount();
  return (
    <Fetched query={query} page="取込">
      {(page) => {
        const { report, state } = page;
        const isWaiting = state === 'open' || state === 'checking';
        return (
          <Page
            title={`取込 ${page.id}`}
            crumbs={[{ to: paths.imports, label: '取込' }]}
            lead={
              <>
                {page.createdBy} が <InstantText at={page.createdAt} /> に送った
                {page.files.map(({ kind }) => KINDS[kind]).join('・')}のファイルです。
              </>
            }
            actions={<AsOf at={page.asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />}
          >
            <div className="mb-8 flex flex-col gap-4">
              <State page={page} />
            </div>
            {report?.files.map((file) => (
              <ImportedFile key={file.kind} page={page} file={file} />
            ))}
            {report?.filings && <Filings filings={report.filings} />}
            {report?.joins && <Joins joins={report.joins} />}
            {isWaiting && (
              <Section title="決める">
                {page.confirmations.length > 0 && (
                  <ul className="mb-4">
                    {page.confirmations.map(({ person, reason, at }) => (
                      <li key={person}>
                        {person} さんが確認しました（
                        <InstantText at={at} />
                        {reason && `、${reason}`}）
                      </li>
                    ))}
                  </ul>
                )}
                <div className="flex flex-wrap items-start gap-4">
                  {state === 'open' && (
                    <ConfirmImport page={page} person={account.displayName} summary={summaryOf(report)} />
                  )}
                  <RejectImport id={page.id} />
                </div>
              </Section>
            )}
          </Page>
        );
      }}
    </Fetched>
  );
}

/** 「加入者 31,067行、事業所 370行を取り込みます。」 */
function summaryOf(report: ImportReport | null): string {
  const words = (report?.files ?? [])
    .filter(({ known }) => !known?.isInUse)
    .map(({ kind, rowCount, change }) => {
      const less = change && change.gone > 0 ? `、${formatNumber(change.gone)}件がなくなります` : '';
      return `${KINDS[kind]} ${formatNumber(rowCount)}行${less}`;
    });
  if (report?.filings) words.push(`届書 ${formatNumber(report.filings.recorded)}件`);
  return `${words.join('／')}。`;
}

function State({ page }: { readonly page: ImportData }): ReactNode {
  const { state, job, endedBy, endedAt, endReason } = page;
  if (job && isOpen(job)) return <JobProgress job={job} mayStop />;
  switch (state) {
    case 'checking':
      return (
        <Banner kind="warning" title="調べが終わっていません" live={false} actions={<Recheck id={page.id} />}>
          {job?.message}
        </Banner>
      );
    case 'taking-in':
      return <Banner kind="information" title="取り込んでいます" live={false} />;
    case 'open':
      return <Open page={page} />;
    case 'taken-in':
      return (
        <Banner kind="success" title={job?.kind === 'import' ? job.message : '取り込みました。'} live={false}>
          {endedAt && <InstantText at={endedAt} />}
          {page.confirmations.map(({ person, reason }) => (
            <span key={person}>
              　確定した人 {person}
              {reason && `（${reason}）`}
            </span>
          ))}
        </Banner>
      );
    case 'rejected':
      return (
        <Banner kind="information" title="取りやめました" live={false}>
          {endedBy}（{endedAt && <InstantText at={endedAt} />}
          {endReason && `、${endReason}`}）。送られたファイルは消してあります。
        </Banner>
      );
    case 'unchanged':
      return (
        <Banner kind="information" title="どのファイルも、いま使っているものと同じです（変更なし）" live={false} />
      );
  }
}

function Open({ page }: { readonly page: ImportData }): ReactNode {
  const { isOvertaken, isFaulty, persons, job } = page;
  const failed = job?.kind === 'import' && job.state === 'failed' && (
    <Banner kind="error" title={job.message} live={false} />
  );
  if (isOvertaken)
    return (
      <Banner
        kind="warning"
        title="調べたあとで、使っているファイルが替わりました"
        live={false}
        actions={<Recheck id={page.id} />}
      >
        下の内容は、前のファイルと比べたものです。いまのファイルともう一度比べてから、確定してください。
      </Banner>
    );
  if (isFaulty)
    return (
      <Banner kind="error" title="取り込めないファイルがあります" live={false}>
        まだ何も変わっていません。下で直すか、取りやめて、直したファイルを送り直してください。
      </Banner>
    );
  return (
    <>
      {failed}
      {persons === 2 ? (
        <Banner kind="warning" title="限度を超えるファイルがあります。確定には、別々の二人が要ります" live={false}>
          まだ何も変わっていません。内容を確かめ、正しければ、二人がそれぞれ理由を書いて確定してください。
        </Banner>
      ) : (
        <Banner kind="information" title="まだ何も変わっていません" live={false}>
          下の内容を確かめて、確定してください。確定するまで、いまのファイルを使います。
        </Banner>
      )}
    </>
  );
}

function Recheck({ id }: { readonly id: number }): ReactNode {
  const checking = useAction((own: number, key) => recheckImport(own, key));
  return (
    <>
      <Button size="sm" icon="refresh" busy={checking.isPending} onClick={() => checking.mutate(id)}>
        もう一度調べる
      </Button>
      {checking.error && <span role="alert">{wordsOf(checking.error)}</span>}
    </>
  );
}

function Filings({ filings }: { readonly filings: NonNullable<ImportReport['filings']> }): ReactNode {
  const { fileName, fault, refused } = filings;
  const facts = [
    ['新しい届出', filings.recorded, '件'],
    ['取込済みの届出', filings.already, '件'],
    ['5日を過ぎて届いた喪失', filings.late, '件'],
    ['これから回収する資格確認書', filings.demanded, '枚'],
    ['発送の前に引き抜く資格確認書', filings.withdrawn, '枚'],
    ['届書に添付された資格確認書', filings.givenBack, '枚'],
    ['回収できない資格確認書', filings.unrecoverable, '枚'],
  ] as const;
  return (
    <Section title={`${KINDS.filings}　${fileName}`}>
      <div className="flex flex-col gap-4">
        {fault && <Banner kind="error" title={fault} live={false} />}
        <Facts facts={facts.map(([name, n, unit]) => ({ name, value: <Count n={n} unit={unit} /> }))} />
        {refused.first.length > 0 && (
          <Table
            caption={`受け付けられない行 ${formatNumber(refused.total)}行`}
            rows={refused.first.map((row, index) => ({ ...row, index }))}
            rowKey={(row) => String(row.index)}
            dense
            columns={[
              { key: 'line', title: '行', names: true, end: true, cell: (row) => <Count n={row.line} unit="行" /> },
              { key: 'why', title: '直すところ', chars: 16, cell: (row) => row.why },
            ]}
          />
        )}
      </div>
    </Section>
  );
}

function Joins({ joins }: { readonly joins: NonNullable<ImportReport['joins']> }): ReactNode {
  const of = ({ total, without }: { readonly total: number; readonly without: number }, unit: '人' | '行') => (
    <>
      <Count n={without} unit={unit} />
      （全
      <Count n={total} unit={unit} />）
    </>
  );
  return (
    <Section title="ほかのファイルと合わせると">
      <div className="flex flex-col gap-4">
        {joins.stops.map((stop) => (
          <Banner
            key={stop}
            kind="warning"
            title={`${JOIN_STOP_LABELS[stop]}。このままでは判定できません`}
            live={false}
          >
            {stop === 'enrolment-does-not-join' && joins.cause && `考えられること：${joins.cause}`}
          </Banner>
        ))}
        <Facts
          facts={[
            { name: '登録状況のない加入者', value: of(joins.members, '人') },
            { name: '加入者のいない登録状況', value: of(joins.enrolment, '行') },
            { name: '事業所のわからない加入者', value: of(joins.workplaces, '人') },
            ...(joins.fittedRows > 0
              ? [
                  {
                    name: '書き方の違いを除いて一致する登録状況',
                    value: (
                      <>
                        <Count n={joins.fittedRows} unit="行" />
                        （前の0や、全角・半角だけが違う行）
                      </>
                    ),
                  },
                ]
              : []),
            ...(joins.fittedWorkplaces > 0
              ? [
                  {
                    name: '書き方の違いを除いて一致する事業所',
                    value: <Count n={joins.fittedWorkplaces} unit="事業所" />,
                  },
                ]
              : []),
          ]}
        />
      </div>
    </Section>
  );
}
