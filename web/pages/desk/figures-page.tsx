// The figures of the newest issuance: how many have an enrolled card, who gets a paper and why; whole, by branch, by
// workplace. Chart and table are one.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { HIDDEN_LABELS } from '../../../src/rules/desk/disclosure.ts';
import { address } from '../../api/client.ts';
import { figuresQuery } from '../../api/work.ts';
import type { Figures, FiguresBy } from '../../api/work.ts';
import { paths } from '../../paths.ts';
import { ButtonLink, LinkButton } from '../../ui/button.tsx';
import { CsvChoice } from '../../ui/csv-choice.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { AsOf } from '../../ui/paging.tsx';
import { Empty } from '../../ui/states.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { Count } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';
import { Breakdown } from './figures-breakdown.tsx';
import { EnrolmentChart } from './figures-enrolment.tsx';
import { GroupTable } from './figures-groups.tsx';
import { RecallSection } from './figures-recall.tsx';

const TABS = [
  ['whole', '全体'],
  ['branch', '支部別'],
  ['workplace', '事業所別'],
] as const satisfies readonly (readonly [FiguresBy, string])[];

function byOf(text: string | null): FiguresBy {
  return TABS.find(([by]) => by === text)?.[0] ?? 'whole';
}

export function FiguresPage(): ReactNode {
  const [search] = useSearchParams();
  const by = byOf(search.get('by'));
  const q = search.get('q') ?? '';
  const figures = useQuery(figuresQuery(by, q, search.get('after') ?? ''));
  return (
    <Page
      title="統計"
      of={TABS.find(([key]) => key === by)?.[1] ?? ''}
      lead="マイナ保険証の登録率と、資格確認書の対象者の内訳です。"
      actions={
        <>
          <ButtonLink icon="print" href={address('/exports/figures.pdf', { by, q })} target="_blank">
            印刷用PDF
          </ButtonLink>
          <CsvChoice label="内訳のCSV" href={(encoding) => address('/exports/figures.csv', { by, q, as: encoding })} />
          <CsvChoice
            label="登録率のCSV"
            href={(encoding) => address('/exports/enrolment.csv', { by, q, as: encoding })}
          />
        </>
      }
    >
      <Tabs
        label="まとめ方"
        tabs={TABS.map(([key, label]) => ({
          to: key === 'whole' ? paths.figures : `${paths.figures}?by=${key}`,
          label,
          current: key === by,
        }))}
      />
      <Fetched query={figures}>
        {(data) => (
          <>
            <p className="mb-6 flex flex-wrap items-center gap-x-4">
              {data.issuance && (
                <span>
                  {data.issuance.title}（第{data.issuance.id}号）・加入者 <Count n={data.issuance.members} unit="人" />
                </span>
              )}
              <AsOf at={data.asOf} busy={figures.isFetching} onRefresh={() => void figures.refetch()} />
            </p>
            {by === 'whole' ? <Whole data={data} /> : <GroupTable by={by} data={data} busy={figures.isFetching} />}
          </>
        )}
      </Fetched>
    </Page>
  );
}

function Whole({ data }: { readonly data: Figures }): ReactNode {
  const [whole] = data.groups;
  return (
    <>
      <Section title="マイナ保険証の登録率">
        <Enrolment rows={data.enrolment} />
      </Section>
      <Section title="資格確認書の対象者">
        {!whole && <NotYet />}
        {whole?.hidden && <p>{HIDDEN_LABELS[whole.hidden]}。</p>}
        {whole?.hidden === null && <Breakdown group={whole} rounding={data.rounding} />}
      </Section>
      <RecallSection />
    </>
  );
}

function Enrolment({ rows }: { readonly rows: Figures['enrolment'] }): ReactNode {
  if (rows.length === 0) {
    return (
      <Empty
        icon="upload"
        title="登録状況はまだ取り込まれていません"
        actions={<LinkButton to={paths.imports}>取込を開く</LinkButton>}
      >
        マイナ保険証の登録状況のファイルを取り込むと、基準日ごとの登録率がここに並びます。
      </Empty>
    );
  }
  return <EnrolmentChart rows={rows} />;
}

function NotYet(): ReactNode {
  return (
    <Empty
      icon="envelope"
      title="判定はまだ行われていません"
      actions={<LinkButton to={paths.issuances}>発行を開く</LinkButton>}
    >
      発行の判定が終わると、対象者の内訳がここに並びます。
    </Empty>
  );
}
