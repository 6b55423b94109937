// Room: server. Who is at the other end when reverse proxies stand between: their header is read from the right, past the
// proxies we were told to trust, and not at all from anybody else (docs/decisions/010).
import { BlockList, isIP } from 'node:net';
import { Refusal } from '../operations/context.ts';

/** The header our proxies write. Only one is read: they pass the other on as the sender wrote it. */
export const PROXY_HEADERS = ['x-forwarded-for', 'forwarded'] as const;
export type ProxyHeader = (typeof PROXY_HEADERS)[number];

export interface Proxies {
  readonly trusted: BlockList;
  readonly header: ProxyHeader;
}

/** The other end of a request. */
export interface Peer {
  /** IP address as text; 'local' where there is no connection. */
  readonly address: string;
  /** Whether the outermost trusted proxy was spoken to over https. */
  readonly isHttps: boolean;
}

/**
 * The setting: addresses and ranges (`10.0.0.0/8,fd00::/8,192.0.2.7`), '' = none, and the header they write.
 *
 * @throws Refusal `arguments`
 */
export function parseProxies(ranges: string, header: string): Proxies {
  const trusted = new BlockList();
  for (const range of ranges.split(',').map((part) => part.trim())) {
    if (range === '') continue;
    const [address = '', length, ...rest] = range.split('/');
    const family = isIP(address);
    const widest = family === 6 ? 128 : 32;
    const bits = length === undefined ? widest : Number(length);
    if (family === 0 || rest.length > 0 || !/^\d{0,3}$/.test(length ?? '') || length === '' || bits > widest)
      throw new Refusal('arguments', `信頼するプロキシ「${range}」を読めません。例: 10.0.0.0/8,192.0.2.7`);
    trusted.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4');
  }
  const known = PROXY_HEADERS.find((name) => name === header.toLowerCase());
  if (!known) throw new Refusal('arguments', `プロキシのヘッダーは ${PROXY_HEADERS.join('、')} のどちらかです。`);
  return { trusted, header: known };
}

export const NO_PROXIES: Proxies = { trusted: new BlockList(), header: 'x-forwarded-for' };

/** The client: the nearest address that is no trusted proxy, from the connection on backwards. */
export function peerOf(
  { trusted, header }: Proxies,
  connection: string | undefined,
  read: (name: string) => string | undefined,
): Peer {
  if (connection === undefined) return { address: 'local', isHttps: false };
  let address = plainAddress(connection) ?? connection;
  let isHttps = false;
  const hops = header === 'forwarded' ? readForwarded(read('forwarded')) : readLists(read);
  for (const hop of hops) {
    if (!isTrusted(trusted, address)) break;
    isHttps = hop.proto === 'https';
    const before = plainAddress(hop.from);
    // What a trusted proxy could not name (`unknown`, `_hidden`) ends the way there.
    if (before === null) break;
    address = before;
  }
  return { address, isHttps };
}

/** What a limit is kept by: of IPv6 the /64, which is one household's or one server's. */
export function limitKey(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const whole =
    tail === undefined
      ? left
      : [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right];
  return whole
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

interface Hop {
  readonly from: string;
  readonly proto: string;
}

/** `X-Forwarded-For` with `X-Forwarded-Proto`, the nearest first. A proto is that of the same hop, or the only one. */
function readLists(read: (name: string) => string | undefined): Hop[] {
  const parts = (name: string): string[] => splitList(read(name), ',').toReversed();
  const protos = parts('x-forwarded-proto');
  return parts('x-forwarded-for').map((from, i) => ({ from, proto: (protos[i] ?? protos[0] ?? '').toLowerCase() }));
}

/** RFC 7239, the nearest first. */
function readForwarded(text: string | undefined): Hop[] {
  const hops = splitList(text, ',').map((element) => {
    const pairs = new Map(
      splitList(element, ';').map((pair) => {
        const equals = pair.indexOf('=');
        const value = pair
          .slice(equals + 1)
          .trim()
          .replace(/^"(.*)"$/, '$1');
        return [pair.slice(0, equals).trim().toLowerCase(), value] as const;
      }),
    );
    return { from: pairs.get('for') ?? '', proto: (pairs.get('proto') ?? '').toLowerCase() };
  });
  return hops.toReversed();
}

/** Parts of a list; a separator inside quotes is none. */
function splitList(text: string | undefined, separator: ',' | ';'): string[] {
  const part = separator === ',' ? /(?:[^,"]|"[^"]*"?)+/g : /(?:[^;"]|"[^"]*"?)+/g;
  return (text ?? '').match(part)?.map((found) => found.trim()) ?? [];
}

function isTrusted(trusted: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && trusted.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** An address without port, brackets, zone or the IPv6 coat of an IPv4 address; null where it is none. */
function plainAddress(text: string): string | null {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(address) === 0 ? null : address.toLowerCase();
}
