// The console over the real server and database, in a real browser: every page each role can reach, without an axe
// violation and without sideways scrolling; and the work itself, by role and label, from printing to a letter re-routed.
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { csvLine } from '../src/formats/csv.ts';
import { RESULT_COLUMNS } from '../src/formats/results.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import type { Role } from '../src/rules/access.ts';
import { formatPaperNumber } from '../src/rules/words/check-digits.ts';
import { PAPER_EVENT_LABELS } from '../src/rules/papers/lifecycle.ts';
import { axe, shoot, sideways } from '../web/tests/browser.ts';
import type { Watched } from '../web/tests/browser.ts';
import { openBrowserConsole, settle } from './browser-console.ts';
import type { BrowserConsole } from './browser-console.ts';
import { PASSWORD, ROLES, madeAccount } from './console.ts';
import { approveLots } from './ledger.ts';
import { story } from './story.ts';

let at: BrowserConsole;

beforeAll(async () => {
  at = await openBrowserConsole(true);
  await madeAccount(at.context, {
    insurer: at.mbk.profile.insurer,
    login: 'mbk-second',
    displayName: 'mbk second',
  });
}, 240_000);

/** Branches are 協会けんぽ's; every other role is walked through the insurer whose letters go to workplaces. */
const insurerOf = (role: Role): 'kyokai' | 'mbk' => (role === 'branch' ? 'kyokai' : 'mbk');

/** Somebody of an insurer's issuance; `where` narrows it. */
async function somebody(
  insurer: 'kyokai' | 'mbk',
  where = 'true',
): Promise<{ key: string; symbol: string; piece: string; certificate: string }> {
  const { run } = at[insurer];
  const rows = await at.query<{ key: string; symbol: string; piece: string; certificate: string }>(
    `select concat(c.symbol, '-', c.number, '-', c.sub_number) as key, c.symbol, c.mailpiece_number::text as piece,
            c.certificate_number::text as certificate
       from certificate c
       join printed_piece f on f.issuance_id = c.issuance_id and f.mailpiece_number = c.mailpiece_number
       join workplace w on w.dataset_id = $2 and w.symbol = c.symbol
      where c.issuance_id = $1 and ${where} order by 1 limit 1`,
    [run.id, run.workplacesId],
  );
  return rows[0]!;
}

const ownBranch = `w.branch_code = (select branch_code from account where login = 'kyokai-branch')`;

/** Pages a role reaches from its menu, and the deeper ones. */
async function addressesOf(watched: Watched, role: Role): Promise<string[]> {
  const links = watched.page.getByRole('navigation', { name: '主な画面' }).getByRole('link');
  const menu = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  const insurer = insurerOf(role);
  const person = await somebody(insurer, role === 'branch' ? ownBranch : 'true');
  const { id } = at[insurer].run;
  const station = `/parcels/${id}/${person.symbol}`;
  const deeper: Partial<Record<Role, string[]>> = {
    headquarters: [
      `/issuances/${id}`,
      `/issuances/${id}/lots`,
      `/issuances/${id}/lots/1`,
      `/members?q=${encodeURIComponent('サ')}`,
      `/members/${person.key}`,
      `/papers/${person.piece}`,
      '/papers/20001000000099',
      '/members/99999999-1-00',
      '/issuances/9998',
      '/members?q=99999999-1',
      '/pieces/held',
      `/issuances/${id}/members?target=yes`,
      `/issuances/${id}/files`,
      `/issuances/${id}/warnings`,
      '/imports/9998',
      `/issuances/${id}/members?reason=nothing`,
      `/pieces/printed?issuance=${id}`,
      `/pieces/posted?workplace=${person.symbol}`,
      '/pieces/nothing',
      `/workplaces/${person.symbol}`,
      '/parcels?state=closed',
      station,
      '/parcels/9999/none',
      '/figures?by=branch',
      '/jobs',
      '/nothing-here',
    ],
    branch: [
      `/issuances/${id}`,
      `/issuances/${id}/members`,
      `/issuances/${id}/files`,
      `/issuances/${id}/warnings`,
      `/members/${person.key}`,
      `/papers/${person.piece}`,
      `/pieces/printed?issuance=${id}`,
      '/pieces/held',
      `/workplaces/${person.symbol}`,
      '/audit',
    ],
    contractor: [station, '/pieces/returned'],
    'call-centre': [`/members/${person.key}`, `/papers/${person.piece}`, '/users', '/parcels'],
    auditor: ['/audit/access', '/audit/journal', `/issuances/${id}`],
  };
  return [...menu, ...(deeper[role] ?? [])];
}

const DESK = { width: 1280, height: 900 };

