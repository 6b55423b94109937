// Room: server, contract. Shapes every route shares. The contract imports zod and the rules alone, so that the
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

/** One of the keys of a map of labels. */
export const keysOf = <Key extends string>(labels: Readonly<Record<Key, unknown>>) =>
  z.enum(Object.keys(labels) as [Key, ...Key[]]);

export const localDate = z.iso.date();
/** `記号-番号-枝番` */
export const personKey = z
  .string()
  .regex(/^[^-]{1,8}-\d{1,15}-\d{2}$/u, '記号-番号-枝番')
  .openapi({ description: '記号-番号-枝番', example: '10000001-1-00' });
/** 14 digits; whether they are right is for the operation to say. */
export const paperNumber = z
  .string()
  .regex(/^\d{14}$/, '14桁の用紙の番号')
  .openapi({ description: '郵便物または資格確認書の14桁の番号', example: '20001000000018' });
export const cursor = z
  .string()
  .max(400)
  .optional()
  .openapi({ description: '前のページの next。省略するとはじめから', example: 'WyIxMDAwMDAwMSJd' });
export const limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(200)
  .default(50)
  .openapi({ description: '1ページの件数', example: 50 });
/** Names an issuance in an address. */
export const issuanceId = z.coerce.number().int().min(1).max(9999).openapi({ description: '発行の番号', example: 1 });
/** Names a workplace in an address. */
export const symbol = z.string().min(1).max(8).openapi({ description: '事業所の記号', example: '10000001' });
/** Names a job in an address. */
export const jobId = z.uuid().openapi({ description: '処理の番号', example: '018f2c1e-7d7a-7c1e-9f0a-3b6f5f1f9a10' });
/** Why, in the person's own words; part of the record. */
export const reasonText = z.string().trim().min(1).max(200);
export const done = z.object({ ok: z.literal(true) }).openapi('Done');
