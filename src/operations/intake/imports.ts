// Room: operations. Files brought to the console: a proposal that is worked out, looked at, confirmed by as many persons as it needs,
// and taken in as a whole; worked out again where another import has come before it.
import path from 'node:path';
import type { CellFix } from '../../formats/cell-fixes.ts';
import { ROW_ERROR_LABELS } from '../../formats/intake.ts';
import { lockFilesInUse } from '../../ledger/intake/datasets.ts';
import {
  addImportConfirmation,
  addImportProposal,
  endImportProposal,
  findFilesBase,
  findImportProposal,
  listImportConfirmations,
  listImportProposals,
  lockImportProposal,
  lockWorkingOut,
  moveImportProposal,
  reopenProposal,
  writeImportReport,
} from '../../ledger/intake/import-proposals.ts';
import type { FilesBase, ImportConfirmation, ImportProposal } from '../../ledger/intake/import-proposals.ts';
import { takeUp } from '../../ledger/intake/proposals.ts';
import type { Dataset } from '../../ledger/intake/datasets.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { writeJournal } from '../../ledger/papers/issuances.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { needsOf, withoutRows } from '../../rules/intake/import-report.ts';
import type { ImportFile, ImportKind, ImportReport } from '../../rules/intake/import-report.ts';
import { foldName } from '../../rules/words/folding.ts';
import { Refusal } from '../context.ts';
import type { Context, Override } from '../context.ts';
import { KIND_LABELS } from '../issuance.ts';
import { UPLOAD_DAYS, fixUpload, holdsNumbers, removeUpload } from './exchange.ts';
import { importInto } from './import.ts';
import { inOrder, isSnapshot, proposeFiles, refusedFilings } from './propose.ts';
import type { TakeFilings } from './propose.ts';
import { formatCount } from '../../rules/words/counts.ts';

/** Rows and cells of each kind that a page shows; all of them are in a list beside the file. */
const SHOWN = 100;

const IMPORT_LABELS: Readonly<Record<ImportKind, string>> = { ...KIND_LABELS, filings: '届書' };

/**
 * Notes files that are to be looked at together; `workOutImport` does so.
 *
 * @throws Refusal `arguments` where two are of one kind, or an enrolment file has no reference date
 */
export async function beginImport(
  context: Context,
  insurerNumber: string,
  files: readonly ImportFile[],
  skipInvalid: boolean,
): Promise<ImportProposal> {
  for (const { kind, asOf } of files)
    if ((kind === 'enrolment') !== (asOf !== null))
      throw new Refusal(
        'arguments',
        'マイナ保険証のファイルには登録状況の基準日が要ります（ほかのファイルには付けません）。',
      );
  const twice = files.find((file, i) => files.some((other, j) => j < i && other.kind === file.kind));
  if (twice)
    throw new Refusal('arguments', `${IMPORT_LABELS[twice.kind]}のファイルが二つあります。一つだけを選んでください。`);
  const createdBy = context.actor;
  return context.database.transaction((tx) =>
    addImportProposal(tx, { insurerNumber, files: inOrder(files), skipInvalid, createdBy }),
  );
}

/**
 * Works out what a proposal would do. Killed and done again it gives the same; of one that has ended meanwhile nothing is written.
 *
 * @returns a sentence for staff
 */
export async function workOutImport(
  context: Context,
  profile: InsurerProfile,
  root: string,
  id: number,
  takeFilings: TakeFilings,
): Promise<string> {
  const { number } = profile.insurer;
  const { files, skipInvalid } = await getImport(context, number, id);
  const absolute = files.map((file) => ({ ...file, path: path.join(root, file.path) }));
  const options = { skipInvalid, limit: SHOWN, writesLists: true, takeFilings };
  const { report, base } = await proposeFiles(context, profile, absolute, options);
  const kept = await keepNoNumbers(root, files, report);
  const { persons, needsReason, isUnchanged } = needsOf(kept);
  await context.database.transaction((tx) =>
    writeImportReport(
      tx,
      { id, insurerNumber: number },
      { report: kept, base, persons, needsReason, isUnchanged, actor: context.actor },
    ),
  );
  if (isUnchanged) for (const file of files) await removeUpload(root, file.path);
  const faults = kept.files.filter(({ fault }) => fault !== null).length + (kept.filings?.fault ? 1 : 0);
  const found = faults > 0 ? `取り込めないファイルが${faults}つあります。` : '内容を確かめて、確定してください。';
  return `${files.length}つのファイルを調べました。${isUnchanged ? 'どれも、いま使っているファイルと同じです。' : found}`;
}

