// The pages of the office in a real browser, by role and label: figures, records, users, contractor, workplace.
import { beforeAll, expect, test } from 'vitest';
import type { Role } from '../src/rules/access.ts';
import { formatPaperNumber } from '../src/rules/words/check-digits.ts';
import type { PackageList } from '../src/server/contract/papers.ts';
import { axe, shoot, sideways } from '../web/tests/browser.ts';
import { openBrowserConsole } from './browser-console.ts';
import { approveLots } from './ledger.ts';
import type { BrowserConsole } from './browser-console.ts';
import { story } from './story.ts';

let product: BrowserConsole;
beforeAll(async () => {
  product = await openBrowserConsole(true);
});

const PAGES: readonly (readonly [string, Role, string])[] = [
  ['figures-workplace', 'branch', '/figures?by=workplace'],
  ['user-new', 'administrator', '/users/new'],
  ['user-unknown', 'administrator', '/users/999999'],
];

test.each(PAGES)(
  '%s: one heading, no axe violation, nothing sideways, no fault, wide and narrow',
  async (name, role, where) => {
    const { page, faults } = await product.open('kyokai', role, where, { viewport: { width: 1280, height: 900 } });
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    for (const width of [1280, 390, 320]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await sideways(page), `${width} px`).toBe(0);
      if (width === 320) continue;
      expect(await axe(page), `${width} px`).toEqual([]);
      await shoot(page, `${name}-${width}`);
    }
    expect(faults).toEqual([]);
    await page.context().close();
  },
);

test('figures: the chart adds up to the members, a branch opens to its own breakdown, and the address holds it', async () => {
  const { page, faults } = await product.open('kyokai', 'headquarters', '/figures');
  const counts = await product.query<{ targets: number; members: number }>(
    'select count(*) filter (where is_target)::int as targets, count(*)::int as members from decision where issuance_id = $1',
    [product.kyokai.run.id],
  );
  const { targets, members } = counts[0]!;
  await page.getByText(`対象者 ${targets.toLocaleString('ja-JP')}人の理由`).waitFor();
  expect(await page.getByText(`加入者 ${members}人`).count()).toBe(1);

  await page.getByRole('link', { name: '支部別' }).click();
  await page.getByRole('button', { name: '加入者' }).click();
  await page.locator('th[aria-sort=ascending]', { hasText: '加入者' }).waitFor();
  expect(new URL(page.url()).search).toContain('sort=members');
  const first = page.getByRole('row').nth(1);
  const branch = await first.getByRole('link').textContent();
  await first.getByRole('link').click();
  await page.getByRole('heading', { name: `${branch}の内訳` }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: `${branch}の内訳` }).waitFor();
  // The branch with the fewest members has so few that figures would tell of persons.
  await page.getByText('加入者が10人より少ないため、理由ごとの数は出しません。').waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: `${branch}の内訳` }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '加入者' }).click();
  await page.locator('th[aria-sort=descending]', { hasText: '加入者' }).waitFor();
  const most = page.getByRole('row').nth(1).getByRole('link');
  await most.click();
  await page.getByText(/^対象者 [\d,]+人の理由$/).waitFor();
  expect(await axe(page)).toEqual([]);
  await shoot(page, 'figures-group-1280');

  await page.getByRole('link', { name: '事業所別' }).click();
  await page.getByRole('searchbox', { name: '事業所の名称の一部、または記号' }).fill('ない名前の事業所');
  await page.getByRole('button', { name: '絞り込む' }).click();
  await page.getByText('条件に合う事業所はありません').waitFor();
  await page.getByRole('button', { name: '条件を消す' }).click();
  await page.getByRole('row').nth(1).waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test('figures leave as CSV and as PDF', async () => {
  const { page } = await product.open('kyokai', 'auditor', '/figures?by=branch');
  for (const [button, file] of [
    ['内訳のCSV', '対象者の内訳.csv'],
    ['登録率のCSV', '登録率の推移.csv'],
  ] as const) {
    await page.getByRole('button', { name: button }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Excelで開く' }).and(page.locator(':visible')).click(),
    ]);
    expect(download.suggestedFilename()).toBe(file);
    await page.keyboard.press('Escape');
  }
  const pdf = await page
    .context()
    .request.get(
      new URL((await page.getByRole('link', { name: '印刷用PDF' }).getAttribute('href')) ?? '', product.address).href,
    );
  expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
  await page.context().close();
});

