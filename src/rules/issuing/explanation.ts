// Room: rules. A decision in a sentence, with the facts it saw, the rule it rests on and the nearest change that
// would turn it.
import { formatWareki } from '../words/calendar.ts';
import { digitalCertificateServesThrough } from '../intake/enrolment.ts';
import { CARD_LABELS, INSURED_CLASS_LABELS, REGISTRATION_LABELS } from '../intake/member.ts';
import { REASON_LABELS } from './targeting.ts';
import type { LocalDate } from '../words/local-date.ts';
import type { BulkRules, Decision, DecisionFacts, ReasonCode } from './targeting.ts';
import { WITHDRAWAL_LABELS } from '../papers/standing.ts';
import { citeAct } from '../papers/scheme.ts';
import type { Scheme } from '../papers/scheme.ts';
import type { Standing } from '../papers/standing.ts';
import { formatPaperNumber } from '../words/check-digits.ts';

export interface Explanation {
  /** 「…ため、資格確認書の交付対象です。」 */
  readonly sentence: string;
  /** The source of the rule. */
  readonly rule: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** What would turn the decision; null where nothing the person can do would. */
  readonly nearestChange: string | null;
}

const BULK = '令和6年10月29日保険課事務連絡（資格確認書の一括発行）';
/** The power to issue without application, 「当分の間」, and who is made use of it for. */
const exOfficio = (scheme: Scheme, who: string): string =>
  [scheme.exOfficio, `${BULK}：${who}`].filter((source) => source !== null).join('、');

/** Explains a decision of a bulk issuance, made by `decide` on the same facts and rules. */
export function explainDecision(
  facts: DecisionFacts,
  rules: BulkRules,
  decision: Decision,
  scheme: Scheme,
): Explanation {
  const because = BECAUSE[decision.reason](facts, rules);
  return {
    sentence: `${because}、資格確認書の一括発行の${decision.isTarget ? '対象です' : '対象ではありません'}（${REASON_LABELS[decision.reason]}）。`,
    rule: RULES[decision.reason](scheme),
    facts: describeFacts(facts, rules),
    nearestChange: NEAREST[decision.reason]?.(formatWareki(rules.referenceOn)) ?? null,
  };
}

const day = (date: LocalDate | null): string => (date === null ? '（日付なし）' : formatWareki(date));
const run = ({ issuanceId, certificateNumber }: Standing): string =>
  `第${issuanceId}号（証番号 ${formatPaperNumber(certificateNumber)}）`;
const expiry = (facts: DecisionFacts): LocalDate | null => facts.enrolment?.digitalCertificateExpiresOn ?? null;

const BECAUSE = {
  lost: (f, r) =>
    `${f.isLossFiled ? '届出または新しい加入者ファイルによれば、' : ''}${f.isInsuredLost ? '被保険者が' : ''}${day(f.lostOn)}に資格を喪失しており、基準日（${day(r.referenceOn)}）には加入者でないため`,
  'not-yet': (f, r) => `資格取得が${day(f.acquiredOn)}で、基準日（${day(r.referenceOn)}）より後のため`,
  'day-labourer': () => '健康保険法第3条第2項の被保険者またはその被扶養者のため',
  'after-cutoff': (f, r) =>
    f.acquiredOn > r.acquiredThroughOn
      ? `資格取得が${day(f.acquiredOn)}で、期限（${day(r.acquiredThroughOn)}まで）より後のため`
      : `資格取得の決定が${day(f.decidedOn)}で、期限（${day(r.decidedThroughOn)}まで）より後のため`,
  'no-legacy-card': () => '従来の健康保険証を持っていないため',
  withdrawn: ({ standing }) =>
    standing
      ? `${run(standing)}の資格確認書を${day(standing.withdrawnOn ?? null)}に引き抜いており（${WITHDRAWAL_LABELS[standing.code ?? 'staff']}）、その理由が今も続いているため`
      : '先の発行で引き抜いており、その理由が今も続いているため',
  'holds-certificate': ({ standing, certificateValidThrough }) =>
    standing?.reason === 'holds-certificate'
      ? `${run(standing)}の資格確認書（${day(standing.validThrough)}まで有効）をすでに持っているため`
      : `${day(certificateValidThrough)}まで有効な資格確認書をすでに持っているため`,
  'on-the-way': ({ standing }) =>
    standing ? `${run(standing)}の資格確認書を作成・発送中のため` : '資格確認書を作成・発送中のため',
  waiting: () => '加入して間もなく、登録状況にまだ表れないため',
  verifiable: (f, r) =>
    expiry(f) === null
      ? `基準日（${day(r.referenceOn)}）にマイナ保険証で資格を確認できるため`
      : `基準日（${day(r.referenceOn)}）にマイナ保険証で資格を確認できる（電子証明書は${day(digitalCertificateServesThrough(expiry(f)!))}まで使える）ため`,
  'special-care': () => '要配慮者として申請があり、マイナ保険証の有無によらず交付するため',
  unlinked: () => '個人番号の紐付けがなく、マイナ保険証で資格を確認できないため',
  'card-returned': (_, r) => `基準日（${day(r.referenceOn)}）にマイナンバーカードを返納しているため`,
  'no-card': (_, r) => `基準日（${day(r.referenceOn)}）にマイナンバーカードを持っていないため`,
  deregistered: (_, r) => `基準日（${day(r.referenceOn)}）に健康保険証としての利用登録を解除しているため`,
  unregistered: (_, r) => `基準日（${day(r.referenceOn)}）に健康保険証としての利用登録がないため`,
  'certificate-expired': (f) => {
    const expiresOn = expiry(f);
    return expiresOn === null
      ? '電子証明書の有効期限が切れて3か月を過ぎたため'
      : `電子証明書の有効期限（${day(expiresOn)}）が切れ、使えた期間（${day(digitalCertificateServesThrough(expiresOn))}まで）も過ぎたため`;
  },
  'no-status': () => '登録状況の提供がなく、マイナ保険証で確認できるとはいえないため',
} as const satisfies Record<ReasonCode, (facts: DecisionFacts, rules: BulkRules) => string>;

