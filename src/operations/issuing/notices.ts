// Room: operations. 資格情報のお知らせ through a chunk: who gets one and what the match lets it say, then one envelope a person.
import { CopyText } from '../../ledger/core/copy.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { decisionLine, writeDecisions } from '../../ledger/issuing/decisions.ts';
import { claimChunk, closeChunk, writeJournal } from '../../ledger/papers/issuances.ts';
import type { Chunk } from '../../ledger/papers/issuances.ts';
import { readEarlierPapers, readKnownLosses } from '../../ledger/issuing/earlier-papers.ts';
import type { EarlierPapers } from '../../ledger/issuing/earlier-papers.ts';
import { EnclosingText, exitLine, mailpieceLine, writeEnclosing } from '../../ledger/issuing/mailpieces.ts';
import {
  noticeLine,
  packNoticeFacts,
  readHouseholdsToNotify,
  readNoticeMembers,
  writeNotices,
} from '../../ledger/issuing/notices.ts';
import type { HouseholdToNotify, NoticeMember, StoredNoticeFacts } from '../../ledger/issuing/notices.ts';
import { writeWarnings } from '../../ledger/issuing/warnings.ts';
import { burdenRatio, holdsElderlyCertificate } from '../../rules/issuing/burden-ratio.ts';
import type { BurdenFacts } from '../../rules/issuing/burden-ratio.ts';
import { isHeldOn } from '../../rules/papers/standing.ts';
import { paperNumber } from '../../rules/words/check-digits.ts';
import { matchOf, parseMatchResult } from '../../rules/intake/matching.ts';
import { formatPersonKey } from '../../rules/words/person-key.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import { changesSince } from '../../rules/issuing/notice-changes.ts';
import type { NoticeChange } from '../../rules/issuing/notice-changes.ts';
import { planNotices } from '../../rules/issuing/notice-plan.ts';
import { decideNotice, isNoticed, showsDigitsOn, spanOf } from '../../rules/issuing/notices.ts';
import type { NoticeDecision, NoticeFacts } from '../../rules/issuing/notices.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { memberWarnings, paperWarnings } from '../../rules/issuing/warnings.ts';
import type { WarningCode } from '../../rules/issuing/warnings.ts';
import { countNoticePapers } from '../../ledger/issuing/reconcile.ts';
import type { Context } from '../context.ts';
import { findLatestDataset } from '../../ledger/intake/datasets.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { RemakeKind } from '../../rules/papers/lifecycle.ts';
import { explainNoticeOf } from './explain-notice.ts';
import { noticeRules } from '../frozen-rules.ts';
import type { NoticeRules } from '../frozen-rules.ts';
import { HouseholdLosses } from './household-losses.ts';
import type { IssuingKind } from './kind.ts';
import type { NoticeIssuance } from '../issuance.ts';

/** How notices are decided and enclosed. */
export function noticeIssuing(issuance: NoticeIssuance): IssuingKind {
  return {
    decideChunk: (context, chunk) => decideNoticeChunk(context, issuance, chunk),
    encloseChunk: (context, chunk) => encloseNoticeChunk(context, issuance, chunk),
    rulesToday: (profile) => rulesToday(issuance, profile),
    rulesOfRemake: (_, kind, issuedOn) => rulesOfRemake(issuance, kind, issuedOn),
    findNewestRatios: async (tx) => (await findLatestDataset(tx, issuance.insurerNumber, 'ratios'))?.id ?? null,
    explain: (tx, key) => explainNoticeOf(tx, issuance, key),
    countPapers: (tx) => countNoticePapers(tx, issuance),
  };
}

function rulesToday(
  { lineage, referenceOn, issuedOn, rules }: NoticeIssuance,
  profile: InsurerProfile,
): NoticeRules | null {
  const round = profile.noticeRounds.find(({ id }) => id === lineage.plan);
  const span = round && profile.notices && spanOf(round, round.extractedOn === null ? referenceOn : null);
  return span ? noticeRules(profile, span, rules.earlier, issuedOn, round.digits) : null;
}

