// Room: rules. Where an issuance comes from: a plan of the profile (`bulk-2025`, a month of its monthly one `monthly-2026-11`), its later
// rounds (`bulk-2025-2`), and what is made again of either (`bulk-2025/reroute-1`). Names are made here and read nowhere else.
import type { LocalDate } from '../words/local-date.ts';
import type { RemakeKind } from './lifecycle.ts';

export interface Lineage {
  /** Id of the profile's issuance; of a monthly one with its month. */
  readonly plan: string;
  /** Which making of the plan, from 1. */
  readonly round: number;
  /** What was made again, and the how manyth of its kind, from 1; null = the round itself. */
  readonly remake: RemakeKind | null;
  readonly remakeNo: number | null;
}

/** The plan of a month of a monthly issuance: `monthly` issued on 2026-11-10 is `monthly-2026-11`. */
export function monthPlan(id: string, issuedOn: LocalDate): string {
  return `${id}-${issuedOn.slice(0, 7)}`;
}

/** Whether a plan is a month of the monthly issuance `id`. */
export function isMonthOf(plan: string, id: string): boolean {
  return plan.startsWith(`${id}-`) && /^\d{4}-\d{2}$/.test(plan.slice(id.length + 1));
}

/** The name of a plan's round. */
export function roundName(plan: string, round: number): string {
  return round === 1 ? plan : `${plan}-${round}`;
}

/** The name of what is made again of an issuance. */
export function remakeName(parent: string, remake: RemakeKind, no: number): string {
  return `${parent}/${remake}-${no}`;
}

/** A plan's next round: the lowest number from 2 whose name no issuance and no other plan has. */
export function nextRound(plan: string, taken: readonly string[]): number {
  let round = 2;
  while (taken.includes(roundName(plan, round))) round += 1;
  return round;
}
