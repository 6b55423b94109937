// Room: web/ui. Which rows of a list are chosen: some by id, or all that match the filter but for some. The second is
// never a list of ids: the server counts again what matches.
import { useState } from 'react';

export type Chosen =
  | { readonly kind: 'some'; readonly ids: ReadonlySet<string> }
  | { readonly kind: 'all'; readonly except: ReadonlySet<string> };

export const NONE: Chosen = { kind: 'some', ids: new Set() };

export function isChosen(chosen: Chosen, id: string): boolean {
  return chosen.kind === 'some' ? chosen.ids.has(id) : !chosen.except.has(id);
}

/** How many are chosen of `total` that match. */
export function chosenCount(chosen: Chosen, total: number): number {
  return chosen.kind === 'some' ? chosen.ids.size : total - chosen.except.size;
}

/** The choice with `ids` put in or taken out. */
export function choose(chosen: Chosen, ids: readonly string[], put: boolean): Chosen {
  const listed = new Set(chosen.kind === 'some' ? chosen.ids : chosen.except);
  const add = chosen.kind === 'some' ? put : !put;
  for (const id of ids) {
    if (add) listed.add(id);
    else listed.delete(id);
  }
  return chosen.kind === 'some' ? { kind: 'some', ids: listed } : { kind: 'all', except: listed };
}

export interface Selection {
  readonly chosen: Chosen;
  /** Put one row in or out; with `through`, every row of the page from the last one touched to this one. */
  readonly toggle: (id: string, page: readonly string[], through: boolean) => void;
  readonly set: (chosen: Chosen) => void;
}

/** A choice that is forgotten when the filter changes: `filter` is the filter as text. */
export function useSelection(filter: string): Selection {
  const [state, setState] = useState<{ filter: string; chosen: Chosen; last: string | null }>({
    filter,
    chosen: NONE,
    last: null,
  });
  const current = state.filter === filter ? state : { filter, chosen: NONE, last: null };
  return {
    chosen: current.chosen,
    toggle: (id, page, through) => {
      const put = !isChosen(current.chosen, id);
      const from = through && current.last !== null ? page.indexOf(current.last) : -1;
      const to = page.indexOf(id);
      const ids = from < 0 ? [id] : page.slice(Math.min(from, to), Math.max(from, to) + 1);
      setState({ filter, chosen: choose(current.chosen, ids, put), last: id });
    },
    set: (chosen) => setState({ filter, chosen, last: null }),
  };
}