test('a user is made, signs in, is shut, and cannot any more; the administrator cannot shut himself', async () => {
  const { page, faults } = await product.open('kyokai', 'administrator', '/users');
  await page.getByRole('link', { name: '利用者を登録する' }).click();
  await page.getByRole('button', { name: '登録する', exact: true }).click();
  await page.getByText('役割を選んでください。').waitFor();
  expect(await axe(page)).toEqual([]);
  await shoot(page, 'user-new-errors-1280');
  await page.getByRole('textbox', { name: '氏名' }).fill('島根　花子');
  await page.getByRole('textbox', { name: '利用者名' }).fill('ｓｈｉｍａｎｅ.h');
  await page.getByRole('radio', { name: '支部', exact: true }).check();
  await page.getByRole('combobox', { name: '支部' }).selectOption({ index: 1 });
  await page.getByRole('button', { name: 'パスワードを作る' }).click();
  const password = await page.getByRole('textbox', { name: 'パスワード' }).inputValue();
  expect(password).toMatch(/^[A-Za-z0-9]{16}$/);
  await page.getByRole('button', { name: '登録する', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: '利用者を登録しました' }).waitFor();
  await page.getByRole('img', { name: '認証アプリに読み取らせるQRコード' }).waitFor();
  expect(await axe(page)).toEqual([]);
  await shoot(page, 'user-made-1280');
  await page.getByRole('link', { name: '利用者の一覧へ' }).click();

  await page.getByRole('link', { name: 'shimane.h' }).click();
  await page.getByRole('button', { name: '利用を停止する' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '停止する' }).click();
  await page.getByText('利用を停止しました').waitFor();
  await shoot(page, 'user-1280');
  expect(await axe(page)).toEqual([]);
  const refused = await page
    .context()
    .request.post(`${product.address}/api/session`, { data: { login: 'shimane.h', password, code: '' } });
  expect(refused.status()).toBe(401);

  await page.getByRole('navigation', { name: '現在位置' }).getByRole('link', { name: '利用者' }).click();
  await page.getByRole('link', { name: 'kyokai-administrator' }).click();
  await page.getByText('自分自身は止められません').waitFor();
  expect(faults).toEqual([]);
  await page.context().close();
});

test('records: a change shows by itself, is found by who and what, and the chain is proved', async () => {
  const { page, faults } = await product.open('kyokai', 'auditor', '/audit');
  await page.getByText('記録はまだありません').waitFor();
  const piece = (
    await product.query<{ number: string; name: string }>(
      `select p.mailpiece_number::text as number from mailpiece p where p.issuance_id = $1 order by 1 limit 1`,
      [product.kyokai.run.id],
    )
  )[0]!;
  const office = await product.as('kyokai', 'headquarters');
  const owner = (
    await product.query<{ certificate: string }>(
      'select certificate_number::text as certificate from certificate where issuance_id = $1 and mailpiece_number = $2 limit 1',
      [product.kyokai.run.id, piece.number],
    )
  )[0]!;
  const answer = await office.post(`/papers/${owner.certificate}/actions`, { action: 'withdraw', reason: '退職' });
  expect(answer.status).toBe(200);
  await page.getByRole('rowheader').first().waitFor();
  await page.getByRole('textbox', { name: '操作した人' }).fill('nobody');
  await page.getByRole('button', { name: '絞り込む' }).click();
  await page.getByText('条件に合う記録はありません').waitFor();
  await page.goBack();
  await page.getByRole('rowheader').first().waitFor();
  await page.getByRole('combobox', { name: '操作' }).selectOption({ label: '引き抜き' });
  await page.getByRole('button', { name: '絞り込む' }).click();
  await page.waitForURL(/event=withdraw/);
  await page.getByRole('rowheader').first().waitFor();
  await shoot(page, 'audit-filled-1280');
  expect(await axe(page)).toEqual([]);
  await page.getByRole('button', { name: '改変がないか確かめる' }).click();
  await page.getByText('記録に改変や欠落はありません').waitFor();

  // What was done without an issuance is in the journal: imports and users.
  await page.getByRole('navigation', { name: '記録の種類' }).getByRole('link', { name: '操作の記録' }).click();
  await page.getByRole('cell', { name: '加入者の取込' }).first().waitFor();
  await page.getByRole('combobox', { name: '操作' }).selectOption({ label: '利用者の登録' });
  await page.getByRole('textbox', { name: '操作した人' }).fill('tester');
  await page.getByRole('group', { name: 'この日から' }).getByLabel('年', { exact: true }).fill('2020/1/1');
  await page.getByRole('button', { name: '絞り込む' }).click();
  await page.waitForURL(/operation=create-account&actor=tester&from=2020-01-01/);
  await page.getByRole('cell', { name: '加入者の取込' }).first().waitFor({ state: 'detached' });
  await page.getByText('利用者 kyokai-auditor').waitFor();
  expect(await page.getByText('mbk-').count()).toBe(0);
  for (const width of [1280, 390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await sideways(page), `${width} px`).toBe(0);
    expect(await axe(page)).toEqual([]);
    await shoot(page, `journal-${width}`);
  }
  expect(faults).toEqual([]);
  await page.context().close();
});

