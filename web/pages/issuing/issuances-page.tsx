// Every issuance, newest first, and those the profile knows and that can be begun.
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
import { DateText } from '../../ui/text.tsx';
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

function Plan({ plan }: { readonly plan: IssuanceList['plans'][number] }): ReactNode {
  const navigate = useNavigate();
  const [issuedOn, setIssuedOn] = useState<LocalDate | null>(plan.issuedOn as LocalDate | null);
  const [extractedOn, setExtractedOn] = useState<LocalDate | null>(null);
  const words = PLAN_WORDS[plan.kind];
  const asksDay = plan.referenceOn === null;
  const missing = [asksDay && extractedOn === null && words.reference, issuedOn === null && words.issued].filter(
    Boolean,
  );
  return (
    <div className="rounded-12 border border-solid-gray-420 p-4 desktop:p-5">
      <h3 className="mb-2 text-std-18B-160">{plan.name}</h3>
      <Facts
        facts={[
          { name: words.reference, value: dayOf(plan.referenceOn) },
          { name: words.issued, value: dayOf(plan.issuedOn) },
        ]}
      />
      <div className="mt-4">
        <StartButton
          verb="判定を始める"
          question={`「${plan.name}」の判定を始めますか`}
          start={(key) => startJob({ kind: 'decide', issuance: plan.id, issuedOn, extractedOn }, key)}
          given={`${issuedOn} ${extractedOn}`}
          needs={missing.length > 0 ? `${missing.join('と')}を入れてください` : undefined}
          onStarted={() => void navigate(paths.jobs)}
        >
          <p className="mb-4">
            いちばん新しい加入者・事業所・マイナ保険証のファイルで、全員を判定します。同じファイルの判定がすでにあるときは、その続きになります。紙はまだ作られません。
          </p>
          {asksDay && <WarekiDateField label={words.reference} required onChange={setExtractedOn} />}
          {plan.issuedOn === null && <WarekiDateField label={words.issued} required onChange={setIssuedOn} />}
        </StartButton>
      </div>
    </div>
  );
}
