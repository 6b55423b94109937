// Room: operations. The files of a recall: the list, the table of slips, slip and list of each workplace as paper, and the letters to who
// is asked directly.
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
import { recallLetterValues } from '../../print/recall-letter.ts';
import type { PrintableRecallLetter } from '../../print/recall-letter.ts';
import { recallListValues, recallSlipValues } from '../../print/recall-papers.ts';
import type { PrintableRecall } from '../../print/recall-papers.ts';
import { Templates } from '../../print/template.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { lostOnOf } from '../../rules/intake/eligibility.ts';
import { hasNoEmployer } from '../../rules/intake/passage.ts';
import { returnDeadline, termsOf } from '../../rules/life/deadlines.ts';
import type { Deadline } from '../../rules/life/deadlines.ts';
import {
  RECALL_KIND_LABELS,
  RECALL_THROUGH_LABELS,
  recallAddressee,
  recallGroundLabel,
  recallKind,
} from '../../rules/life/recall.ts';
import type { RecallGround, RecallThrough } from '../../rules/life/recall.ts';
import { SCHEMES } from '../../rules/papers/scheme.ts';
import type { Scheme } from '../../rules/papers/scheme.ts';
import type { ChosenTexts } from '../../rules/papers/texts.ts';
import { textsFor } from '../printing/texts.ts';
import { Refusal } from '../context.ts';
import { compilePaper } from '../printing/compiled-papers.ts';
import { checkRecipients } from '../posting/recipients.ts';

/** A paper that is asked back, why, and by whom it is to come. */
export interface Asked {
  readonly certificate: CertificateOut;
  readonly ground: RecallGround;
  readonly through: RecallThrough;
}

/** What left the house. */
export interface WrittenRecall {
  /** Workplaces that get a slip. */
  readonly workplaces: number;
  /** Papers of persons (or their families) who are asked directly: without an employer, or whose paper may not be spoken of to one. */
  readonly direct: number;
  /** Letters to them. */
  readonly letters: number;
  /** Of `direct`, papers nobody is written to about: protected, or without an address. Staff see to them. */
  readonly unwritten: number;
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
  if (profile.recallReturnTo === null)
    throw new Refusal(
      'recall-return-to',
      '回収した資格確認書の返送先が決まっていません。プロファイルの recallReturnTo に書いてください。',
    );
  const texts = textsFor(profile, ['recall'], kind === 'list' ? 'recall' : 'reminder', on);
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
  const { places, pdfs } = await printSlips(profile, texts, recalls, outDir);
  const letters = lettersOf(asked, kind, on);
  const written = await printLetters(profile, texts, letters, outDir);
  const direct = asked.length - through.length;
  return {
    workplaces: recalls.length,
    direct,
    letters: letters.length,
    unwritten: direct - letters.reduce((sum, letter) => sum + letter.papers.length, 0),
    files: [
      await writeList(outDir, SCHEMES[profile.scheme], asked, on),
      await writeSlipTable(outDir, recalls, places),
      ...pdfs,
      ...written,
    ],
  };
}

async function printSlips(
  profile: InsurerProfile,
  texts: ChosenTexts,
  recalls: readonly PrintableRecall[],
  outDir: string,
): Promise<{ places: readonly BookletPlace[]; pdfs: readonly string[] }> {
  if (recalls.length === 0) return { places: [], pdfs: [] };
  const { fonts, pagesPerFile } = profile.print;
  const templates = new Templates(profile, texts);
  const papers = [
    await compilePaper(templates, 'recall-slip', 'workplace'),
    await compilePaper(templates, 'recall-list', 'workplace'),
  ];
  const title = `資格確認書回収連絡書　${profile.insurer.name}`;
  const book = new Booklet({ outDir, folder: 'recall', title, pagesPerFile, papers }, new FontStack(fonts));
  try {
    const places = recalls.map((recall) =>
      book.add([
        { paper: 0, values: recallSlipValues(recall, SCHEMES[profile.scheme], texts) },
        ...recallListValues(recall).map((values) => ({ paper: 1, values })),
      ]),
    );
    return { places, pdfs: book.finish().map((file) => file.path) };
  } catch (error) {
    book.abandon();
    throw error;
  }
}

/** Letters by household and address. Nothing is sent about a protected person, nor to a protected insured person's address. */
function lettersOf(asked: readonly Asked[], kind: RecallSlip['kind'], on: LocalDate): PrintableRecallLetter[] {
  const letters = new Map<
    string,
    PrintableRecallLetter & { readonly papers: PrintableRecallLetter['papers'][number][] }
  >();
  for (const { certificate, ground, through } of asked) {
    if (through === 'workplace') continue;
    const to = recallAddressee(certificate, through);
    if (to === null) continue;
    const key = JSON.stringify([certificate.symbol, certificate.number, through, to]);
    const letter = letters.get(key) ?? { kind, through, ...to, askedOn: on, papers: [] };
    letters.set(key, letter);
    letter.papers.push({ ...certificate, ground });
  }
  return [...letters.values()];
}

async function printLetters(
  profile: InsurerProfile,
  texts: ChosenTexts,
  letters: readonly PrintableRecallLetter[],
  outDir: string,
): Promise<readonly string[]> {
  if (letters.length === 0) return [];
  await mkdir(path.join(outDir, 'recall-letters'), { recursive: true });
  const { fonts, pagesPerFile } = profile.print;
  const scheme = SCHEMES[profile.scheme];
  const papers = [await compilePaper(new Templates(profile, texts), 'recall-letter', 'home')];
  const title = `資格確認書の返却について　${profile.insurer.name}`;
  const book = new Booklet({ outDir, folder: 'recall-letters', title, pagesPerFile, papers }, new FontStack(fonts));
  try {
    for (const letter of letters) book.add(recallLetterValues(letter, scheme).map((values) => ({ paper: 0, values })));
    return book.finish().map((file) => file.path);
  } catch (error) {
    book.abandon();
    throw error;
  }
}

/** By when the law wants a paper back, where it names a number of days: after a loss alone, and of nobody who has died. */
function dueOf({ certificate, ground, through }: Asked, scheme: Scheme, on: LocalDate): Deadline | null {
  const lostOn = ground === 'lost' ? lostOnOf(certificate.cover, on) : null;
  if (lostOn === null || through === 'family') return null;
  return returnDeadline(!hasNoEmployer(certificate.cover.insuredClass), lostOn, termsOf(scheme));
}

async function writeList(outDir: string, scheme: Scheme, asked: readonly Asked[], on: LocalDate): Promise<string> {
  await writeText(path.join(outDir, 'recall-list.csv'), async (writer) => {
    await writer.write(csvLine(['記号', '番号', '枝番', '証番号', '区分', '理由', '返送元', '期限', '期限の根拠']));
    for (const one of asked) {
      const { symbol, number, subNumber, certificateNumber } = one.certificate;
      const kind = RECALL_KIND_LABELS[recallKind(one.ground)];
      const from = RECALL_THROUGH_LABELS[one.through];
      const { dueOn = '', article = '' } = dueOf(one, scheme, on) ?? {};
      const ground = recallGroundLabel(one.ground, scheme);
      const paper = [symbol, number, subNumber, certificateNumber];
      await writer.write(csvLine([...paper, kind, ground, from, dueOn, article ?? '']));
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
