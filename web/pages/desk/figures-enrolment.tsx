// Enrolment by reference date, of everybody, a branch or a workplace: chart and table in one.
import type { ReactNode } from 'react';
import { formatWareki } from '../../../src/rules/words/calendar.ts';
import { MIN_SHOWN } from '../../../src/rules/desk/disclosure.ts';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import type { Figures } from '../../api/work.ts';
import { RateChart, formatChange } from '../../ui/rate-chart.tsx';
import type { Rate } from '../../ui/rate-chart.tsx';
import { DateText, formatRate } from '../../ui/text.tsx';

type Row = Figures['groups'][number]['enrolment'][number];

/** The rate of a date, or null where it may not be shown. */
export function toRate({ asOf, people, registered }: Row): Rate | null {
  if (registered === null) return null;
  return { key: asOf, label: <DateText date={asOf as LocalDate} />, part: registered, whole: people };
}

export function EnrolmentChart({ rows }: { readonly rows: readonly Row[] }): ReactNode {
  const rates = rows.map(toRate).filter((rate) => rate !== null);
  const [before, now] = [rates.at(-2), rates.at(-1)];
  const notShown = rows.length - rates.length;
  if (!now)
    return (
      <p>
        登録率は出しません。どの基準日も、{MIN_SHOWN}人未満か、出すと{MIN_SHOWN}人未満の数が分かるためです。
      </p>
    );
  return (
    <RateChart
      title="基準日ごとの登録率"
      finding={`${formatWareki(now.key as LocalDate)}の登録率は ${formatRate(now.part, now.whole)} です${before ? `（前の基準日から ${formatChange(now, before)}）` : ''}。`}
      labelTitle="基準日"
      partTitle="登録"
      wholeTitle="登録状況の行"
      unit="人"
      rates={rates}
      compares={rates.length > 1}
      notes={
        <>
          カードがあり、保険証の利用登録がされている人の数を、その基準日のファイルの行数で割ったもの。小数第3位を四捨五入。
          {notShown > 0 && `ほかの${notShown}回は、${MIN_SHOWN}人未満の数が分かるため出しません。`}
        </>
      }
    />
  );
}
