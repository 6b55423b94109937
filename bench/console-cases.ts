// What the console bench asks: a million members issued to, some of their papers withdrawn, an account that sees all and one
// that sees a branch; and each list and search with the statements behind it.
import path from 'node:path';
import { loadProfile } from '../src/formats/profile.ts';
import { openDatabase } from '../src/ledger/core/pool.ts';
import type { Database, Reader } from '../src/ledger/core/pool.ts';
import { listDecided } from '../src/ledger/desk/decision-lists.ts';
import type { DecidedFilter } from '../src/ledger/desk/decision-lists.ts';
import { migrate } from '../src/ledger/core/migrate.ts';
import { findOverview, listIssuances, listWorkplaces } from '../src/ledger/desk/overview.ts';
import { findPeopleByKey, findPeopleByText } from '../src/ledger/desk/people.ts';
import { countPieces, listPieceRows } from '../src/ledger/desk/piece-lists.ts';
import type { PieceFilter } from '../src/ledger/desk/piece-lists.ts';
import type { Connection } from '../src/ledger/core/server.ts';
import { countReasonsQuickly } from '../src/ledger/desk/summaries.ts';
import { countStatesQuickly } from '../src/ledger/papers/states.ts';
import { createAccount } from '../src/operations/desk/accounts.ts';
import type { Context } from '../src/operations/context.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import { indexForConsole } from '../src/operations/perform-job.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { issueSample } from '../tests/issued.ts';

export const PROFILE = 'kyokai-kenpo';
export const PASSWORD = 'bench-password-of-length';
export type Viewer = 'headquarters' | 'branch';

/** A list or a search: its address for the i-th time, and the same statements. */
export interface Asked {
  readonly name: string;
  readonly viewer: Viewer;
  readonly address: (i: number) => string;
  readonly statements: (reader: Reader, i: number) => Promise<unknown>;
}

const WITHDRAWN = 5000;
const MOST = 51;
const ANY: PieceFilter = {
  state: 'withdrawn',
  issuanceId: null,
  lotNo: null,
  branchCode: null,
  symbol: null,
  reason: null,
};
const EVERYBODY: DecidedFilter = { isTarget: null, reason: null, branchCode: null, symbol: null };

/** Issues, withdraws and opens the accounts; what is asked of it. */
export async function prepareCases(connection: Connection, members: number, folder: string): Promise<Asked[]> {
  const database = openDatabase(connection);
  const quiet = (): void => undefined;
  const context: Context = {
    database,
    actor: 'bench',
    progress: { begin: quiet, reach: quiet, end: quiet },
    signal: new AbortController().signal,
  };
  try {
    await migrate(database);
    const profile = await loadProfile(PROFILE);
    const { issuance: run } = await issueSample(
      context,
      profile,
      path.join(folder),
      { members, seed: 1 },
      { prints: false },
    );
    await indexForConsole(database, run.insurerNumber);
    await withdrawSome(context, run);
    const [branch] = await database.read((reader) =>
      reader.query<{ code: string }>(
        `select w.branch_code as code from workplace w where w.dataset_id = $1
          group by 1 order by count(*) desc, 1 limit 1`,
        [run.workplacesId],
      ),
    );
    for (const viewer of ['headquarters', 'branch'] as const)
      await createAccount(context, {
        insurer: profile.insurer,
        login: viewer,
        displayName: viewer,
        role: viewer,
        password: PASSWORD,
        branchCode: viewer === 'branch' ? branch!.code : null,
        workplaceSymbol: null,
        withTotp: false,
        oidc: null,
        expiresOn: null,
      });
    // As after a night's rest: nothing is left to be swept up while it is measured.
    await database.statement('rest', 'vacuum (analyze)', []);
    return await casesOf(database, run, branch!.code, members);
  } finally {
    await database.close();
  }
}

async function withdrawSome(context: Context, run: Issuance): Promise<void> {
  const pieces = await context.database.read((reader) =>
    reader.query<{ number: string }>(
      'select mailpiece_number::text as number from mailpiece where issuance_id = $1 order by 1 limit $2',
      [run.id, WITHDRAWN],
    ),
  );
  const event = { event: 'withdraw', reason: '', source: '' } as const;
  const events = pieces.map(({ number }) => ({ ...event, mailpieceNumber: number, key: `w:${number}` }));
  await recordPieceEvents(context, run, events);
}

