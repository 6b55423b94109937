// Room: rules. A notice's decision in a sentence, with what the match said and why nothing is sent where nothing is.
import { explainRatio } from './burden-ratio.ts';
import type { BurdenFacts } from './burden-ratio.ts';
import { formatWareki } from '../words/calendar.ts';
import type { Explanation } from './explanation.ts';
import { INSURED_CLASS_LABELS, RELATION_LABELS } from '../intake/member.ts';
import { MATCH_LABELS } from '../intake/matching.ts';
import type { MatchClass } from '../intake/matching.ts';
import { citeRegulation } from '../papers/scheme.ts';
import type { Scheme } from '../papers/scheme.ts';
import type { LocalDate } from '../words/local-date.ts';
import { formatLastRatio } from './notice-changes.ts';
import type { LastNotice, NoticeChange } from './notice-changes.ts';
import { NOTICE_EXIT_LABELS } from './notice-plan.ts';
import type { NoticeExit } from './notice-plan.ts';
import { NOTICE_REASON_LABELS } from './notices.ts';
import type { NoticeDecision, NoticeFacts, NoticeReason, NoticeSpan } from './notices.ts';

export interface NoticeExplanationInput {
  readonly facts: NoticeFacts;
  readonly span: NoticeSpan;
  readonly decision: NoticeDecision;
  /** Null for a person who is no target. */
  readonly match: { readonly matchClass: MatchClass; readonly reason: string | null } | null;
  /** What differs and how, in words, or ''. */
  readonly differences: string;
  readonly exit: NoticeExit | null;
  /** What the ratio goes by, and the notice's date. */
  readonly burden: BurdenFacts;
  readonly issuedOn: LocalDate;
  /** The notice that no longer holds, or null. */
  readonly last: Pick<LastNotice, 'issuedOn' | 'ratio'> | null;
}

export function explainNotice(input: NoticeExplanationInput, scheme: Scheme): Explanation {
  const { facts, span, decision, match, exit, burden, issuedOn, last } = input;
  const because = BECAUSE[decision.reason](facts, span);
  const ratio = decision.isTarget ? explainRatio(burden, issuedOn, scheme) : null;
  const label = NOTICE_REASON_LABELS[decision.reason];
  const sent = `資格情報のお知らせの${decision.isTarget ? '対象です' : '対象ではありません'}（${label}）。`;
  const rows: [string, string | null][] = [
    ['データ抽出日', formatWareki(span.extractedOn)],
    ['資格取得年月日', formatWareki(facts.acquiredOn)],
    ['資格喪失年月日', facts.lostOn && formatWareki(facts.lostOn)],
    ['被保険者区分', INSURED_CLASS_LABELS[facts.insuredClass]],
    ['これまでのお知らせ', facts.hadNotice ? '有' : '無'],
    ['記号が変わった日', facts.symbolChangedOn && formatWareki(facts.symbolChangedOn)],
    ['前回から変わった事項', facts.changes.map((change) => CHANGE_LABELS[change]).join('、') || null],
    ['前回のお知らせ', last && `${formatWareki(last.issuedOn)}、負担割合 ${formatLastRatio(last.ratio)}`],
    ['資格確認書', facts.changes.length > 0 ? (facts.holdsCertificate ? '有' : '無') : null],
    ...(ratio === null ? [] : ratioRows(burden, issuedOn)),
    ['突合', match && MATCH_LABELS[match.matchClass]],
    ['相違', input.differences === '' ? null : input.differences],
    ['低リスクとする理由', match?.reason ?? null],
    ['いま送らない理由', exit && NOTICE_EXIT_LABELS[exit]],
  ];
  return {
    sentence: `${because}、${sent}${ratio?.sentence ?? ''}`,
    rule: [
      `資格情報のお知らせの送付（${citeRegulation(scheme, 'notice')}、全国健康保険協会の対象者・送付時期）`,
      ...(isByChange(decision.reason) ? [`変更による通知：${citeRegulation(scheme, 'noticeChange')}`] : []),
      ...(ratio ? [`負担割合：${ratio.rule}`] : []),
    ].join('。'),
    facts: rows.flatMap(([name, value]) => (value === null ? [] : [{ label: name, value }])),
    nearestChange: exit && NEAREST[exit],
  };
}

