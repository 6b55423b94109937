// Room: operations. Makes certificates and envelopes of the targets, household by household, chunk by chunk.
import {
  EnclosingText,
  certificateLine,
  exitLine,
  mailpieceLine,
  readHouseholdsToEnclose,
  writeEnclosing,
} from '../../ledger/issuing/mailpieces.ts';
import type { HouseholdToEnclose } from '../../ledger/issuing/mailpieces.ts';
import {
  claimChunk,
  closeChunk,
  countMembersPast,
  findOpenChunks,
  writeJournal,
} from '../../ledger/papers/issuances.ts';
import type { Chunk } from '../../ledger/papers/issuances.ts';
import { readPostalMaster } from '../../ledger/intake/postal.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import {
  readMailedAddresses,
  removeWarnings,
  writeGroupWarnings,
  writeWarnings,
} from '../../ledger/issuing/warnings.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { PostalMaster } from '../../rules/words/postal.ts';
import { paperNumber } from '../../rules/words/check-digits.ts';
import { planHousehold } from '../../rules/issuing/enveloping.ts';
import { Refusal, eachAtOnce } from '../context.ts';
import type { Context } from '../context.ts';
import { CHUNKS_AT_ONCE } from './decide.ts';
import type { CertificateRun, Run } from '../run.ts';
import { encloseNoticeChunk } from './notices.ts';

/** Encloses what is not enclosed yet. Doing it again changes nothing. */
export async function encloseAll(context: Context, run: Run): Promise<void> {
  const { undecided, open, past } = await context.database.transaction(async (tx) => ({
    undecided: await findOpenChunks(tx, run.id, 'decided'),
    open: await findOpenChunks(tx, run.id, 'enclosed'),
    past: await countMembersPast(tx, run.id, 'enclosed'),
  }));
  if (undecided.length > 0) {
    throw new Refusal('not-decided', '判定が終わっていません。先に対象者の判定を行ってください。');
  }
  context.progress.begin('封入計画', run.memberCount, '人');
  let done = past;
  context.progress.reach(done);
  await eachAtOnce(context, open, CHUNKS_AT_ONCE, async (chunk) => {
    if (run.kind === 'notice') await encloseNoticeChunk(context, run, chunk);
    else await encloseChunk(context, run, chunk);
    done += chunk.memberCount;
    context.progress.reach(done);
  });
  context.progress.end();
}

/** Finds what only many rows together show (one address, one person): the lists for staff. Asked again, the same lists. */
export async function warnAll(context: Context, run: Run): Promise<void> {
  context.progress.begin('職員向けの確認', 1, '回');
  await context.database.transaction(async (tx) => {
    await writeGroupWarnings(tx, run, run.rules.warnings);
    const master = await readPostalMaster(tx, run.id);
    if (master) await warnOfPostalCodes(tx, run, master);
  });
  context.progress.end();
}

/** Addresses that do not agree with their postal code, where the postal data is at hand. */
async function warnOfPostalCodes(tx: Transaction, run: Run, master: PostalMaster): Promise<void> {
  const code = 'postal-code-differs';
  await removeWarnings(tx, run.id, code);
  const suspects: (PersonKey & { code: string })[] = [];
  for await (const pieces of readMailedAddresses(tx, run.id))
    for (const piece of pieces) if (master.check(piece) !== 'matches') suspects.push({ ...keyOf(piece), code });
  await writeWarnings(tx, run.id, suspects);
}

function keyOf({ symbol, number, subNumber }: PersonKey): PersonKey {
  return { symbol, number, subNumber };
}

async function encloseChunk(context: Context, run: CertificateRun, chunk: Chunk): Promise<void> {
  await context.database.transaction(async (tx) => {
    if (!(await claimChunk(tx, run.id, chunk.no, 'enclosed'))) return;
    const text = new EnclosingText();
    for await (const households of readHouseholdsToEnclose(tx, run, chunk)) {
      for (const household of households) encloseHousehold(run, chunk.no, household, text);
    }
    await writeEnclosing(tx, text);
    await closeChunk(tx, run.id, chunk.no, 'enclosed');
    await writeJournal(tx, context.actor, 'enclose', run, {
      chunk: chunk.no,
      certificates: text.certificates.count,
      mailpieces: text.mailpieces.count,
      exits: text.exits.count,
    });
  });
}

/** Numbers derive from each member's place in the issuance, so that doing it again makes the same ones. */
function encloseHousehold(
  run: CertificateRun,
  chunkNo: number,
  household: HouseholdToEnclose,
  text: EnclosingText,
): void {
  const { symbol, number } = household;
  const plan = planHousehold(household, run.rules.enclosing);
  for (const exit of plan.exits) text.exits.add(exitLine(run.id, chunkNo, { symbol, number, ...exit }));
  for (const piece of plan.pieces) {
    const serials = piece.certificates.map((c) => ordinalOf(household, c.subNumber));
    const mailpieceNumber = paperNumber('mailpiece', run.id, serials[0]!);
    const { route, sequence, sequenceCount, addressee, address } = piece;
    text.mailpieces.add(
      mailpieceLine(run.id, chunkNo, {
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
      text.certificates.add(
        certificateLine(run.id, chunkNo, {
          certificateNumber: paperNumber('certificate', run.id, serials[i]!),
          symbol,
          number,
          subNumber: certificate.subNumber,
          issuedOn: run.issuedOn,
          validThrough: certificate.validThrough,
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