test.each(ROLES)('every page of %s', { timeout: 240_000 }, async (role) => {
  const watched = await at.open(insurerOf(role), role, '/', { viewport: DESK });
  const { page, faults } = watched;
  const found: string[] = [];
  const titles = new Set<string>();
  const addresses = await addressesOf(watched, role);
  for (const address of addresses) {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(at.address + address);
    await settle(page);
    found.push(...(await axe(page)).map((violation) => `${address}: ${violation}`));
    titles.add(await page.title());
    const name = `${role}${address.replaceAll(/[^a-z0-9]+/gi, '-')}`;
    await shoot(page, `${name}-1280`);
    await page.setViewportSize({ width: 390, height: 900 });
    await shoot(page, `${name}-390`);
    await page.setViewportSize({ width: 320, height: 900 });
    const excess = await sideways(page);
    if (excess > 0) found.push(`${address}: ${excess} px wider than 320`);
  }
  expect(found).toEqual([]);
  // A refusal the server answers is an expected line of the browser's console; anything else is a fault.
  expect(faults.filter((fault) => !/status of 40[34]/.test(fault))).toEqual([]);
  expect(titles.size).toBeGreaterThan(addresses.length / 2);
  await page.context().close();
});

test('a stranger is shown the door and, after it, the page that was asked for', async () => {
  const { page, faults } = await at.visit(null, '/figures?by=branch');
  await page.getByRole('heading', { level: 1, name: 'サインイン' }).waitFor();
  expect(await axe(page)).toEqual([]);
  await shoot(page, 'sign-in');
  await page.getByRole('button', { name: 'サインインする' }).click();
  await page.getByText('利用者名を入れてください。').waitFor();
  await page.getByLabel('利用者名').fill('mbk-auditor');
  await page.getByLabel('パスワード').fill('wrong');
  await page.getByRole('button', { name: 'サインインする' }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByLabel('利用者名').inputValue()).toBe('mbk-auditor');
  await page.getByLabel('パスワード').fill(PASSWORD);
  await page.getByRole('button', { name: 'サインインする' }).click();
  await page.getByRole('heading', { level: 1, name: '統計' }).waitFor();
  expect(new URL(page.url()).search).toBe('?by=branch');
  expect(faults.filter((fault) => !/status of 401/.test(fault))).toEqual([]);
  await page.context().close();
});

test('a page that a role may not see says who can', async () => {
  const { page } = await at.open('mbk', 'contractor', '/');
  await page.goto(`${at.address}/members?q=1`);
  await page.getByText('この画面を開く権限がありません').waitFor();
  expect(await page.getByText('行えるのは').textContent()).toContain('本部');
  await page.context().close();
});

test('a session that ends takes nothing with it: signed in again, over the page, the form is as it was', async () => {
  const { page } = await at.open('mbk', 'headquarters', '/imports', { viewport: DESK });
  await page.getByRole('checkbox', { name: '誤りのある行を除いて取り込む' }).check();
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: '加入者.csv', mimeType: 'text/csv', buffer: Buffer.from('x') });
  await page.context().clearCookies();
  await page.getByRole('button', { name: '何が変わるかを調べる' }).click();
  const dialog = page.getByRole('dialog', { name: 'サインインし直してください' });
  await dialog.waitFor();
  expect(await axe(page)).toEqual([]);
  await dialog.getByLabel('パスワード').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'サインインする' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(await page.getByRole('checkbox', { name: '誤りのある行を除いて取り込む' }).isChecked()).toBe(true);
  expect(await page.getByText('加入者.csv').first().isVisible()).toBe(true);
  await page.context().close();
});

test('the first page is small: at most 180 kB of script, gzipped', async () => {
  const { page } = await at.visit(null, '/sign-in');
  let bytes = 0;
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.endsWith('.js'))
      void response.body().then((body) => (bytes += gzipSync(body).byteLength));
  });
  await page
    .context()
    .request.post(`${at.address}/api/session`, { data: { login: 'mbk-headquarters', password: PASSWORD } });
  await page.goto(`${at.address}/`);
  await settle(page);
  await page.waitForTimeout(500);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThan(180_000);
  await page.context().close();
});

/** Confirms every step of the first lot that this person may. */
async function confirm(watched: Watched, step: string): Promise<void> {
  const { page } = watched;
  await page.goto(`${at.address}/issuances/${at.mbk.run.id}/lots`);
  const place = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: new RegExp(`^${step}`) }) });
  await place
    .last()
    .getByRole('button', { name: /人目として確認する/ })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: '確認する' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

