// Room: operations. Certificates through a chunk: who gets one and why, then whole households into envelopes.
import { decisionLine, packFacts, readDecidableMembers, writeDecisions } from '../../ledger/issuing/decisions.ts';
import type { DecidableMember } from '../../ledger/issuing/decisions.ts';
import { CopyText } from '../../ledger/core/copy.ts';
import { claimChunk, closeChunk, writeJournal } from '../../ledger/papers/issuances.ts';
import type { Chunk } from '../../ledger/papers/issuances.ts';
import { readEarlierPapers, readKnownLosses } from '../../ledger/issuing/earlier-papers.ts';
import type { EarlierPapers } from '../../ledger/issuing/earlier-papers.ts';
import { writeWarnings } from '../../ledger/issuing/warnings.ts';
import type { FoundLoss } from '../../rules/intake/coverage.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import { decide, whyNeeded } from '../../rules/issuing/targeting.ts';
import type { Decision, DecisionFacts } from '../../rules/issuing/targeting.ts';
import { standingOf } from '../../rules/papers/standing.ts';
import { HouseholdLosses } from './household-losses.ts';
import { memberWarnings, paperWarnings } from '../../rules/issuing/warnings.ts';
import type { WarningCode } from '../../rules/issuing/warnings.ts';
import type { Context } from '../context.ts';
import type { CertificateIssuance } from '../issuance.ts';
import {
  EnclosingText,
  certificateLine,
  exitLine,
  mailpieceLine,
  readHouseholdsToEnclose,
  writeEnclosing,
} from '../../ledger/issuing/mailpieces.ts';
import type { HouseholdToEnclose } from '../../ledger/issuing/mailpieces.ts';
import { paperNumber } from '../../rules/words/check-digits.ts';
import { planHousehold } from '../../rules/issuing/enveloping.ts';
import type { IssuingKind } from './kind.ts';

type PersonWarning = PersonKey & { readonly code: WarningCode };

/** How certificates are decided and enclosed. */
export function certificateIssuing(issuance: CertificateIssuance): IssuingKind {
  return {
    decideChunk: (context, chunk) => decideChunk(context, issuance, chunk),
    encloseChunk: (context, chunk) => encloseChunk(context, issuance, chunk),
    countPapers: () => Promise.resolve(null),
  };
}

async function decideChunk(context: Context, issuance: CertificateIssuance, chunk: Chunk): Promise<void> {
  await context.database.transaction(async (tx) => {
    if (!(await claimChunk(tx, issuance.id, chunk.no, 'decided'))) return;
    const lines = new CopyText();
    const warnings: (PersonKey & { code: string })[] = [];
    let ordinal = chunk.membersBefore;
    let targets = 0;
    const papers = await readEarlierPapers(tx, issuance, chunk);
    const losses = new HouseholdLosses(await readKnownLosses(tx, issuance, chunk));
    for await (const members of readDecidableMembers(tx, issuance, chunk)) {
      for (const member of members) {
        const facts = withLedger(member, papers, losses, issuance);
        const decision = decide(facts, issuance.rules.targeting);
        ordinal += 1;
        if (decision.isTarget) targets += 1;
        lines.add(decisionLine(issuance.id, chunk.no, ordinal, member, packFacts(facts), decision));
        for (const code of warningsOf(member, decision)) warnings.push({ ...keyOf(member), code });
      }
    }
    await writeDecisions(tx, lines);
    await writeWarnings(tx, issuance.id, warnings);
    await closeChunk(tx, issuance.id, chunk.no, 'decided');
    await writeJournal(tx, context.actor, 'decide', issuance, { chunk: chunk.no, members: lines.count, targets });
  });
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
  const facts = loss === null || loss.lostOn === own.lostOn ? own : { ...own, ...filedLoss(loss) };
  const earlier = papers.get(`${symbol}-${number}-${subNumber}`);
  if (earlier === undefined) return facts;
  const isVerifiable = whyNeeded(facts, targeting) === null;
  return { ...facts, standing: standingOf(earlier, { acquiredOn: own.acquiredOn, isVerifiable }, targeting.issuedOn) };
}

