// Room: print. What a page says, field by field.

/** The values of one page: field name to text. Codes: their digits, or their bars. */
export type PageValues = Readonly<Record<string, string>>;
