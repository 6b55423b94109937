// Room: server. Twelve digits are taken for an individual number wherever they are sent: in the address, in a query, in any
// field of any body. Such a request is refused before anything reads it, and the digits are not repeated. (Files are looked
// at cell by cell where they are read.)
import { createMiddleware } from 'hono/factory';
import { holdsIndividualNumber } from '../rules/words/individual-numbers.ts';
import { answerProblem } from './http.ts';
import type { Env } from './http.ts';
import { BEFORE_SESSION } from './middleware.ts';

/** A job's id or a digest: twelve of its digits in a row mean nothing. */
const IS_HEX = /^[0-9a-f-]{32,}$/i;

/** Fields that are not looked at: a password is not recorded, and a profile's own reader names the line at fault. */
const UNREAD = new Set(['password', 'source', 'cursor']);

export const refuseIndividualNumbers = createMiddleware<Env>(async (c, next) => {
  if (BEFORE_SESSION.test(c.req.path)) return next();
  const isJson = c.req.header('content-type')?.startsWith('application/json') ?? false;
  const sent = [placesOf(c.req.path), c.req.queries(), isJson ? parsed(await c.req.text()) : null];
  if (!sent.some(holdsOne)) return next();
  return answerProblem(c, 400, 'individual-number', '個人番号（12桁）と思われる数字があるため、受け付けません。');
});

function placesOf(path: string): string[] {
  return path.split('/').map((place) => {
    try {
      return decodeURIComponent(place);
    } catch {
      return place;
    }
  });
}

/** A body that is no JSON is refused by its route, or here if it holds a number all the same. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function holdsOne(value: unknown): boolean {
  if (typeof value === 'number') return holdsIndividualNumber(String(value));
  if (typeof value === 'string') return !IS_HEX.test(value) && holdsIndividualNumber(value);
  if (Array.isArray(value)) return value.some(holdsOne);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, own]) => holdsIndividualNumber(key) || (!UNREAD.has(key) && holdsOne(own)));
}