function filedLoss({ lostOn, isInsuredPersons }: FoundLoss): Partial<DecisionFacts> {
  return isInsuredPersons ? { lostOn, isInsuredLost: true } : { lostOn, isLossFiled: true };
}

/** What a target's own row says against printing it. Members who get nothing need no attention here. */
function warningsOf(member: DecidableMember, decision: Decision): readonly string[] {
  if (!decision.isTarget) return [];
  return memberWarnings({
    kana: member.kana,
    reason: decision.reason,
    postalCode: member.mailPostalCode ?? member.homePostalCode,
  });
}

function keyOf(member: PersonKey): PersonKey {
  return { symbol: member.symbol, number: member.number, subNumber: member.subNumber };
}

async function encloseChunk(context: Context, issuance: CertificateIssuance, chunk: Chunk): Promise<void> {
  await context.database.transaction(async (tx) => {
    if (!(await claimChunk(tx, issuance.id, chunk.no, 'enclosed'))) return;
    const text = new EnclosingText();
    const warnings: PersonWarning[] = [];
    const losses = new HouseholdLosses(await readKnownLosses(tx, issuance, chunk));
    for await (const households of readHouseholdsToEnclose(tx, issuance, chunk)) {
      for (const household of households)
        encloseHousehold(issuance, chunk.no, losses.withLosses(household), text, warnings);
    }
    await writeEnclosing(tx, text);
    // What staff have corrected or released is not doubted again.
    if (issuance.lineage.remake === null) await writeWarnings(tx, issuance.id, warnings);
    await closeChunk(tx, issuance.id, chunk.no, 'enclosed');
    await writeJournal(tx, context.actor, 'enclose', issuance, {
      chunk: chunk.no,
      certificates: text.certificates.count,
      mailpieces: text.mailpieces.count,
      exits: text.exits.count,
    });
  });
}

/** Numbers derive from each member's place in the issuance, so that doing it again makes the same ones. */
function encloseHousehold(
  issuance: CertificateIssuance,
  chunkNo: number,
  household: HouseholdToEnclose,
  text: EnclosingText,
  warnings: PersonWarning[],
): void {
  const { symbol, number } = household;
  const names = new Map(household.targets.map((target) => [target.subNumber, target.name]));
  const plan = planHousehold(household, issuance.rules.enclosing);
  for (const exit of plan.exits) text.exits.add(exitLine(issuance.id, chunkNo, { symbol, number, ...exit }));
  for (const piece of plan.pieces) {
    const serials = piece.certificates.map((c) => ordinalOf(household, c.subNumber));
    const mailpieceNumber = paperNumber('mailpiece', issuance.id, serials[0]!);
    const { route, sequence, sequenceCount, addressee, address } = piece;
    text.mailpieces.add(
      mailpieceLine(issuance.id, chunkNo, {
        mailpieceNumber,
        route,
        symbol,
        number,
        sequence,
        sequenceCount,
        certificateCount: piece.certificates.length,
        addressee,
        address,
      }),
    );
    for (const [i, certificate] of piece.certificates.entries()) {
      const { subNumber } = certificate;
      const paper = { name: names.get(subNumber) ?? '', address: i === 0 ? address : null };
      for (const code of paperWarnings(paper)) warnings.push({ symbol, number, subNumber, code });
      text.certificates.add(
        certificateLine(issuance.id, chunkNo, {
          certificateNumber: paperNumber('certificate', issuance.id, serials[i]!),
          symbol,
          number,
          subNumber,
          issuedOn: issuance.issuedOn,
          validThrough: certificate.validThrough,
          ratio: certificate.ratio,
          mailpieceNumber,
          position: certificate.position,
        }),
      );
    }
  }
}

function ordinalOf(household: HouseholdToEnclose, subNumber: string): number {
  const ordinal = household.ordinals.get(subNumber);
  if (ordinal === undefined) throw new Error('a planned certificate of a person who is no target');
  return ordinal;
}
