// Room: rules. A decision of the monthly issuance in a sentence: the law in force on its issue day, what was seen, and what would turn it.
import { formatWareki } from '../words/calendar.ts';
import { formatPaperNumber } from '../words/check-digits.ts';
import { digitalCertificateServesThrough } from '../intake/enrolment.ts';
import type { CoverEnd } from '../intake/coverage.ts';
import { citeAct } from '../papers/scheme.ts';
import type { Scheme } from '../papers/scheme.ts';
import { WITHDRAWAL_LABELS } from '../papers/standing.ts';
import type { Standing } from '../papers/standing.ts';
import type { LocalDate } from '../words/local-date.ts';
import { describeMember } from './explanation.ts';
import type { Explanation } from './explanation.ts';
import { firstSnapshotOf } from './monthly.ts';
import type { MonthlyRules } from './monthly.ts';
import { regimeOn } from './regimes.ts';
import { REASON_LABELS, joinedOn } from './targeting.ts';
import type { Decision, DecisionFacts, ReasonCode } from './targeting.ts';

/** Explains a decision made by `decide` on the same facts and rules. */
export function explainMonthly(
  facts: DecisionFacts,
  rules: MonthlyRules,
  decision: Decision,
  scheme: Scheme,
): Explanation {
  const { isTarget, reason } = decision;
  return {
    sentence: `${because(facts, rules, reason)}、${monthOf(rules)}の資格確認書の交付の${isTarget ? '対象です' : '対象ではありません'}（${REASON_LABELS[reason]}）。`,
    rule: ruleOf(rules, reason, scheme),
    facts: describe(facts, rules, decision),
    nearestChange: nearestChange(facts, rules, reason),
  };
}

const day = (date: LocalDate | null): string => (date === null ? '（日付なし）' : formatWareki(date));
const monthOf = ({ issuedOn }: MonthlyRules): string => formatWareki(issuedOn).replace(/\d+日$/, '');
const paperOf = ({ issuanceId, certificateNumber }: Standing): string =>
  `第${issuanceId}号の資格確認書（証番号 ${formatPaperNumber(certificateNumber)}）`;

const COVER_ENDS: Readonly<Record<CoverEnd, string>> = {
  lost: '資格を喪失しており',
  'insured-lost': '被保険者が資格を喪失しており',
  'age-75': '75歳に達して後期高齢者医療に移っており',
  'insured-age-75': '被保険者が75歳に達しており',
  'voluntary-continuation': '任意継続の2年が終わっており',
};

function because(facts: DecisionFacts, rules: MonthlyRules, reason: ReasonCode): string {
  const { standing, certificateValidThrough, enrolment } = facts;
  const issuedOn = `交付日（${day(rules.issuedOn)}）`;
  const seenOn = `登録状況の基準日（${day(rules.referenceOn)}）`;
  switch (reason) {
    case 'lost':
      return facts.lostOn !== null && facts.lostOn <= rules.issuedOn
        ? `${facts.isLossFiled ? '届出または新しい加入者ファイルによれば、' : ''}${facts.isInsuredLost ? '被保険者が' : ''}${day(facts.lostOn)}に資格を喪失しており、${issuedOn}には加入者でないため`
        : `${day(facts.cover?.through ?? null)}を最後に${COVER_ENDS[facts.cover?.because ?? 'lost']}、${issuedOn}には加入者でないため`;
    case 'not-yet':
      return `資格取得が${day(facts.acquiredOn)}で、${issuedOn}より後のため`;
    case 'day-labourer':
      return '健康保険法第3条第2項の被保険者またはその被扶養者のため';
    case 'no-legacy-card':
      return '従来の健康保険証を持っていないため';
    case 'withdrawn':
      return standing
        ? `${paperOf(standing)}を${day(standing.withdrawnOn ?? null)}に引き抜いており（${WITHDRAWAL_LABELS[standing.code ?? 'staff']}）、その理由が今も続いているため`
        : '先の発行で引き抜いており、その理由が今も続いているため';
    case 'holds-certificate':
      return standing?.reason === 'holds-certificate'
        ? `${paperOf(standing)}をすでに持っており、${day(standing.validThrough)}まで有効なため`
        : `${day(certificateValidThrough)}まで有効な資格確認書をすでに持っているため`;
    case 'on-the-way':
      return standing ? `${paperOf(standing)}を作成・発送中のため` : '資格確認書を作成・発送中のため';
    case 'waiting':
      return `加入（${day(joinedOn(facts))}）から${rules.joinedWorkingDays}営業日たっておらず、${day(rules.referenceOn)}の登録状況にはまだ表れないため`;
    case 'verifiable':
      return enrolment?.digitalCertificateExpiresOn
        ? `マイナ保険証で資格を確認できる（電子証明書は${day(digitalCertificateServesThrough(enrolment.digitalCertificateExpiresOn))}まで使える）ため`
        : `${seenOn}にマイナ保険証で資格を確認できるため`;
    case 'special-care':
      return '要配慮者として申請があり、申請がなくても更新して交付するため';
    case 'unlinked':
      return '個人番号の紐付けがなく、マイナ保険証で資格を確認できないため';
    case 'card-returned':
      return `${seenOn}にマイナンバーカードを返納しているため`;
    case 'no-card':
      return `${seenOn}にマイナンバーカードを持っていないため`;
    case 'deregistered':
      return `${seenOn}に健康保険証としての利用登録を解除しているため`;
    case 'unregistered':
      return `${seenOn}に健康保険証としての利用登録がないため`;
    case 'certificate-expired':
      return expired(facts, rules);
    case 'no-status':
      return '登録状況の提供がなく、マイナ保険証で確認できるとはいえないため';
    case 'after-cutoff':
      throw new RangeError('a monthly issuance has no cut-off');
  }
}

