// Every issuance, newest first, and the profile's plans that can be begun.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearchParams } from 'react-router';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { issuancesQuery, startJob } from '../../api/work.ts';
import type { IssuanceList } from '../../api/work.ts';
import { paths } from '../../paths.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Facts } from '../../ui/card.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { AsOf, Paging } from '../../ui/paging.tsx';
import { Empty } from '../../ui/states.tsx';
import { DateText, formatNumber } from '../../ui/text.tsx';
import { WarekiDateField } from '../../ui/wareki-date-field.tsx';
import { Fetched } from '../fetched.tsx';
import { IssuanceLine } from './issuance-line.tsx';
import { useMay } from '../signed-in.tsx';
import { StartButton } from '../start-button.tsx';

const PAGE = 50;

export function IssuancesPage(): ReactNode {
  const [search] = useSearchParams();
  const list = useQuery(issuancesQuery(search.get('after') ?? ''));
  const mayRun = useMay('run-issuances');
  return (
    <Page title="発行" lead="一括発行、お知らせ、作り直し（再送付・刷り直し）の進み具合です。">
      <Fetched query={list}>
        {({ issuances, plans, next, asOf }) => (
          <>
            <Section
              title="これまでの発行"
              actions={<AsOf at={asOf} busy={list.isFetching} onRefresh={() => void list.refetch()} />}
            >
              {issuances.length === 0 ? (
                <Empty
                  icon="envelope"
                  title="発行はまだありません"
                  actions={<LinkButton to={paths.imports}>ファイルを取り込む</LinkButton>}
                >
                  加入者・事業所・マイナ保険証のファイルを取り込むと、下の計画から判定を始められます。
                </Empty>
              ) : (
                <>
                  <ul className="flex flex-col gap-4">
                    {issuances.map((overview) => (
                      <li key={overview.id}>
                        <IssuanceLine overview={overview} />
                      </li>
                    ))}
                  </ul>
                  <Paging next={next} shown={issuances.length} pageSize={PAGE} total={null} unit="件" />
                </>
              )}
            </Section>
            {mayRun && plans.length > 0 && (
              <Section title="プロファイルにある発行の計画">
                <ul className="flex flex-col gap-4">
                  {plans.map((plan) => (
                    <li key={plan.id}>
                      <Plan plan={plan} />
                    </li>
                  ))}
                </ul>
              </Section>
            )}
          </>
        )}
      </Fetched>
    </Page>
  );
}

const PLAN_WORDS = {
  certificate: { reference: '基準日', issued: '交付年月日' },
  notice: { reference: 'データ抽出日', issued: '通知年月日' },
} as const;

function dayOf(date: string | null): ReactNode {
  return date === null ? '始めるときに決めます' : <DateText date={date as LocalDate} />;
}

type PlanItem = IssuanceList['plans'][number];

/** What was begun of a plan: it is not made a second time. */
function MadeText({ made }: { readonly made: NonNullable<PlanItem['made']> }): ReactNode {
  return (
    <p className="mb-2">
      第{made.issuanceId}号（
      <DateText date={made.issuedOn as LocalDate} />
      ）として始めてあります：対象 {formatNumber(made.targets)}人、郵便物 {formatNumber(made.mailpieces)}
      通（発送済み {formatNumber(made.posted)}通）。同じ計画を、もう一度作ることはできません。
    </p>
  );
}

function Made({ plan, made }: { readonly plan: PlanItem; readonly made: NonNullable<PlanItem['made']> }): ReactNode {
  return (
    <div className="rounded-12 border border-solid-gray-420 p-4 desktop:p-5">
      <h3 className="mb-2 text-std-18B-160">{plan.name}</h3>
      <MadeText made={made} />
    </div>
  );
}

function Plan({ plan }: { readonly plan: IssuanceList['plans'][number] }): ReactNode {
  const navigate = useNavigate();
  const [issuedOn, setIssuedOn] = useState<LocalDate | null>(plan.issuedOn as LocalDate | null);
  const [extractedOn, setExtractedOn] = useState<LocalDate | null>(null);
  const words = PLAN_WORDS[plan.kind];
  const asksDay = plan.referenceOn === null;
  const missing = [asksDay && extractedOn === null && words.reference, issuedOn === null && words.issued].filter(
    Boolean,
  );
  const { made } = plan;
  if (made !== null && !plan.takesRounds) return <Made plan={plan} made={made} />;
  return (
    <div className="rounded-12 border border-solid-gray-420 p-4 desktop:p-5">
      <h3 className="mb-2 text-std-18B-160">{plan.name}</h3>
      {made !== null && <MadeText made={made} />}
      <Facts
        facts={[
          { name: words.reference, value: dayOf(plan.referenceOn) },
          { name: words.issued, value: dayOf(plan.issuedOn) },
        ]}
      />
      <div className="mt-4">
        <StartButton
          verb={made === null ? '判定を始める' : 'まだ入っていない人の回を足す'}
          question={made === null ? `「${plan.name}」の判定を始めますか` : `「${plan.name}」に回を足しますか`}
          start={(key) =>
            startJob({ kind: 'decide', issuance: plan.id, issuedOn, extractedOn, add: made !== null }, key)
          }
          given={`${issuedOn} ${extractedOn}`}
          needs={missing.length > 0 ? `${missing.join('と')}を入れてください` : undefined}
          onStarted={() => void navigate(paths.jobs)}
        >
          <p className="mb-4">
            {made === null
              ? 'いちばん新しい加入者・事業所・マイナ保険証のファイルで、全員を判定します。紙はまだ作られません。'
              : `いちばん新しいファイルで全員を判定します。第${made.issuanceId}号などで作った人、作成・発送中の人、引き抜いた理由が続いている人は、対象になりません。紙はまだ作られません。`}
          </p>
          {asksDay && <WarekiDateField label={words.reference} required onChange={setExtractedOn} />}
          {(plan.issuedOn === null || made !== null) && (
            <WarekiDateField label={words.issued} required onChange={setIssuedOn} />
          )}
        </StartButton>
      </div>
    </div>
  );
}
