// Parcels to workplaces on a real database: opened, filled by scan, closed when whole; and files that hold somebody outside
// their recipient, refused by the ledger whoever asks.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect } from 'vitest';
import { loadProfile } from '../src/formats/profile.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import { withdrawPerson } from '../src/operations/posting/withdrawals.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { closeParcel, listParcelsOfIssuance, openParcels, scanIntoParcel } from '../src/operations/posting/parcels.ts';
import { checkRecipients } from '../src/operations/posting/recipients.ts';
import type { PersonKey } from '../src/rules/words/person-key.ts';
import { issueSample } from './issued.ts';
import { openTestFolder, openTestLedger, approveLots } from './ledger.ts';
import { readTexts } from './pages.ts';
import { story } from './story.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const profile = await loadProfile('mbk');
const outDir = path.join(folder, 'out');
let run: Issuance;
/** Two workplaces with four pieces or more each. */
let own = '';
let other = '';

const query = <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
  context.database.transaction((tx) => tx.query<Row>(sql, values));
const piecesOf = async (symbol: string): Promise<string[]> =>
  (
    await query<{ number: string }>(
      `select mailpiece_number::text as number from mailpiece join printed_piece using (issuance_id, mailpiece_number)
        where issuance_id = $1 and symbol = $2 and route = 'workplace' order by 1`,
      [run.id, symbol],
    )
  ).map((row) => row.number);
const record = (event: 'enclose' | 'post', numbers: readonly string[]): ReturnType<typeof recordPieceEvents> =>
  recordPieceEvents(
    context,
    run,
    numbers.map((number) => ({ mailpieceNumber: number, event, reason: '', source: '', key: `${event}:${number}` })),
  );
const scan = (code: string): ReturnType<typeof scanIntoParcel> => scanIntoParcel(context, run, own, null, code);
const close = (): ReturnType<typeof closeParcel> => closeParcel(context, run, profile, own, null, outDir);

beforeAll(async () => {
  const sample = { members: 2500, seed: 8 };
  ({ issuance: run } = await issueSample(context, profile, folder, sample, { issuedOn: null, outDir, prints: true }));
  const rows = await query<{ symbol: string }>(
    `select symbol from mailpiece join printed_piece using (issuance_id, mailpiece_number)
      where issuance_id = $1 and route = 'workplace' group by symbol having count(*) >= 4 order by count(*) desc limit 2`,
    [run.id],
  );
  [own, other] = rows.map((row) => row.symbol) as [string, string];
  await approveLots(context, run);
}, 60_000);

const step = story();

step('a parcel expects every piece of its workplace, once', async () => {
  const pieces = await piecesOf(own);
  const [parcel, ...more] = await openParcels(context, run, profile, own);
  expect(more).toEqual([]);
  expect(parcel).toMatchObject({ symbol: own, expected: pieces.length, scanned: 0, closedAt: null });
  expect(await openParcels(context, run, profile, own)).toHaveLength(1);
  await openParcels(context, run, profile, other);
  expect(await listParcelsOfIssuance(context, run, null)).toHaveLength(2);
});

step('the station takes sealed pieces of this workplace alone, and says what another one is', async () => {
  const [first = '', second = '', third = ''] = await piecesOf(own);
  const [stranger = ''] = await piecesOf(other);
  await record('enclose', [first, second, stranger]);
  expect(await scan(first)).toMatchObject({ kind: 'recorded', text: expect.stringMatching(/^1個目　1 \/ /) });
  expect(await scan(first)).toMatchObject({ kind: 'already' });
  expect(await scan(third)).toMatchObject({ kind: 'refused', text: expect.stringContaining('「印刷済み」') });
  expect(await scan(stranger)).toMatchObject({ kind: 'refused', text: expect.stringContaining(`記号 ${other}`) });
  expect(await scan('4901234567894')).toMatchObject({ kind: 'stranger' });
  const [home] = await query<{ number: string }>(
    `select mailpiece_number::text as number from mailpiece where issuance_id = $1 and route = 'home' limit 1`,
    [run.id],
  );
  expect(await scan(home!.number)).toMatchObject({ kind: 'refused', text: expect.stringContaining('自宅') });
  const [parcel] = await listParcelsOfIssuance(context, run, own);
  await expect(
    query('insert into parcel_piece (mailpiece_number, parcel_id, position) values ($1, $2, 99)', [
      (await piecesOf(other))[1],
      parcel!.id,
    ]),
  ).rejects.toMatchObject({ message: expect.stringMatching(/^outside_recipient/) });
  await expect(
    query('update parcel set symbol = $2 where id = $1 returning 1', [parcel!.id, other]),
  ).rejects.toMatchObject({ code: '23514' });
});

