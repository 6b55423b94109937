// Room: operations. The losses that are known of a household besides its rows: filings, a newer file, and of a dependent what the
// insured person's row says. Rows come household by household, the insured person first.
import type { KnownLosses } from '../../ledger/issuing/earlier-papers.ts';
import { knownLoss } from '../../rules/intake/coverage.ts';
import type { FoundLoss, OwnCover } from '../../rules/intake/coverage.ts';
import type { Member } from '../../rules/intake/member.ts';
import type { Household } from '../../rules/issuing/enveloping.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';

type LosingMember = PersonKey & Pick<Member, 'relation' | 'bornOn' | 'acquiredOn' | 'lostOn'>;

export class HouseholdLosses {
  readonly #losses: KnownLosses;
  #insured: LosingMember | null = null;

  constructor(losses: KnownLosses) {
    this.#losses = losses;
  }

  /** The insured person of a dependent who comes in key order, where there is one. */
  insuredOf({ symbol, number, relation }: LosingMember): LosingMember | null {
    const isOfHousehold = this.#insured?.symbol === symbol && this.#insured.number === number;
    return relation === 'dependent' && isOfHousehold ? this.#insured : null;
  }

  /** The loss of a member who comes in key order: own, or the insured person's, who came before. */
  lossOf(member: LosingMember): FoundLoss | null {
    const { symbol, number, relation } = member;
    if (relation === 'insured') this.#insured = member;
    const insured = this.insuredOf(member);
    if (this.#losses.size === 0 && member.lostOn === null && insured === null) return null;
    return knownLoss(member, insured, this.#losses.get(`${symbol}-${number}`));
  }

  /** A household with these losses: who has lost eligibility by the issue day gets nothing, who will lose it no paper past that day. */
  withLosses<Of extends Household>(household: Of): Of {
    const known = this.#losses.get(`${household.symbol}-${household.number}`);
    if (known === undefined) return household;
    const lostOnOf = (person: PersonKey & OwnCover, insured: OwnCover | null): OwnCover['lostOn'] =>
      knownLoss(person, insured, known)?.lostOn ?? null;
    const { symbol, number, insured } = household;
    return {
      ...household,
      insured: insured && { ...insured, lostOn: lostOnOf({ ...insured, symbol, number, subNumber: '00' }, null) },
      targets: household.targets.map((target) => ({
        ...target,
        lostOn: lostOnOf(target, target.relation === 'insured' ? null : insured),
      })),
    };
  }
}