/** A file with individual numbers is not kept, not even to be put right; one that is gone says so. */
async function keepNoNumbers(root: string, files: readonly ImportFile[], report: ImportReport): Promise<ImportReport> {
  const checked = await Promise.all(
    report.files.map(async (file) => {
      const upload = files.find(({ kind }) => kind === file.kind);
      if (!file.fault || !upload) return file;
      let { message } = file.fault;
      if (file.fault.code === 'no-file')
        message = `${file.fileName}: 送られたファイルは残っていません（${UPLOAD_DAYS}日を過ぎると消します）。もう一度送ってください。`;
      if (await holdsNumbers(root, upload.path)) {
        await removeUpload(root, upload.path);
        message += '送られたファイルは残していません。個人番号（12桁）を除いて、もう一度取り込んでください。';
      }
      return { ...file, fault: { ...file.fault, message } };
    }),
  );
  const filing = files.find(({ kind }) => kind === 'filings');
  if (filing && report.filings?.refused.first.some(({ why }) => why.includes(ROW_ERROR_LABELS['individual-number'])))
    await removeUpload(root, filing.path);
  return { ...report, files: checked };
}

/** A proposal with who has confirmed its present version, and whether another import has come before it. */
export interface ImportPage extends ImportProposal {
  readonly confirmations: readonly ImportConfirmation[];
  readonly isOvertaken: boolean;
}

async function getImport(context: Context, insurerNumber: string, id: number): Promise<ImportProposal> {
  const proposal = await context.database.read((tx) => findImportProposal(tx, insurerNumber, id));
  if (!proposal) throw unknown();
  return proposal;
}

export async function getImportPage(context: Context, insurerNumber: string, id: number): Promise<ImportPage> {
  const proposal = await getImport(context, insurerNumber, id);
  return context.database.read(async (tx) => {
    const [confirmations, now] = await Promise.all([
      listImportConfirmations(tx, id, proposal.version),
      findFilesBase(tx, insurerNumber),
    ]);
    return { ...proposal, confirmations, isOvertaken: proposal.state === 'open' && isOvertaken(proposal, now) };
  });
}

/** Newest first. */
export async function listImports(
  context: Context,
  insurerNumber: string,
  limit: number,
): ReturnType<typeof listImportProposals> {
  return context.database.read((tx) => listImportProposals(tx, insurerNumber, limit));
}

/** What came of a person's confirmation. `overtaken`: it has to be worked out and looked at again. */
export type Confirmed = 'noted' | 'taking-in' | 'overtaken';

/**
 * One person confirms the version that was looked at; with the last person it needs, it is to be taken in (`takeInImport`).
 *
 * @throws Refusal `import-unknown`, `not-now`, `import-changed`, `import-faulty`, `reason-missing`, `import-confirmed`
 */
export async function confirmImport(
  context: Context,
  insurerNumber: string,
  id: number,
  given: { readonly version: number; readonly person: string; readonly reason: string | null },
): Promise<Confirmed> {
  const person = given.person.trim();
  const reason = given.reason?.trim() || null;
  return context.database.transaction(async (tx) => {
    await lockFilesInUse(tx, insurerNumber);
    const proposal = await lockImportProposal(tx, insurerNumber, id);
    if (!proposal) throw unknown();
    refuseEnded(proposal);
    if (proposal.version !== given.version)
      throw new Refusal(
        'import-changed',
        '見ていた取込案は、そのあとで調べ直されています。新しい結果を確かめてから、もう一度確定してください。',
      );
    if (isOvertaken(proposal, await findFilesBase(tx, insurerNumber))) {
      await reopenProposal(tx, id, proposal.files);
      return 'overtaken';
    }
    if (proposal.report === null || needsOf(proposal.report).isFaulty)
      throw new Refusal(
        'import-faulty',
        '取り込めないファイルがあります。直すか、そのファイルを除いて取り込み直してください。',
      );
    if (proposal.needsReason && reason === null) throw new Refusal('reason-missing', '確定する理由を書いてください。');
    const key = foldName(person);
    const before = await listImportConfirmations(tx, id, proposal.version);
    const isMine = before.some(({ personKey }) => personKey === key);
    const needed = proposal.persons ?? 2;
    if (isMine && before.length < needed)
      throw new Refusal('import-confirmed', `${person} さんは確認済みです。もう一人は別の人にしてください。`);
    if (!isMine) {
      await addImportConfirmation(tx, id, proposal.version, { person, personKey: key, reason, actor: context.actor });
      const counts = { proposal: id, version: proposal.version, ...(reason !== null && { reason }) };
      await writeJournal(tx, context.actor, 'confirm-import', { insurerNumber, id: null }, counts);
    }
    if (before.length + (isMine ? 0 : 1) < needed) return 'noted';
    await moveImportProposal(tx, proposal, 'taking-in');
    return 'taking-in';
  });
}

