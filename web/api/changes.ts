// Room: web/api. The server says that something of a kind changed; what is on the screen is asked again. One stream a
// tab; where it cannot be kept (proxies of closed networks), the screen is asked again every while.
import { useEffect } from 'react';
import { queries } from './queries.ts';

const POLL_MS = 20_000;
/** Many changes within this time are one. */
const GATHER_MS = 300;
/** Asked for by hand, or of the session, not of papers. */
const NOT_LIVE: ReadonlySet<unknown> = new Set(['session', 'balances', 'row-errors', 'pages']);

function refetchAll(): void {
  void queries.invalidateQueries({ predicate: ({ queryKey }) => !NOT_LIVE.has(queryKey[0]) });
}

/** While mounted, lists and counts follow the server. */
export function useChanges(): void {
  useEffect(() => {
    let gather: ReturnType<typeof setTimeout> | undefined;
    let isFirst = true;
    const stream = new EventSource('/api/events');
    stream.addEventListener('change', () => {
      // The stream begins with one: what is shown was fetched just now.
      if (isFirst) {
        isFirst = false;
        return;
      }
      clearTimeout(gather);
      gather = setTimeout(refetchAll, GATHER_MS);
    });
    const poll = setInterval(() => {
      if (stream.readyState !== EventSource.OPEN && document.visibilityState === 'visible') refetchAll();
    }, POLL_MS);
    return () => {
      clearTimeout(gather);
      clearInterval(poll);
      stream.close();
    };
  }, []);
}
