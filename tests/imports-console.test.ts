// Files taken in, in the console, by a person at the keyboard: several dropped at once, what they would change looked at together, put
// right, confirmed by two, overtaken, given up, and an earlier file taken up again.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { csvLine } from '../src/formats/csv.ts';
import { ENROLMENT_COLUMNS } from '../src/formats/enrolment.ts';
import { MEMBER_COLUMNS } from '../src/formats/members.ts';
import { WORKPLACE_COLUMNS } from '../src/formats/workplaces.ts';
import { axe, shoot, sideways } from '../web/tests/browser.ts';
import { openBrowserConsole, settle } from './browser-console.ts';
import { madeAccount } from './console.ts';
import { readRows } from './issued.ts';
import type { Cells } from './cast.ts';

const at = await openBrowserConsole();
await madeAccount(at.context, { insurer: at.mbk.profile.insurer, login: 'mbk-second', displayName: '山田　花子' });

const DESK = { width: 1280, height: 900 };

async function look(page: Page, name: string): Promise<void> {
  // Under the head of the page a control would count as too small.
  await page.evaluate('window.scrollTo(0, 0)');
  expect(await axe(page), name).toEqual([]);
  for (const width of [1280, 390, 320]) {
    await page.setViewportSize({ width, height: 900 });
    if (width > 320) await shoot(page, `imports-${name}-${width}`);
    expect(await sideways(page), `${name} ${width}`).toBe(0);
  }
  await page.setViewportSize(DESK);
}

const sample = (name: string): Cells[] => readRows(path.join(at.folder, 'mbk', name));
const file = (name: string, columns: readonly { readonly name: string }[], rows: readonly Cells[]) => {
  const header = columns.map((column) => column.name);
  const lines = [header, ...rows.map((row) => header.map((own) => row[own] ?? ''))];
  return { name, mimeType: 'text/csv', buffer: Buffer.from(lines.map(csvLine).join('')) };
};

/** Chooses files, asks what they would change, and is on the page of the answer. */
async function propose(page: Page, files: readonly ReturnType<typeof file>[]): Promise<void> {
  await page.goto(`${at.address}/imports`);
  await settle(page);
  await page.locator('input[type=file]').setInputFiles([...files]);
  await page.getByRole('button', { name: '何が変わるかを調べる' }).click();
  await page.waitForURL(/\/imports\/\d+$/);
  await at.settled();
  await settle(page);
  await page.getByRole('heading', { name: '決める' }).waitFor();
}