const step = story();

step('images for a card printer are chosen where a package is made, and are in it; a postcard has none', async () => {
  const { context, kyokai, mbk } = product;
  await approveLots(context, kyokai.run);
  const { page, faults } = await product.open('kyokai', 'headquarters', `/issuances/${kyokai.run.id}`, {
    viewport: { width: 1280, height: 900 },
  });
  const ask = page.getByRole('button', { name: '引き渡しを作る' });
  await ask.click();
  const dialog = page.getByRole('dialog');
  const images = dialog.getByRole('group', { name: 'カード発行機で引く画像' });
  expect(await images.getByRole('radio', { name: '付けない' }).isChecked()).toBe(true);
  await images.getByRole('radio', { name: 'QRコード', exact: true }).check();
  for (const width of [1280, 390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await sideways(page), `${width} px`).toBe(0);
    expect(await axe(page)).toEqual([]);
    await shoot(page, `card-images-${width}`);
  }
  await dialog.getByRole('button', { name: '引き渡しを作る' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await product.settled();
  await page.context().close();
  const contractor = await product.as('kyokai', 'contractor');
  const { items } = (await (await contractor.get('/packages')).json()) as PackageList;
  const files = items[0]!.files.map((file) => file.path);
  expect(files).toContain('card-images/seal.png');
  expect(files).toContain('card-images/00001.zip');
  expect(faults).toEqual([]);

  // What two persons have not released is no door yet.
  const other = await product.open('mbk', 'headquarters', `/issuances/${mbk.run.id}`);
  await other.page.getByText('ロットの印刷を二人が確認すると、引き渡せます').waitFor();
  expect(await other.page.getByRole('button', { name: '引き渡しを作る' }).count()).toBe(0);
  await approveLots(context, mbk.run);
  await other.page.reload();
  await other.page.getByRole('button', { name: '引き渡しを作る' }).click();
  await other.page.getByRole('dialog').getByLabel('委託業者の公開鍵').waitFor();
  expect(await other.page.getByRole('group', { name: 'カード発行機で引く画像' }).count()).toBe(0);
  await other.page.context().close();
  const office = await product.as('mbk', 'headquarters');
  const refused = await office.post('/packages', { issuanceId: mbk.run.id, recipient: null, cardImages: 'faces' });
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ code: 'package-images' });
});

