// Room: server. A file as the body of a request, its name percent-encoded in a header.
import type { ReadableStream } from 'node:stream/web';
import { z } from '@hono/zod-openapi';
import { Refusal } from '../../../operations/context.ts';

/** A file as the body itself; its name comes percent-encoded in `x-file-name`. */
export const file = { content: { 'application/octet-stream': { schema: z.any() } }, required: true } as const;
export const nameHeader = z.object({ 'x-file-name': z.string().min(1).max(1000) });

export function decoded(header: string, what: string): string {
  try {
    return decodeURIComponent(header);
  } catch {
    throw new Refusal('arguments', `${what}を読めません。`);
  }
}

export const fileName = (header: string): string => decoded(header, 'ファイル名');

export function bodyOf(raw: Request): ReadableStream<Uint8Array> {
  if (!raw.body) throw new Refusal('no-file', 'ファイルが空です。');
  return raw.body as ReadableStream<Uint8Array>;
}
