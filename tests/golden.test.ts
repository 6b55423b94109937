// Golden folders, each named by a symptom that must not come back: its three files through the command, whose output is
// `expected/` to the byte, and through the API, which must say the same of every person.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadProfile, profileFile } from '../src/formats/profile.ts';
import type { Context } from '../src/operations/context.ts';
import { indexForConsole } from '../src/operations/perform-job.ts';
import type { InsurerProfile } from '../src/rules/insurer.ts';
import type { PersonPage } from '../src/server/contract/people.ts';
import type { Job } from '../src/server/contract/work.ts';
import { bringFiles, madeAccount, serveTests } from './console.ts';
import type { Client } from './console.ts';
import { openTestFolder, openTestLedger } from './ledger.ts';

const GOLDEN = path.join(import.meta.dirname, 'golden');
const MAIN = path.join(import.meta.dirname, '..', 'src', 'cli', 'main.js');
const COMPARED = ['decisions.csv', 'certificates.csv', 'mailpieces.csv', 'warnings.csv', 'reconciliation.json'];
const IMPORTS = { members: '加入者', workplaces: '事業所', enrolment: 'マイナ保険証' } as const;
const folder = openTestFolder();
const ledgers = new Map<string, { command: Context; api: Context }>();
for (const symptom of readdirSync(GOLDEN))
  ledgers.set(symptom, { command: await openTestLedger(), api: await openTestLedger() });

interface Case {
  readonly about: string;
  readonly profile: string;
  readonly issuance: string;
  readonly issuedOn: string;
  readonly enrolmentAsOf: string;
}

describe.each([...ledgers.keys()])('%s', (symptom) => {
  const ledger = ledgers.get(symptom)!;
  const golden = JSON.parse(readFileSync(path.join(GOLDEN, symptom, 'case.json'), 'utf8')) as Case;
  const input = (name: string): string => path.join(GOLDEN, symptom, 'input', `${name}.csv`);

  test('by the command', async () => {
    const { user = '', password = '', database, host = '' } = ledger.command.database.connection;
    const out = path.join(folder, symptom);
    const done = spawnSync(
      process.execPath,
      [
        MAIN,
        'issue',
        '--profile',
        golden.profile,
        '--issuance',
        golden.issuance,
        '--issued-on',
        golden.issuedOn,
        '--members',
        input('加入者'),
        '--workplaces',
        input('事業所'),
        '--enrolment',
        input('マイナ保険証'),
        '--no-print',
        '--out',
        out,
      ],
      {
        env: {
          ...process.env,
          DATABASE_URL: `postgresql://${user}:${password}@/${database}?host=${encodeURIComponent(host)}`,
          TODOKE_DATA: path.join(folder, 'data'),
        },
        encoding: 'utf8',
      },
    );
    expect(done.status, done.stderr).toBe(0);
    for (const name of COMPARED)
      await expect(readFileSync(path.join(out, name), 'utf8')).toMatchFileSnapshot(
        path.join(GOLDEN, symptom, 'expected', name),
      );
  });

  test('by the API', async () => {
    const { client, settled } = await openConsole(ledger.api, await loadProfile(golden.profile));
    const files = Object.entries(IMPORTS).map(([kind, name]) => ({
      name: `${name}.csv`,
      content: new Uint8Array(readFileSync(input(name))),
      ...(kind === 'enrolment' && { asOf: golden.enrolmentAsOf }),
    }));
    expect(await bringFiles({ settled }, client, files)).toMatchObject({ state: 'taken-in' });
    const { issuance, issuedOn } = golden;
    const decided = await jobOf(client, settled, await client.post('/jobs', { kind: 'decide', issuance, issuedOn }));
    await jobOf(client, settled, await client.post('/jobs', { kind: 'enclose', issuanceId: decided.issuanceId }));
    const papers = new Map(expected(symptom, 'certificates.csv').map((f) => [f.slice(1, 4).join('-'), f]));
    const people: string[] = [];
    for (const [symbol, number, subNumber, isTarget, reason] of expected(symptom, 'decisions.csv')) {
      const key = `${symbol}-${number}-${subNumber}`;
      const page = (await (await client.get(`/members/${key}`)).json()) as PersonPage;
      expect(page.decision, key).toMatchObject({ isTarget: isTarget === 'target', reason });
      const [certificateNumber, , , , issued, validThrough, mailpieceNumber] = papers.get(key) ?? [];
      expect(page.papers, key).toMatchObject(
        certificateNumber === undefined ? [] : [{ certificateNumber, issuedOn: issued, validThrough, mailpieceNumber }],
      );
      const { name, kana, bornOn, sex, acquiredOn, insuredClass } = page.person;
      people.push([key, name, kana, bornOn, sex, acquiredOn, insuredClass].join(','));
    }
    // Who they are: every character and date of the file as it was meant.
    await expect(`${people.join('\n')}\n`).toMatchFileSnapshot(path.join(GOLDEN, symptom, 'expected', 'people.txt'));
  });
});

async function openConsole(
  context: Context,
  profile: InsurerProfile,
): Promise<{ client: Client; settled: () => Promise<void> }> {
  const { number } = profile.insurer;
  const { signIn, settled } = serveTests({
    context,
    profiles: new Map([[number, profile]]),
    profileFiles: new Map([[number, profileFile(profile.id)]]),
    files: path.join(folder, 'files'),
    consoleFolder: null,
  });
  await madeAccount(context, {
    insurer: profile.insurer,
    login: 'honbu',
    displayName: '本部',
  });
  await indexForConsole(context.database, number);
  return { client: await signIn('honbu'), settled };
}

/** A job that was asked for, when it is done. */
async function jobOf(client: Client, settled: () => Promise<void>, asked: Response): Promise<Job> {
  const { id } = (await asked.json()) as Job;
  await settled();
  const job = (await (await client.get(`/jobs/${id}`)).json()) as Job;
  expect(job).toMatchObject({ state: 'done' });
  return job;
}

/** The rows of an expected file, without its heading. None of them holds a quote. */
function expected(symptom: string, name: string): string[][] {
  const text = readFileSync(path.join(GOLDEN, symptom, 'expected', name), 'utf8');
  return text
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(','));
}