/** As the parent's, but for the way a remake takes and the day. */
function rulesOfRemake({ rules }: NoticeIssuance, kind: RemakeKind, issuedOn: LocalDate): NoticeRules {
  const { way: usual } = rules.plan;
  const home = { rehome: 'home', 'send-home': 'home' } as const;
  const way = { reroute: 'workplace', reprint: usual, reissue: usual, release: usual, ...home } as const;
  return { ...rules, plan: { ...rules.plan, issuedOn, way: way[kind] } };
}

async function decideNoticeChunk(context: Context, issuance: NoticeIssuance, chunk: Chunk): Promise<void> {
  await context.database.transaction(async (tx) => {
    if (!(await claimChunk(tx, issuance.id, chunk.no, 'decided'))) return;
    const { lines, warnings, targets } = await decideMembers(tx, issuance, chunk);
    await writeDecisions(tx, lines);
    await writeWarnings(tx, issuance.id, warnings);
    await closeChunk(tx, issuance.id, chunk.no, 'decided');
    await writeJournal(tx, context.actor, 'decide', issuance, { chunk: chunk.no, members: lines.count, targets });
  });
}

async function decideMembers(
  tx: Transaction,
  issuance: NoticeIssuance,
  chunk: Chunk,
): Promise<{ lines: CopyText; warnings: (PersonKey & { code: WarningCode })[]; targets: number }> {
  const { span, earlier } = issuance.rules;
  const lines = new CopyText();
  const warnings: (PersonKey & { code: WarningCode })[] = [];
  let ordinal = chunk.membersBefore;
  let targets = 0;
  const losses = new HouseholdLosses(await readKnownLosses(tx, issuance, chunk));
  const papers = await readEarlierPapers(tx, issuance, chunk);
  for await (const members of readNoticeMembers(tx, issuance, earlier, span.changes.length > 0, chunk)) {
    for (const member of members) {
      const lostOn = losses.lossOf(member)?.lostOn ?? null;
      const insuredBornOn = losses.insuredOf(member)?.bornOn ?? null;
      const elderly = elderlyOf(member, papers, issuance);
      const burden = { ...member, insuredBornOn, holdsElderlyCertificate: elderly };
      const known = factsOf(member, { lostOn, papers, changes: changesOf(member, burden, issuance) }, issuance);
      const decision = decideNotice(known, span);
      ordinal += 1;
      if (decision.isTarget) targets += 1;
      const stored = storedFacts(member, known, decision, issuance.rules);
      const facts = packNoticeFacts(elderly ? { ...stored, holdsElderlyCertificate: true } : stored);
      lines.add(decisionLine(issuance.id, chunk.no, ordinal, member, facts, decision));
      const { symbol, number, subNumber } = member;
      for (const code of warningsOf(member, decision)) warnings.push({ symbol, number, subNumber, code });
    }
  }
  return { lines, warnings, targets };
}

function factsOf(
  member: NoticeMember,
  known: { lostOn: LocalDate | null; papers: EarlierPapers; changes: readonly NoticeChange[] },
  { rules: { span } }: NoticeIssuance,
): NoticeFacts {
  const { acquiredOn, insuredClass, noticedAsOf, wasDeferred, movedOn } = member;
  return {
    acquiredOn,
    lostOn: known.lostOn,
    insuredClass,
    hadNotice: isNoticed(noticedAsOf, acquiredOn) || movedOn !== null,
    wasDeferred: wasDeferred,
    symbolChangedOn: movedOn,
    changes: known.changes,
    holdsCertificate: holdsCertificateOn(member, known.papers, span.extractedOn),
  };
}

/** A certificate by the file's column or the ledger's own. */
function holdsCertificateOn(member: NoticeMember, papers: EarlierPapers, on: LocalDate): boolean {
  const until = member.certificateValidThrough;
  return (until !== null && until >= on) || isHeldOn(papers.get(formatPersonKey(member)) ?? [], on);
}

/** Whether 高齢受給者証 says the ratio on the notice's date. */
function elderlyOf(member: NoticeMember, papers: EarlierPapers, { rules }: NoticeIssuance): boolean {
  const { issuedOn } = rules.plan;
  const holdsCertificate = holdsCertificateOn(member, papers, issuedOn);
  return holdsElderlyCertificate(rules.elderly, { ...member, holdsCertificate }, issuedOn);
}

