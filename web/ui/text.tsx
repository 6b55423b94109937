// Room: web/ui. Figures, dates and numbers as they stand in running text: never broken at a line's end, figures of one
// width, units beside them, dates in wareki with the Gregorian date at hand.
import type { ReactNode } from 'react';
import { formatWareki } from '../../src/rules/words/calendar.ts';
import { formatPaperNumber } from '../../src/rules/words/check-digits.ts';
import type { LocalDate } from '../../src/rules/words/local-date.ts';

const WEEKDAYS = '日月火水木金土';

/** `2025-07-28` as 「令和7年7月28日（月）」. */
export function DateText({
  date,
  weekday = false,
}: {
  readonly date: LocalDate;
  readonly weekday?: boolean;
}): ReactNode {
  const day = WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()];
  return (
    <time dateTime={date} title={date} className="whole">
      {formatWareki(date)}
      {weekday && `（${day}）`}
    </time>
  );
}

const TIME = new Intl.DateTimeFormat('ja-JP', { timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Tokyo', dateStyle: 'short' });

/** The Japanese calendar day of an instant. */
export function dayOf(instant: string): LocalDate {
  return DAY.format(new Date(instant)) as LocalDate;
}

/** Today in Japan, by this device's clock. */
export function today(): LocalDate {
  return DAY.format(new Date()) as LocalDate;
}

/** An instant (ISO 8601) as Japan's clock shows it. */
export function InstantText({
  at,
  part = 'both',
}: {
  readonly at: string;
  readonly part?: 'both' | 'time';
}): ReactNode {
  const date = dayOf(at);
  const time = TIME.format(new Date(at));
  return (
    <time dateTime={at} title={`${date} ${time}`} className="whole">
      {part === 'both' && `${formatWareki(date)} `}
      {time}
    </time>
  );
}

export type Unit = '人' | '名' | '件' | '通' | '枚' | '世帯' | '事業所' | '行' | '日' | '箱' | '個' | '回';

const NUMBER = new Intl.NumberFormat('ja-JP');

export function formatNumber(n: number): string {
  return NUMBER.format(n);
}

/** Hundredths of a percent, half up: `formatRate(9100, 31067)` is 「29.29％」; 「－」 where there is nothing to divide by. */
export function formatRate(part: number, whole: number): string {
  if (whole === 0) return '－';
  const hundredths = Math.floor((part * 10_000) / whole + 0.5);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}％`;
}

/** 「9,100人（29.29％）」: a count with its unit and, where `of` is given, its share. */
export function Count({ n, unit, of }: { readonly n: number; readonly unit: Unit; readonly of?: number }): ReactNode {
  return (
    <span className="whole">
      {formatNumber(n)}
      {unit}
      {of !== undefined && `（${formatRate(n, of)}）`}
    </span>
  );
}

/** A number of ours for the eye: `1-0001-00000012-3`. */
export function PaperNumber({ number }: { readonly number: string }): ReactNode {
  return <span className="code">{formatPaperNumber(number)}</span>;
}

/** Seven digits as 「〒100-0013」; anything else as it is. */
export function formatPostalCode(code: string): string {
  return /^\d{7}$/.test(code) ? `〒${code.slice(0, 3)}-${code.slice(3)}` : code;
}
