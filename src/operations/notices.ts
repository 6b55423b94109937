// Room: operations. 資格情報のお知らせ through a chunk: who gets one and what the match lets it say, then one envelope a person.
import { CopyText } from '../ledger/database.ts';
import type { Transaction } from '../ledger/database.ts';
import { decisionLine, writeDecisions } from '../ledger/decisions.ts';
import { claimChunk, closeChunk, writeJournal } from '../ledger/issuances.ts';
import type { Chunk } from '../ledger/issuances.ts';
import { EnclosingText, exitLine, mailpieceLine, writeEnclosing } from '../ledger/mailpieces.ts';
import { noticeLine, readHouseholdsToNotify, readNoticeMembers, writeNotices } from '../ledger/notices.ts';
import type { HouseholdToNotify, NoticeMember, StoredNoticeFacts } from '../ledger/notices.ts';
import { writeWarnings } from '../ledger/warnings.ts';
import { paperNumber } from '../rules/check-digits.ts';
import { matchOf, parseMatchResult } from '../rules/matching.ts';
import type { LowRiskRule } from '../rules/matching.ts';
import type { PersonKey } from '../rules/member.ts';
import { planNotices } from '../rules/notice-plan.ts';
import { decideNotice } from '../rules/notices.ts';
import type { NoticeDecision } from '../rules/notices.ts';
import { memberWarnings } from '../rules/warnings.ts';
import type { WarningCode } from '../rules/warnings.ts';
import type { Context } from './context.ts';
import type { NoticeRun } from './issuance-run.ts';

export async function decideNoticeChunk(context: Context, run: NoticeRun, chunk: Chunk): Promise<void> {
  await context.database.transaction(async (tx) => {
    if (!(await claimChunk(tx, run.id, chunk.no, 'decided'))) return;
    const { lines, warnings, targets } = await decideMembers(tx, run, chunk);
    await writeDecisions(tx, lines);
    await writeWarnings(tx, run.id, warnings);
    await closeChunk(tx, run.id, chunk.no, 'decided');
    await writeJournal(tx, context.actor, 'decide', run.id, { chunk: chunk.no, members: lines.count, targets });
  });
}

async function decideMembers(
  tx: Transaction,
  run: NoticeRun,
  chunk: Chunk,
): Promise<{ lines: CopyText; warnings: (PersonKey & { code: WarningCode })[]; targets: number }> {
  const { span, earlier, lowRisk } = run.rules;
  const lines = new CopyText();
  const warnings: (PersonKey & { code: WarningCode })[] = [];
  let ordinal = chunk.membersBefore;
  let targets = 0;
  for await (const members of readNoticeMembers(tx, run, earlier, chunk)) {
    for (const member of members) {
      const decision = decideNotice(member.facts, span);
      ordinal += 1;
      if (decision.isTarget) targets += 1;
      const facts = storedFacts(member, decision, lowRisk);
      lines.add(decisionLine(run.id, chunk.no, ordinal, member, JSON.stringify(facts), decision));
      const { symbol, number, subNumber } = member;
      for (const code of warningsOf(member, decision)) warnings.push({ symbol, number, subNumber, code });
    }
  }
  return { lines, warnings, targets };
}

function storedFacts(
  member: NoticeMember,
  decision: NoticeDecision,
  lowRisk: readonly LowRiskRule[],
): StoredNoticeFacts {
  if (!decision.isTarget) return { ...member.facts, match: null };
  const given = parseMatchResult(member.matchResult ?? '');
  const match = matchOf(given, member.isSubmitted, lowRisk);
  return { ...member.facts, match };
}

/** What a member's own row says against printing it. */
function warningsOf(member: NoticeMember, { isTarget, reason }: NoticeDecision): readonly WarningCode[] {
  if (reason === 'earlier-unsent') return [reason];
  if (!isTarget) return [];
  const codes = memberWarnings({ kana: member.kana, reason, postalCode: member.postalCode });
  const isUnknownWord = member.matchResult !== null && parseMatchResult(member.matchResult) === null;
  return isUnknownWord ? [...codes, 'match-result-unknown'] : codes;
}

export async function encloseNoticeChunk(context: Context, run: NoticeRun, chunk: Chunk): Promise<void> {
  await context.database.transaction(async (tx) => {
    if (!(await claimChunk(tx, run.id, chunk.no, 'enclosed'))) return;
    const text = new EnclosingText();
    const notices = new CopyText();
    for await (const households of readHouseholdsToNotify(tx, run, chunk)) {
      for (const household of households) encloseHousehold(run, chunk.no, household, text, notices);
    }
    await writeEnclosing(tx, text);
    await writeNotices(tx, notices);
    await closeChunk(tx, run.id, chunk.no, 'enclosed');
    await writeJournal(tx, context.actor, 'enclose', run.id, {
      chunk: chunk.no,
      notices: notices.count,
      exits: text.exits.count,
    });
  });
}

/** Numbers derive from each member's place in the issuance, so that doing it again makes the same ones. */
function encloseHousehold(
  run: NoticeRun,
  chunkNo: number,
  household: HouseholdToNotify,
  text: EnclosingText,
  notices: CopyText,
): void {
  const { symbol, number } = household;
  const plan = planNotices(household, run.rules.plan);
  for (const exit of plan.exits) text.exits.add(exitLine(run.id, chunkNo, { symbol, number, ...exit }));
  for (const notice of plan.notices) {
    const ordinal = household.ordinals.get(notice.subNumber);
    if (ordinal === undefined) throw new Error('a planned notice of a person who is no target');
    const mailpieceNumber = paperNumber('mailpiece', run.id, ordinal);
    const { route, sequence, sequenceCount, addressee, address } = notice;
    text.mailpieces.add(
      mailpieceLine(run.id, chunkNo, {
        mailpieceNumber,
        route,
        symbol,
        number,
        sequence,
        sequenceCount,
        certificateCount: 1,
        addressee,
        address,
      }),
    );
    notices.add(noticeLine(run.id, chunkNo, mailpieceNumber, household, notice));
  }
}
