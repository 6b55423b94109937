// Every component in every state in a real browser: no axe violation, no sideways scrolling, a visible focus, the keys,
// and the scan station as a reader uses it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { paperNumber } from '../../src/rules/words/check-digits.ts';
import { axe, openBrowser, openPage, serveFolder, shoot, sideways } from './browser.ts';
import { plugins } from '../vite.config.ts';

const PAGES = [
  ['states', '/'],
  ['forms', '/forms'],
  ['lists', '/lists'],
  ['scan', '/scan'],
] as const;

let browser: Browser;
let address: string;
let close: () => Promise<void>;
const out = mkdtempSync(path.join(tmpdir(), 'todoke-catalogue-'));

beforeAll(async () => {
  await build({
    configFile: false,
    root: path.join(import.meta.dirname, 'catalogue'),
    plugins,
    logLevel: 'error',
    build: {
      outDir: out,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
    },
  });
  ({ address, close } = await serveFolder(out));
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await close?.();
  rmSync(out, { recursive: true, force: true });
});

const WIDTHS = [1280, 390, 320] as const;

describe.each(PAGES)('%s', (name, where) => {
  test.each(WIDTHS)(
    'at %i px: no axe violation, no sideways scrolling, nothing fetched from elsewhere',
    async (width) => {
      const { page, faults } = await openPage(browser, address, { viewport: { width, height: 900 } });
      await page.goto(address + where, { waitUntil: 'networkidle' });
      expect(await axe(page)).toEqual([]);
      expect(await sideways(page)).toBe(0);
      await shoot(page, `catalogue-${name}-${width}`);
      expect(faults).toEqual([]);
      await page.context().close();
    },
  );

  test('every stop of the keyboard is seen, and none is hidden under the head', async () => {
    const { page } = await openPage(browser, address, { viewport: { width: 1280, height: 800 } });
    await page.goto(address + where, { waitUntil: 'networkidle' });
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    const unseen: string[] = [];
    let stops = 0;
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement;
        if (element === document.body) return null;
        const style = getComputedStyle(element);
        const box = element.getBoundingClientRect();
        const head = document.querySelector('header')?.getBoundingClientRect().bottom ?? 0;
        const inHead = element.closest('header') !== null || style.position === 'fixed';
        return {
          name: element.outerHTML.slice(0, 80),
          outline: Number.parseFloat(style.outlineWidth),
          hidden: !inHead && (box.bottom <= head || box.top >= innerHeight),
        };
      });
      if (stop === null) break;
      stops++;
      if (stop.outline < 4 || stop.hidden) unseen.push(stop.name);
    }
    expect(stops).toBeGreaterThan(2);
    expect(unseen).toEqual([]);
    await page.context().close();
  });
});

test('in forced colours and with enlarged text spacing nothing is lost', async () => {
  const { page, faults } = await openPage(browser, address, {
    viewport: { width: 1280, height: 900 },
    forcedColors: 'active',
  });
  await page.goto(address, { waitUntil: 'networkidle' });
  await shoot(page, 'catalogue-forced-colours');
  const isSeen = await page.getByRole('progressbar', { name: '印刷ファイルの作成' }).evaluate((bar) => {
    const filled = getComputedStyle(bar.firstElementChild as Element).backgroundColor;
    return filled !== getComputedStyle(bar).backgroundColor;
  });
  expect(isSeen).toBe(true);
  await page.context().close();

  const spaced = await openPage(browser, address, { viewport: { width: 390, height: 900 } });
  await spaced.page.goto(`${address}/lists`, { waitUntil: 'networkidle' });
  await spaced.page.evaluate(() => {
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      element.style.lineHeight = '1.5';
      element.style.letterSpacing = '0.12em';
      element.style.wordSpacing = '0.16em';
    }
  });
  expect(await sideways(spaced.page)).toBe(0);
  expect([...faults, ...spaced.faults]).toEqual([]);
  await spaced.page.context().close();
});

