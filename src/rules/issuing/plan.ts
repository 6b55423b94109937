// Room: rules. Names of issuances: a plan of the profile (`bulk-2025`), its later rounds (`bulk-2025-2`), and what is made again
// of either (`bulk-2025/reroute-1`).

/**
 * The plan an issuance was made of, or null where the profile knows none.
 *
 * @param known ids of the profile's plans: one that looks like a round (`notice-2024-1`) is a plan of its own
 */
export function planOf(name: string, known: readonly string[]): string | null {
  const [own = ''] = name.split('/');
  if (known.includes(own)) return own;
  const plan = /^(.+)-\d+$/.exec(own)?.[1];
  return plan !== undefined && known.includes(plan) ? plan : null;
}

/** The round of its plan: 1 of the plan itself, 2 of `bulk-2025-2`. */
export function roundOf(name: string, known: readonly string[]): number {
  const [own = ''] = name.split('/');
  return known.includes(own) ? 1 : Number(/-(\d+)$/.exec(own)?.[1] ?? 1);
}

/** The name of a plan's next round: the lowest number from 2 that no issuance and no other plan has. */
export function nextRound(plan: string, taken: readonly string[]): string {
  let round = 2;
  while (taken.includes(`${plan}-${round}`)) round += 1;
  return `${plan}-${round}`;
}
