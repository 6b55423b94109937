// Room: cli. The end of the demo: the console over the sample society, with one account a role, made for it alone.
import { randomInt } from 'node:crypto';
import { copyFile, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { profileFile } from '../../formats/profile.ts';
import { csvLine } from '../../formats/csv.ts';
import { RESULT_COLUMNS } from '../../formats/results.ts';
import { listPrintBatches, listPrintedPieces } from '../../ledger/printing/prints.ts';
import { changeUser, createAccount, listUsers } from '../../operations/desk/accounts.ts';
import { Refusal } from '../../operations/context.ts';
import type { Context } from '../../operations/context.ts';
import { NO_PROXIES } from '../../server/proxies.ts';
import type { Issuance } from '../../operations/issuance.ts';
import { outputFolder } from '../../operations/desk/jobs.ts';
import { confirmLot, listLotViews } from '../../operations/posting/lots.ts';
import { takeResults } from '../../operations/posting/results.ts';
import { searchWorkplaces } from '../../operations/desk/papers.ts';
import { ROLE_LABELS } from '../../rules/access.ts';
import type { Role } from '../../rules/access.ts';
import { formatPaperNumber } from '../../rules/words/check-digits.ts';
import { addDays } from '../../rules/words/calendar.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { DEMO_FOLDER } from '../compose.ts';
import { REQUESTS_PER_MINUTE, filesFolder, loadProfiles, serveConsole } from './console-commands.ts';
import { print } from '../say.ts';

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';

function newPassword(): string {
  return Array.from({ length: 16 }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('');
}

/** Makes (or opens again, with a new password) the demo's accounts; they end tomorrow. */
async function openAccounts(
  context: Context,
  profile: InsurerProfile,
): Promise<{ role: Role; login: string; password: string }[]> {
  const insurerNumber = profile.insurer.number;
  const known = new Map((await listUsers(context, insurerNumber)).map((row) => [row.login, row.id]));
  const { items } = await searchWorkplaces(context, insurerNumber, { text: '', after: '', limit: 50 });
  // An employer with something to hand over.
  const symbol = items.find((workplace) => workplace.pieces > 2)?.symbol ?? items[0]?.symbol ?? null;
  const expiresOn = addDays(new Date().toISOString().slice(0, 10) as LocalDate, 1);
  const branchCode = profile.branches[0]?.code ?? null;
  const opened: { role: Role; login: string; password: string }[] = [];
  // A second at the headquarters: what is printed or posted is released by two.
  const roles = (Object.keys(ROLE_LABELS) as Role[]).map((role) => [role, `demo-${role}`] as const);
  for (const [role, login] of [roles[0]!, ['headquarters', 'demo-headquarters-2'] as const, ...roles.slice(1)]) {
    if (role === 'branch' && branchCode === null) continue;
    const password = newPassword();
    const id = known.get(login);
    if (id === undefined)
      await createAccount(context, {
        insurer: profile.insurer,
        login,
        displayName: `見本　${ROLE_LABELS[role]}${login.endsWith('-2') ? '　二人目' : ''}`,
        role,
        branchCode: role === 'branch' ? branchCode : null,
        workplaceSymbol: role === 'workplace' ? symbol : null,
        password,
        withTotp: false,
        oidc: null,
        expiresOn,
      });
    else await changeUser(context, insurerNumber, id, { password, expiresOn, isDisabled: false });
    opened.push({ role, login, password });
  }
  return opened;
}

/** The two persons who approve the demo's lots. */
const APPROVERS = ['見本　花子', '見本　太郎'] as const;

/**
 * Takes the demo to the day after posting: lots released by two people, and the contractor's results of everything
 * enclosed and posted.
 *
 * @returns numbers of pieces, to be scanned as returns
 */
async function postEverything(
  context: Context,
  profile: InsurerProfile,
  issuance: Issuance,
  outDir: string,
): Promise<string[]> {
  const lots = await listLotViews(context, issuance);
  const approve = async (step: 'print' | 'post'): Promise<void> => {
    for (const { no } of lots)
      for (const person of APPROVERS) await confirmLot(context, issuance, profile, no, step, person);
  };
  const on = lots[0]?.postFrom ?? issuance.issuedOn;
  const numbers = await context.database.transaction(async (tx) => {
    const pieces: string[] = [];
    for (const { no } of await listPrintBatches(tx, issuance.id))
      pieces.push(...(await listPrintedPieces(tx, issuance.id, no)).map((piece) => piece.mailpieceNumber));
    return pieces;
  });
  for (const [step, result, name] of [
    ['print', '封入', '結果-封入.csv'],
    ['post', '発送', '結果-発送.csv'],
  ] as const) {
    await approve(step);
    const file = path.join(outDir, name);
    const rows = numbers.map((number) => csvLine([number, result, on, '', '']));
    await writeFile(file, csvLine(RESULT_COLUMNS.map((column) => column.name)) + rows.join(''));
    // Done before, in an earlier demo over the same data: the ledger says so and changes nothing.
    await takeResults(context, issuance, file).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
    });
  }
  return numbers;
}

/** Serves the console until the terminal says stop. */
export async function openDemoConsole(
  context: Context,
  profile: InsurerProfile,
  issuance: Issuance,
  outDir: string,
  port: number,
): Promise<void> {
  // The console looks for the issuance's files in its own folder.
  const files = filesFolder(DEMO_FOLDER);
  const folder = outputFolder(files, issuance);
  await mkdir(path.dirname(folder), { recursive: true });
  await rm(folder, { recursive: true, force: true });
  await symlink(path.resolve(outDir), folder);
  // Changes tried in the demo touch a copy of the profile.
  const profileCopy = path.join(files, 'demo', `${profile.id}.yaml`);
  await mkdir(path.dirname(profileCopy), { recursive: true });
  await copyFile(profileFile(profile.id), profileCopy);
  const accounts = await openAccounts(context, profile);
  const posted = await postEverything(context, profile, issuance, outDir);
  await serveConsole(context, {
    requestsPerMinute: REQUESTS_PER_MINUTE,
    files,
    profiles: await loadProfiles(profileCopy),
    port,
    host: '127.0.0.1',
    publicUrl: null,
    proxies: NO_PROXIES,
    log: () => undefined,
    onOpen: (address) => {
      const lines = accounts.map(
        ({ role, login, password }) => `  ${ROLE_LABELS[role].padEnd(8, '　')}${login.padEnd(20)} ${password}`,
      );
      print(
        `\nコンソール: ${address}\n見本だけの利用者（あすまで）:\n${lines.join('\n')}\n\n` +
          `不着の読み取りを試す番号: ${posted.slice(0, 3).map(formatPaperNumber).join('　')}\n\n止めるには Ctrl+C\n`,
      );
    },
  });
}