test('the dialog holds the keyboard, Esc closes it and the keyboard goes back', async () => {
  const { page } = await openPage(browser, address);
  await page.goto(address, { waitUntil: 'networkidle' });
  const opener = page.getByRole('button', { name: '1,204通を引き抜く' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: '1,204通を引き抜きますか' });
  await dialog.waitFor();
  expect(await axe(page)).toEqual([]);
  await shoot(page, 'catalogue-dialog');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.context().close();
});

test('keys: skip link first, / searches, g and a letter goes, ? lists them, and they can be switched off', async () => {
  const { page } = await openPage(browser, address);
  await page.goto(address, { waitUntil: 'networkidle' });
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('本文へ移動');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  await page.keyboard.press('g');
  await page.keyboard.press('f');
  await page.getByRole('heading', { level: 1, name: '入力' }).waitFor();
  expect(await page.title()).toBe('入力 | todoke');
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  await page.keyboard.press('/');
  await page.keyboard.type('タカハシ');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/lists\?q=/);
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('?');
  await page.getByRole('checkbox', { name: '一文字のキー（/ g ?）を使う' }).uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('f');
  expect(new URL(page.url()).pathname).toBe('/lists');
  await page.context().close();
});

test('rows: choose with shift, then all that match, then all but one', async () => {
  const { page } = await openPage(browser, address, { viewport: { width: 1280, height: 900 } });
  await page.goto(`${address}/lists`, { waitUntil: 'networkidle' });
  const boxes = page.getByRole('checkbox', { name: '行を選択' });
  await boxes.nth(0).check();
  await boxes.nth(4).click({ modifiers: ['Shift'] });
  await page.getByText('5通を選択中').waitFor();
  await page.getByRole('checkbox', { name: 'このページの行をすべて選択' }).click();
  await page.getByText('20通を選択中').waitFor();
  await page.getByRole('button', { name: '条件に合う12,345通すべてを選択' }).click();
  await page.getByText('条件に合う12,345通を選択中').waitFor();
  await boxes.nth(2).uncheck();
  expect(await page.getByText('条件に合う12,344通を選択中').isVisible()).toBe(true);
  expect(await page.getByRole('button', { name: '12,344通を再送付する' }).isVisible()).toBe(true);
  await page.context().close();
});

test('a date: three boxes, full-width figures, a whole date in the first, and no such day', async () => {
  const { page } = await openPage(browser, address);
  await page.goto(`${address}/forms`, { waitUntil: 'networkidle' });
  const field = page.getByRole('group', { name: '交付年月日' });
  await field.getByLabel('年', { exact: true }).fill('７');
  await field.getByLabel('月').fill('10');
  await field.getByLabel('日').fill('1');
  expect(await page.locator('#date').textContent()).toBe('2025-10-01');
  await field.getByLabel('日').fill('32');
  await field.getByLabel('日').press('Tab');
  await field.getByText('この日付はありません').waitFor();
  await field.getByLabel('年', { exact: true }).fill('平成31年4月30日');
  expect(await page.locator('#date').textContent()).toBe('2019-04-30');
  expect(await field.getByLabel('元号').inputValue()).toBe('平成');
  await page.context().close();
});

