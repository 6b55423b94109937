// What needs somebody now, then what runs, then how far the newest issuance is.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { may } from '../../../src/rules/access.ts';
import { daysBetween } from '../../../src/rules/words/calendar.ts';
import type { PaperState } from '../../../src/rules/papers/lifecycle.ts';
import { todayQuery } from '../../api/work.ts';
import type { Today } from '../../api/work.ts';
import type { SignedIn } from '../../api/session.ts';
import { paths } from '../../paths.ts';
import { LinkButton } from '../../ui/button.tsx';
import { FigureCard } from '../../ui/card.tsx';
import { IssuanceLine } from '../issuing/issuance-line.tsx';
import type { IconName } from '../../ui/icons.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { AsOf } from '../../ui/paging.tsx';
import { Empty } from '../../ui/states.tsx';
import { dayOf } from '../../ui/text.tsx';
import type { Unit } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';
import { JobLine } from '../job-view.tsx';
import { useAccount } from '../signed-in.tsx';

type Queue = Today['queues'][number];

/** Older than this, work waits too long. */
const TOO_LONG_DAYS = 7;

const ICONS: Readonly<Record<string, IconName>> = {
  import: 'upload',
  held: 'warning',
  released: 'refresh',
  returned: 'returned',
  spoiled: 'print',
  'not-handed-over': 'building',
  'left-workplace': 'person',
  posted: 'envelope',
  recall: 'returned',
  withdrawn: 'ban',
  reissue: 'refresh',
};

function ageOf({ oldest }: Queue, asOf: string): number | null {
  return oldest === null ? null : daysBetween(dayOf(oldest), dayOf(asOf));
}

function queuePlace(queue: Queue, account: SignedIn): string {
  if (account.workplaceSymbol !== null)
    return paths.workplace(account.workplaceSymbol, queue.id === 'posted' ? 'posted' : '');
  if (queue.id === 'import') return paths.imports;
  if (!may(account.role, 'see-papers')) return may(account.role, 'scan-returns') ? paths.scan : paths.today;
  return queue.id === 'reissue' ? paths.reissues : paths.pieces(queue.id as PaperState);
}

export function TodayPage(): ReactNode {
  const account = useAccount();
  const today = useQuery(todayQuery);
  return (
    <Page title="今日" lead={`${account.displayName} さんの対応を待つものです。`}>
      <Fetched query={today}>
        {({ queues, jobs, newest, asOf }) => (
          <>
            <Section
              title="対応を待つもの"
              actions={<AsOf at={asOf} busy={today.isFetching} onRefresh={() => void today.refetch()} />}
            >
              {queues.length === 0 ? (
                <Empty title="対応を待つものはありません" actions={<FirstSteps account={account} />}>
                  {account.workplaceSymbol === null
                    ? '不着・損傷・読めない文字・手渡しできなかった郵便物があると、ここに並びます。'
                    : '配る封筒や、集めて返す資格確認書は、自分の事業所の画面にあります。'}
                </Empty>
              ) : (
                <ul className="grid grid-cols-1 gap-4 desktop:grid-cols-2 wide:grid-cols-3">
                  {queues.map((queue) => {
                    const age = ageOf(queue, asOf);
                    return (
                      <li key={queue.id}>
                        <FigureCard
                          to={queuePlace(queue, account)}
                          title={queue.label}
                          icon={ICONS[queue.id] ?? 'list'}
                          count={queue.count}
                          unit={queue.unit as Unit}
                          urgent={age !== null && age > TOO_LONG_DAYS}
                          note={
                            age === null
                              ? undefined
                              : age === 0
                                ? 'いちばん古いもの：今日'
                                : `いちばん古いもの：${age}日前`
                          }
                        />
                      </li>
                    );
                  })}
                </ul>
              )}
            </Section>
            {jobs.length > 0 && (
              <Section title="動いている処理・失敗した処理" actions={<Link to={paths.jobs}>処理の一覧</Link>}>
                <ul className="border-t border-solid-gray-200">
                  {jobs.map((job) => (
                    <JobLine key={job.id} job={job} mayStop={may(account.role, 'run-issuances')} />
                  ))}
                </ul>
              </Section>
            )}
            {newest && may(account.role, 'see-issuances') && (
              <Section title="いちばん新しい発行" actions={<Link to={paths.issuances}>発行の一覧</Link>}>
                <IssuanceLine overview={newest} />
              </Section>
            )}
          </>
        )}
      </Fetched>
    </Page>
  );
}

/** The first thing this role does when nothing waits. */
function FirstSteps({ account }: { readonly account: SignedIn }): ReactNode {
  const { role, workplaceSymbol } = account;
  if (workplaceSymbol !== null)
    return <LinkButton to={paths.workplace(workplaceSymbol)}>届いた郵便物を見る</LinkButton>;
  return (
    <>
      {may(role, 'import') && <LinkButton to={paths.imports}>ファイルを取り込む</LinkButton>}
      {may(role, 'scan-returns') && <LinkButton to={paths.scan}>不着を読み取る</LinkButton>}
      {may(role, 'see-packages') && <LinkButton to={paths.packages}>引き渡しを見る</LinkButton>}
      {may(role, 'see-people') && <LinkButton to={paths.people}>加入者をさがす</LinkButton>}
      {may(role, 'see-audit') && <LinkButton to={paths.audit}>記録を見る</LinkButton>}
    </>
  );
}
