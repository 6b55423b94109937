// The console over the real server and database, in a real browser: every page each role can reach, without an axe
// violation and without sideways scrolling; and the work itself, by role and label, from printing to a letter re-routed.
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { csvLine } from '../src/formats/csv.ts';
import { RESULT_COLUMNS } from '../src/formats/results.ts';
import { createAccount } from '../src/operations/accounts.ts';
import type { Role } from '../src/rules/access.ts';
import { formatPaperNumber } from '../src/rules/check-digits.ts';
import { PAPER_EVENT_LABELS } from '../src/rules/lifecycle.ts';
import { axe, shoot, sideways } from '../web/tests/browser.ts';
import type { Watched } from '../web/tests/browser.ts';
import { openBrowserConsole, settle } from './browser-console.ts';
import type { BrowserConsole } from './browser-console.ts';
import { PASSWORD, ROLES } from './console.ts';

let at: BrowserConsole;

beforeAll(async () => {
  at = await openBrowserConsole(true);
  await createAccount(at.context, {
    insurer: at.mbk.profile.insurer,
    login: 'mbk-second',
    displayName: 'mbk second',
    role: 'headquarters',
    branchCode: null,
    workplaceSymbol: null,
    password: PASSWORD,
    withTotp: false,
    oidc: null,
    expiresOn: null,
  });
}, 240_000);

/** Pages a role reaches from its menu, and the deeper ones. */
async function addressesOf(watched: Watched, role: Role): Promise<string[]> {
  const links = watched.page.getByRole('navigation', { name: '主な画面' }).getByRole('link');
  const menu = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  const [person] = await at.query<{ key: string }>(
    `select concat(c.symbol, '-', c.number, '-', c.sub_number) as key from certificate c
      where c.issuance_id = $1 order by 1 limit 1`,
    [at.mbk.run.id],
  );
  const id = at.mbk.run.id;
  const deeper: Partial<Record<Role, string[]>> = {
    headquarters: [
      `/issuances/${id}`,
      `/issuances/${id}/lots`,
      `/members?q=${encodeURIComponent('サ')}`,
      `/members/${person?.key}`,
      '/members?q=99999999-1',
      '/pieces/held',
      '/figures?by=branch',
      '/jobs',
      '/nothing-here',
    ],
    'call-centre': [`/members/${person?.key}`, '/users'],
    auditor: ['/audit/looks', '/audit/journal', `/issuances/${id}`],
  };
  return [...menu, ...(deeper[role] ?? [])];
}

const DESK = { width: 1280, height: 900 };

