// Room: server, contract. Shapes every route shares. The contract imports zod and the rules' types only, so that the
// console can take its types from here and nothing else.
import { z } from '@hono/zod-openapi';

/** RFC 9457. `detail` is Japanese and holds no personal data; `code` is for programs. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    /** More lines: rows at fault, roles that may. */
    details: z.array(z.string()),
    requestId: z.string(),
  })
  .openapi('Problem');
export type Problem = z.infer<typeof problem>;

/** A page of a list. `next` is the cursor of the next page, or null; `asOf` is when it was read. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable(), asOf: z.iso.datetime() });

export const localDate = z.iso.date();
/** `記号-番号-枝番` */
export const personKey = z.string().regex(/^[^-]{1,8}-\d{1,15}-\d{2}$/u, '記号-番号-枝番');
/** 14 digits; whether they are right is for the operation to say. */
export const paperNumber = z.string().regex(/^\d{14}$/, '14桁の用紙の番号');
export const cursor = z.string().max(400).optional();
export const limit = z.coerce.number().int().min(1).max(200).default(50);
/** Names an issuance in an address. */
export const issuanceId = z.coerce.number().int().min(1).max(9999);
export const done = z.object({ ok: z.literal(true) }).openapi('Done');
