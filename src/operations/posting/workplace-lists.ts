// Room: operations. What employers get in advance: a letter and the 送付予定対象者一覧表 for each workplace, ready for the
// envelope, and the CSV that says how many persons and sheets each is and which envelope it takes (A4, A5; 000, 003).
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readWorkplaceTargets } from '../../ledger/printing/prints.ts';
import type { WorkplaceTargets } from '../../ledger/printing/prints.ts';
import { doubtOfName } from '../../rules/intake/doubts.ts';
import { mayPassEmployer } from '../../rules/intake/passage.ts';
import { doubtOfDestination } from '../../rules/printing/holds.ts';
import { Booklet } from '../../print/booklet.ts';
import type { BookletFile, BookletPlace } from '../../print/booklet.ts';
import { FontStack } from '../../print/fonts.ts';
import { listSheets, preNoticeValues, workplaceListValues } from '../../print/papers.ts';
import { Templates } from '../../print/template.ts';
import { carriageOf } from '../../rules/insurer.ts';
import { SCHEMES } from '../../rules/papers/scheme.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import { purposeOf, textsFor } from '../printing/texts.ts';
import { compilePaper } from '../printing/compiled-papers.ts';
import { checkedGroups } from './recipients.ts';

/** One workplace in `workplace-lists.csv`. */
export interface WorkplaceListRow extends BookletPlace {
  readonly symbol: string;
  readonly personCount: number;
  /** Sheets in the envelope, the letter included. */
  readonly sheetCount: number;
  readonly envelope: '長3' | '角2';
  /** Persons on it whose names cannot be read as names: for staff to ask about. */
  readonly doubtedCount: number;
}

export interface WorkplaceLists {
  readonly rows: readonly WorkplaceListRow[];
  readonly files: readonly BookletFile[];
}

/** Writes `<outDir>/workplace-lists/*.pdf`, of one symbol where `only` names it. Doing it again writes the same files. */
export async function writeWorkplaceLists(
  context: Context,
  issuance: Issuance,
  profile: InsurerProfile,
  outDir: string,
  only: string | null = null,
): Promise<WorkplaceLists> {
  const folder = 'workplace-lists';
  await mkdir(path.join(outDir, folder), { recursive: true });
  const { fonts, pagesPerFile } = profile.print;
  // What was made again of an issuance was told of before it: an employer gets no second list, of somebody who left it least.
  if (issuance.lineage.remake !== null) return { rows: [], files: [] };
  const templates = new Templates(
    profile,
    textsFor(profile, ['list-letter'], purposeOf(profile, issuance), issuance.issuedOn),
  );
  const papers = [
    await compilePaper(templates, 'pre-notice', 'workplace'),
    await compilePaper(templates, 'workplace-list', 'workplace'),
  ];
  const title = `送付予定対象者一覧表　${profile.insurer.name}`;
  const book = new Booklet({ outDir, folder, title, pagesPerFile, papers }, new FontStack(fonts));
  const rows: WorkplaceListRow[] = [];
  context.progress.begin('送付予定対象者一覧表', 1, '回');
  try {
    await context.database.transaction(async (tx) => {
      const listed = checkedGroups(
        context,
        issuance,
        'workplace',
        '送付予定対象者一覧表',
        listable(readWorkplaceTargets(tx, issuance, carriageOf(profile, issuance.lineage.plan).route, only)),
        ({ symbol, targets }) => targets.map((target) => ({ recipient: symbol, ...target })),
      );
      for await (const workplace of listed) {
        const personCount = workplace.targets.length;
        const sheetCount = listSheets(personCount) + 1;
        const doubtedCount = workplace.targets.filter(({ name }) => doubtOfName(name) !== null).length;
        const envelope = sheetCount <= profile.workplaceList.long3MaxSheets ? '長3' : '角2';
        const held = doubtOfDestination(workplace.workplace);
        const pages = [
          { paper: 0, values: preNoticeValues(workplace, issuance.issuedOn, SCHEMES[profile.scheme]) },
          ...workplaceListValues(workplace, issuance.referenceOn).map((values) => ({ paper: 1, values })),
        ];
        const place = held === '' ? book.add(pages) : { file: '', page: null, held };
        rows.push({ symbol: workplace.symbol, personCount, sheetCount, envelope, doubtedCount, ...place });
      }
    });
    const files = book.finish();
    context.progress.end();
    return { rows, files };
  } catch (error) {
    book.abandon();
    throw error;
  }
}

/**
 * The letter and the list of one workplace, as they were or would be sent to it: a PDF.
 *
 * @throws Refusal `list-empty`
 */
export async function workplaceListPdf(
  context: Context,
  issuance: Issuance,
  profile: InsurerProfile,
  symbol: string,
): Promise<Uint8Array> {
  const outDir = await mkdtemp(path.join(tmpdir(), 'todoke-list-'));
  try {
    const { rows, files } = await writeWorkplaceLists(context, issuance, profile, outDir, symbol);
    const [file] = files;
    if (file === undefined || rows.every((row) => row.page === null))
      throw new Refusal('list-empty', 'この事業所の一覧表に載る人はいません。');
    return await readFile(path.join(outDir, file.path));
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}

/** Workplaces with the persons whose papers may pass through the employer; only those may be on its list. */
async function* listable(workplaces: AsyncIterable<WorkplaceTargets[]>): AsyncIterable<WorkplaceTargets[]> {
  for await (const batch of workplaces)
    yield batch
      .map((workplace) => ({ ...workplace, targets: workplace.targets.filter(mayPassEmployer) }))
      .filter(({ targets }) => targets.length > 0);
}
