// Room: rules. Whether a member's last notice still says the truth.
// Source: 施行規則51条の3第5項: the notice is given again when its 2号 (記号・番号, 保険者番号, 保険者の名称) or its 3号 (ratio with 有効期限
// and 発効期日, from the month after reaching 70, where no 高齢受給者証 says it) changes, but not to holders of 資格確認書. Of a name it says
// nothing, nor of the ratio below 70, which 002 prints all the same: those an insurer may ask for.
import { formatRatioDays, seniorFrom } from './burden-ratio.ts';
import type { BurdenRatio, RatioWithDays } from './burden-ratio.ts';
import { foldKanaName, foldName } from '../words/folding.ts';
import type { LocalDate } from '../words/local-date.ts';

/** `number` and `ratio` by law; `details` and `ratio-below-70` where the profile asks for them. */
export const NOTICE_CHANGES = ['number', 'ratio', 'details', 'ratio-below-70'] as const;
export type NoticeChange = (typeof NOTICE_CHANGES)[number];

/** What the law asks of every later notice. */
export const LAWFUL_CHANGES = ['number', 'ratio'] as const satisfies readonly NoticeChange[];

/** What stands on a notice beside the ratio, then or now. */
export interface NoticeDetails {
  readonly name: string;
  readonly kana: string;
  readonly bornOn: LocalDate;
  readonly acquiredOn: LocalDate;
  /** The branch whose 保険者番号 and name are printed, or ''. */
  readonly branchCode: string;
}

/** The newest notice that has not come to nothing. */
export interface LastNotice extends NoticeDetails {
  /** 通知年月日. */
  readonly issuedOn: LocalDate;
  /** What it says; null = that 高齢受給者証 says it. */
  readonly ratio: RatioWithDays | null;
}

/**
 * What of a notice no longer holds for one dated `on`, in the order of `NOTICE_CHANGES`.
 *
 * @param last null = none under this key.
 * @param isRenumbered the notice was under another 記号・番号・枝番.
 * @param ratio what a notice dated `on` would say.
 */
export function changesSince(
  last: LastNotice | null,
  now: NoticeDetails,
  isRenumbered: boolean,
  ratio: BurdenRatio,
  on: LocalDate,
): NoticeChange[] {
  if (last === null) return isRenumbered ? ['number'] : [];
  const changed = ratioChange(last.ratio, ratio, now.bornOn, on);
  const found = new Set<NoticeChange | null>([
    isRenumbered || hasInsurerChanged(last, now) ? 'number' : null,
    changed,
    haveDetailsChanged(last, now) ? 'details' : null,
  ]);
  return NOTICE_CHANGES.filter((change) => found.has(change));
}

function ratioChange(
  last: RatioWithDays | null,
  now: BurdenRatio,
  bornOn: LocalDate,
  on: LocalDate,
): 'ratio' | 'ratio-below-70' | null {
  // A member no more; or said by 高齢受給者証, which is no matter of the notice (3号).
  if (now === 'ended' || now === 'elderly-certificate') return null;
  // Nothing determined for the day: what the notice says counts through its own last day.
  if (now === 'income-unknown' || now === 'ratio-doubtful') return last !== null && isOn(last, on) ? null : 'ratio';
  if (last === null) return 'ratio';
  if (last.tenths === now.tenths && last.from === now.from && last.through === now.through) return null;
  return on < seniorFrom(bornOn) && last.from === null ? 'ratio-below-70' : 'ratio';
}

function isOn({ from, through }: RatioWithDays, on: LocalDate): boolean {
  return from !== null && through !== null && from <= on && on <= through;
}

/** A symbol that 事業所.csv lacks says nothing of a branch. */
function hasInsurerChanged(last: NoticeDetails, now: NoticeDetails): boolean {
  return now.branchCode !== '' && now.branchCode !== last.branchCode;
}

/** Another spelling of the same name (width, spaces, variants of a character) is no other name. */
function haveDetailsChanged(last: NoticeDetails, now: NoticeDetails): boolean {
  return (
    foldName(last.name) !== foldName(now.name) ||
    foldKanaName(last.kana) !== foldKanaName(now.kana) ||
    last.bornOn !== now.bornOn ||
    last.acquiredOn !== now.acquiredOn
  );
}

/** 「3割」 or 「2割（…から…まで）」, as the last notice says it. */
export function formatLastRatio(ratio: RatioWithDays | null): string {
  if (ratio === null) return '高齢受給者証に記載';
  const days = formatRatioDays(ratio);
  return `${ratio.tenths}割${days === '' ? '' : `（${days}）`}`;
}
