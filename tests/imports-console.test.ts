// Files sent in the console, and an issuance's lists and files, as a person sees them. (What is confirmed, overtaken, given up and
// taken up again is asked of the API in imports.test.ts.)
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { csvLine } from '../src/formats/csv.ts';
import { ENROLMENT_COLUMNS } from '../src/formats/enrolment.ts';
import { MEMBER_COLUMNS } from '../src/formats/members.ts';
import { WORKPLACE_COLUMNS } from '../src/formats/workplaces.ts';
import { axe, shoot, sideways } from '../web/tests/browser.ts';
import { openBrowserConsole, settle } from './browser-console.ts';
import { readRows } from './issued.ts';
import type { Cells } from './cast.ts';

const at = await openBrowserConsole();

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

test(
  'files are sent together, and what they would change and what is wrong with them stands on one page',
  { timeout: 240_000 },
  async () => {
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
    expect(faults).toEqual([]);
    await page.context().close();
  },
);

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
