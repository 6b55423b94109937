// A piece print has held, in the console: staff see why, correct what cannot be printed, say it is right, and have it made
// again; a branch does so with its own pieces alone, and who may not see a name sees none.
import { expect, test } from 'vitest';
import { listPieces } from '../src/operations/desk/papers.ts';
import { axe, shoot, sideways } from '../web/tests/browser.ts';
import { openBrowserConsole, settle } from './browser-console.ts';
import { issueHeld } from './issued.ts';
import { madeAccount, Client, PASSWORD } from './console.ts';

const at = await openBrowserConsole();
const { profile } = at.kyokai;
const insurer = profile.insurer.number;
const number = await issueHeld(at.context, profile, at.folder);
const client = async (login: string, branchCode: string): Promise<Client> => {
  await madeAccount(at.context, { insurer: profile.insurer, login, role: 'branch', branchCode });
  const own = new Client(at.app);
  await own.signIn(login, PASSWORD);
  return own;
};
const REQUEST = { subNumber: '00', field: 'name', text: '協会　花子', reason: '本人に確かめた' };

test('another branch neither sees nor corrects it, nor chooses it with all; its own does', async () => {
  const [own, other] = [await client('branch-13', '13'), await client('branch-01', '01')];
  expect((await other.get(`/held/${number}`)).status).toBe(404);
  expect((await other.post(`/held/${number}/corrections`, REQUEST)).status).toBe(404);
  expect(await (await other.get('/held')).json()).toMatchObject({ items: [] });
  const all = { action: 'release', pieces: { filter: { state: 'held' }, except: [] } };
  expect(await (await other.post('/pieces/actions/preview', all)).json()).toMatchObject({ numbers: [] });
  expect(await (await own.post('/pieces/actions/preview', all)).json()).toMatchObject({ numbers: [number] });
  // It has a workplace: home is not for a person to say.
  const home = { action: 'send-home', pieces: { numbers: [number] } };
  const why = '事業所がわからないために止めた郵便物ではありません';
  expect(await (await own.post('/pieces/actions/preview', home)).json()).toMatchObject({
    numbers: [],
    refused: [{ mailpieceNumber: number, why }],
  });
  expect(await (await own.get(`/held/${number}`)).json()).toMatchObject({ state: 'held' });
  const filter = {
    state: 'held',
    issuanceId: null,
    lotNo: null,
    branchCode: '13',
    symbol: null,
    reason: null,
  } as const;
  expect((await listPieces(at.context, insurer, filter, null, 10)).items.map((row) => row.mailpieceNumber)).toEqual([
    number,
  ]);
  // Looking at names is recorded.
  const looks = await at.query(`select actor from access_record where what = 'held' and subject = $1`, [number]);
  expect(looks).toHaveLength(1);
  for (const [change, status] of [
    [{ text: '協会　\uE001' }, 409],
    [{ text: '123456789012' }, 400],
    [{ reason: '123456789012' }, 400],
    [{ field: 'address', text: '東京都', postalCode: '12' }, 409],
    [{ field: 'sex' }, 400],
    [{ subNumber: '09' }, 409],
    [{ text: '  ' }, 400],
  ] as const) {
    const answer = await own.post(`/held/${number}/corrections`, { ...REQUEST, ...change });
    expect(answer.status, JSON.stringify(change)).toBe(status);
    expect(await answer.text()).not.toContain('123456789012');
  }
  expect(await at.query('select 1 from print_correction')).toEqual([]);
});

test('today, the list, the person: seen why, corrected, released, made again', { timeout: 240_000 }, async () => {
  const watched = await at.open('kyokai', 'headquarters', '/', { viewport: { width: 1280, height: 900 } });
  const { page, faults } = watched;
  const look = async (name: string): Promise<void> => {
    expect(await axe(page), name).toEqual([]);
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await shoot(page, `held-${name}-${width}`);
      expect(await sideways(page), `${name} ${width}`).toBe(0);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  };
  await page.getByRole('link', { name: /文字・住所を確かめる/ }).click();
  await settle(page);
  await page.getByText('U+E000').first().waitFor();
  await look('list');
  await page.goto(`${at.address}/members/100-1-00`);
  await settle(page);
  await page.getByRole('button', { name: '止まっている理由を見て直す' }).click();
  await page.getByRole('list', { name: '止まっている理由' }).getByText('書体にない文字がある').first().waitFor();
  await look('why');
  await page.getByRole('button', { name: /^直す.*枝番 00\s氏名/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('氏名').fill('協会　\uE001子');
  await dialog.getByLabel('理由').fill('本人に確かめた');
  await dialog.getByRole('button', { name: '直す' }).click();
  await dialog.getByText('書体にない文字（U+E001）は印刷できません').waitFor();
  await look('refused');
  await dialog.getByLabel('氏名').fill('協会　花子');
  await dialog.getByRole('button', { name: '直す' }).click();
  await page.getByText('→ 協会　花子').waitFor();
  await look('corrected');
  await page.getByRole('button', { name: '確認済みにする' }).click();
  await page.getByRole('dialog').getByLabel('理由').fill('本人に確かめた');
  await page.getByRole('dialog').getByRole('button', { name: '確認済みにする' }).click();
  await page.getByText('確認済み（作り直し待ち）').first().waitFor();
  await look('released');
  await page.goto(`${at.address}/pieces/released`);
  await settle(page);
  await page.getByRole('button', { name: '確認済みの作り直しを作る' }).click();
  await look('remake');
  const request = { kind: 'release', issuanceId: Number(number.slice(1, 5)), issuedOn: '2025-10-27' };
  const office = await at.as('kyokai', 'headquarters');
  expect((await office.post('/jobs', request)).status).toBe(200);
  await at.settled();
  await page.goto(`${at.address}/pieces/remade`);
  await settle(page);
  await page
    .getByRole('link', { name: number.replace(/(.)(.{4})(.{8})(.)/, '$1-$2-$3-$4') })
    .first()
    .waitFor();
  const [made] = await at.query<{ count: number }>(
    `select count(*)::int as count from printed_piece p join issuance i on i.id = p.issuance_id where i.remake = 'release'`,
  );
  expect(made).toEqual({ count: 1 });
  expect(faults.filter((fault) => !/status of 40[349]/.test(fault))).toEqual([]);
  await page.context().close();
});