function expired({ enrolment }: DecisionFacts, rules: MonthlyRules): string {
  const expiresOn = enrolment?.digitalCertificateExpiresOn ?? null;
  if (expiresOn === null) return '電子証明書の有効期限が切れて3か月を過ぎたため';
  const through = digitalCertificateServesThrough(expiresOn);
  return through < rules.issuedOn
    ? `電子証明書の有効期限（${day(expiresOn)}）が切れ、使えた期間（${day(through)}まで）も過ぎたため`
    : `電子証明書の有効期限（${day(expiresOn)}）が切れ、使える期間が交付する月のうち（${day(through)}）に終わるため`;
}

/** What the decision rests on: for who needs one the law in force, for the others what keeps one from them. */
function ruleOf({ ground }: MonthlyRules, reason: ReasonCode, scheme: Scheme): string {
  const rule = RULES[reason]?.(scheme);
  if (rule !== undefined) return rule;
  const exOfficio = scheme.exOfficio === null ? '' : `・${scheme.exOfficio}（職権による交付）`;
  const whom = NEEDS[reason] ?? '電子資格確認を受けることができない状況にある者';
  return `${citeAct(scheme, 'request')}${exOfficio}：${whom}（${ground.source}）`;
}

const RULES: Partial<Record<ReasonCode, (scheme: Scheme) => string>> = {
  lost: (scheme) => `${citeAct(scheme, 'lost')}（資格喪失の時期。被扶養者は被保険者とともに）`,
  'not-yet': (scheme) => `${citeAct(scheme, 'acquired')}（資格取得の時期）`,
  'day-labourer': () => '法第3条第2項の被保険者とその被扶養者は、別の証による',
  'no-legacy-card': () => '健康保険証を保有している者に限る発行',
  withdrawn: () => '引き抜いた人には、その理由が続くあいだ作らない（資格喪失・マイナ保険証・職員の判断）',
  'holds-certificate': () => '一人に有効な資格確認書は一枚（交付する月の末日まで有効なものがあれば作らない）',
  'on-the-way': () => '一人に有効な資格確認書は一枚（作成・発送中のものが届く）',
  waiting: () => '登録が表れるまで、利用登録の有無は分からない',
  verifiable: (scheme) => `${citeAct(scheme, 'request')}：電子資格確認を受けることができる者`,
};

/** Whom the law in force lets an insurer issue to without an application, where the general words do not say it. */
const NEEDS: Partial<Record<ReasonCode, string>> = {
  'special-care': '要配慮者（更新は申請不要）',
  'certificate-expired': '電子証明書の有効期限が切れた者（月末から3か月まで使える）',
};

/** What would turn the decision, or null. */
function nearestChange(facts: DecisionFacts, rules: MonthlyRules, reason: ReasonCode): string | null {
  if (reason === 'waiting')
    return `${day(firstSnapshotOf(joinedOn(facts), rules.joinedWorkingDays))}以後の登録状況で、あらためて判定します。`;
  if (reason === 'holds-certificate')
    return `${day(facts.standing?.validThrough ?? facts.certificateValidThrough)}に有効期限が終わるとき、まだ必要であれば対象になります。`;
  return CHANGES[reason] ?? null;
}

const ENROLLED = '発送までに利用登録が済めば、職員が引き抜けます。';
const CHANGES: Partial<Record<ReasonCode, string>> = {
  verifiable: '利用登録の解除、カードの返納、電子証明書の期限切れ（3か月経過）があれば、その月の対象になります。',
  unlinked: '個人番号が届き、マイナ保険証を使えるようになれば対象外になります。',
  'card-returned': ENROLLED,
  'no-card': ENROLLED,
  deregistered: ENROLLED,
  unregistered: ENROLLED,
  'certificate-expired': '電子証明書の更新が済めば対象外になります。',
};

function describe(facts: DecisionFacts, rules: MonthlyRules, { isTarget }: Decision): Explanation['facts'] {
  const regime = regimeOn(rules.issuedOn);
  return [
    { label: '交付年月日', value: day(rules.issuedOn) },
    { label: '登録状況の基準日', value: day(rules.referenceOn) },
    ...(regime ? [{ label: '時期の定め', value: `${day(regime.from)}から：${regime.title}（${regime.source}）` }] : []),
    ...(isTarget ? [{ label: '発送の期限', value: day(rules.promisedOn) }] : []),
    ...describeMember(facts),
    ...(facts.cover ? [{ label: '資格の最後の日', value: day(facts.cover.through) }] : []),
  ];
}