/** The station packs one workplace's envelopes, by keyboard alone; a neighbour's envelope is refused. */
async function packParcel(page: Page): Promise<void> {
  const { run } = at.mbk;
  const rows = await at.query<{ number: string; symbol: string }>(
    `select mailpiece_number::text as number, symbol from mailpiece
      where issuance_id = $1 and symbol = (select symbol from mailpiece where issuance_id = $1
                                            group by 1 having count(*) >= 2 order by count(*), 1 limit 1)
      order by 1`,
    [run.id],
  );
  const [stranger] = await at.query<{ number: string }>(
    'select mailpiece_number::text as number from mailpiece where issuance_id = $1 and symbol <> $2 order by 1 limit 1',
    [run.id, rows[0]!.symbol],
  );
  const scan = async (number: string, word: string): Promise<void> => {
    await page.keyboard.type(number);
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText(word, { exact: true }).waitFor();
    // The same code within half a second is one scan.
    await page.waitForTimeout(600);
  };
  await page.goto(`${at.address}/parcels`);
  await settle(page);
  await page.keyboard.type('20001000000099');
  await page.keyboard.press('Enter');
  await page.getByText(/検査数字が合いません|見つかりません/).waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(rows[0]!.number);
  await page.keyboard.press('Enter');
  const open = page.getByRole('button', { name: `${rows.length}通の梱包を開く` });
  await open.waitFor();
  await shoot(page, 'journey-parcel-unopened-390');
  await open.focus();
  await page.keyboard.press('Enter');
  await page.getByText('読み取れます').waitFor();
  await scan(stranger!.number, '入れないでください');
  await page.getByText(/ほかの事業所の郵便物です/).waitFor();
  await page.setViewportSize({ width: 1280, height: 900 });
  await shoot(page, 'journey-parcel-refused-1280');
  expect(await axe(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 900 });
  await shoot(page, 'journey-parcel-refused-390');
  for (const { number } of rows.slice(0, -1)) await scan(number, '入れました');
  await scan(rows[0]!.number, '入れてあります');
  expect(await page.getByRole('button', { name: /^閉じて内容一覧を作る/ }).count()).toBe(0);
  await scan(rows.at(-1)!.number, '入れました');
  await page.getByText(`1個目に、${rows.length}通すべて入りました`).waitFor();
  await shoot(page, 'journey-parcel-whole-390');
  expect(await axe(page)).toEqual([]);
  await page.keyboard.press('Control+Enter');
  const contents = page.getByRole('link', { name: '内容一覧（PDF）' });
  await contents.waitFor();
  const pdf = await page.context().request.get(new URL((await contents.getAttribute('href')) ?? '', at.address).href);
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
  await shoot(page, 'journey-parcel-closed-390');
  for (const width of [1280, 390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await sideways(page), `${width} px`).toBe(0);
    expect(await axe(page)).toEqual([]);
  }
  await page.setViewportSize({ width: 390, height: 900 });
  await page.goto(`${at.address}/parcels?state=closed`);
  await page.getByRole('rowheader', { name: new RegExp(rows[0]!.symbol) }).waitFor();
  await shoot(page, 'journey-parcels-closed-390');
}

/** What is approved of the first lot: counts, files and pages, which are those of the print files. */
async function lookAtLot(page: Page): Promise<void> {
  await page.goto(`${at.address}/issuances/${at.mbk.run.id}/lots`);
  await page.getByRole('link', { name: 'ロット1の承認するものを見る' }).click();
  await page.getByRole('heading', { level: 1, name: 'ロット1の承認' }).waitFor();
  await page.getByRole('table', { name: '経路ごとの数' }).getByRole('row').nth(1).waitFor();
  await page.getByText('同じ計画の前の回はありません').waitFor();
  await page.getByRole('button', { name: 'ページを見る' }).click();
  const pages = page.getByRole('img', { name: /の画像/ });
  await pages.first().scrollIntoViewIfNeeded();
  await expect
    .poll(() => pages.first().evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
    .toBeGreaterThan(0);
  await page.getByText('ファイルと照合用の値（SHA-256）').click();
  for (const width of [1280, 390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await sideways(page), `${width} px`).toBe(0);
    expect(await axe(page)).toEqual([]);
    if (width > 320) await shoot(page, `journey-lot-${width}`);
  }
  await page.setViewportSize(DESK);
}

/** The other of the two takes a confirmation back, with a reason that then stands on the page. */
async function takeBack(page: Page, label: string): Promise<void> {
  await page.goto(`${at.address}/issuances/${at.mbk.run.id}/lots/1`);
  await page.getByRole('button', { name: `ロット1の「${label}」の確認を取り消す` }).click();
  const dialog = page.getByRole('dialog', { name: `ロット1の「${label}」の確認を取り消しますか` });
  await dialog.getByLabel('理由').fill('宛名の誤り');
  expect(await axe(page)).toEqual([]);
  await dialog.getByRole('button', { name: '確認を取り消す' }).click();
  await dialog.waitFor({ state: 'hidden' });
  const list = page.getByRole('region', { name: 'ロット1の取り消した確認' });
  await list.getByText(/mbk second が取り消し.*宛名の誤り/).waitFor();
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await shoot(page, `journey-lot-taken-back-${width}`);
  }
}

