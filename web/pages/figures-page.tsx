// Figures: the breakdown of targets, the enrolment rate by month, recall; whole, by branch, by workplace. What is printed
// comes from the server.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import type { LocalDate } from '../../src/rules/member.ts';
import { address } from '../api/client.ts';
import { recallFiguresQuery } from '../api/lots.ts';
import type { RecallFigures } from '../api/lots.ts';
import { figuresQuery } from '../api/work.ts';
import type { Figures, FiguresBy } from '../api/work.ts';
import { BarChart } from '../ui/bar-chart.tsx';
import { ButtonLink } from '../ui/button.tsx';
import { CsvChoice } from '../ui/csv-choice.tsx';
import { Page, Section } from '../ui/page.tsx';
import { AsOf } from '../ui/paging.tsx';
import { Empty } from '../ui/states.tsx';
import { Table } from '../ui/table.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Count, DateText, dayOf, formatNumber, formatRate } from '../ui/text.tsx';
import { Fetched } from './fetched.tsx';

const BY = { whole: '全体', branch: '支部ごと', workplace: '事業所ごと' } as const satisfies Record<FiguresBy, string>;

export function FiguresPage(): ReactNode {
  const [search] = useSearchParams();
  const asked = search.get('by') ?? '';
  const by: FiguresBy = asked in BY ? (asked as FiguresBy) : 'whole';
  const query = useQuery(figuresQuery(by));
  return (
    <Page
      title="統計"
      lead="数には、単位・割合・分母・時点が付きます。"
      actions={
        <>
          <CsvChoice href={(encoding) => address('/exports/figures.csv', { by, as: encoding })} />
          <ButtonLink icon="print" href={address('/exports/figures.pdf', { by })} target="_blank" rel="noreferrer">
            印刷用のPDF
          </ButtonLink>
        </>
      }
    >
      <Tabs
        label="分け方"
        tabs={(Object.keys(BY) as FiguresBy[]).map((each) => ({
          to: each === 'whole' ? '?' : `?by=${each}`,
          label: BY[each],
          current: each === by,
        }))}
      />
      <Fetched query={query}>
        {(figures) => (
          <>
            <Section
              title="資格確認書の対象者"
              actions={<AsOf at={figures.asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />}
            >
              {figures.issuance === null ? (
                <Empty icon="chart" title="集計はまだありません">
                  対象者の判定が終わると、内訳がここに出ます。
                </Empty>
              ) : by === 'whole' ? (
                <Whole figures={figures} />
              ) : (
                <Groups figures={figures} by={by} />
              )}
            </Section>
            <Section title="マイナ保険証の利用登録率">
              <Enrolment figures={figures} />
            </Section>
          </>
        )}
      </Fetched>
      <Recall />
    </Page>
  );
}

type Reasons = Figures['groups'][number]['reasons'];

const sumOf = (reasons: Reasons, isTarget?: boolean): number =>
  reasons.filter((row) => isTarget === undefined || row.isTarget === isTarget).reduce((n, row) => n + row.count, 0);

function Whole({ figures: { groups, issuance, rounding } }: { readonly figures: Figures }): ReactNode {
  const reasons = groups.flatMap((group) => group.reasons);
  const targets = sumOf(reasons, true);
  const members = issuance?.members ?? 0;
  const bars = (isTarget: boolean) =>
    reasons
      .filter((row) => row.isTarget === isTarget)
      .map((row) => ({ key: row.reason, label: row.label, count: row.count }));
  return (
    <div className="flex flex-col gap-8">
      <p className="text-std-18N-160">
        {issuance?.title}では、加入者 <Count n={members} unit="人" /> のうち{' '}
        <Count n={targets} unit="人" of={members} />
        が対象です。
      </p>
      <BarChart
        title={`対象者 ${formatNumber(targets)}人の内訳`}
        unit="人"
        labelTitle="理由"
        bars={bars(true)}
        notes={`分母：対象者 ${formatNumber(targets)}人。${rounding}`}
      />
      <BarChart
        title={`対象外 ${formatNumber(sumOf(reasons, false))}人の内訳`}
        unit="人"
        labelTitle="理由"
        bars={bars(false)}
      />
    </div>
  );
}

function Groups({
  figures: { groups, rounding },
  by,
}: {
  readonly figures: Figures;
  readonly by: FiguresBy;
}): ReactNode {
  const rows = groups
    .map(({ group, name, reasons }) => ({ group, name, targets: sumOf(reasons, true), members: sumOf(reasons) }))
    .sort((a, b) => b.targets - a.targets);
  const longest = Math.max(1, ...rows.map((row) => row.targets));
  const members = rows.reduce((n, row) => n + row.members, 0);
  const targets = rows.reduce((n, row) => n + row.targets, 0);
  return (
    <>
      <Table
        caption={`${BY[by]}の対象者`}
        rows={rows}
        rowKey={(row) => row.group}
        dense
        columns={[
          {
            key: 'name',
            title: by === 'branch' ? '支部' : '事業所',
            names: true,
            chars: 8,
            cell: (row) => row.name || '支部なし',
          },
          { key: 'bar', title: '', chars: 10, cell: (row) => <Bar share={row.targets / longest} /> },
          { key: 'targets', title: '対象者', end: true, cell: (row) => <Count n={row.targets} unit="人" /> },
          { key: 'members', title: '加入者', end: true, cell: (row) => <Count n={row.members} unit="人" /> },
          { key: 'rate', title: '割合', end: true, cell: (row) => <Rate part={row.targets} whole={row.members} /> },
        ]}
      />
      <p className="mt-2 text-dns-14N-130 text-solid-gray-700">
        計 {formatNumber(targets)}人 / {formatNumber(members)}人（{formatRate(targets, members)}）。{rounding}
      </p>
    </>
  );
}

/** Rates of few people would tell of persons: not shown under ten. */
function Rate({ part, whole }: { readonly part: number; readonly whole: number }): ReactNode {
  return <span className="whole">{whole < 10 ? '少数のため出しません' : formatRate(part, whole)}</span>;
}

function Bar({ share }: { readonly share: number }): ReactNode {
  return (
    <span aria-hidden className="block h-4 w-full">
      <span
        className="block h-full rounded-r-4 bg-blue-900 forced-colors:bg-[Highlight]"
        style={{ width: `${share * 100}%`, minWidth: share > 0 ? '2px' : '0' }}
      />
    </span>
  );
}

function Enrolment({ figures: { enrolment } }: { readonly figures: Figures }): ReactNode {
  if (enrolment.length === 0) {
    return (
      <Empty icon="chart" title="登録状況のファイルはまだありません">
        マイナ保険証のファイルを取り込むと、時点ごとの登録率が並びます。
      </Empty>
    );
  }
  return (
    <>
      <Table
        caption="時点ごとの利用登録率"
        rows={enrolment}
        rowKey={(row) => row.asOf}
        dense
        columns={[
          { key: 'asOf', title: '時点', names: true, cell: (row) => <DateText date={row.asOf as LocalDate} /> },
          {
            key: 'bar',
            title: '',
            chars: 12,
            cell: (row) => <Bar share={row.rows === 0 ? 0 : row.registered / row.rows} />,
          },
          { key: 'rate', title: '登録率', end: true, cell: (row) => <Rate part={row.registered} whole={row.rows} /> },
          { key: 'registered', title: '登録', end: true, cell: (row) => <Count n={row.registered} unit="人" /> },
          { key: 'linked', title: '紐付け', end: true, cell: (row) => <Count n={row.linked} unit="人" /> },
          { key: 'rows', title: '加入者', end: true, cell: (row) => <Count n={row.rows} unit="人" /> },
        ]}
      />
      <p className="mt-2 text-dns-14N-130 text-solid-gray-700">
        登録率は、カードを持ち利用登録が済んだ人 ÷ ファイルの人数。帯の右端が100％です。
      </p>
    </>
  );
}

const OUTCOMES = [
  ['asked', '求めた'],
  ['givenBack', '回収した'],
  ['missing', '紛失'],
  ['unrecoverable', '回収不能'],
  ['expired', '期限切れ'],
  ['void', '無効'],
  ['open', '残り'],
] as const satisfies readonly (readonly [keyof RecallFigures['requests']['enrolled'], string])[];

function Recall(): ReactNode {
  const today = dayOf(new Date().toISOString());
  const query = useQuery(recallFiguresQuery(today));
  return (
    <Section title="資格確認書の回収">
      <Fetched query={query}>
        {({ duty, requests }) => {
          const rows = [
            { key: 'duty', name: '回収（法令による）', counts: duty },
            { key: 'enrolled', name: '返却のお願い（利用登録をした人）', counts: requests.enrolled },
            { key: 'superseded', name: '返却のお願い（新しい証ができた人）', counts: requests.superseded },
          ];
          return (
            <>
              <Table
                caption="回収と返却のお願いの件数"
                rows={rows}
                rowKey={(row) => row.key}
                dense
                columns={[
                  { key: 'name', title: '求め', names: true, chars: 10, cell: (row) => row.name },
                  ...OUTCOMES.map(([key, title]) => ({
                    key,
                    title,
                    end: true,
                    cell: (row: (typeof rows)[number]) => <Count n={row.counts[key]} unit="枚" />,
                  })),
                ]}
              />
              <p className="mt-2 text-dns-14N-130 text-solid-gray-700">
                1か月以内の回収率（法令による回収）：
                {duty.oneMonth.percent === null ? '－' : formatRate(duty.oneMonth.givenBack, duty.oneMonth.asked)}（
                {formatNumber(duty.oneMonth.givenBack)}枚 / {formatNumber(duty.oneMonth.asked)}枚）。
                <DateText date={today} /> 時点。
              </p>
            </>
          );
        }}
      </Fetched>
    </Section>
  );
}
