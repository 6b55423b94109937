// Room: operations. The insurer's words for the papers of a run or a recall, chosen by purpose and by the day on the paper.
import { chooseTexts, textFaults } from '../../rules/papers/texts.ts';
import type { ChosenTexts, Flyer, Purpose, TextPlace } from '../../rules/papers/texts.ts';
import type { Route } from '../../rules/issuing/enveloping.ts';
import { monthlyOf } from '../../rules/insurer.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { Refusal } from '../context.ts';
import type { Issuance } from '../issuance.ts';

/** What the papers of a run are sent for: what was made again has words of its own, all else those of its plan. */
export function purposeOf(profile: InsurerProfile, { kind, lineage }: Pick<Issuance, 'kind' | 'lineage'>): Purpose {
  if (kind === 'notice') return 'notice';
  const { remake, plan } = lineage;
  if (remake === 'reissue' || remake === 'reroute' || remake === 'rehome') return remake;
  return monthlyOf(profile, plan) === null ? 'bulk' : 'monthly';
}

/** What stands on papers of this purpose and day. @throws Refusal `text-missing` naming each text or number that has ended */
export function textsFor(
  profile: InsurerProfile,
  needed: readonly TextPlace[],
  purpose: Purpose,
  on: LocalDate,
): ChosenTexts {
  const faults = textFaults(profile, needed, purpose, on);
  if (faults.length === 0) return chooseTexts(profile, purpose, on);
  const where = [...new Set(faults.map(({ at }) => at))].join('・');
  const what = faults.map(({ message }) => message).join('。');
  throw new Refusal('text-missing', `${what}。プロファイルの ${where} に、その日の分を書いてください。`);
}

/** The same for the papers of a run that go these ways. */
export function textsOfRun(
  profile: InsurerProfile,
  issuance: Pick<Issuance, 'kind' | 'lineage' | 'issuedOn'>,
  routes: readonly Route[],
): ChosenTexts {
  const needed: readonly TextPlace[] =
    issuance.kind === 'notice'
      ? ['notice', 'notice-flyer']
      : ['flyer', 'back', ...routes.map((route) => `letter-${route}` as const)];
  return textsFor(profile, needed, purposeOf(profile, issuance), issuance.issuedOn);
}

/** The flyers that go with each notice of a run. */
export function noticeFlyersOf(profile: InsurerProfile, issuance: Pick<Issuance, 'issuedOn'>): readonly Flyer[] {
  return chooseTexts(profile, 'notice', issuance.issuedOn).noticeFlyers;
}

/** The words of papers that need none of the insurer's own: labels, lists, the seal. */
export const NO_TEXTS: ChosenTexts = { paragraphs: {}, flyer: null, noticeFlyers: [], contacts: [], webPage: null };