const step = story();

step('from release to a letter re-routed', async () => {
  const first = await at.open('mbk', 'headquarters', '/', { viewport: DESK });
  const second = await at.visit('mbk-second', '/');
  await confirm(first, '印刷の承認');
  await lookAtLot(first.page);
  await takeBack(second.page, '印刷の承認');
  await confirm(first, '印刷の承認');
  await confirm(second, '印刷の承認');

  // The package for the contractor, after what the newest files and filings say.
  const { page } = first;
  await page.goto(`${at.address}/issuances/${at.mbk.run.id}`);
  await page.getByRole('button', { name: '引き渡しを作る' }).click();
  await page.getByRole('dialog').getByText('変わったことはありません').waitFor();
  expect(await axe(page)).toEqual([]);
  await shoot(page, 'journey-package-1280');
  await page.getByRole('dialog').getByRole('button', { name: '引き渡しを作る' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await at.settled();

  // The contractor brings what was enclosed and posted, with one line that is wrong.
  const pieces = await at.query<{ number: string }>(
    'select mailpiece_number::text as number from mailpiece where issuance_id = $1 order by 1',
    [at.mbk.run.id],
  );
  const [good] = pieces;
  const contractor = await at.open('mbk', 'contractor', '/packages', { viewport: { width: 390, height: 900 } });
  const bring = async (result: string, on: string): Promise<void> => {
    const rows = pieces.map(({ number }) => [number, result, on, '', '']);
    const content = [RESULT_COLUMNS.map((column) => column.name), ...rows].map((row) => csvLine(row)).join('');
    await contractor.page.goto(`${at.address}/packages`);
    await contractor.page
      .locator('input[type=file]')
      .setInputFiles({ name: `結果-${result}.csv`, mimeType: 'text/csv', buffer: Buffer.from(content) });
    await contractor.page.getByRole('button', { name: '結果を記録する' }).click();
    await contractor.page.getByText(/件を記録しました/).waitFor({ timeout: 60_000 });
  };
  // Nothing is enclosed yet: release for post says what is missing, and is for a named person alone.
  await page.goto(`${at.address}/issuances/${at.mbk.run.id}/lots/1`);
  await page.getByText(/印刷 = 封入 がそろっていません（引き抜きを除く印刷 [\d,]+通、封入 0通）/).waitFor();
  await page.getByRole('button', { name: '理由を書いて許可する' }).click();
  await page.getByRole('dialog', { name: /印刷 = 封入 がそろわないまま確認しますか/ }).waitFor();
  expect(await axe(page)).toEqual([]);
  await shoot(page, 'journey-lot-override-1280');
  await page.keyboard.press('Escape');
  await bring('封入', '2025-11-05');
  await packParcel(contractor.page);
  await confirm(first, '発送の承認');
  await confirm(second, '発送の承認');
  await bring('発送', '2025-11-06');
  // Posted: nothing is taken back any more, and every file is as its manifest says.
  await page.goto(`${at.address}/issuances/${at.mbk.run.id}/lots/1`);
  await page.getByRole('heading', { name: /^発送の承認/ }).waitFor();
  expect(await page.getByRole('button', { name: /の確認を取り消す$/ }).count()).toBe(0);
  await page.goto(`${at.address}/issuances/${at.mbk.run.id}`);
  await page.getByRole('button', { name: 'ファイルを確かめる' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'ファイルを確かめる' }).click();
  await page.getByText(/引き渡し 1件、[\d,]+ファイルは、どれも目録のとおりです/).waitFor({ timeout: 60_000 });
  await shoot(page, 'journey-verified-1280');
  await shoot(contractor.page, 'journey-results-390');

  // A return is scanned at the contractor's; the answer is big and names the next step.
  const returned = good!.number;
  await contractor.page.goto(`${at.address}/returns/scan`);
  await contractor.page.getByLabel('不着の理由').selectOption({ label: '転居先不明' });
  await contractor.page.keyboard.type(returned);
  await contractor.page.keyboard.press('Enter');
  await contractor.page.getByRole('status').getByText('登録しました').waitFor();
  await shoot(contractor.page, 'journey-scan-390');
  await contractor.page.keyboard.press('Control+z');
  await contractor.page.getByRole('status').getByText('取り消しました').first().waitFor();
  await contractor.page.waitForTimeout(600);
  await contractor.page.keyboard.type(returned);
  await contractor.page.keyboard.press('Enter');
  await contractor.page.getByRole('status').getByText('登録しました').waitFor();

  // Headquarters sees it waiting, opens the list, makes it again.
  await page.goto(at.address);
  await page.getByRole('link', { name: /不着の行き先を決める/ }).click();
  await page.getByRole('link', { name: formatPaperNumber(returned) }).waitFor();
  await shoot(page, 'journey-returned-1280');
  // All of the issuance can be made again by the button above; here the rows are chosen.
  await page.getByRole('checkbox', { name: 'このページの行をすべて選択' }).first().check();
  await page.getByRole('button', { name: '選んだものを事業所経由で作り直す' }).click();
  const dialog = page.getByRole('dialog', { name: '1通を事業所経由で作り直しますか' });
  await dialog.getByText('行うもの 1通').waitFor();
  expect(await axe(page)).toEqual([]);
  await dialog.getByLabel('年', { exact: true }).fill('7');
  await dialog.getByLabel('月').fill('12');
  await dialog.getByLabel('日').fill('1');
  await shoot(page, 'journey-reroute-1280');
  await page.setViewportSize({ width: 390, height: 900 });
  await shoot(page, 'journey-reroute-390');
  await page.setViewportSize(DESK);
  await dialog.getByRole('button', { name: '選んだものを事業所経由で作り直す' }).click();
  await dialog.waitFor({ state: 'hidden' });
  const started = page.getByRole('list', { name: '始めた処理' });
  await started.getByText('1通を作り直しました。職員に残るもの 0通。').waitFor({ timeout: 60_000 });
  await shoot(page, 'journey-reroute-done-1280');
  await started.getByRole('link', { name: /^第\d+号の発行$/ }).click();
  await page.getByRole('heading', { level: 1, name: /事業所経由の再送付/ }).waitFor();
  await shoot(page, 'journey-rerouted-1280');

  // The envelope's page tells what was made again of it; the new letter is seen there, and from it the person's page.
  await page.goto(`${at.address}/members?q=${returned}`);
  await page.getByRole('heading', { level: 1, name: `郵便物 ${formatPaperNumber(returned)}` }).waitFor();
  expect(new URL(page.url()).pathname).toBe(`/papers/${returned}`);
  expect(await axe(page)).toEqual([]);
  await shoot(page, 'journey-piece-1280');
  await page.getByRole('definition').getByRole('link', { name: /^2-/ }).click();
  await page.getByRole('button', { name: '印刷したページを見る' }).click();
  const letter = page.getByRole('img', { name: /送付書/ });
  await letter.waitFor();
  await expect
    .poll(() => letter.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth))
    .toBeGreaterThan(0);
  await shoot(page, 'journey-letter-1280');
  await page.getByRole('link', { name: formatPaperNumber(returned) }).waitFor();
  await page.getByRole('table', { name: 'この郵便物に入っているもの' }).getByRole('link').first().click();
  await page.getByRole('heading', { level: 2, name: '経過' }).waitFor();
  await shoot(page, 'journey-person-1280');
  for (const event of ['enclose', 'post', 'return', 'reroute'] as const)
    await page.getByText(`郵便物：${PAPER_EVENT_LABELS[event]}`, { exact: true }).first().waitFor();
  expect(await axe(page)).toEqual([]);
  for (const { page: each, faults } of [first, second, contractor]) {
    // The number that was mistyped on purpose is answered by 404.
    expect(faults.filter((fault) => !/status of 404/.test(fault))).toEqual([]);
    await each.context().close();
  }
});

// After the journey above: its envelopes have been posted.
step('a member has lost the certificate and asks for another', async () => {
  const [holder] = await at.query<{ key: string; number: string }>(
    `select c.symbol || '-' || c.number || '-' || c.sub_number as key, c.certificate_number::text as number
       from certificate c
       join paper_state s on s.paper_number = c.certificate_number and s.state = 'issued'
       join paper_state p on p.paper_number = c.mailpiece_number and p.state = 'posted'
       join issuance i on i.id = c.issuance_id
       join member m on m.dataset_id = i.members_id and m.symbol = c.symbol and m.number_rank = c.number::bigint
                    and m.sub_number = c.sub_number and m.lost_on is null and not m.mail_stopped
      where c.issuance_id = $1 order by c.certificate_number desc limit 1`,
    [at.mbk.run.id],
  );
  const { page, faults } = await at.open('mbk', 'headquarters', `/members/${holder!.key}`, { viewport: DESK });
  await page.getByRole('button', { name: '再交付する' }).click();
  const dialog = page.getByRole('dialog', { name: new RegExp(formatPaperNumber(holder!.number)) });
  await dialog.getByLabel('理由').selectOption({ label: 'き損' });
  await dialog.getByLabel('元の資格確認書が申請に添付されている').waitFor();
  await shoot(page, 'journey-reissue-torn-1280');
  await dialog.getByLabel('理由').selectOption({ label: '滅失' });
  await dialog.getByText('きょうから無効です').waitFor();
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await sideways(page)).toBe(0);
    await shoot(page, `journey-reissue-${width}`);
  }
  expect(await axe(page)).toEqual([]);
  await dialog.getByRole('button', { name: '再交付する' }).click();
  await page.getByText('再交付の申請を受け付けました').waitFor();
  await page.getByText(`資格確認書：${PAPER_EVENT_LABELS.reissue}`, { exact: true }).waitFor();
  expect(await at.query('select state from paper_state where paper_number = $1', [holder!.number])).toEqual([
    { state: 'void' },
  ]);
  // Asked for: why not again is told.
  await page.getByText('いまできないことと、その理由').click();
  await page.getByText('再交付する：再交付の申請を受け付けてあります').waitFor();
  await shoot(page, 'journey-reissued-390');
  expect(faults).toEqual([]);
  await page.context().close();
});

