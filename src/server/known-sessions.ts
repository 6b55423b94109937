// Room: server. Sessions this process looked up a moment ago. They allow nothing: the database is asked whether each still holds.
import type { Session } from '../ledger/desk/accounts.ts';
import { sha256 } from './http.ts';

/** After this a session is looked up by itself again, which notes that it was seen. */
const KNOWN_MS = 60_000;
const MOST = 10_000;

export class KnownSessions {
  readonly #known = new Map<string, { readonly session: Session; readonly until: number }>();

  /** The session of a cookie as it was within the last minute, or null. */
  recall(token: string): Session | null {
    const known = token === '' ? undefined : this.#known.get(sha256(token));
    return known && known.until > performance.now() ? known.session : null;
  }

  /** Keeps what was looked up just now; null = there is none any more. */
  keep(token: string, session: Session | null): void {
    if (!session) return void this.#known.delete(sha256(token));
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(sha256(token), { session, until: performance.now() + KNOWN_MS });
  }
}
