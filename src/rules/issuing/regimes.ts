// Room: rules. What held for everybody, from when: the law's dated changes since the old cards stopped being made. An explanation cites
// the one in force on the issue day.
import type { LocalDate } from '../words/local-date.ts';

/** A change of the law and the first day on which it holds; it holds until the next begins. */
export interface Regime {
  readonly from: LocalDate;
  /** In a noun phrase, for an explanation. */
  readonly title: string;
  readonly source: string;
}

const day = (text: string): LocalDate => text as LocalDate;

/** In order. The next change is one more entry. */
export const REGIMES: readonly Regime[] = [
  {
    from: day('2024-12-02'),
    title: '健康保険証の新規発行の終了後（申請による交付と、当分の間の職権による交付）',
    source: '令和5年法律第48号附則第15条',
  },
  {
    from: day('2025-12-02'),
    title: '健康保険証の有効期間の終了後（令和8年3月31日までは、期限の切れた健康保険証などでも受診できる暫定措置）',
    source: '令和7年11月12日厚生労働省保険局事務連絡',
  },
  {
    from: day('2026-04-01'),
    title: '暫定措置の終了後（受診にはマイナ保険証か資格確認書を使う）',
    source: '令和7年11月12日厚生労働省保険局事務連絡',
  },
  {
    from: day('2026-08-01'),
    title: '後期高齢者医療の交付の見直し後（85歳以上は全員、84歳以下はマイナ保険証のない方に広域連合が交付する）',
    source: '埼玉県後期高齢者医療広域連合の案内',
  },
];

/** The change in force on a day; null before the first. */
export function regimeOn(on: LocalDate): Regime | null {
  return REGIMES.findLast(({ from }) => from <= on) ?? null;
}