// After the two journeys above: one request waits.
step('headquarters makes what was asked for again: how many wait, the run, the issuance', async () => {
  const { page, faults } = await at.open('mbk', 'headquarters', '/', { viewport: DESK });
  await page.getByRole('link', { name: /再交付を作る.*1件/ }).click();
  await page.getByRole('heading', { level: 1, name: '再交付' }).waitFor();
  const row = page.getByRole('table', { name: '再交付を待つ申請' }).getByRole('row').nth(1);
  await row.getByText('滅失').waitFor();
  await row.getByText('作れます').waitFor();
  for (const width of [1280, 390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await sideways(page), `${width} px`).toBe(0);
    expect(await axe(page)).toEqual([]);
    await shoot(page, `reissues-${width}`);
  }
  await page.setViewportSize(DESK);
  await page.getByRole('button', { name: '再交付を作る' }).click();
  const dialog = page.getByRole('dialog', { name: '1件の申請を確かめて、再交付を作りますか' });
  const verb = dialog.getByRole('button', { name: '再交付を作る' });
  await dialog.getByLabel('年', { exact: true }).fill('7');
  await dialog.getByLabel('月').fill('12');
  await dialog.getByLabel('日').fill('3');
  await shoot(page, 'journey-reissue-run-1280');
  await verb.click();
  await dialog.waitFor({ state: 'hidden' });
  // The address holds the run: read again it is the same.
  await page.waitForURL(/job=/);
  await page.reload();
  const started = page.getByRole('list', { name: '始めた処理' });
  await started.getByText('再交付 1枚を作りました。').waitFor({ timeout: 60_000 });
  await page.getByText('待っている申請はありません').waitFor();
  await shoot(page, 'journey-reissue-made-1280');
  expect(await axe(page)).toEqual([]);
  await started.getByRole('link', { name: /^第\d+号の発行$/ }).click();
  await page.getByRole('heading', { level: 1, name: /再交付 第1回/ }).waitFor();
  await page.getByRole('link', { name: '印刷済み' }).first().waitFor();
  await shoot(page, 'journey-reissue-issuance-1280');
  expect(faults).toEqual([]);
  await page.context().close();
});

