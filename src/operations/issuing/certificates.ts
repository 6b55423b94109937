// Room: operations. Certificates through a chunk: who gets one and why, then whole households into envelopes.
import { readKnownLosses } from '../../ledger/issuing/earlier-papers.ts';
import { decisionLine, packFacts, writeDecisions } from '../../ledger/issuing/decisions.ts';
import type { DecidableMember } from '../../ledger/issuing/decisions.ts';
import { CopyText } from '../../ledger/core/copy.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { claimChunk, closeChunk, findOpenChunks, writeJournal } from '../../ledger/papers/issuances.ts';
import type { Chunk } from '../../ledger/papers/issuances.ts';
import { writeWarnings } from '../../ledger/issuing/warnings.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { Decision } from '../../rules/issuing/targeting.ts';
import { findLatestDataset } from '../../ledger/intake/datasets.ts';
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
import { carriageOf } from '../../rules/insurer.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { RemakeKind } from '../../rules/papers/lifecycle.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { certificateRulesToday } from '../frozen-rules.ts';
import type { CertificateRules } from '../frozen-rules.ts';
import { decideMembers } from './certificate-decisions.ts';
import { explainCertificate } from './explain-certificate.ts';
import type { IssuingKind } from './kind.ts';

type PersonWarning = PersonKey & { readonly code: WarningCode };

/** How certificates are decided and enclosed. */
export function certificateIssuing(issuance: CertificateIssuance): IssuingKind {
  return {
    decideChunk: (context, chunk) => decideChunk(context, issuance, chunk),
    encloseChunk: (context, chunk) => encloseChunk(context, issuance, chunk),
    rulesToday: (profile) => certificateRulesToday(profile, issuance),
    rulesOfRemake: (profile, kind, issuedOn) => rulesOfRemake(issuance, profile, kind, issuedOn),
    findNewestRatios: async (tx, { elderly }) =>
      elderly === 'on-certificate'
        ? ((await findLatestDataset(tx, issuance.insurerNumber, 'ratios'))?.id ?? null)
        : null,
    explain: (tx, key) => explainCertificate(tx, issuance, key),
    countPapers: () => Promise.resolve(null),
  };
}

/** As the parent's, but for the route a remake takes and the day, with the validity of the profile as it is now. */
function rulesOfRemake(
  { rules, lineage }: CertificateIssuance,
  profile: InsurerProfile,
  kind: RemakeKind,
  issuedOn: LocalDate,
): CertificateRules {
  // A piece spoiled or held goes by the way it was to go; a reissue by the usual way of its plan.
  const { route: usual, validity } = carriageOf(profile, lineage.plan);
  const { elderly } = profile;
  const { route: planned } = rules.enclosing;
  const home = { rehome: 'home', 'send-home': 'home' } as const;
  const route = { reroute: 'workplace', reprint: planned, reissue: usual, release: planned, ...home } as const;
  return { ...rules, enclosing: { ...rules.enclosing, route: route[kind], issuedOn, validity, elderly } };
}

async function decideChunk(context: Context, issuance: CertificateIssuance, chunk: Chunk): Promise<void> {
  await context.database.transaction((tx) => decideChunkIn(tx, context, issuance, chunk));
}

async function decideChunkIn(
  tx: Transaction,
  context: Context,
  issuance: CertificateIssuance,
  chunk: Chunk,
): Promise<void> {
  if (!(await claimChunk(tx, issuance.id, chunk.no, 'decided'))) return;
  const lines = new CopyText();
  const warnings: (PersonKey & { code: string })[] = [];
  let ordinal = chunk.membersBefore;
  let targets = 0;
  for await (const { member, facts, decision } of decideMembers(tx, issuance, chunk)) {
    ordinal += 1;
    if (decision.isTarget) targets += 1;
    lines.add(decisionLine(issuance.id, chunk.no, ordinal, member, packFacts(facts), decision));
    for (const code of warningsOf(member, decision)) warnings.push({ ...keyOf(member), code });
  }
  await writeDecisions(tx, lines);
  await writeWarnings(tx, issuance.id, warnings);
  await closeChunk(tx, issuance.id, chunk.no, 'decided');
  await writeJournal(tx, context.actor, 'decide', issuance, { chunk: chunk.no, members: lines.count, targets });
}

/**
 * Decides about everybody of an issuance that is being opened, and says whether anything of it can be sent: the question by which a further
 * round of a month is made or not. Who stays a target and cannot be sent anything (送付停止, no ratio yet) makes no round.
 */
export async function decideAndSeekPieces(
  tx: Transaction,
  context: Context,
  issuance: CertificateIssuance,
): Promise<boolean> {
  const chunks = await findOpenChunks(tx, issuance.id, 'decided');
  for (const chunk of chunks) await decideChunkIn(tx, context, issuance, chunk);
  for (const chunk of chunks) {
    const losses = new HouseholdLosses(await readKnownLosses(tx, issuance, chunk));
    for await (const households of readHouseholdsToEnclose(tx, issuance, chunk))
      for (const household of households)
        if (planHousehold(losses.withLosses(household), issuance.rules.enclosing).pieces.length > 0) return true;
  }
  return false;
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
