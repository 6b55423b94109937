// A real Chromium from npm for the console's tests, and a small server that gives the built files under the same strict
// Content-Security-Policy as the product's. Type-checked with the server's types too: what runs in the page is text here.
import { createServer } from 'node:http';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import sparticuz from '@sparticuz/chromium';
import axeCore from 'axe-core';
import type { Result } from 'axe-core';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: ['--no-sandbox', '--font-render-hinting=none', '--autoplay-policy=no-user-gesture-required'],
    // Where no language is set (a bare container) a file of a Japanese name would be called "download".
    env: { ...process.env, LANG: 'C.UTF-8' },
  });
}

const CSP =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; " +
  "font-src 'self'; worker-src 'self'; connect-src 'self'; object-src 'none'; frame-ancestors 'none'; " +
  "base-uri 'none'; form-action 'self'";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Serves a folder; every other address is its index.html. */
export async function serveFolder(folder: string): Promise<{ address: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const asked = path.join(folder, path.normalize(new URL(request.url ?? '/', 'http://x').pathname));
    const file = existsSync(asked) && statSync(asked).isFile() ? asked : path.join(folder, 'index.html');
    response.setHeader('content-type', TYPES[path.extname(file)] ?? 'application/octet-stream');
    response.setHeader('content-security-policy', CSP);
    response.end(readFileSync(file));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as { port: number };
  return {
    address: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** What a page must never do: break the policy, ask another origin, throw. */
export interface Watched {
  readonly page: Page;
  readonly faults: string[];
}

export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({ locale: 'ja-JP', timezoneId: 'Asia/Tokyo', ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { url } = { url: request.url() };
    if (!url.startsWith(origin) && !url.startsWith('data:') && !url.startsWith('blob:')) faults.push(`request: ${url}`);
  });
  return { page, faults };
}

const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Violations as one line each, empty where there is none. */
export async function axe(page: Page): Promise<string[]> {
  let violations = await analyze(page);
  // A query that arrived meanwhile may have begun another transition: what is found then is looked at again, at rest.
  for (let again = 0; violations.length > 0 && again < 3; again++) violations = await analyze(page);
  return violations.flatMap((v) =>
    v.nodes.map((node) => `${v.id}: ${node.target.join(' ')} — ${node.failureSummary ?? ''}`),
  );
}

/** Asks axe when nothing on the page is fading: colours on their way are those of no rest. What turns for ever is let be. */
async function analyze(page: Page): Promise<Result[]> {
  await page.evaluate(
    `(async () => {
       for (let round = 0; round < 20; round++) {
         await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
         const fading = document.getAnimations().filter(({ effect, playState }) =>
           effect?.getComputedTiming().iterations !== Infinity && playState !== 'finished');
         if (fading.length === 0) return;
         await Promise.allSettled(fading.map(({ finished }) => finished));
       }
     })()`,
  );
  await page.evaluate(`window.axe === undefined && (() => { ${axeCore.source} })()`);
  const options = { runOnly: { type: 'tag', values: AXE_TAGS }, resultTypes: ['violations'] };
  return page.evaluate(`axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations)`);
}

/** Where TODOKE_SHOTS names a folder, a picture of the page is put there to be looked at. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env['TODOKE_SHOTS'];
  if (folder === undefined) return;
  await mkdir(folder, { recursive: true });
  await page.evaluate('document.fonts.ready');
  await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}

/** How far the page can be scrolled sideways, in pixels. */
export async function sideways(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