step('an employer hands an envelope over, by keyboard', async () => {
  const { page, faults } = await at.open('mbk', 'workplace', '/', { viewport: { width: 390, height: 900 } });
  await page.getByRole('button', { name: 'メニューを開く' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: '自分の事業所' }).focus();
  await page.keyboard.press('Enter');
  const hand = page.getByRole('button', { name: /^渡した：/ });
  await hand.first().waitFor();
  const before = await hand.count();
  await hand.first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '渡したと報告する' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => hand.count()).toBe(before - 1);
  await shoot(page, 'journey-workplace-390');
  expect(await page.getByText(/未取得|利用登録|転居先/).count()).toBe(0);
  expect(faults).toEqual([]);
  await page.context().close();
});

step('a day at a branch: returns read, sent again together, one person withdrawn, a certificate taken in', async () => {
  const { context, kyokai } = at;
  const { run } = kyokai;
  await approveLots(context, run);
  const own = await at.query<{ number: string }>(
    `select p.mailpiece_number::text as number from printed_piece f
       join mailpiece p using (issuance_id, mailpiece_number)
       join workplace w on w.dataset_id = $2 and w.symbol = p.symbol
       left join paper_state s on s.paper_number = p.mailpiece_number
      where f.issuance_id = $1 and s.state is null and ${ownBranch} order by 1 limit 6`,
    [run.id, run.workplacesId],
  );
  const foreign = await somebody('kyokai', `not (${ownBranch})`);
  const [alone = '', ...posted] = own.map((row) => row.number);
  for (const event of ['enclose', 'post'] as const)
    await recordPieceEvents(
      context,
      run,
      posted.map((number) => ({ mailpieceNumber: number, event, reason: '', source: '', key: `${event}:${number}` })),
    );

  const { page, faults } = await at.open('kyokai', 'branch', '/', { viewport: DESK });
  await page.getByText('対応を待つものはありません').waitFor();
  await page.getByRole('link', { name: '不着を読み取る' }).click();
  await page.getByLabel('不着の理由').selectOption({ label: '保管期間経過' });
  const scan = async (number: string, word: string): Promise<void> => {
    await page.keyboard.type(number);
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText(word, { exact: true }).waitFor();
    await page.waitForTimeout(600);
  };
  for (const number of posted.slice(0, 3)) await scan(number, '登録しました');
  // Another branch's envelope is not there for this one.
  await scan(foreign.piece, '分からない番号です');
  await page.getByRole('link', { name: '不着の一覧' }).click();
  await page.getByText('1～3通目 / 全3通').waitFor();
  expect(await page.getByRole('combobox', { name: '支部' }).count()).toBe(0);
  await page.getByRole('checkbox', { name: 'このページの行をすべて選択' }).first().check();
  await page.getByRole('button', { name: '同じ宛先へもう一度送る' }).click();
  const dialog = page.getByRole('dialog', { name: '3通を同じ宛先へもう一度送りますか' });
  await dialog.getByRole('textbox', { name: '理由' }).fill('保管期間経過のため');
  // Meanwhile somebody takes one of them back: it is told, and the others go.
  await (await at.as('kyokai', 'headquarters')).post(`/scans/${posted[0]}/take-back`, {});
  await dialog.getByRole('button', { name: '同じ宛先へもう一度送る' }).click();
  await page.getByText('2通を同じ宛先へもう一度送ると記録しました').waitFor();
  await page.getByRole('list', { name: '行えなかった郵便物' }).getByText('「発送済み」のため').waitFor();
  await shoot(page, 'journey-branch-answer-1280');
  expect(await axe(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 900 });
  await shoot(page, 'journey-branch-answer-390');
  await page.setViewportSize(DESK);

  // One person who has left before posting: found by the envelope, withdrawn with a reason.
  await page.goto(`${at.address}/members?q=${alone}`);
  const link = page.getByRole('rowheader').getByRole('link').first();
  await page.getByRole('heading', { level: 2 }).or(link).first().waitFor();
  if (await link.isVisible()) await link.click();
  await page.getByRole('button', { name: '引き抜く', exact: true }).first().click();
  const pull = page.getByRole('dialog');
  await pull.getByLabel('引き抜きの区分').selectOption('lost');
  await pull.getByText('資格喪失年月日').waitFor();
  await pull.getByRole('textbox', { name: '理由' }).fill('資格喪失');
  expect(await axe(page)).toEqual([]);
  await shoot(page, 'journey-withdraw-1280');
  await pull.getByRole('button', { name: '引き抜く', exact: true }).click();
  await page.getByText('記録しました。').waitFor();
  await page.getByText('資格確認書：引き抜き', { exact: true }).first().waitFor();

  // It stands in the list of withdrawals with its age until somebody lifts it.
  await page.goto(`${at.address}/withdrawals`);
  const withdrawn = page.getByRole('table', { name: '解除していない引き抜き' }).getByRole('row').nth(1);
  await withdrawn.getByText('資格喪失（喪失のあいだ）').waitFor();
  await withdrawn.getByText('0日', { exact: true }).waitFor();
  for (const width of [1280, 390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await sideways(page), `${width} px`).toBe(0);
    expect(await axe(page)).toEqual([]);
    if (width > 320) await shoot(page, `journey-withdrawals-${width}`);
  }
  await page.setViewportSize(DESK);
  await withdrawn.getByRole('button', { name: /の引き抜きを解除する$/ }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: '理由' }).fill('喪失の取り消し');
  await page.getByRole('dialog').getByRole('button', { name: '解除する' }).click();
  await page.getByText('引き抜きを解除しました。次の回から対象になります。').waitFor();
  await page.getByText('解除していない引き抜きはありません').waitFor();

  // A certificate that came back, at the station.
  const [back] = await at.query<{ number: string }>(
    'select certificate_number::text as number from certificate where issuance_id = $1 and mailpiece_number = $2 limit 1',
    [run.id, posted[3]],
  );
  await page.goto(`${at.address}/recall/scan`);
  await settle(page);
  await scan(back!.number, '登録しました');
  expect(faults).toEqual([]);
  await page.context().close();
});