test.each(ROLES.filter((role) => role !== 'branch'))('every page of %s', { timeout: 180_000 }, async (role) => {
  const watched = await at.open('mbk', role, '/', { viewport: DESK });
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
  await page.getByRole('radio', { name: '加入者' }).check();
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: '加入者.csv', mimeType: 'text/csv', buffer: Buffer.from('x') });
  await page.context().clearCookies();
  await page.getByRole('button', { name: '取り込む' }).click();
  const dialog = page.getByRole('dialog', { name: 'サインインし直してください' });
  await dialog.waitFor();
  expect(await axe(page)).toEqual([]);
  await dialog.getByLabel('パスワード').fill(PASSWORD);
  await dialog.getByRole('button', { name: 'サインインする' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(await page.getByRole('radio', { name: '加入者' }).isChecked()).toBe(true);
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

test('from release to a letter re-routed', { timeout: 240_000 }, async () => {
  const first = await at.open('mbk', 'headquarters', '/', { viewport: DESK });
  const second = await at.visit('mbk-second', '/');
  await confirm(first, '印刷の承認');
  await confirm(second, '印刷の承認');
  await confirm(first, '発送の承認');
  await confirm(second, '発送の承認');

  // The package for the contractor.
  const { page } = first;
  await page.goto(`${at.address}/issuances/${at.mbk.run.id}`);
  await page.getByRole('button', { name: '引き渡しを作る' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '引き渡しを作る' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await at.settled();

  // The contractor brings what was enclosed and posted, with one line that is wrong.
  const pieces = await at.query<{ number: string }>(
    'select mailpiece_number::text as number from mailpiece where issuance_id = $1 order by 1',
    [at.mbk.run.id],
  );
  const rows = ['封入', '発送'].flatMap((result) => pieces.map(({ number }) => [number, result, '2025-11-05', '', '']));
  const [good] = pieces;
  const content = [RESULT_COLUMNS.map((column) => column.name), ...rows].map((row) => csvLine(row)).join('');
  const contractor = await at.open('mbk', 'contractor', '/packages', { viewport: { width: 390, height: 900 } });
  await contractor.page
    .locator('input[type=file]')
    .setInputFiles({ name: '結果.csv', mimeType: 'text/csv', buffer: Buffer.from(content) });
  await contractor.page.getByRole('button', { name: '結果を記録する' }).click();
  await contractor.page.getByText(/件を記録しました/).waitFor({ timeout: 60_000 });
  await shoot(contractor.page, 'journey-results-390');

  // A return is scanned at the contractor's; the answer is big and names the road.
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
  await page.getByRole('button', { name: '事業所経由の再送付を作る' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('年', { exact: true }).fill('7');
  await dialog.getByLabel('月').fill('12');
  await dialog.getByLabel('日').fill('1');
  await shoot(page, 'journey-reroute-1280');
  await dialog.getByRole('button', { name: '事業所経由の再送付を作る' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await at.settled();
  await page.goto(`${at.address}/issuances`);
  await page.getByRole('link', { name: /事業所経由の再送付/ }).click();
  await page.getByRole('heading', { level: 1, name: /事業所経由の再送付/ }).waitFor();
  await shoot(page, 'journey-rerouted-1280');

  // The person's page tells all of it.
  await page.goto(`${at.address}/members?q=${returned}`);
  await page.getByRole('heading', { level: 2, name: '経過' }).waitFor();
  await shoot(page, 'journey-person-1280');
  for (const event of ['enclose', 'post', 'return', 'reroute'] as const)
    await page.getByText(`郵便物：${PAPER_EVENT_LABELS[event]}`, { exact: true }).first().waitFor();
  expect(await axe(page)).toEqual([]);
  for (const { page: each, faults } of [first, second, contractor]) {
    expect(faults).toEqual([]);
    await each.context().close();
  }
});

// After the journey above: its envelopes have been posted.
test('an employer hands an envelope over, by keyboard', { timeout: 60_000 }, async () => {
  const { page, faults } = await at.open('mbk', 'workplace', '/', { viewport: { width: 390, height: 900 } });
  await page.getByRole('button', { name: 'メニューを開く' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: '自分の事業所' }).focus();
  await page.keyboard.press('Enter');
  const hand = page.getByRole('button', { name: /の封筒を渡した$/ });
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

test(
  'a file with rows at fault: each is shown with its line, put right in the table, and the file is taken',
  { timeout: 120_000 },
  async () => {
    const { page, faults } = await at.open('mbk', 'headquarters', '/', { viewport: DESK });
    await page.goto(`${at.address}/imports`);
    await page.getByLabel('事業所', { exact: false }).first().check();
    const content =
      '記号,事業所名称,郵便番号,所在地\r\n20009001,株式会社見本,100001,東京都千代田区\r\n20009002,,1000013,東京都千代田区\r\n';
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: '事業所.csv', mimeType: 'text/csv', buffer: Buffer.from(content) });
    await page.getByRole('button', { name: '取り込む' }).click();
    await page.waitForURL(/job=/);
    await at.settled();
    await page.reload();
    await page.getByRole('heading', { name: /^直すところ/ }).waitFor();
    expect(await axe(page)).toEqual([]);
    await shoot(page, 'journey-import-faults-1280');
    for (const field of await page.getByRole('textbox', { name: /の正しい値/ }).all()) {
      const name = (await field.getAttribute('aria-label')) ?? '';
      await field.fill(name.includes('郵便番号') ? '1000013' : '株式会社直した名前');
    }
    await page.getByRole('button', { name: /直して、もう一度取り込む/ }).click();
    await page.waitForTimeout(300);
    await at.settled();
    await page.reload();
    await page.getByRole('paragraph').filter({ hasText: '2行を取り込みました' }).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  },
);
