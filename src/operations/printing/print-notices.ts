// Room: operations. Notices on their way to paper.
import { findNoticeBatch } from '../../ledger/printing/notice-prints.ts';
import { recordAccess } from '../../ledger/papers/access-records.ts';
import { readPostalMaster } from '../../ledger/intake/postal.ts';
import { referenceNotice } from '../../print/reference.ts';
import { TEMPLATES, Templates } from '../../print/template.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import { digitsKeyOf } from '../intake/digits.ts';
import type { NoticeIssuance } from '../issuance.ts';
import { mkdir } from 'node:fs/promises';
import type { NoticePapers } from '../../print/notice-batch.ts';
import type { Route } from '../../rules/issuing/enveloping.ts';
import { countNotices } from '../../ledger/issuing/notices.ts';
import type { ArtworkFile } from './kind.ts';
import { withoutDigits } from '../../rules/papers/texts.ts';
import type { ChosenTexts } from '../../rules/papers/texts.ts';
import { textsOfRun } from './texts.ts';
import { compilePaper, compiled, writeArtworkFile } from './compiled-papers.ts';
import { hasDigits, readNoticesForPaper } from './read-notices.ts';
import path from 'node:path';

/** The flyers of the notices, each in the insurer's words. */
export async function writeNoticeArtwork(
  issuance: NoticeIssuance,
  profile: InsurerProfile,
  outDir: string,
): Promise<ArtworkFile[]> {
  await mkdir(path.join(outDir, 'artwork'), { recursive: true });
  const files: ArtworkFile[] = [];
  const texts = textsOfNotices(issuance, profile);
  for (const [i, flyer] of texts.noticeFlyers.entries()) {
    const { artwork } = compiled(new Templates(profile, { ...texts, flyer }), 'flyer', 'workplace');
    files.push(await writeArtworkFile(outDir, `artwork/flyer-${i + 1}.pdf`, artwork));
  }
  return files;
}

/** The words of a run's notices; of those that show no digits, none that speaks of them. */
function textsOfNotices(issuance: NoticeIssuance, profile: InsurerProfile): ChosenTexts {
  const texts = textsOfRun(profile, issuance, []);
  return hasDigits(issuance) ? texts : withoutDigits(texts);
}

/** The templates of a run's notices: with the box of the last four digits or without. */
export function noticeTemplates(issuance: NoticeIssuance, profile: InsurerProfile): Templates {
  const { fonts } = profile.print;
  return new Templates(profile, textsOfNotices(issuance, profile), fonts, TEMPLATES, {
    hasDigits: hasDigits(issuance),
  });
}

/** Compiles the papers of notices of these routes once. */
export async function compileNoticePapers(
  templates: Templates,
  routes: readonly Route[],
): Promise<Partial<Record<Route, NoticePapers>>> {
  const papers: Partial<Record<Route, NoticePapers>> = {};
  for (const route of routes) {
    papers[route] = {
      notice: await compilePaper(templates, 'notice', route),
      form: await compilePaper(templates, 'request-form', route),
    };
  }
  return papers;
}

/** The key of the digits where a notice of the issuance shows any; a refusal where it is needed and was not given. */
export async function keyFor(context: Context, issuance: NoticeIssuance): Promise<Uint8Array | null> {
  const shown = await context.database.transaction((tx) => countNotices(tx, issuance.id));
  return shown.some((row) => row.showsDigits) ? digitsKeyOf(context) : null;
}

/** One notice's papers set whole through Typst, by paper; the look at its digits is recorded. */
export async function printNoticeReference(
  context: Context,
  issuance: NoticeIssuance,
  profile: InsurerProfile,
  mailpieceNumber: string,
): Promise<Readonly<Record<string, Uint8Array>>> {
  const found = await context.database.transaction(async (tx) => {
    const batch = await findNoticeBatch(tx, issuance.id, mailpieceNumber);
    if (!batch) return null;
    const range = { ...batch, firstMailpiece: mailpieceNumber, lastMailpiece: mailpieceNumber };
    const master = await readPostalMaster(tx, issuance.id);
    const digitsKey = batch.showsDigits ? digitsKeyOf(context) : null;
    const [notice] = await readNoticesForPaper(tx, issuance, range, {
      digitsKey,
      actor: context.actor,
      purpose: 'reference',
      master,
    });
    if (batch.showsDigits) await recordAccess(tx, issuance.insurerNumber, context.actor, 'digits', mailpieceNumber);
    return notice ? { notice, batchNo: batch.no } : null;
  });
  if (!found) throw new Refusal('mailpiece-unknown', `郵便物 ${mailpieceNumber} はこの発行の印刷にありません。`);
  return referenceNotice(noticeTemplates(issuance, profile), found.notice, profile, found.batchNo);
}
