// Room: rules. What the values of a profile must be to each other: dates in order, names that meet once, what the law demands of
// a notice, what fits the paper. The form of each value is checked where the file is read (formats/profile.ts).
import { RANGE_DEFECT_LABELS, whyRangeIsRefused } from './posting/acceptance-numbers.ts';
import { MOUNT_PLACES } from './insurer.ts';
import type { InsurerProfile, IssuanceSettings, NoticeSettings } from './insurer.ts';
import { LAWFUL_CHANGES } from './issuing/notice-changes.ts';
import { lintNoticeText, noticeDefectLabel } from './issuing/notices.ts';
import type { MonthlySettings } from './issuing/monthly.ts';
import type { NoticeIssuanceSettings } from './issuing/notices.ts';
import type { ValidityRules } from './issuing/validity.ts';
import { isMonthOf } from './papers/lineage.ts';
import { lastDayWithin } from './words/calendar.ts';
import { citeRegulation, isSchemeOf, SCHEMES, unknownWords } from './papers/scheme.ts';
import type { Scheme } from './papers/scheme.ts';
import { lastNamedDay, overlappingTexts, textFaults, wordsOf } from './papers/texts.ts';
import type { PaperText, Period } from './papers/texts.ts';

/** What is wrong at a path of the document. */
export interface ProfileDefect {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/**
 * What is wrong with a profile that no single value can say: orders of dates, names that meet twice, telephone numbers that have
 * ended, what does not fit the paper. `issuances`: all of it in the order of the file, as its paths count them.
 */
export function checkProfile(
  profile: InsurerProfile,
  issuances: readonly (IssuanceSettings | MonthlySettings | NoticeIssuanceSettings)[],
): ProfileDefect[] {
  return [
    ...checkPeriod(profile.validity, ['validity']),
    ...checkEnclosing(profile),
    ...repeated(issuances, 'issuances', 'id'),
    ...repeated(profile.branches, 'branches', 'code'),
    ...repeated(profile.enclosing.enclosures, 'enclosing.enclosures', 'id'),
    ...issuances.flatMap((issuance, i) => {
      if (issuance.kind === 'notice') return checkRound(profile, issuance, i);
      if (issuance.kind === 'monthly') return checkMonthly(issuances, issuance, i);
      return [...checkIssuance(profile, issuance, i), ...checkWaves(profile, issuance, i)];
    }),
    ...(profile.notices ? checkNotices(profile.notices) : []),
    ...checkElderly(profile),
    ...checkTexts(profile),
    ...checkScheme(profile),
    ...checkRoute(profile),
    ...checkWords({ ...profile, issuances }, []),
  ];
}

function checkPeriod({ firstPeriod, maxYears }: ValidityRules, at: readonly PropertyKey[]): ProfileDefect[] {
  const { from, through, validThrough } = firstPeriod;
  const faults: ProfileDefect[] = [];
  const fault = (key: string, message: string) => faults.push({ path: [...at, 'firstPeriod', key], message });
  if (through < from) fault('through', 'from 以後の日付が必要です');
  if (validThrough < through) fault('validThrough', 'through 以後の日付が必要です');
  // The next period begins a year on: a first one of more than a year would hold days of the second too.
  if (through > lastDayWithin(from, 1)) fault('through', 'from から1年以内の日付が必要です');
  if (validThrough > lastDayWithin(from, maxYears)) {
    fault('validThrough', `from の日の交付から数えて${maxYears}年（maxYears）以内の日付が必要です`);
  }
  return faults;
}

/** Places for words of the scheme (「{返却}」) in any text of the profile, none of them unknown. */
function checkWords(value: unknown, path: readonly PropertyKey[]): ProfileDefect[] {
  if (typeof value === 'string')
    return unknownWords(value).map((word) => ({ path, message: `「{${word}}」は知らない言葉です` }));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    checkWords(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

/** The scheme is that of every number on paper, and the form one that its regulation has. */
function checkScheme({ scheme: id, insurer, branches, form }: InsurerProfile): ProfileDefect[] {
  const faults: ProfileDefect[] = [];
  const numbers: [readonly PropertyKey[], string | null][] = [
    [['insurer', 'number'], insurer.number],
    ...branches.map(({ insurerNumber }, i): [PropertyKey[], string | null] => [
      ['branches', i, 'insurerNumber'],
      insurerNumber,
    ]),
  ];
  for (const [path, number] of numbers)
    if (number !== null && !isSchemeOf(id, number))
      faults.push({ path, message: `${SCHEMES[id].name}（scheme: ${id}）の法別番号の保険者番号が必要です` });
  const { name, variants } = SCHEMES[id].form;
  if (form.variant !== null && (form.variant < 1 || form.variant > variants)) {
    const message =
      variants === 0 ? `${name}に番号はありません。null が必要です` : `${name}の番号は1から${variants}までです`;
    faults.push({ path: ['form', 'variant'], message });
  }
  return faults;
}

/** Sent past the employer, an insurer has found that this is no hindrance (健保則47条5項ただし書), and says why. */
function checkRoute({ route, routeGround, scheme }: InsurerProfile): ProfileDefect[] {
  if (route !== 'home' || routeGround !== null) return [];
  const proviso = `${citeRegulation(SCHEMES[scheme], 'issue')}第5項ただし書`;
  return [{ path: ['routeGround'], message: `${proviso}により直接送付するときは、支障がないと認めた理由が必要です` }];
}

/** The sentence every pre-notice must hold: a listed person may get no certificate (source document 000). */
const MAY_GET_NONE = /一覧表に記載されている方であっても.*送付されない場合があります/;

/** Texts in order of their days, one for a place, purpose and day, none of a day that is past; and what the law has them say. */
function checkTexts(profile: InsurerProfile): ProfileDefect[] {
  const { texts, contacts, webPage } = profile;
  const faults: ProfileDefect[] = [];
  const periods: [readonly PropertyKey[], Period][] = [
    ...texts.map((entry, i): [PropertyKey[], Period] => [['texts', i], entry]),
    ...contacts.map((contact, i): [PropertyKey[], Period] => [['contacts', i], contact]),
    ...(webPage ? [[['webPage'], webPage] as [PropertyKey[], Period]] : []),
  ];
  for (const [path, { from, through }] of periods)
    if (from !== null && through !== null && through < from)
      faults.push({ path: [...path, 'through'], message: 'from 以後の日付が必要です' });
  for (const [k, i] of overlappingTexts(texts))
    faults.push({ path: ['texts', i, 'from'], message: `${k + 1}番目の文と、同じ目的・場所で期間が重なっています` });
  for (const [i, entry] of texts.entries()) {
    const last = lastNamedDay(entry);
    if (last !== null && (entry.through === null || last < entry.through))
      faults.push({ path: ['texts', i, 'through'], message: `文にある日（${last}）までの日付が必要です` });
    faults.push(
      ...lackingSentences(entry, SCHEMES[profile.scheme]).map((message) => ({ path: ['texts', i], message })),
    );
  }
  return faults;
}

/** What a text must say and does not: the pre-notice (000), the notice (健保則51条の3). */
function lackingSentences(entry: PaperText, scheme: Scheme): string[] {
  if (entry.place === 'list-letter' && !entry.text.some((line) => MAY_GET_NONE.test(line)))
    return ['「一覧表に記載されている方であっても…送付されない場合があります」という文が必要です'];
  if (entry.place !== 'notice') return [];
  return lintNoticeText(entry.text.join('')).map((defect) => noticeDefectLabel(defect, scheme));
}

/** A card lies in a place of the letter's mount: more of them than places would have none. */
function checkEnclosing({ form, enclosing: { limit } }: InsurerProfile): ProfileDefect[] {
  if (form.kind !== 'card' || (limit !== null && limit <= MOUNT_PLACES)) return [];
  const message = `カードの台紙は1通${MOUNT_PLACES}枚までです。1から${MOUNT_PLACES}までの整数が必要です`;
  return [{ path: ['enclosing', 'limit'], message }];
}

function checkIssuance(profile: InsurerProfile, issuance: IssuanceSettings, i: number): ProfileDefect[] {
  const faults: ProfileDefect[] = [];
  const { referenceOn, acquiredThroughOn, decidedThroughOn, issuedOn } = issuance;
  const fault = (key: string, message: string) => faults.push({ path: ['issuances', i, key], message });
  if (acquiredThroughOn > referenceOn) fault('acquiredThroughOn', 'referenceOn 以前の日付が必要です');
  if (decidedThroughOn !== null && decidedThroughOn > referenceOn) {
    fault('decidedThroughOn', 'referenceOn 以前の日付が必要です');
  }
  if (issuedOn !== null && issuedOn < referenceOn) fault('issuedOn', 'referenceOn 以後の日付が必要です');
  if (issuedOn !== null && issuedOn < profile.validity.firstPeriod.from) {
    fault('issuedOn', 'validity.firstPeriod.from 以後の日付が必要です');
  }
  if (issuedOn !== null)
    for (const { at, message } of textFaults(profile, ['flyer', 'back', 'list-letter'], 'bulk', issuedOn))
      faults.push({ path: [at], message: `${message}（発行 ${issuance.id}）` });
  return faults;
}

/** Waves in order, none after the last day, each branch in one of them, at most one for all others. */
function checkWaves(profile: InsurerProfile, { waves, postThrough }: IssuanceSettings, i: number): ProfileDefect[] {
  const faults: ProfileDefect[] = [];
  const codes = new Set(profile.branches.map((branch) => branch.code));
  const seen = new Set<string>();
  for (const [w, wave] of waves.entries()) {
    const fault = (message: string, ...key: PropertyKey[]) =>
      faults.push({ path: ['issuances', i, 'waves', w, ...key], message });
    if (wave.postThrough < wave.postFrom) fault('postFrom 以後の日付が必要です', 'postThrough');
    if (wave.postFrom < (waves[w - 1]?.postFrom ?? wave.postFrom)) fault('前の波以後の日付が必要です', 'postFrom');
    if (postThrough !== null && wave.postThrough > postThrough)
      fault(`発送の最終日（${postThrough}）以前の日付が必要です`, 'postThrough');
    if (wave.branches.length === 0 && waves.findIndex((other) => other.branches.length === 0) !== w)
      fault('支部を書かない波（ほかのすべて）は一つだけです', 'branches');
    for (const [b, code] of wave.branches.entries()) {
      if (!codes.has(code)) fault('branches にある支部の code が必要です', 'branches', b);
      else if (seen.has(code)) fault('ほかの波と重ならない支部が必要です', 'branches', b);
      seen.add(code);
    }
  }
  return faults;
}

/** Grounds in order, none of two at once; and no other plan is named like one of its months. */
function checkMonthly(
  issuances: readonly { readonly id: string }[],
  { id, grounds, validity }: MonthlySettings,
  i: number,
): ProfileDefect[] {
  const faults: ProfileDefect[] = [];
  for (const [g, { from, through }] of grounds.entries()) {
    const fault = (key: string, message: string) => faults.push({ path: ['issuances', i, 'grounds', g, key], message });
    if (through !== null && through < from) fault('through', 'from 以後の日付が必要です');
    const before = grounds[g - 1];
    if (before && (before.through === null || from <= before.through))
      fault('from', '前の根拠の through より後の日付が必要です');
  }
  for (const [o, other] of issuances.entries())
    if (isMonthOf(other.id, id)) {
      const message = `${id} の月の発行（${id}-年-月）と重ならない id が必要です`;
      faults.push({ path: ['issuances', o, 'id'], message });
    }
  return validity === null ? faults : [...faults, ...checkPeriod(validity, ['issuances', i, 'validity'])];
}

function checkRound(profile: InsurerProfile, round: NoticeIssuanceSettings, i: number): ProfileDefect[] {
  const { extractedOn, joined, changes, posting, digits } = round;
  const faults: ProfileDefect[] = [];
  const fault = (key: string, message: string) => faults.push({ path: ['issuances', i, key], message });
  if (profile.notices === null) fault('kind', 'お知らせの設定（notices）が必要です');
  if (joined) {
    const last = joined.through ?? extractedOn;
    if (last !== null && last < joined.from) fault('joined', 'from 以後の through が必要です');
    if (last !== null && extractedOn !== null && extractedOn < last) {
      fault('joined', 'extractedOn 以前の through が必要です');
    }
  }
  if (joined === null && changes.length > 0) fault('changes', '加入者全員への発行（joined: null）では空にしてください');
  // The standing round is how the law's later notices are given; a round that asks for any asks for those first.
  const isStanding = extractedOn === null && joined !== null;
  if ((isStanding || changes.length > 0) && !LAWFUL_CHANGES.every((change) => changes.includes(change)))
    fault(
      'changes',
      `${citeRegulation(SCHEMES[profile.scheme], 'noticeChange')}の変更（${LAWFUL_CHANGES.join('、')}）が必要です`,
    );
  if (digits && digits.through < digits.from) fault('digits', 'from 以後の through が必要です');
  if (digits && posting && (posting.from < digits.from || digits.through < posting.from))
    fault('digits', '送付時期（posting）の初日を含む期間が必要です');
  if (posting && posting.through < posting.from) fault('posting', 'from 以後の through が必要です');
  if (posting && extractedOn !== null && posting.from < extractedOn) {
    fault('posting', 'extractedOn 以後の from が必要です');
  }
  return faults;
}

/** An insurer whose certificates say the ratio issues no 高齢受給者証: no text may send anybody to one. */
function checkElderly({ elderly, texts }: InsurerProfile): ProfileDefect[] {
  if (elderly !== 'on-certificate') return [];
  const message =
    'elderly が on-certificate（負担割合を資格確認書に記載）の保険者は高齢受給者証を発行しません。高齢受給者証のない文か、separate-certificate が必要です';
  return texts.flatMap((entry, i) =>
    wordsOf(entry).some((words) => words.includes('高齢受給者証')) ? [{ path: ['texts', i], message }] : [],
  );
}

/** A range must be one the post office can have given. */
function checkNotices({ acceptanceNumbers: range }: NoticeSettings): ProfileDefect[] {
  const refused = range && whyRangeIsRefused(range);
  return refused
    ? [
        {
          path: ['notices', 'acceptanceNumbers'],
          message: `${RANGE_DEFECT_LABELS[refused]}。割り当てられた範囲が必要です`,
        },
      ]
    : [];
}

/** The second and later entries of a list that carry a name already taken. */
function repeated<Key extends string>(
  list: readonly Readonly<Record<Key, string>>[],
  at: string,
  key: Key,
): ProfileDefect[] {
  const seen = new Set<string>();
  return list.flatMap((entry, i) => {
    const isNew = !seen.has(entry[key]);
    seen.add(entry[key]);
    return isNew ? [] : [{ path: [...at.split('.'), i, key], message: `ほかと重ならない${key}が必要です` }];
  });
}
