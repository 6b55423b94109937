import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limitKey, parseProxies, peerOf } from './proxies.ts';

type Headers = Readonly<Record<string, string>>;

const ask = (ranges: string, connection: string | undefined, headers: Headers, header = 'x-forwarded-for') =>
  peerOf(parseProxies(ranges, header), connection, (name) => headers[name]);

test.each<[string, string, string, Headers, string, boolean]>([
  ['no proxy told: headers are words', '', '10.0.0.1', { 'x-forwarded-for': '1.2.3.4' }, '10.0.0.1', false],
  ['a stranger says what a proxy would', '10.0.0.0/8', '8.8.8.8', { 'x-forwarded-for': '1.2.3.4' }, '8.8.8.8', false],
  ['one proxy', '10.0.0.0/8', '10.0.0.1', { 'x-forwarded-for': '1.2.3.4' }, '1.2.3.4', false],
  [
    'a client wrote the left part',
    '10.0.0.0/8',
    '10.0.0.1',
    { 'x-forwarded-for': '6.6.6.6, 1.2.3.4' },
    '1.2.3.4',
    false,
  ],
  [
    'a client pretends to be a proxy',
    '10.0.0.0/8',
    '10.0.0.1',
    { 'x-forwarded-for': '6.6.6.6, 10.0.0.9, 1.2.3.4' },
    '1.2.3.4',
    false,
  ],
  ['two proxies', '10.0.0.0/8', '10.0.0.1', { 'x-forwarded-for': '6.6.6.6, 1.2.3.4, 10.0.0.2' }, '1.2.3.4', false],
  ['all of them proxies', '10.0.0.0/8', '10.0.0.1', { 'x-forwarded-for': '10.0.0.3, 10.0.0.2' }, '10.0.0.3', false],
  ['garbage ends the way', '10.0.0.0/8', '10.0.0.1', { 'x-forwarded-for': '1.2.3.4, nonsense' }, '10.0.0.1', false],
  ['nothing said', '10.0.0.0/8', '10.0.0.1', {}, '10.0.0.1', false],
  [
    'IPv4 in its IPv6 coat, with a port',
    '10.0.0.0/8',
    '::ffff:10.0.0.1',
    { 'x-forwarded-for': '1.2.3.4:55' },
    '1.2.3.4',
    false,
  ],
  ['IPv6', 'fd00::/8', 'fd00::1', { 'x-forwarded-for': '[2001:DB8::1]:443' }, '2001:db8::1', false],
  [
    'https at the outer proxy, http inside',
    '10.0.0.0/8',
    '10.0.0.1',
    { 'x-forwarded-for': '1.2.3.4, 10.0.0.2', 'x-forwarded-proto': 'https, http' },
    '1.2.3.4',
    true,
  ],
  [
    'https said once',
    '10.0.0.0/8',
    '10.0.0.1',
    { 'x-forwarded-for': '1.2.3.4, 10.0.0.2', 'x-forwarded-proto': 'https' },
    '1.2.3.4',
    true,
  ],
  [
    'https said by a stranger',
    '10.0.0.0/8',
    '8.8.8.8',
    { 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https' },
    '8.8.8.8',
    false,
  ],
  [
    'the header that was not asked for',
    '10.0.0.0/8',
    '10.0.0.1',
    { forwarded: 'for=6.6.6.6;proto=https' },
    '10.0.0.1',
    false,
  ],
])('%s', (_, ranges, connection, headers, address, isHttps) => {
  expect(ask(ranges, connection, headers)).toEqual({ address, isHttps });
});

test.each<[string, string, boolean]>([
  ['for=1.2.3.4;proto=https', '1.2.3.4', true],
  ['for="6.6.6.6, for=7.7.7.7", For="[2001:db8::9]:99" ; Proto=HTTPS;by=10.0.0.1', '2001:db8::9', true],
  ['for=6.6.6.6;proto=http, for=1.2.3.4;proto=https, for=10.0.0.2;proto=http', '1.2.3.4', true],
  ['for=_hidden;proto=https', '10.0.0.1', true],
  ['for=unknown', '10.0.0.1', false],
  ['for="1.2.3.4', '10.0.0.1', false],
  ['', '10.0.0.1', false],
])('Forwarded: %s', (text, address, isHttps) => {
  expect(ask('10.0.0.0/8', '10.0.0.1', { forwarded: text, 'x-forwarded-for': '6.6.6.6' }, 'forwarded')).toEqual({
    address,
    isHttps,
  });
});

test('whatever a client writes before the address its proxy saw changes nothing', () => {
  fc.assert(
    fc.property(fc.string(), fc.ipV4(), (forged, client) => {
      fc.pre(!client.startsWith('10.'));
      const { address } = ask('10.0.0.0/8', '10.0.0.1', {
        'x-forwarded-for': `${forged.replaceAll('"', '')}, ${client}`,
      });
      expect(address).toBe(client);
    }),
  );
});

test('a long header of quotes and commas is read at once', () => {
  const started = performance.now();
  ask('10.0.0.0/8', '10.0.0.1', { forwarded: '",;'.repeat(5000) }, 'forwarded');
  expect(performance.now() - started).toBeLessThan(500);
});

test.each(['10.0.0.0/33', 'example.org', '10.0.0.0/', '10.0.0.0/8/8', '::/129', '10.0.0.0/-1', '10.0.0.0/x'])(
  'the range %s is refused',
  (range) => expect(() => parseProxies(range, 'forwarded')).toThrow(range),
);

test('another header is refused', () => {
  expect(() => parseProxies('', 'x-real-ip')).toThrow('x-forwarded-for');
});

test.each([
  ['1.2.3.4', '1.2.3.4'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['local', 'local'],
])('the limit of %s is kept by %s', (address, key) => {
  expect(limitKey(address)).toBe(key);
});
