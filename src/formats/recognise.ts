// Room: formats. What a file is by its header, whatever it is called.
import type { ColumnMap } from '../rules/insurer.ts';
import { ENROLMENT_COLUMNS } from './enrolment.ts';
import { FILING_COLUMNS } from './filings.ts';
import { MEMBER_COLUMNS } from './members.ts';
import { RATIO_COLUMNS } from './ratios.ts';
import { IntakeFault, headerCells, openTable } from './tables.ts';
import { WORKPLACE_COLUMNS } from './workplaces.ts';

/** Files by the headers a row of them must have. */
const KINDS = {
  members: MEMBER_COLUMNS,
  workplaces: WORKPLACE_COLUMNS,
  enrolment: ENROLMENT_COLUMNS,
  ratios: RATIO_COLUMNS,
  filings: FILING_COLUMNS,
} as const;
export type KnownFile = keyof typeof KINDS;

/**
 * The kind of a file, by the kind whose required headers it has all of; of several the one with most of its columns. Null = none
 * (or no table at all: what is wrong with it is told when it is read).
 *
 * @param maps what the profile calls the columns of each kind
 */
export async function recogniseFile(
  path: string,
  maps: Readonly<Partial<Record<KnownFile, ColumnMap>>>,
): Promise<KnownFile | null> {
  const kindOf = (cells: readonly string[]): KnownFile | null => {
    let best: { readonly kind: KnownFile; readonly found: number } | null = null;
    for (const kind of Object.keys(KINDS) as KnownFile[]) {
      const map = maps[kind] ?? {};
      const names = new Set(cells.map((cell) => (Object.hasOwn(map, cell) ? (map[cell] ?? cell) : cell)));
      if (!KINDS[kind].every((column) => !column.required || names.has(column.name))) continue;
      const found = KINDS[kind].filter((column) => names.has(column.name)).length;
      if (best === null || found > best.found) best = { kind, found };
    }
    return best?.kind ?? null;
  };
  try {
    const table = await openTable(path, (cells) => kindOf(cells) !== null);
    await table.close();
    return kindOf(headerCells(table.header));
  } catch (error) {
    if (error instanceof IntakeFault) return null;
    throw error;
  }
}
