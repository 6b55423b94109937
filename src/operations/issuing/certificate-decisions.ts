// Room: operations. The rule asked about every member of a chunk, with what the files say and what the ledger knows besides.
import type { Transaction } from '../../ledger/core/pool.ts';
import { readDecidableMembers } from '../../ledger/issuing/decisions.ts';
import type { DecidableMember } from '../../ledger/issuing/decisions.ts';
import { readEarlierPapers, readKnownLosses } from '../../ledger/issuing/earlier-papers.ts';
import type { EarlierPapers, KnownLosses } from '../../ledger/issuing/earlier-papers.ts';
import type { Chunk } from '../../ledger/papers/issuances.ts';
import { coveredThrough } from '../../rules/intake/coverage.ts';
import type { FoundLoss, OwnCover } from '../../rules/intake/coverage.ts';
import { decide, heldThroughOn, whyNeeded } from '../../rules/issuing/targeting.ts';
import type { Decision, DecisionFacts } from '../../rules/issuing/targeting.ts';
import { standingOf } from '../../rules/papers/standing.ts';
import type { CertificateIssuance } from '../issuance.ts';
import { HouseholdLosses } from './household-losses.ts';

export interface DecidedMember {
  readonly member: DecidableMember;
  /** What the rule saw. */
  readonly facts: DecisionFacts;
  readonly decision: Decision;
}

/** What the ledger knows of the households of a chunk besides the files. */
export interface KnownBesides {
  readonly papers: EarlierPapers;
  readonly losses: KnownLosses;
}

/** What the ledger knows of a chunk now. */
async function readKnown(tx: Transaction, issuance: CertificateIssuance, chunk: Chunk): Promise<KnownBesides> {
  return {
    papers: await readEarlierPapers(tx, issuance, chunk),
    losses: await readKnownLosses(tx, issuance, chunk),
  };
}

/** Every member of a chunk in key order, with the decision; nothing is written. `known`: absent = what the ledger knows now. */
export async function* decideMembers(
  tx: Transaction,
  issuance: CertificateIssuance,
  chunk: Chunk,
  known?: KnownBesides,
): AsyncIterable<DecidedMember> {
  const { papers, losses: filed } = known ?? (await readKnown(tx, issuance, chunk));
  const losses = new HouseholdLosses(filed);
  for await (const members of readDecidableMembers(tx, issuance, chunk))
    for (const member of members) {
      const facts = withLedger(member, papers, losses, issuance);
      yield { member, facts, decision: decide(facts, issuance.rules.targeting) };
    }
}

/** A member's facts with what is known besides the row: the insured person's loss, losses filed, papers out or on their way, withdrawals. */
function withLedger(
  member: DecidableMember,
  papers: EarlierPapers,
  losses: HouseholdLosses,
  { rules: { targeting } }: CertificateIssuance,
): DecisionFacts {
  const { symbol, number, subNumber, facts: own } = member;
  const loss = losses.lossOf({ ...member, acquiredOn: own.acquiredOn, lostOn: own.lostOn });
  let facts = loss === null || loss.lostOn === own.lostOn ? own : { ...own, ...filedLoss(loss) };
  if (targeting.kind === 'monthly') {
    const cover = ownEnd(member, losses.insuredOf({ ...member, ...own }), targeting.verifiableOn);
    if (cover !== null) facts = { ...facts, cover };
  }
  const earlier = papers.get(`${symbol}-${number}-${subNumber}`);
  if (earlier === undefined) return facts;
  const isVerifiable = whyNeeded(facts, targeting) === null;
  const person = { acquiredOn: own.acquiredOn, isVerifiable };
  return { ...facts, standing: standingOf(earlier, person, heldThroughOn(facts, targeting)) };
}

function filedLoss({ lostOn, isInsuredPersons }: FoundLoss): Partial<DecisionFacts> {
  return isInsuredPersons ? { lostOn, isInsuredLost: true } : { lostOn, isLossFiled: true };
}

/** The end of the cover that comes by itself, where it lies before a day; losses are facts of their own. */
function ownEnd(
  { relation, bornOn, facts }: DecidableMember,
  insured: OwnCover | null,
  before: string,
): NonNullable<DecisionFacts['cover']> | null {
  const { acquiredOn, insuredClass } = facts;
  const person = { relation, bornOn, acquiredOn, insuredClass, lostOn: null };
  const { through, because } = coveredThrough(person, insured && { ...insured, lostOn: null });
  return through !== null && because !== null && through < before ? { through, because } : null;
}
