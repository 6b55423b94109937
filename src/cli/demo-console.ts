// Room: cli. The end of the demo: the console over the sample society, with one account a role, made for it alone.
import { randomInt } from 'node:crypto';
import { copyFile, mkdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { profileFile } from '../formats/profile.ts';
import { changeUser, createAccount, listUsers } from '../operations/accounts.ts';
import type { Context } from '../operations/context.ts';
import type { Run } from '../operations/issuance-run.ts';
import { outputFolder } from '../operations/jobs.ts';
import { searchWorkplaces } from '../operations/papers.ts';
import { ROLE_LABELS } from '../rules/access.ts';
import type { Role } from '../rules/access.ts';
import { addDays } from '../rules/calendar.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import type { LocalDate } from '../rules/member.ts';
import { filesFolder, loadProfiles, serveConsole } from './console-commands.ts';

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
  for (const role of Object.keys(ROLE_LABELS) as Role[]) {
    if (role === 'branch' && branchCode === null) continue;
    const login = `demo-${role}`;
    const password = newPassword();
    const id = known.get(login);
    if (id === undefined)
      await createAccount(context, {
        insurer: profile.insurer,
        login,
        displayName: `見本　${ROLE_LABELS[role]}`,
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

/** Serves the console until the terminal says stop. */
export async function openDemoConsole(
  context: Context,
  profile: InsurerProfile,
  run: Run,
  outDir: string,
  port: number,
): Promise<void> {
  // The console finds the run's files where it keeps them itself.
  const folder = outputFolder(filesFolder(), run);
  await mkdir(path.dirname(folder), { recursive: true });
  await rm(folder, { recursive: true, force: true });
  await symlink(path.resolve(outDir), folder);
  // Changes tried in the demo touch a copy of the profile.
  const profileCopy = path.join(filesFolder(), 'demo', `${profile.id}.yaml`);
  await mkdir(path.dirname(profileCopy), { recursive: true });
  await copyFile(profileFile(profile.id), profileCopy);
  const accounts = await openAccounts(context, profile);
  await serveConsole(context, {
    profiles: await loadProfiles(profileCopy),
    port,
    host: '127.0.0.1',
    publicUrl: null,
    log: () => undefined,
    onOpen: (address) => {
      const lines = accounts.map(
        ({ role, login, password }) => `  ${ROLE_LABELS[role].padEnd(8, '　')}${login.padEnd(20)} ${password}`,
      );
      process.stdout.write(
        `\nコンソール: ${address}\n見本だけの利用者（あすまで）:\n${lines.join('\n')}\n\n止めるには Ctrl+C\n`,
      );
    },
  });
}