step(
  'it closes, with its list, only when every piece is in; a piece withdrawn after it was put in must come out',
  async () => {
    const pieces = await piecesOf(own);
    const [first = '', second = '', ...rest] = pieces;
    await expect(close()).rejects.toMatchObject({
      code: 'parcel-incomplete',
      details: [second, ...rest].map((number) => `入っていない　${number}`),
    });
    expect(existsSync(path.join(outDir, 'parcels'))).toBe(false);
    await expect(
      query(`update parcel set closed_at = now(), closed_by = 'x' where symbol = $1`, [own]),
    ).rejects.toMatchObject({ constraint: 'balance_parcel' });
    // One that is withdrawn before it is put in does not go.
    const withdrawn = rest.at(-1) ?? '';
    const inside = await query<PersonKey>(
      `select symbol, number, sub_number as "subNumber" from certificate where mailpiece_number = $1`,
      [withdrawn],
    );
    for (const person of inside) await withdrawPerson(context, run, person, '資格喪失');
    const going = [second, ...rest.slice(0, -1)];
    await record('enclose', going);
    expect((await record('post', [first]))[0]).toMatchObject({ kind: 'refused', why: expect.stringContaining('梱包') });
    for (const number of going) expect(await scan(number)).toMatchObject({ kind: 'recorded' });
    expect(await scan(withdrawn)).toMatchObject({ kind: 'refused' });
    const { parcel, files } = await close();
    expect(parcel).toMatchObject({ expected: pieces.length - 1, scanned: pieces.length - 1 });
    expect(parcel.closedAt).not.toBeNull();
    const [csv = '', pdf = ''] = files.map((file) => path.join(outDir, file));
    const rows = readFileSync(csv, 'utf8').trimEnd().split('\r\n').slice(1);
    expect(rows.map((row) => row.split(',')[4] ?? '').toSorted()).toEqual([first, ...going].toSorted());
    const [text = ''] = await readTexts(readFileSync(pdf), [0]);
    expect(text.replaceAll('-', '')).toContain(first);
    expect(text).toContain(`${pieces.length - 1}通`);
    expect((await record('post', [first]))[0]).toEqual({ kind: 'recorded' });
  },
);

step('a file for a workplace, a branch or the contractor that holds anyone else is refused, whoever asks', async () => {
  const personsOf = (symbol: string): Promise<PersonKey[]> =>
    query(`select symbol, number, sub_number as "subNumber" from certificate where issuance_id = $1 and symbol = $2`, [
      run.id,
      symbol,
    ]);
  const [mine, theirs] = [await personsOf(own), await personsOf(other)];
  const check = (
    kind: 'workplace' | 'branch' | 'contractor',
    recipient: string,
    rows: readonly PersonKey[],
  ): Promise<void> =>
    context.database.transaction((tx) =>
      checkRecipients(
        tx,
        run,
        kind,
        '一覧',
        rows.map((row) => ({ recipient, ...row })),
      ),
    );
  await expect(check('workplace', own, mine)).resolves.toBeUndefined();
  await expect(check('contractor', '', mine)).resolves.toBeUndefined();
  const [nobody] = await query<PersonKey>(
    `select d.symbol, d.number, d.sub_number as "subNumber" from decision d
      where d.issuance_id = $1 and d.symbol = $2 and not d.is_target limit 1`,
    [run.id, own],
  );
  const refused = { code: 'outside-recipient' };
  await expect(check('workplace', own, [...mine, theirs[0]!])).rejects.toMatchObject(refused);
  await expect(check('workplace', own, [...mine, nobody!])).rejects.toMatchObject(refused);
  await expect(check('contractor', '', [nobody!])).rejects.toMatchObject(refused);
  await expect(check('branch', '33', mine)).rejects.toMatchObject(refused);
  const said = await check('workplace', own, [theirs[0]!]).catch((error: Error) => JSON.stringify(error));
  expect(said).not.toContain(other);
});
