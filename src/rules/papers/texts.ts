// Room: rules. The insurer's own words on paper, and its telephone numbers: each for a purpose and for the days on which it is
// true. What print sets is chosen by the purpose and the day that stands on the paper; where nothing covers that day, or a
// number has ended by it, nothing is printed.
import { formatWareki, parseDate } from '../words/calendar.ts';
import type { LocalDate } from '../words/local-date.ts';

/** What a paper is sent for. Those of certificates are the kinds of an issuance and of what is made again of one. */
export const PURPOSES = [
  'bulk',
  'monthly',
  'renewal',
  'application',
  'reissue',
  'reroute',
  'rehome',
  'recall',
  'reminder',
  'notice',
  'refusal',
] as const;
export type Purpose = (typeof PURPOSES)[number];

export const PURPOSE_LABELS = {
  bulk: '一括発行',
  monthly: '毎月の交付',
  renewal: '更新',
  application: '申請による交付',
  reissue: '再交付',
  reroute: '事業所への再送付',
  rehome: '自宅への送り直し',
  recall: '回収',
  reminder: '催告',
  notice: '資格情報のお知らせ',
  refusal: '不交付のお知らせ',
} as const satisfies Record<Purpose, string>;

/** Texts of paragraphs or sentences, by where they stand. */
export const PARAGRAPH_PLACES = [
  'letter-home',
  'letter-workplace',
  'list-letter',
  'back',
  'notice',
  'notice-digits',
  'recall',
  'refusal',
] as const;
/** Texts with a title and sections: 説明用チラシ, and the flyers that go with each notice. */
export const FLYER_PLACES = ['flyer', 'notice-flyer'] as const;
type ParagraphPlace = (typeof PARAGRAPH_PLACES)[number];
type FlyerPlace = (typeof FLYER_PLACES)[number];
export type TextPlace = ParagraphPlace | FlyerPlace;

const PLACE_LABELS = {
  'letter-home': '送付書（自宅あて）',
  'letter-workplace': '送付書（事業所経由）',
  'list-letter': '一覧表の送付文書',
  back: '資格確認書の注意事項',
  notice: '資格情報のお知らせの文',
  'notice-digits': 'マイナンバーの下4桁についての文',
  recall: '回収連絡書の文',
  refusal: '不交付のお知らせの文',
  flyer: '説明用チラシ',
  'notice-flyer': 'お知らせの説明チラシ',
} as const satisfies Record<TextPlace, string>;

/** The days on which something may be printed, both included; null = no such end. */
export interface Period {
  readonly from: LocalDate | null;
  readonly through: LocalDate | null;
}

interface Entry extends Period {
  readonly purpose: readonly Purpose[];
  /** Document, law or 「ours」: whose words they are. */
  readonly source: string;
}

interface ParagraphText extends Entry {
  readonly place: ParagraphPlace;
  readonly text: readonly string[];
}

export interface Flyer {
  readonly title: string;
  readonly sections: readonly FlyerSection[];
}

interface FlyerSection {
  readonly heading: string;
  readonly text: string;
  /** Only with notices that show the last four digits. */
  readonly onlyWithDigits: boolean;
}

interface FlyerText extends Entry, Flyer {
  readonly place: FlyerPlace;
}

export type PaperText = ParagraphText | FlyerText;

/** A telephone number that stands on papers. `insurer`: its own desk, without which no paper goes out. */
export interface Contact extends Period {
  readonly use: 'insurer' | 'other';
  readonly name: string;
  readonly phone: string;
  readonly hours: string;
}

/** The insurer's page, printed with its QR code on the flyer. */
export interface WebPage extends Period {
  readonly title: string;
  readonly url: string;
}

/** What a profile says on its papers. */
interface Texts {
  readonly texts: readonly PaperText[];
  readonly contacts: readonly Contact[];
  readonly webPage: WebPage | null;
}

/** What stands on the papers of one purpose and day. */
export interface ChosenTexts {
  readonly paragraphs: Readonly<Partial<Record<ParagraphPlace, readonly string[]>>>;
  readonly flyer: Flyer | null;
  readonly noticeFlyers: readonly Flyer[];
  readonly contacts: readonly Contact[];
  readonly webPage: WebPage | null;
}

/** Whether a day lies in a period. */
function covers({ from, through }: Period, on: LocalDate): boolean {
  return (from === null || from <= on) && (through === null || on <= through);
}