/**
 * Takes the files of a confirmed proposal in: all of them or none. Where another import has come before it, or a file would be
 * refused now, nothing is taken in and it is worked out again.
 *
 * @returns a sentence for staff and the files that are in use now
 * @throws Refusal `import-overtaken`, or why a file is refused
 */
export async function takeInImport(
  context: Context,
  profile: InsurerProfile,
  root: string,
  id: number,
  takeFilings: TakeFilings,
): Promise<{ readonly message: string; readonly datasets: readonly Dataset[] }> {
  const { number } = profile.insurer;
  try {
    const { files, datasets, filed } = await context.database.transaction(async (tx) => {
      await lockWorkingOut(tx, number);
      await lockFilesInUse(tx, number);
      const proposal = await lockImportProposal(tx, number, id);
      // (Open: the server was stopped while it was taking the files in.)
      const isConfirmed = proposal?.state === 'taking-in' || proposal?.state === 'open';
      if (!proposal || !isConfirmed || proposal.report === null)
        throw new Refusal('not-now', 'この取込案は、いま取り込めません。');
      if (isOvertaken(proposal, await findFilesBase(tx, number))) throw overtaken();
      const taken = await takeAll(tx, context, profile, root, proposal, proposal.report);
      const filing = proposal.files.find(({ kind }) => kind === 'filings');
      const filings = filing ? await takeFiled(tx, root, filing.path, proposal.skipInvalid, takeFilings) : null;
      const report = withoutRows(proposal.report);
      await endImportProposal(tx, proposal, { state: 'taken-in', report, actor: context.actor, reason: null });
      return { files: proposal.files, datasets: taken, filed: filings };
    });
    for (const file of files) await removeUpload(root, file.path);
    const words = datasets.map(({ kind, rowCount }) => `${KIND_LABELS[kind]} ${formatCount(rowCount)}行`);
    if (filed !== null) words.push(`届出 ${formatCount(filed)}件`);
    return { message: `${words.join('、')}を取り込みました。`, datasets };
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not-now') throw error;
    if (!(error instanceof Refusal)) {
      await context.database.transaction((tx) => moveImportProposal(tx, { id, insurerNumber: number }, 'open'));
      throw error;
    }
    await recheckImport(context, number, id);
    await workOutImport(context, profile, root, id, takeFilings);
    throw error;
  }
}

async function takeAll(
  tx: Transaction,
  context: Context,
  profile: InsurerProfile,
  root: string,
  proposal: ImportProposal,
  report: ImportReport,
): Promise<Dataset[]> {
  const persons = await listImportConfirmations(tx, proposal.id, proposal.version);
  const who: Override = {
    person: persons.map(({ person }) => person).join('、'),
    reason: [...new Set(persons.flatMap(({ reason }) => reason ?? []))].join('　'),
  };
  const taken: Dataset[] = [];
  for (const { kind, asOf, rows, path: file } of proposal.files.filter(isSnapshot)) {
    const reported = report.files.find((known) => known.kind === kind);
    const { dataset, existed, inUse } = await importInto(tx, context, profile, {
      kind,
      path: path.join(root, file),
      asOf,
      encoding: null,
      skipInvalid: proposal.skipInvalid,
      rows,
      override: reported && reported.stops.length > 0 ? who : null,
    });
    if (existed && inUse !== null) {
      await takeUp(tx, profile.insurer.number, dataset, context.actor, who);
      const counts = { dataset: dataset.id, rows: dataset.rowCount, override: who.person, reason: who.reason };
      await writeJournal(tx, context.actor, 'use-file', { insurerNumber: profile.insurer.number, id: null }, counts);
    }
    taken.push(dataset);
  }
  return taken;
}