const RULES = {
  lost: (scheme) => `${citeAct(scheme, 'lost')}（資格喪失の時期。被扶養者は被保険者とともに）`,
  'not-yet': (scheme) => `${citeAct(scheme, 'acquired')}（資格取得の時期）`,
  'day-labourer': () => `${BULK}：法第3条第2項の被保険者とその被扶養者を除く`,
  'after-cutoff': () => `${BULK}：取得・決定の期限`,
  'no-legacy-card': () => `${BULK}：健康保険証を保有している者`,
  withdrawn: () => '引き抜いた人には、その理由が続くあいだ作らない（資格喪失・マイナ保険証・職員の判断）',
  'on-the-way': () => '一人に有効な資格確認書は一枚（作成・発送中のものが届く）',
  'holds-certificate': () => '一人に有効な資格確認書は一枚（交付年月日の新しいものを使う）',
  waiting: () => '登録が表れるまで、利用登録の有無は分からない',
  verifiable: (scheme) => `${citeAct(scheme, 'request')}：電子資格確認を受けることができる者`,
  'special-care': (scheme) => `${citeAct(scheme, 'request')}、要配慮者への申請による交付（更新は申請不要）`,
  unlinked: (scheme) => exOfficio(scheme, 'マイナ保険証による資格確認を受けられない状況にある者'),
  'card-returned': (scheme) => exOfficio(scheme, 'マイナンバーカードを返納した者'),
  'no-card': (scheme) => exOfficio(scheme, 'マイナンバーカードを取得していない者'),
  deregistered: (scheme) => exOfficio(scheme, '利用登録を解除した者'),
  unregistered: (scheme) => exOfficio(scheme, '利用登録をしていない者'),
  'certificate-expired': (scheme) => exOfficio(scheme, '電子証明書の有効期限が切れた者（月末から3か月まで使える）'),
  'no-status': (scheme) => exOfficio(scheme, '資格確認を受けられると確かめられない者'),
} as const satisfies Record<ReasonCode, (scheme: Scheme) => string>;

const NEAREST: Partial<Record<ReasonCode, (referenceOn: string) => string>> = {
  unlinked: (on) => `${on}までに個人番号が届き、マイナ保険証を使えるようになれば対象外になります。`,
  'card-returned': (on) => `${on}までに新しいカードの利用登録が済めば対象外になります。`,
  'no-card': (on) => `${on}までにカードを受け取り利用登録が済めば対象外になります。`,
  deregistered: (on) => `${on}までに改めて利用登録が済めば対象外になります。`,
  unregistered: (on) => `${on}までに利用登録が済めば対象外になります。`,
  'certificate-expired': (on) => `${on}までに電子証明書を更新すれば対象外になります。`,
  'no-status': (on) => `${on}現在の登録状況の提供があれば、その内容で決まります。`,
  withdrawn: () => '引き抜いた理由がなくなれば（職員の判断によるものは解除すれば）、次の回で対象になります。',
  'on-the-way': () => '届かなかったときは、再送付または再交付で作り直します。',
  verifiable: (on) => `${on}までに利用登録の解除かカードの返納があれば対象になります。`,
};

function describeFacts(facts: DecisionFacts, rules: BulkRules): Explanation['facts'] {
  return [{ label: '基準日', value: formatWareki(rules.referenceOn) }, ...describeMember(facts)];
}

/** The facts of a member's rows, as an explanation lists them; what is not known is left out. */
export function describeMember(facts: DecisionFacts): Explanation['facts'] {
  const enrolment = facts.enrolment;
  const rows: [string, string | null][] = [
    ['資格取得年月日', formatWareki(facts.acquiredOn)],
    ['取得決定年月日', facts.decidedOn && formatWareki(facts.decidedOn)],
    ['資格喪失年月日', facts.lostOn && formatWareki(facts.lostOn)],
    ['被保険者区分', INSURED_CLASS_LABELS[facts.insuredClass]],
    ['健康保険証', facts.holdsLegacyCard ? '有' : '無'],
    ['資格確認書有効期限', facts.certificateValidThrough && formatWareki(facts.certificateValidThrough)],
    ['要配慮', facts.specialCare ? '有' : '無'],
    ['登録状況の行', enrolment === null ? '無' : '有'],
    ['個人番号の紐付け', enrolment && (enrolment.linked ? '済' : '未')],
    ['カード', enrolment && CARD_LABELS[enrolment.card]],
    ['利用登録', enrolment && REGISTRATION_LABELS[enrolment.registration]],
    [
      '電子証明書有効期限',
      enrolment?.digitalCertificateExpiresOn ? formatWareki(enrolment.digitalCertificateExpiresOn) : null,
    ],
  ];
  return rows.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]));
}