test('files are proposed together, put right, confirmed by two, and gone back on', { timeout: 240_000 }, async () => {
  const { page, faults } = await at.open('mbk', 'headquarters', '/imports', { viewport: DESK });
  const [people, places, cards] = [sample('加入者.csv'), sample('事業所.csv'), sample('マイナ保険証.csv')];

  // The enrolment's day is asked for as soon as its name says what it is; nothing is sent without it.
  await page.locator('input[type=file]').setInputFiles([
    file('事業所_10月.csv', WORKPLACE_COLUMNS, places.slice(0, Math.ceil(places.length / 5))),
    file(
      'マイナ保険証.csv',
      ENROLMENT_COLUMNS,
      cards.map((row) => ({ ...row, 番号: `0${row['番号']}` })),
    ),
    file('名簿.csv', MEMBER_COLUMNS, [
      { ...people[0]!, 住所: '不明' },
      { ...people[1]!, 生年月日: 'きのう' },
      ...people.slice(2, -3),
    ]),
  ]);
  await page.getByRole('button', { name: '何が変わるかを調べる' }).click();
  await page.getByText('基準日を入れてください。').waitFor();
  await page.getByLabel('事業所_10月.csvの件数（わかるとき）').fill('七');
  await page.getByText('の件数を、数字だけで入れてください').waitFor();
  await look(page, 'form');
  await page.getByLabel('事業所_10月.csvの件数（わかるとき）').fill(String(places.length));
  await page
    .getByRole('group', { name: /登録状況の基準日/ })
    .getByLabel('年')
    .fill('R7.12.31');
  await page.getByRole('button', { name: '何が変わるかを調べる' }).click();
  await page.waitForURL(/\/imports\/\d+$/);
  await at.settled();
  await settle(page);

  // One row at fault in one of them: said, and put right in the table.
  await page.getByText('取り込めないファイルがあります').first().waitFor();
  await page.getByRole('heading', { name: '加入者　名簿.csv' }).waitFor();
  await page.getByRole('heading', { name: /直すところ 1か所/ }).waitFor();
  expect(await page.getByRole('button', { name: /として確定する/ }).getAttribute('aria-disabled')).toBe('true');
  await look(page, 'fault');
  await page.getByRole('textbox', { name: '3行目の生年月日の正しい値' }).fill(people[1]!['生年月日']!);
  await page.getByRole('button', { name: '1か所を直して、もう一度調べる' }).click();
  await at.settled();
  await page.getByText('限度を超えるファイルがあります。確定には、別々の二人が要ります').waitFor();

  // What comes, goes and changes; which workplaces, by name; cells to look at; how it all joins.
  const gone = places.at(-1)!;
  await page.getByText(gone['事業所名称']!).first().waitFor();
  await page.getByText('職員が見るべきセル 1か所').first().waitFor();
  await page.getByText('書き方の違いを除いて一致する登録状況').waitFor();
  await page.getByText('加入者の事業所が、事業所のファイルに足りません。このままでは判定できません').waitFor();
  await page
    .getByText(/なくなる 3人/)
    .first()
    .waitFor();
  await page
    .locator('summary')
    .filter({ hasText: /^なくなる 3人/ })
    .press('Enter');
  await look(page, 'proposal');

  // One person, by keyboard, with a reason; the same one cannot be the second.
  await page.getByRole('button', { name: '1人目として確定する' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  const verb = dialog.getByRole('button', { name: '一人目として確定する' });
  expect(await verb.getAttribute('aria-disabled')).toBe('true');
  await dialog.getByRole('textbox', { name: '確定する理由' }).fill('10月からは一部の支部だけ');
  await look(page, 'asked');
  await verb.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('もう一人は別の人が確認してください').waitFor();

  // It waits on the other's first page.
  const other = await at.visit('mbk-second', '/', { viewport: DESK });
  await other.page.getByRole('link', { name: /取り込む前に確かめる/ }).click();
  await settle(other.page);
  await look(other.page, 'list');
  await other.page.getByRole('link', { name: /名簿\.csv/ }).click();
  await settle(other.page);
  await other.page.getByText('mbk headquarters さんが確認しました').waitFor();
  await other.page.getByRole('button', { name: '2人目として確定する' }).click();
  await other.page.getByRole('dialog').getByRole('textbox', { name: '確定する理由' }).fill('確かめた');
  await other.page.getByRole('dialog').getByRole('button', { name: '取り込む' }).click();
  await other.page.getByRole('dialog').waitFor({ state: 'hidden' });
  await at.settled();
  await other.page.getByText(/を取り込みました。/).waitFor();
  await look(other.page, 'taken');

  // Back to an earlier file, by the list.
  await page.goto(`${at.address}/imports`);
  await settle(page);
  const row = page
    .getByRole('table', { name: '取り込んだファイル、新しい順' })
    .getByRole('row', { name: /事業所\.csv/ });
  await row.getByRole('button', { name: 'このファイルに戻す' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: '戻す理由' }).fill('全部の事業所に戻す');
  await look(page, 'back');
  await page.getByRole('dialog').getByRole('button', { name: '戻す', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await row.getByText('使用中').waitFor();

  // A proposal that another import overtakes: said, worked out again, and only then confirmed.
  await propose(page, [file('加入者_a.csv', MEMBER_COLUMNS, people.slice(1))]);
  await propose(other.page, [file('加入者_b.csv', MEMBER_COLUMNS, people.slice(2))]);
  await other.page.getByRole('button', { name: '確定して取り込む' }).click();
  await other.page.getByRole('dialog').getByRole('button', { name: '取り込む' }).click();
  await at.settled();
  await other.page.getByText(/を取り込みました。/).waitFor();
  await page.reload();
  await page.getByText('調べたあとで、使っているファイルが替わりました').waitFor();
  await look(page, 'overtaken');
  await page.getByRole('button', { name: 'もう一度調べる' }).click();
  await at.settled();
  await page.getByText('まだ何も変わっていません').waitFor();
  await page.getByRole('button', { name: '確定して取り込む' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '取り込む' }).click();
  await at.settled();
  await page.getByText(/を取り込みました。/).waitFor();

  // The first file of all, brought again: offered, not 「変更なし」; given up.
  const bytes = readFileSync(path.join(at.folder, 'mbk', '加入者.csv'));
  await propose(page, [{ name: '加入者.csv', mimeType: 'text/csv', buffer: bytes }]);
  await page.getByText('前に取り込んだファイルです').waitFor();
  await look(page, 'earlier');
  await page.getByRole('button', { name: '取込を取りやめる' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '取りやめる', exact: true }).click();
  await page.getByText('取りやめました').waitFor();

  // A file that says nothing of what it is: asked, and refused by its own fault.
  await page.goto(`${at.address}/imports`);
  await settle(page);
  await page
    .locator('input[type=file]')
    .setInputFiles([{ name: '一覧.csv', mimeType: 'text/csv', buffer: Buffer.from('記号\r\n1\r\n') }]);
  await page.getByRole('button', { name: '何が変わるかを調べる' }).click();
  await page.getByText('見出しから種類がわかりません').waitFor();
  await page.getByRole('combobox', { name: '種類' }).selectOption({ label: '事業所' });
  await page.getByRole('button', { name: '何が変わるかを調べる' }).click();
  await page.waitForURL(/\/imports\/\d+$/);
  await at.settled();
  await page
    .getByText(/必須の見出しがありません/)
    .first()
    .waitFor();
  expect(faults).toEqual([]);
  expect(other.faults).toEqual([]);
  await page.context().close();
  await other.page.context().close();
});

test('lists and files of an issuance: as many as each role sees', { timeout: 120_000 }, async () => {
  const { id } = at.kyokai.run;
  const { page, faults } = await at.open('kyokai', 'headquarters', `/issuances/${id}`, { viewport: DESK });
  await page.getByRole('link', { name: '一覧とファイル' }).click();
  await settle(page);
  await page.getByText('まだ書き出していません').waitFor();
  await look(page, 'files');
  await page.getByRole('link', { name: 'すべての行を見る' }).click();
  await settle(page);
  await page.getByRole('heading', { level: 1, name: '職員が見るべき行' }).waitFor();
  await look(page, 'warnings');
  expect(faults).toEqual([]);
  await page.context().close();
});
