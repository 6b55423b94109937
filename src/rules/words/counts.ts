// Room: rules. Counts as people read them.

/** 1234567 → 「1,234,567」. */
export function formatCount(count: number): string {
  return count.toLocaleString('ja-JP');
}