step('contractor and employer: a package taken, a paper pulled, results brought, envelopes handed over', async () => {
  const { context, mbk, query } = product;
  const { run } = mbk;
  const symbol = (
    await query<{ symbol: string }>(`select workplace_symbol as symbol from account where login = 'mbk-workplace'`)
  )[0]!.symbol;
  const pieces = await query<{ number: string }>(
    'select mailpiece_number::text as number from mailpiece where issuance_id = $1 and symbol = $2 order by 1',
    [run.id, symbol],
  );
  expect(pieces.length).toBeGreaterThan(4);
  const pulled = (
    await query<{ certificate: string; piece: string }>(
      `select certificate_number::text as certificate, mailpiece_number::text as piece from certificate
        where issuance_id = $1 and symbol <> $2 order by 1 limit 1`,
      [run.id, symbol],
    )
  )[0]!;
  const office = await product.as('mbk', 'headquarters');
  const withdrawn = await office.post(`/papers/${pulled.certificate}/actions`, { action: 'withdraw', reason: '死亡' });
  expect(withdrawn.status).toBe(200);
  await approveLots(context, run);
  expect((await office.post('/packages', { issuanceId: run.id, recipient: null })).status).toBe(200);
  await product.settled();

  const contractor = await product.open('mbk', 'contractor', '/packages', { viewport: { width: 1280, height: 900 } });
  await contractor.page.getByRole('rowheader', { name: formatPaperNumber(pulled.piece) }).waitFor();
  expect(await contractor.page.content()).not.toContain('死亡');
  await contractor.page.getByText('ファイルと照合用の値').click();
  const [manifest] = await Promise.all([
    contractor.page.waitForEvent('download'),
    contractor.page.getByRole('link', { name: 'pull-list.csv' }).click(),
  ]);
  expect(manifest.suggestedFilename()).toBe('pull-list.csv');
  const lines = pieces.flatMap(({ number }) => [`${number},封入,2025-11-05,,`, `${number},発送,2025-11-06,,`]);
  const csv = ['郵便物番号,結果,年月日,理由,引受番号', ...lines, '20001000000099,発送,2025-11-06,,'].join('\r\n');
  await contractor.page
    .getByLabel('結果のファイル', { exact: true })
    .last()
    .setInputFiles({ name: '結果.csv', mimeType: 'text/csv', buffer: Buffer.from(`${csv}\r\n`) });
  await contractor.page.getByText('結果のファイルの書き方').click();
  await contractor.page.getByRole('button', { name: '結果を記録する' }).click();
  await contractor.page.getByText(`${lines.length}件を記録しました`).waitFor();
  expect(await contractor.page.getByRole('table', { name: '記録できなかった行' }).getByRole('row').count()).toBe(2);
  for (const width of [1280, 390, 320]) {
    await contractor.page.setViewportSize({ width, height: 900 });
    expect(await sideways(contractor.page), `${width} px`).toBe(0);
    expect(await axe(contractor.page)).toEqual([]);
    await shoot(contractor.page, `packages-${width}`);
  }
  expect(contractor.faults).toEqual([]);
  await contractor.page.context().close();

  const { page, faults } = await product.open('mbk', 'workplace', `/workplaces/${symbol}`);
  await page.setViewportSize({ width: 1280, height: 900 });
  const table = page.getByRole('table', { name: '郵便物' });
  const states = page.getByRole('navigation', { name: '状態' });
  await states.getByRole('link', { name: `発送済み ${pieces.length}` }).waitFor();
  const boxes = table.getByRole('checkbox', { name: /^行を選択/ });
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await shoot(page, 'workplace-chosen-1280');
  await page.getByRole('button', { name: '2通を渡した' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '渡したと報告する' }).click();
  await page.getByText('2通を渡したと記録しました').waitFor();
  await states.getByRole('link', { name: '手渡し済み 2' }).waitFor();
  await table
    .getByRole('button', { name: /^渡せない：/ })
    .first()
    .click();
  await page.getByRole('textbox', { name: '渡せなかった理由' }).fill('長く休んでいる');
  await page.getByRole('dialog').getByRole('button', { name: '渡せなかったと報告する' }).click();
  await states.getByRole('link', { name: '手渡しできず 1' }).waitFor();
  await table
    .getByRole('button', { name: /^退職した：/ })
    .first()
    .click();
  await page.getByRole('dialog').getByRole('button', { name: '退職したと報告する' }).click();
  await page.getByText('1通を退職のため渡せなかったと記録しました').waitFor();
  await states.getByRole('link', { name: '退職のため手渡しできず 1' }).click();
  await page.getByText('1～1通目 / 全1通').waitFor();
  await page.reload();
  await page.getByText('1～1通目 / 全1通').waitFor();
  await page.goBack();
  await states.getByRole('link', { name: `すべて ${pieces.length}`, exact: true }).waitFor();
  for (const width of [1280, 390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await sideways(page), `${width} px`).toBe(0);
    expect(await axe(page)).toEqual([]);
    await shoot(page, `workplace-${width}`);
  }
  // The last page shows one envelope; all that can be handed over are chosen from it, and one of them left out.
  const open = (
    await query<{ number: string }>(
      `select p.mailpiece_number::text as number from mailpiece p
         join paper_state s on s.paper_number = p.mailpiece_number
          and exists (select from transition t where t.subject = 'mailpiece' and t.event = 'hand-over' and t.from_state = s.state)
        where p.issuance_id = $1 and p.symbol = $2 order by 1`,
      [run.id, symbol],
    )
  ).map(({ number }) => number);
  const cursor = Buffer.from(JSON.stringify([pieces.at(-2)!.number])).toString('base64url');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${product.address}/workplaces/${symbol}?after=${cursor}`);
  await boxes.first().waitFor();
  expect(await boxes.count()).toBe(1);
  await page.getByRole('checkbox', { name: 'このページの行をすべて選択' }).first().check();
  await page.getByRole('button', { name: `条件に合う${open.length}通すべてを選択` }).click();
  await page.getByText(`条件に合う${open.length}通を選択中`).waitFor();
  await shoot(page, 'workplace-all-1280');
  await boxes.first().uncheck();
  const rest = open.length - 1;
  await page.getByRole('button', { name: `${rest}通を渡した` }).click();
  const all = page.getByRole('dialog', { name: `${rest}通の封筒を本人に渡しましたか` });
  await all.getByRole('button', { name: '渡したと報告する' }).click();
  await page.getByText(`${rest}通を渡したと記録しました`).waitFor();
  const still = await query<{ number: string }>(
    `select paper_number::text as number from paper_state where paper_number = any($1) and state <> 'handed-over'`,
    [open],
  );
  expect(still).toEqual([{ number: open.at(-1) }]);
  const list = await page
    .context()
    .request.get(
      new URL(
        (await page.getByRole('link', { name: '送付予定対象者一覧表（PDF）' }).getAttribute('href')) ?? '',
        product.address,
      ).href,
    );
  expect((await list.body()).subarray(0, 5).toString()).toBe('%PDF-');
  const foreign = await page.context().request.get(`${product.address}/api/workplaces/99999999/lists/${run.id}`);
  expect(foreign.status()).toBe(404);
  expect(faults).toEqual([]);
  await page.context().close();
});
