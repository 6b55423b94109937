// Room: rules. The calendar date every other room passes around.

/** A calendar date `YYYY-MM-DD` (no time zone, no instant). Made only by `calendar.ts` and `formats`. */
export type LocalDate = string & { readonly __brand: 'LocalDate' };