async function casesOf(database: Database, run: Issuance, branchCode: string, members: number): Promise<Asked[]> {
  const people = await database.read((reader) =>
    reader.query<{ symbol: string; number: string; subNumber: string; kana: string; name: string }>(
      `select symbol, number, sub_number as "subNumber", kana, name from member
        where dataset_id = $1 and line % $2 = 0 order by line limit 400`,
      [run.membersId, Math.max(1, Math.floor(members / 450))],
    ),
  );
  const who = (i: number) => people[i % people.length]!;
  const seq = (i: number): number => (i * 97) % WITHDRAWN;
  const cursor = (...parts: readonly unknown[]): string =>
    `cursor=${Buffer.from(JSON.stringify(parts)).toString('base64url')}`;
  const insurer = run.insurerNumber;
  const key = (i: number) => ({ symbol: who(i).symbol, number: who(i).number, subNumber: who(i).subNumber });
  const search = (text: string): string => `/members?q=${encodeURIComponent(text)}`;
  const decided = (
    name: string,
    query: string,
    filter: Partial<DecidedFilter>,
    viewer: Viewer = 'headquarters',
  ): Asked => ({
    name,
    viewer,
    address: (i) => `/issuances/${run.id}/members?${query}&${cursor(...Object.values(key(i)))}`,
    statements: async (reader, i) => {
      await listDecided(
        reader,
        run,
        {
          ...EVERYBODY,
          ...filter,
        },
        key(i),
        MOST,
      );
      await countReasonsQuickly(reader, run.id, filter.branchCode);
    },
  });
  const issuance = (name: string, viewer: Viewer): Asked => ({
    name,
    viewer,
    address: () => `/issuances/${run.id}`,
    statements: async (reader) => {
      await findOverview(reader, insurer, run.id);
      await countReasonsQuickly(reader, run.id);
      await countStatesQuickly(reader, run.id);
    },
  });
  const pieces = (name: string, filter: PieceFilter, viewer: Viewer): Asked => ({
    name,
    viewer,
    address: (i) => `/pieces?state=${filter.state}&${cursor(seq(i))}`,
    statements: (reader, i) => listPieceRows(reader, insurer, filter, [seq(i)], MOST),
  });
  return [
    {
      name: 'search by 記号-番号',
      viewer: 'headquarters',
      address: (i) => search(`${who(i).symbol}-${who(i).number}`),
      statements: (reader, i) =>
        findPeopleByKey(reader, insurer, {
          ...key(i),
          subNumber: null,
        }),
    },
    {
      name: 'search by kana',
      viewer: 'headquarters',
      address: (i) => search(who(i).kana.slice(0, 4)),
      statements: (reader, i) => findPeopleByText(reader, insurer, 'kana', [who(i).kana.slice(0, 4)], null, MOST),
    },
    pieces('pieces withdrawn', ANY, 'headquarters'),
    pieces('pieces withdrawn, as a branch', { ...ANY, branchCode }, 'branch'),
    {
      name: 'counts of pieces',
      viewer: 'headquarters',
      address: () => '/pieces/counts?state=withdrawn',
      statements: (reader) => countPieces(reader, insurer, ANY),
    },
    decided('decisions', '', {}),
    decided('decisions of a reason', 'reason=deregistered', { reason: 'deregistered' }),
    decided('decisions of a branch', `branch=${branchCode}`, { branchCode }),
    decided('targets, as a branch', 'target=yes', { branchCode, isTarget: true }, 'branch'),
    {
      name: 'workplaces',
      viewer: 'headquarters',
      address: (i) => `/workplaces?${cursor(who(i).symbol)}`,
      statements: (reader, i) =>
        listWorkplaces(reader, {
          workplacesId: run.workplacesId,
          issuanceId: run.id,
          text: '',
          after: who(i).symbol,
          limit: MOST,
        }),
    },
    {
      name: 'issuances',
      viewer: 'headquarters',
      address: () => '/issuances',
      statements: (reader) => listIssuances(reader, insurer, 1e4, MOST),
    },
    issuance('one issuance', 'headquarters'),
    issuance('one issuance, as a branch', 'branch'),
  ];
}