/** What the ratio goes by. */
function ratioRows({ bornOn, relation, determined }: BurdenFacts, issuedOn: LocalDate): [string, string][] {
  const given =
    determined &&
    `${determined.tenths}割（${formatWareki(determined.from)}から${formatWareki(determined.through)}まで）`;
  return [
    ['通知年月日', formatWareki(issuedOn)],
    ['生年月日', formatWareki(bornOn)],
    ['本人・家族', RELATION_LABELS[relation]],
    ['負担割合.csv の判定', given ?? 'なし'],
  ];
}

const CHANGE_LABELS = {
  number: '記号・番号、保険者',
  ratio: '負担割合・有効期限・発効期日',
  details: '氏名・フリガナ・生年月日・資格取得年月日のどれか',
  'ratio-below-70': '70歳未満の負担割合',
} as const satisfies Record<NoticeChange, string>;

const BY_CHANGE: readonly NoticeReason[] = ['number-changed', 'ratio-changed', 'details-changed', 'holds-certificate'];
const isByChange = (reason: NoticeReason): boolean => BY_CHANGE.includes(reason);

const day = (date: LocalDate | null): string => (date === null ? '（日付なし）' : formatWareki(date));

const BECAUSE = {
  member: (_, s) => `抽出日（${day(s.extractedOn)}）に加入しているため`,
  'joined-since': (f) => `前回の抽出の後、${day(f.acquiredOn)}に資格を取得したため`,
  'symbol-changed': () => '事業所が支部の管轄外へ移り、記号が変わったため',
  'number-changed': () => '前回のお知らせの後に記号・番号または保険者が変わったため',
  'ratio-changed': () => '前回のお知らせに記載した負担割合・有効期限・発効期日が、通知日には違うため',
  'details-changed': () => '前回のお知らせに記載した氏名・フリガナ・生年月日・資格取得年月日のどれかが変わったため',
  'holds-certificate': () => '前回のお知らせから変わった事項があるが、資格確認書を持っているため',
  'held-before': () => '前回までの対象で、そのときは保留したか、お知らせが届かなかったため',
  lost: (f, s) => `${day(f.lostOn)}に資格を喪失しており、抽出日（${day(s.extractedOn)}）には加入者でないため`,
  'not-yet': (f, s) => `資格取得が${day(f.acquiredOn)}で、抽出日（${day(s.extractedOn)}）より後のため`,
  'day-labourer': () => '健康保険法第3条第2項の被保険者またはその被扶養者のため',
  'already-noticed': () => 'お知らせをすでに送っているため',
  'after-cutoff': (f, s) => `資格取得が${day(f.acquiredOn)}で、期日（${day(s.joined?.through ?? null)}）より後のため`,
  'earlier-unsent': (f) => `資格取得が${day(f.acquiredOn)}で前回までの対象だが、送付の記録がないため`,
} as const satisfies Record<NoticeReason, (facts: NoticeFacts, span: NoticeSpan) => string>;

const NEAREST = {
  'mail-stopped': '送付停止が解ければ送れます。',
  'withdrawn-lost': null,
  'reached-75': null,
  'match-unresolved': '保険者が確認し、突合結果を「不一致（保険者確認済み）」として取り込み直せば送れます。',
  'no-validity': null,
  'ratio-doubtful': '負担割合の判定を確かめ、負担割合.csvで取り込み直せば、次の発行で送れます。',
  'income-unknown': '負担割合を判定し、通知日に有効な割合を負担割合.csvで取り込めば、次の発行で送れます。',
  'no-address': '事業所か送付先の住所がわかれば送れます。',
} as const satisfies Record<NoticeExit, string | null>;
