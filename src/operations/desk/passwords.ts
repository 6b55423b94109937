// Room: operations. Passwords as Argon2id (RFC 9106) in PHC form. A hash costs memory and a thread for some thirty
// milliseconds: few are made at a time, the rest wait in line, and where the line is full nobody joins it, so that a flood of
// sign-ins takes neither the threads that read files nor the memory of those who work.
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Refusal } from '../context.ts';

const hash = promisify(argon2);
/** OWASP's second recommended setting: 19 MiB, 2 passes. */
const COST = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;

/** Node has four threads for files and hashes alike. */
const AT_ONCE = 2;
/** Some three seconds of waiting. */
const MOST_WAITING = 200;

let running = 0;
const waiting: (() => void)[] = [];

async function inLine<T>(work: () => Promise<T>): Promise<T> {
  if (running < AT_ONCE) running += 1;
  else await new Promise<void>((go) => waiting.push(go));
  try {
    return await work();
  } finally {
    // The next in line takes the place as it is.
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/** Argon2id in PHC form. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await inLine(() => hash('argon2id', { message: password.normalize('NFKC'), nonce, ...COST }));
  const text = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${text(nonce)}$${text(tag)}`;
}

/** What an unknown login is compared with, so that it takes as long as a known one. */
const NOBODY = hashPassword(randomBytes(16).toString('hex'));

/**
 * Whether the password is the stored one; null = nobody's: it takes as long, and is wrong.
 *
 * @throws Refusal `busy`
 */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const storedHash = stored ?? (await NOBODY);
  if (waiting.length >= MOST_WAITING)
    throw new Refusal('busy', 'いまサインインが混み合っています。少し待ってからお試しください。');
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(storedHash);
  if (!match) return false;
  const expected = Buffer.from(match[5]!, 'base64');
  const parameters = {
    message: password.normalize('NFKC'),
    nonce: Buffer.from(match[4]!, 'base64'),
    memory: Number(match[1]),
    passes: Number(match[2]),
    parallelism: Number(match[3]),
    tagLength: expected.length,
  };
  const tag = await inLine(() => hash('argon2id', parameters));
  return timingSafeEqual(tag, expected) && stored !== null;
}