step('headquarters narrows a list and withdraws all of it but one: told first, asked once, answered', async () => {
  const { run } = at.kyokai;
  const [branch] = await at.query<{ code: string; count: number }>(
    `select w.branch_code as code, count(*)::int as count from printed_piece f
         join mailpiece p using (issuance_id, mailpiece_number)
         join workplace w on w.dataset_id = $2 and w.symbol = p.symbol
         left join paper_state s on s.paper_number = p.mailpiece_number
        where f.issuance_id = $1 and s.state is null group by 1 having count(*) > 50 order by 2, 1 limit 1`,
    [run.id, run.workplacesId],
  );
  const total = branch!.count;
  const countWithdrawn = async (): Promise<number> => {
    const rows = await at.query<{ count: number }>(
      `select count(*)::int as count from paper_state
          where issuance_id = $1 and subject = 'mailpiece' and state = 'withdrawn'`,
      [run.id],
    );
    return rows[0]!.count;
  };
  const before = await countWithdrawn();
  const { page, faults } = await at.open('kyokai', 'headquarters', '/', { viewport: DESK });
  await page.goto(`${at.address}/issuances/${run.id}`);
  await page.getByRole('link', { name: '印刷済み' }).first().click();
  await page.getByRole('heading', { level: 1, name: '郵便物：印刷済み' }).waitFor();
  expect(new URL(page.url()).search).toBe(`?issuance=${run.id}`);
  await page.getByRole('combobox', { name: '支部' }).selectOption(branch!.code);
  await page.getByRole('button', { name: '絞り込む' }).click();
  await page.getByText(`/ 全${total}通`).waitFor();
  // The filter stands in the address: read again it is the same, and back undoes it.
  await page.reload();
  await page.getByText(`/ 全${total}通`).waitFor();
  expect(await page.getByRole('combobox', { name: '支部' }).inputValue()).toBe(branch!.code);
  await page.goBack();
  await page.getByText(`/ 全${total}通`).waitFor({ state: 'detached' });
  await page.goForward();
  await page.getByText(`/ 全${total}通`).waitFor();

  await page.getByRole('checkbox', { name: 'このページの行をすべて選択' }).first().check();
  await page.getByRole('button', { name: `条件に合う${total}通すべてを選択` }).click();
  await page
    .getByRole('checkbox', { name: /^行を選択/ })
    .first()
    .uncheck();
  await page.getByText(`条件に合う${total - 1}通を選択中`).waitFor();
  await shoot(page, 'journey-pieces-chosen-1280');
  expect(await axe(page)).toEqual([]);
  await page.getByRole('button', { name: '封筒ごと引き抜く' }).click();
  const dialog = page.getByRole('dialog', { name: `${total - 1}通を封筒ごと引き抜きますか` });
  await dialog.getByText(`行うもの ${total - 1}通`).waitFor();
  // A reason is part of the record: without it nothing is done.
  const verb = dialog.getByRole('button', { name: '封筒ごと引き抜く' });
  expect(await verb.getAttribute('aria-disabled')).toBe('true');
  await dialog.getByText('理由を入れてください').waitFor();
  await dialog.getByRole('textbox', { name: '理由' }).fill('住所データの誤り');
  await shoot(page, 'journey-pieces-asked-1280');
  expect(await axe(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 900 });
  await shoot(page, 'journey-pieces-asked-390');
  await page.setViewportSize(DESK);
  await verb.click();
  await page.getByText(`${total - 1}通を引き抜きました`).waitFor();
  await page
    .getByText('1通目')
    .or(page.getByText('1通', { exact: true }))
    .first()
    .waitFor();
  await shoot(page, 'journey-pieces-done-1280');
  expect(await countWithdrawn()).toBe(before + total - 1);
  expect(faults).toEqual([]);
  await page.context().close();
});

