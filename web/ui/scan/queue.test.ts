import { expect, test } from 'vitest';
import { ScanQueue } from './queue.ts';
import type { Scan, ScanAnswer } from './queue.ts';

const scan = (n: number): Scan => ({ id: `id-${n}`, code: String(n), at: '2026-01-01T00:00:00Z', setting: '' });
const good: ScanAnswer = { tone: 'good', word: '登録しました' };

function memory(): Pick<Storage, 'getItem' | 'setItem'> & { text: string | null } {
  return {
    text: null,
    getItem() {
      return this.text;
    },
    setItem(_key, value) {
      this.text = value;
    },
  };
}

const until = async (isDone: () => boolean): Promise<void> => {
  for (let i = 0; i < 500 && !isDone(); i++) await new Promise((resolve) => setTimeout(resolve, 2));
};

test('a thousand scans arrive in order, each once', async () => {
  const arrived: string[] = [];
  const queue = new ScanQueue({
    storeKey: 'k',
    store: memory(),
    send: async ({ id }) => {
      arrived.push(id);
      return good;
    },
    onAnswer: () => {},
    onWaiting: () => {},
  });
  for (let n = 0; n < 1000; n++) queue.add(scan(n));
  await until(() => queue.waiting.length === 0);
  expect(arrived).toEqual(Array.from({ length: 1000 }, (_, n) => `id-${n}`));
});

test('without a network scans wait, are counted, and go when it is back, under the same ids', async () => {
  const sent: string[] = [];
  let isOnline = false;
  let told = { count: -1, offline: false };
  const queue = new ScanQueue({
    storeKey: 'k',
    store: memory(),
    retryMs: 5,
    send: async ({ id }) => {
      sent.push(id);
      return isOnline ? good : 'later';
    },
    onAnswer: () => {},
    onWaiting: (count, offline) => {
      told = { count, offline };
    },
  });
  queue.add(scan(1));
  queue.add(scan(2));
  await until(() => told.offline);
  expect(told).toEqual({ count: 2, offline: true });
  isOnline = true;
  await until(() => queue.waiting.length === 0 && !told.offline);
  expect(told).toEqual({ count: 0, offline: false });
  expect(new Set(sent)).toEqual(new Set(['id-1', 'id-2']));
  expect(sent.at(-1)).toBe('id-2');
});

test('a closed tab loses nothing: the next one sends what waited', async () => {
  const store = memory();
  const later = new ScanQueue({
    storeKey: 'k',
    store,
    send: async () => 'later',
    onAnswer: () => {},
    onWaiting: () => {},
  });
  later.add(scan(7));
  await until(() => store.text !== null);
  later.stop();
  const answered: string[] = [];
  const next = new ScanQueue({
    storeKey: 'k',
    store,
    send: async () => good,
    onAnswer: ({ id }) => answered.push(id),
    onWaiting: () => {},
  });
  expect(next.waiting).toEqual([scan(7)]);
  next.start();
  await until(() => answered.length > 0);
  expect(answered).toEqual(['id-7']);
});

test('a store that holds something else is an empty queue', () => {
  const store = memory();
  for (const text of ['{', '"x"', '[1,{"id":1}]', 'null']) {
    store.text = text;
    const options = { storeKey: 'k', store, send: async () => good, onAnswer: () => {}, onWaiting: () => {} };
    expect(new ScanQueue(options).waiting).toEqual([]);
  }
});