function changesOf(
  { compared, movedOn }: NoticeMember,
  burden: Omit<BurdenFacts, 'determined'>,
  { rules: { plan } }: NoticeIssuance,
): NoticeChange[] {
  if (compared === null) return [];
  const { determined, last } = compared;
  const ratio = burdenRatio({ ...burden, determined }, plan.issuedOn);
  return changesSince(last, compared, movedOn !== null, ratio, plan.issuedOn);
}

function storedFacts(
  member: NoticeMember,
  facts: NoticeFacts,
  decision: NoticeDecision,
  { lowRisk, plan }: NoticeIssuance['rules'],
): StoredNoticeFacts {
  const showsDigits = showsDigitsOn(plan.digits, plan.issuedOn);
  const said = facts.changes.length > 0 ? member.compared?.last : null;
  const last = said ? { last: { issuedOn: said.issuedOn, ratio: said.ratio } } : {};
  if (!decision.isTarget) return { ...facts, ...last, match: null };
  const given = parseMatchResult(member.matchResult ?? '');
  return { ...facts, ...last, match: matchOf(given, isSubmitted(member, showsDigits), lowRisk) };
}

/** Whether the individual number is on record. Of digits that were erased a round that shows none takes it that they were. */
function isSubmitted({ hasDigits, areDigitsErased, isLinked }: NoticeMember, showsDigits: boolean): boolean {
  return isLinked && (hasDigits || (areDigitsErased && !showsDigits));
}

/** What a member's own row says against printing it. */
function warningsOf(member: NoticeMember, { isTarget, reason }: NoticeDecision): readonly WarningCode[] {
  if (reason === 'earlier-unsent') return [reason];
  if (!isTarget) return [];
  const codes = memberWarnings({ kana: member.kana, reason, postalCode: member.postalCode });
  const isUnknownWord = member.matchResult !== null && parseMatchResult(member.matchResult) === null;
  return isUnknownWord ? [...codes, 'match-result-unknown'] : codes;
}

async function encloseNoticeChunk(context: Context, issuance: NoticeIssuance, chunk: Chunk): Promise<void> {
  await context.database.transaction(async (tx) => {
    if (!(await claimChunk(tx, issuance.id, chunk.no, 'enclosed'))) return;
    const text = new EnclosingText();
    const notices = new CopyText();
    const warnings: (PersonKey & { code: WarningCode })[] = [];
    const losses = new HouseholdLosses(await readKnownLosses(tx, issuance, chunk));
    for await (const households of readHouseholdsToNotify(tx, issuance, chunk)) {
      for (const household of households)
        encloseHousehold(issuance, chunk.no, losses.withLosses(household), text, notices, warnings);
    }
    await writeEnclosing(tx, text);
    await writeNotices(tx, notices);
    // What staff have corrected or released is not doubted again.
    if (issuance.lineage.remake === null) await writeWarnings(tx, issuance.id, warnings);
    await closeChunk(tx, issuance.id, chunk.no, 'enclosed');
    await writeJournal(tx, context.actor, 'enclose', issuance, {
      chunk: chunk.no,
      notices: notices.count,
      exits: text.exits.count,
    });
  });
}

/** Numbers derive from each member's place in the issuance, so that doing it again makes the same ones. */
function encloseHousehold(
  issuance: NoticeIssuance,
  chunkNo: number,
  household: HouseholdToNotify,
  text: EnclosingText,
  notices: CopyText,
  warnings: (PersonKey & { code: WarningCode })[],
): void {
  const { symbol, number } = household;
  const plan = planNotices(household, issuance.rules.plan);
  for (const exit of plan.exits) text.exits.add(exitLine(issuance.id, chunkNo, { symbol, number, ...exit }));
  for (const notice of plan.notices) {
    const ordinal = household.ordinals.get(notice.subNumber);
    if (ordinal === undefined) throw new Error('a planned notice of a person who is no target');
    const mailpieceNumber = paperNumber('mailpiece', issuance.id, ordinal);
    const { subNumber, route, sequence, sequenceCount, addressee, address } = notice;
    for (const code of paperWarnings({ name: addressee, address })) warnings.push({ symbol, number, subNumber, code });
    text.mailpieces.add(
      mailpieceLine(issuance.id, chunkNo, {
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
    notices.add(noticeLine(issuance.id, chunkNo, mailpieceNumber, household, notice));
  }
}
