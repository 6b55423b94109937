// Room: server, contract. An issuance's lists for staff and the files written for it.
import { z } from '@hono/zod-openapi';
import { listOf } from './common.ts';

export const warningList = listOf(
  z.object({
    code: z.string(),
    label: z.string(),
    key: z.string().describe('記号-番号-枝番'),
    group: z.int().nullable().describe('同じ組の行は、同じ住所や同じ人と思われる行'),
  }),
)
  .extend({ counts: z.array(z.object({ value: z.string(), label: z.string(), count: z.int() })), total: z.int() })
  .openapi('WarningList');
export type WarningList = z.infer<typeof warningList>;

export const replacedList = listOf(
  z.object({
    mailpieceNumber: z.string(),
    key: z.string(),
    field: z.string(),
    codePoint: z.string(),
    character: z.string().describe('もとの文字（書体にない異体字）'),
  }),
).openapi('ReplacedList');
export type ReplacedList = z.infer<typeof replacedList>;

export const issuanceFiles = z
  .object({
    items: z.array(z.object({ path: z.string(), what: z.string().describe('中身'), bytes: z.int() })),
    asOf: z.iso.datetime(),
  })
  .openapi('IssuanceFiles');
export type IssuanceFiles = z.infer<typeof issuanceFiles>;