/** What of a profile's texts stands on papers of this purpose that are dated `on`. */
export function chooseTexts(said: Texts, purpose: Purpose, on: LocalDate): ChosenTexts {
  const own = said.texts.filter((entry) => entry.purpose.includes(purpose) && covers(entry, on));
  const flyers = (place: FlyerPlace): Flyer[] =>
    own.flatMap((entry) => (entry.place === place ? [{ title: entry.title, sections: entry.sections }] : []));
  return {
    paragraphs: Object.fromEntries(
      own.flatMap((entry) => ('text' in entry ? [[entry.place, entry.text] as const] : [])),
    ),
    flyer: flyers('flyer')[0] ?? null,
    noticeFlyers: flyers('notice-flyer'),
    contacts: said.contacts.filter((contact) => covers(contact, on)),
    webPage: said.webPage && covers(said.webPage, on) ? said.webPage : null,
  };
}

/** The words of notices that show no digits of the individual number: none speaks of them. */
export function withoutDigits(texts: ChosenTexts): ChosenTexts {
  const { 'notice-digits': _, ...paragraphs } = texts.paragraphs;
  const noticeFlyers = texts.noticeFlyers.map(({ title, sections }) => ({
    title,
    sections: sections.filter(({ onlyWithDigits }) => !onlyWithDigits),
  }));
  return { ...texts, paragraphs, noticeFlyers };
}

/** Something that is to stand on a paper and may not be printed on its day. */
interface TextFault {
  /** Where in the profile it is to be mended. */
  readonly at: 'texts' | 'contacts';
  /** Names the place, purpose and day, or the number that has ended. */
  readonly message: string;
}

/** Why papers with these texts may not be printed for this purpose on this day; empty = they may. */
export function textFaults(
  said: Texts,
  needed: readonly TextPlace[],
  purpose: Purpose,
  on: LocalDate,
): readonly TextFault[] {
  const { paragraphs, flyer, noticeFlyers, contacts } = chooseTexts(said, purpose, on);
  const isThere = (place: TextPlace): boolean => {
    if (place === 'flyer') return flyer !== null;
    return place === 'notice-flyer' ? noticeFlyers.length > 0 : paragraphs[place] !== undefined;
  };
  const faults: TextFault[] = needed
    .filter((place) => !isThere(place))
    .map((place) => ({
      at: 'texts',
      message: `${PURPOSE_LABELS[purpose]}の${PLACE_LABELS[place]}に、${formatWareki(on)}に使えるものがありません`,
    }));
  if (contacts.some(({ use }) => use === 'insurer')) return faults;
  const ended = said.contacts
    .filter(({ use, through }) => use === 'insurer' && through !== null && through < on)
    .map(({ name, phone, through }) => `${name}（${phone}）は${formatWareki(through!)}まで`);
  const why = ended.length > 0 ? `。${ended.join('、')}です` : '';
  return [...faults, { at: 'contacts', message: `${formatWareki(on)}に通じるお問い合わせ先がありません${why}` }];
}

const NAMED_DAY = /(?:令和|平成|昭和)(?:\d+|元)年\d+月\d+日/g;

/** All a text says, piece by piece. */
export function wordsOf(entry: PaperText): readonly string[] {
  return 'text' in entry ? entry.text : [entry.title, ...entry.sections.flatMap((s) => [s.heading, s.text])];
}

/** The last day a text names, or null. */
export function lastNamedDay(entry: PaperText): LocalDate | null {
  const days = [...wordsOf(entry).join('\n').matchAll(NAMED_DAY)].flatMap(([day]) => parseDate(day) ?? []);
  return days.toSorted().at(-1) ?? null;
}

/** Entries two of which would stand in one place for one purpose on one day: their indexes. Flyers of notices go together. */
export function overlappingTexts(texts: readonly PaperText[]): [number, number][] {
  const meets = (a: PaperText, b: PaperText): boolean =>
    a.place === b.place &&
    a.place !== 'notice-flyer' &&
    a.purpose.some((purpose) => b.purpose.includes(purpose)) &&
    (a.through === null || b.from === null || b.from <= a.through) &&
    (b.through === null || a.from === null || a.from <= b.through);
  return texts.flatMap((a, i) =>
    texts.slice(0, i).flatMap((b, k): [number, number][] => (meets(a, b) ? [[k, i]] : [])),
  );
}
