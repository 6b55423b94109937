// Processes that work side by side: what is said where one cannot begin, opens with a fault, or is gone, and that nothing
// waits for it.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { inProcesses } from '../src/operations/printing/processes.ts';
import { openTestFolder } from './ledger.ts';

const folder = openTestFolder();
const operations = path.join(import.meta.dirname, '..', 'src', 'operations');
const node = process.execPath;
afterEach(() => {
  process.execPath = node;
});

/** A lane's script, `open` being what it makes of what it is given. */
function script(name: string, open: string): URL {
  const file = path.join(folder, `${name}.ts`);
  const [lanes, context] = ['printing/processes.ts', 'context.ts'].map(
    (module) => pathToFileURL(path.join(operations, module)).href,
  );
  writeFileSync(
    file,
    `import { serveProcess } from '${lanes}';\nimport { Refusal } from '${context}';\nserveProcess(${open});\n`,
  );
  return pathToFileURL(file);
}

const close = 'close: async () => undefined';

/** Orders 1 to 6 of which those done are answered, and how it ended. */
async function run(url: URL): Promise<{ done: number[]; error: unknown }> {
  const done: number[] = [];
  const orders = { orderOf: (item: number) => item, done: (item: number) => void done.push(item) };
  const error: unknown = await inProcesses(url, { given: true }, [1, 2, 3, 4, 5, 6], orders).then(
    () => null,
    (reason: unknown) => reason,
  );
  return { done: done.toSorted((a, b) => a - b), error };
}

test('every order is done once', async () => {
  const url = script('good', `({ given }) => ({ work: async () => (given ? {} : { error: 'x' }), ${close} })`);
  expect(await run(url)).toEqual({ done: [1, 2, 3, 4, 5, 6], error: null });
});

test('a process that cannot be begun is told in words, with what to do', async () => {
  process.execPath = path.join(folder, 'no-node');
  const { done, error } = await run(script('unbegun', `() => ({ work: async () => ({}), ${close} })`));
  expect(done).toEqual([]);
  expect(error).toMatchObject({
    code: 'process-not-started',
    message: expect.stringMatching(/始められません（ENOENT）.*続きから/),
  });
});

test.each([
  ['a fault', `throw new Error('the font is broken')`, { message: expect.stringContaining('the font is broken') }],
  ['a refusal', `throw new Refusal('font-missing', '書体がありません。')`, { code: 'font-missing' }],
  ['a full disk', `throw Object.assign(new Error('x'), { code: 'ENOSPC' })`, { code: 'disk-full' }],
])('%s while a lane opens is told, and no order is given', async (name, fault, expected) => {
  const { done, error } = await run(script(`opens-${name}`, `() => { ${fault}; }`));
  expect(done).toEqual([]);
  expect(error).toMatchObject(expected);
});

test('a script that is not there, and one that ends at once, are told', async () => {
  const nowhere = pathToFileURL(path.join(folder, 'nowhere.ts'));
  for (const url of [nowhere, script('ends', '() => process.exit(7)')])
    expect((await run(url)).error).toMatchObject({ message: expect.stringMatching(/終了コード [17]）.*続きから/) });
});

test('a lane that is killed at its work is told; what was done before stays done', async () => {
  const work = `async (order) => { if (order === 3) process.kill(process.pid, 'SIGKILL'); return {}; }`;
  const { done, error } = await run(script('killed', `() => ({ work: ${work}, ${close} })`));
  expect(error).toMatchObject({ code: 'process-ended', message: expect.stringMatching(/SIGKILL.*続きから/) });
  expect(done).not.toContain(3);
});

test('a lane that dies while an order is made for it is found out, not waited for', async () => {
  const [asked, gone] = [path.join(folder, 'asked'), path.join(folder, 'gone')];
  const url = script(
    'dies',
    `() => {
      const fs = process.getBuiltinModule('node:fs');
      process.on('exit', () => fs.writeFileSync('${gone}', ''));
      setInterval(() => { if (fs.existsSync('${asked}')) process.exit(5); }, 5);
      return { work: async () => ({}), ${close} };
    }`,
  );
  const orderOf = async (item: number): Promise<number> => {
    writeFileSync(asked, '');
    while (!existsSync(gone)) await setImmediate();
    return item;
  };
  await expect(inProcesses(url, true, [1], { orderOf, done: () => undefined })).rejects.toThrow('終了コード 5');
});
