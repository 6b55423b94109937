// Room: operations. The files of a recall: the list, the table of slips, and slip and list of each workplace as paper.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { csvLine } from '../../formats/csv.ts';
import { writeText } from '../../formats/files.ts';
import { findFilesInUse, fitToMembers } from '../../ledger/intake/fits.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { findWorkplaces } from '../../ledger/life/recalls.ts';
import type { CertificateOut, RecallSlip } from '../../ledger/life/recalls.ts';
import { Booklet } from '../../print/booklet.ts';
import type { BookletPlace } from '../../print/booklet.ts';
import { FontStack } from '../../print/fonts.ts';
import { recallListValues, recallSlipValues } from '../../print/recall-papers.ts';
import type { PrintableRecall } from '../../print/recall-papers.ts';
import { Templates } from '../../print/template.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { RECALL_GROUND_LABELS, RECALL_KIND_LABELS, recallKind } from '../../rules/life/recall.ts';
import type { RecallGround } from '../../rules/life/recall.ts';
import { compilePaper } from '../printing/compiled-papers.ts';
import { checkRecipients } from '../posting/recipients.ts';

/** A paper that is asked back, why, and by whom it is to come. */
export interface Asked {
  readonly certificate: CertificateOut;
  readonly ground: RecallGround;
  readonly through: 'workplace' | 'person';
}

/** What left the house. */
export interface WrittenRecall {
  /** Workplaces that get a slip. */
  readonly workplaces: number;
  /** Papers of persons who are asked directly: without an employer, or whose paper may not be spoken of to one. */
  readonly direct: number;
  /** Files, relative to the output folder. */
  readonly files: readonly string[];
}

/** Workplaces of the file in use by symbol: those that are asked for these papers. */
export async function readWorkplaces(
  tx: Transaction,
  insurerNumber: string,
  asked: readonly Pick<Asked, 'certificate'>[],
): ReturnType<typeof findWorkplaces> {
  const { membersId, workplacesId } = await findFilesInUse(tx, insurerNumber);
  const fitted = membersId && workplacesId ? await fitToMembers(tx, 'workplaces', workplacesId, membersId) : null;
  return findWorkplaces(tx, fitted?.id ?? workplacesId, [...new Set(asked.map((a) => a.certificate.symbol))]);
}

/** Writes the files of a list: through workplaces where that may be, to persons directly where not. */
export async function writeRecallFiles(
  tx: Transaction,
  profile: InsurerProfile,
  kind: RecallSlip['kind'],
  on: LocalDate,
  asked: readonly Asked[],
  outDir: string,
): Promise<WrittenRecall> {
  await mkdir(path.join(outDir, 'recall'), { recursive: true });
  const workplaces = await readWorkplaces(tx, profile.insurer.number, asked);
  const through = asked.filter((a) => a.through === 'workplace');
  const slips = Map.groupBy(through, (a) => a.certificate.symbol);
  const recalls = [...slips].map(([symbol, papers]): PrintableRecall => ({
    kind,
    symbol,
    workplace: workplaces.get(symbol)!,
    askedOn: on,
    papers: papers.map(({ certificate, ground }) => ({
      ...certificate,
      ground,
    })),
  }));
  const listed = [...slips].flatMap(([symbol, of]) => of.map((a) => ({ ...a.certificate, recipient: symbol })));
  await checkRecipients(
    tx,
    { insurerNumber: profile.insurer.number, id: null },
    'workplace',
    '回収対象者リスト',
    listed,
  );
  const { places, pdfs } = await printSlips(profile, recalls, outDir);
  return {
    workplaces: recalls.length,
    direct: asked.length - through.length,
    files: [await writeList(outDir, asked), await writeSlipTable(outDir, recalls, places), ...pdfs],
  };
}

async function printSlips(
  profile: InsurerProfile,
  recalls: readonly PrintableRecall[],
  outDir: string,
): Promise<{ places: readonly BookletPlace[]; pdfs: readonly string[] }> {
  if (recalls.length === 0) return { places: [], pdfs: [] };
  const { fonts, pagesPerFile } = profile.print;
  const templates = new Templates(profile, fonts);
  const papers = [
    await compilePaper(templates, 'recall-slip', 'workplace'),
    await compilePaper(templates, 'recall-list', 'workplace'),
  ];
  const title = `資格確認書回収連絡書　${profile.insurer.name}`;
  const book = new Booklet({ outDir, folder: 'recall', title, pagesPerFile, papers }, new FontStack(fonts));
  try {
    const places = recalls.map((recall) =>
      book.add([
        { paper: 0, values: recallSlipValues(recall) },
        ...recallListValues(recall).map((values) => ({ paper: 1, values })),
      ]),
    );
    return { places, pdfs: book.finish().map((file) => file.path) };
  } catch (error) {
    book.abandon();
    throw error;
  }
}

async function writeList(outDir: string, asked: readonly Asked[]): Promise<string> {
  await writeText(path.join(outDir, 'recall-list.csv'), async (writer) => {
    await writer.write(csvLine(['記号', '番号', '枝番', '証番号', '区分', '理由', '返送元']));
    for (const one of asked) {
      const { symbol, number, subNumber, certificateNumber } = one.certificate;
      const kind = RECALL_KIND_LABELS[recallKind(one.ground)];
      const from = one.through === 'person' ? '本人' : '事業所';
      await writer.write(
        csvLine([symbol, number, subNumber, certificateNumber, kind, RECALL_GROUND_LABELS[one.ground], from]),
      );
    }
  });
  return 'recall-list.csv';
}

async function writeSlipTable(
  outDir: string,
  recalls: readonly PrintableRecall[],
  places: readonly BookletPlace[],
): Promise<string> {
  await writeText(path.join(outDir, 'recall-slips.csv'), async (writer) => {
    await writer.write(csvLine(['記号', '法定の回収', '返却のお願い', 'ファイル', 'ページ', '保留']));
    for (const [i, { symbol, papers }] of recalls.entries()) {
      const duties = papers.filter((paper) => recallKind(paper.ground) === 'duty').length;
      const { file = '', page = null, held = '' } = places[i] ?? {};
      await writer.write(csvLine([symbol, duties, papers.length - duties, file, page ?? '', held]));
    }
  });
  return 'recall-slips.csv';
}
