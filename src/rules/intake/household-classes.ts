// Room: rules. Whether the rows of a file, as they come, may say of a dependent another 被保険者区分 than of the insured person: whose
// class rules then. No is certain; yes is to be looked into.
import type { Member } from './member.ts';

type Row = Pick<Member, 'symbol' | 'number' | 'relation' | 'insuredClass'>;

/** Watches rows in the order of the file: most files have each insured person followed by the dependents. */
export class HouseholdClasses {
  #household = '';
  #insuredClass: Row['insuredClass'] = 'general';
  /** Households that began with a dependent: their insured person may be further on. */
  readonly #without = new Set<string>();
  /** Households of insured persons who are not 一般: few. */
  readonly #special = new Set<string>();
  #mayDiffer = false;

  see({ symbol, number, relation, insuredClass }: Row): void {
    if (this.#mayDiffer) return;
    const household = `${symbol}-${number}`;
    if (relation === 'insured') {
      this.#household = household;
      this.#insuredClass = insuredClass;
      if (insuredClass !== 'general') this.#special.add(household);
      this.#mayDiffer = this.#without.has(household);
    } else if (household !== this.#household) {
      this.#without.add(household);
      this.#mayDiffer = insuredClass !== 'general' || this.#special.has(household);
    } else if (insuredClass !== this.#insuredClass) this.#mayDiffer = true;
  }

  /** False = no dependent's class is another than the insured person's, wherever in the file the two are. */
  get mayDiffer(): boolean {
    return this.#mayDiffer;
  }
}