describe('scan station', () => {
  const code = (serial: number): string => paperNumber('mailpiece', 1, serial);

  async function station(): Promise<{ page: Page; cdp: CDPSession; count: (name: string) => Promise<string | null> }> {
    const { page } = await openPage(browser, address, { viewport: { width: 1280, height: 900 } });
    await page.goto(`${address}/scan`, { waitUntil: 'networkidle' });
    const cdp = await page.context().newCDPSession(page);
    const count = (name: string) => page.locator(`dt:text-is("${name}") + dd`).textContent();
    return { page, cdp, count };
  }
  const scan = async (page: Page, text: string, end = 'Enter'): Promise<void> => {
    await page.keyboard.type(text);
    await page.keyboard.press(end);
  };

  test('the field has the keyboard; a scan answers big and counts; Ctrl+Z takes it back', async () => {
    const { page, count } = await station();
    await scan(page, code(1));
    await page.getByRole('status').getByText('登録しました').waitFor();
    expect(await count('登録')).toBe('1通');
    await shoot(page, 'scan-good');
    await page.keyboard.press('Control+z');
    await page.getByRole('status').getByText('取り消しました').waitFor();
    expect(await count('登録')).toBe('0通');
    await page.context().close();
  });

  test('full width, an IME that commits, Tab as suffix, a double, a stranger, a wrong digit', async () => {
    const { page, cdp, count } = await station();
    const wide = (text: string): string => text.replaceAll(/\d/g, (d) => String.fromCharCode(d.charCodeAt(0) + 0xfee0));
    await page.keyboard.insertText(wide(code(1)));
    await page.keyboard.press('Enter');
    expect(await count('登録')).toBe('1通');
    await cdp.send('Input.imeSetComposition', { text: wide(code(2)), selectionStart: 14, selectionEnd: 14 });
    await cdp.send('Input.insertText', { text: wide(code(2)) });
    await expect.poll(() => count('登録')).toBe('2通');
    expect(await page.getByLabel('封筒の番号').inputValue()).toBe('');
    await scan(page, code(3), 'Tab');
    await expect.poll(() => count('登録')).toBe('3通');
    await scan(page, code(3));
    await page.waitForTimeout(550);
    await scan(page, code(3));
    await expect.poll(() => count('二重')).toBe('1通');
    await scan(page, code(9));
    await page.getByRole('status').getByText('他の保険者のものです').waitFor();
    await shoot(page, 'scan-bad');
    await scan(page, code(4).slice(0, 13) + String((Number(code(4)[13]) + 1) % 10));
    await page.getByRole('status').getByText('読めない番号です').waitFor();
    expect(await count('要確認')).toBe('2通');
    expect(await axe(page)).toEqual([]);
    await page.context().close();
  });

  test('wherever the keyboard is, a reader is heard: on a button, on the page, after a click beside', async () => {
    const { page, count } = await station();
    await page.getByRole('button', { name: /音を出しています/ }).focus();
    await scan(page, code(11));
    await expect.poll(() => count('登録')).toBe('1通');
    await page.getByLabel('不着の理由').focus();
    await scan(page, code(12));
    await expect.poll(() => count('登録')).toBe('2通');
    await page.getByRole('heading', { level: 1 }).click();
    await scan(page, code(13));
    await expect.poll(() => count('登録')).toBe('3通');
    // A field of its own keeps what is typed into it.
    await page.getByRole('searchbox').focus();
    await page.keyboard.type('31250012');
    expect(await page.getByRole('searchbox').inputValue()).toBe('31250012');
    await page.context().close();
  });

  test('off line scans wait and are told; on line they go; a reload loses none', async () => {
    const { page, count } = await station();
    await page.evaluate(() => (document.documentElement.dataset['offline'] = 'yes'));
    await scan(page, code(21));
    await scan(page, code(22));
    await page.getByText('未送信 2件').waitFor();
    await shoot(page, 'scan-offline');
    await page.reload({ waitUntil: 'networkidle' });
    await expect.poll(() => page.evaluate(() => localStorage.getItem('todoke.scans.catalogue'))).toBe('[]');
    expect(await count('未送信')).toBe('0通');
    await page.context().close();
  });

  test('a thousand codes in a row: none lost, none doubled, the list bounded', async () => {
    const { page, count } = await station();
    const codes = Array.from({ length: 1111 }, (_, i) => code(i + 1001))
      .filter((c) => c.at(-2) !== '9')
      .slice(0, 1000);
    // Sent without waiting for each answer: in order all the same, and faster than any reader.
    await Promise.all(codes.flatMap((each) => [page.keyboard.insertText(each), page.keyboard.press('Enter')]));
    await expect.poll(() => count('登録'), { timeout: 30_000 }).toBe('1,000通');
    expect(await count('二重')).toBe('0通');
    expect(await page.getByRole('list', { name: '読み取った順' }).getByRole('listitem').count()).toBe(100);
    await page.context().close();
  });
});