/** Filings of a proposal; how many were new. @throws Refusal `invalid-rows` */
async function takeFiled(
  tx: Transaction,
  root: string,
  file: string,
  skipInvalid: boolean,
  takeFilings: TakeFilings,
): Promise<number> {
  const { recorded, refused } = await takeFilings(tx, path.join(root, file));
  if (refused.length > 0 && !skipInvalid)
    throw new Refusal('invalid-rows', refusedFilings(path.basename(file), refused.length));
  return recorded;
}

/** It is not to be taken in; its files go. @throws Refusal `import-unknown`, `not-now` */
export async function rejectImport(
  context: Context,
  root: string,
  insurerNumber: string,
  id: number,
  reason: string | null,
): Promise<void> {
  const files = await context.database.transaction(async (tx) => {
    const proposal = await lockImportProposal(tx, insurerNumber, id);
    if (!proposal) throw unknown();
    if (proposal.state !== 'checking') refuseEnded(proposal);
    const report = proposal.report && withoutRows(proposal.report);
    await endImportProposal(tx, proposal, { state: 'rejected', report, actor: context.actor, reason });
    const counts = { proposal: id, ...(reason !== null && { reason }) };
    await writeJournal(tx, context.actor, 'reject-import', { insurerNumber, id: null }, counts);
    return proposal.files;
  });
  for (const file of files) await removeUpload(root, file.path);
}

/** It is to be worked out again. @throws Refusal `import-unknown`, `not-now` where it has ended */
export async function recheckImport(context: Context, insurerNumber: string, id: number): Promise<void> {
  await context.database.transaction(async (tx) => {
    const proposal = await lockImportProposal(tx, insurerNumber, id);
    if (!proposal) throw unknown();
    if (proposal.endedAt !== null) refuseEnded(proposal);
    await reopenProposal(tx, id, proposal.files);
  });
}

/** Cells of one of its files put right: it is to be worked out again with them. @throws Refusal `fix-refused`, and as above */
export async function fixImport(
  context: Context,
  root: string,
  insurerNumber: string,
  id: number,
  kind: ImportFile['kind'],
  fixes: readonly CellFix[],
): Promise<void> {
  const before = await getImport(context, insurerNumber, id);
  refuseEnded(before);
  const { files } = before;
  const file = files.find((known) => known.kind === kind);
  if (!file) throw unknown();
  const upload = await fixUpload(root, insurerNumber, file.path, fixes);
  await context.database.transaction(async (tx) => {
    const proposal = await lockImportProposal(tx, insurerNumber, id);
    if (!proposal) throw unknown();
    refuseEnded(proposal);
    await reopenProposal(
      tx,
      id,
      files.map((known) => (known.kind === kind ? { ...known, path: upload } : known)),
    );
  });
}

/** The file of a kind in a proposal, below the server's folder. @throws Refusal `import-unknown` */
export async function uploadOf(
  context: Context,
  insurerNumber: string,
  id: number,
  kind: ImportFile['kind'],
): Promise<string> {
  const { files } = await getImport(context, insurerNumber, id);
  const file = files.find((known) => known.kind === kind);
  if (!file) throw unknown();
  return file.path;
}

function isOvertaken({ base }: Pick<ImportProposal, 'base'>, now: FilesBase): boolean {
  return base !== null && (Object.keys(now) as (keyof FilesBase)[]).some((kind) => base[kind] !== now[kind]);
}

export function overtaken(): Refusal {
  return new Refusal(
    'import-overtaken',
    'この取込案を調べたあとで、使っているファイルが替わりました。いまのファイルと比べて調べ直しますので、結果を確かめてから、もう一度確定してください。',
  );
}

function unknown(): Refusal {
  return new Refusal('import-unknown', 'その取込案はありません。');
}

/** Refuses what is over or in hand. */
function refuseEnded({ state }: Pick<ImportProposal, 'state'>): void {
  const words = {
    checking: 'この取込案は調べているところです。終わってから行ってください。',
    'taking-in': 'この取込案は取り込んでいるところです。',
    'taken-in': 'この取込案は取り込み済みです。',
    rejected: 'この取込案は取りやめてあります。',
    unchanged: 'この取込案のファイルは、いま使っているファイルと同じです。',
  };
  if (state !== 'open') throw new Refusal('not-now', words[state]);
}
