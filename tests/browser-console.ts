// The whole product for browser tests: two insurers in one ledger, the server on a socket with the built console, and a
// Chromium page for an account of any role.
import path from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll } from 'vitest';
import type { Role } from '../src/rules/access.ts';
import { openSocket } from '../src/server/socket.ts';
import { PASSWORD, openTestConsole } from './console.ts';
import type { TestConsole } from './console.ts';
import { sharedOnce } from './ledger.ts';
import { openBrowser, openPage } from '../web/tests/browser.ts';
import type { Watched } from '../web/tests/browser.ts';

export interface BrowserConsole extends TestConsole {
  readonly address: string;
  /** A page that somebody of this role has opened at an address of the console. */
  readonly open: (
    insurer: 'kyokai' | 'mbk',
    role: Role,
    where: string,
    options?: BrowserContextOptions,
  ) => Promise<Watched>;
  /** A page that this account, or a stranger, has opened. */
  readonly visit: (login: string | null, where: string, options?: BrowserContextOptions) => Promise<Watched>;
}

/** The console as it ships: with the test runner's own NODE_ENV it would be React's development build. */
async function buildConsole(outDir: string): Promise<void> {
  const { build } = await import('vite');
  const mode = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  await build({
    configFile: path.join(import.meta.dirname, '..', 'web', 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  });
  process.env['NODE_ENV'] = mode;
}

/** Opens all of it; it closes with the file's tests. `prints`: whether the issuances have print files. */
export async function openBrowserConsole(prints = false): Promise<BrowserConsole> {
  const { folder } = await sharedOnce('console-build', buildConsole);
  const product = await openTestConsole(prints, folder);
  const socket = await openSocket(product.app, 0, '127.0.0.1');
  const address = `http://127.0.0.1:${socket.port}`;
  const browser = await openBrowser();
  afterAll(async () => {
    await browser.close();
    await socket.close();
  });
  const visit: BrowserConsole['visit'] = async (login, where, options = {}) => {
    const watched = await openPage(browser, address, options);
    const { page } = watched;
    if (login !== null) {
      const answer = await page
        .context()
        .request.post(`${address}/api/session`, { data: { login, password: PASSWORD } });
      if (!answer.ok()) throw new Error(`sign-in of ${login}: ${answer.status()}`);
    }
    await page.goto(address + where);
    await settle(page);
    return watched;
  };
  return {
    ...product,
    address,
    visit,
    open: (insurer, role, where, options) => visit(`${insurer}-${role}`, where, options),
  };
}

/** When a page has what it asked for. */
export async function settle(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor();
  const busy = page.locator('[aria-busy=true]').or(page.getByText('読み込んでいます'));
  while ((await busy.count()) > 0) await busy.first().waitFor({ state: 'detached' });
}