step('the call centre answers from the number on the envelope, and can change nothing', async () => {
  const person = await somebody('mbk');
  const { page, faults } = await at.open('mbk', 'call-centre', '/', { viewport: DESK });
  await page.keyboard.press('/');
  await page.keyboard.type(person.certificate);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 2, name: '経過' }).waitFor();
  expect(decodeURIComponent(new URL(page.url()).pathname)).toBe(`/members/${person.key}`);
  expect(await page.getByRole('group', { name: 'いまできること' }).getByRole('button').count()).toBe(0);
  await page.goto(`${at.address}/pieces/posted`);
  await settle(page);
  expect(await page.getByRole('checkbox').count()).toBe(0);
  expect(faults).toEqual([]);
  await page.context().close();
});

test('the administrator changes the profile, with a reason that stays', async () => {
  const { page, faults } = await at.open('mbk', 'administrator', '/profile', { viewport: DESK });
  const source = page.getByRole('textbox', { name: '決まり（YAML）' });
  await source.fill((await source.inputValue()).replace('name: MBK連合健康保険組合', 'name: 架空連合健康保険組合'));
  await page.getByRole('textbox', { name: /変える理由/ }).fill('名称の変更');
  await page.getByRole('button', { name: '誤りを調べる' }).click();
  await page.getByText('誤りはありません').waitFor();
  await page.getByRole('button', { name: '変える', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: '変える', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await page.getByText('名称の変更').last().waitFor();
  await shoot(page, 'journey-profile-1280');
  expect(await axe(page)).toEqual([]);
  expect(faults).toEqual([]);
  await page.context().close();
});
