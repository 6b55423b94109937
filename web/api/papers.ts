// Room: web/api. Mailpieces and certificates: lists, pictures of their pages, what is done to them, scans.
import { queryOptions } from '@tanstack/react-query';
import type { ActionAnswer, HeldList, PaperPages, PieceList, ScanAnswer } from '../../src/server/contract/papers.ts';
import type { ReturnReason } from '../../src/rules/lifecycle.ts';
import type { PaperState } from '../../src/rules/lifecycle.ts';
import { address, get, post } from './client.ts';

export type { ActionAnswer, HeldList, PaperPages, PieceList, ScanAnswer };

export const piecesQuery = (state: PaperState, cursor: string) =>
  queryOptions({
    queryKey: ['pieces', state, cursor],
    queryFn: ({ signal }) => get<PieceList>('/pieces', { signal, search: { state, cursor } }),
  });

export const heldQuery = (cursor: string) =>
  queryOptions({
    queryKey: ['held', cursor],
    queryFn: ({ signal }) => get<HeldList>('/held', { signal, search: { cursor } }),
  });

/** Printed pages of a mailpiece. */
export const pagesQuery = (mailpieceNumber: string) =>
  queryOptions({
    queryKey: ['pages', mailpieceNumber],
    queryFn: ({ signal }) => get<PaperPages>(`/papers/${mailpieceNumber}/pages`, { signal }),
    staleTime: 300_000,
  });

/** Address of the picture (PNG) of a page, from 1. */
export function pagePicture(mailpieceNumber: string, n: number): string {
  return address(`/papers/${mailpieceNumber}/pages/${n}`);
}

export type Deed = 'withdraw' | 'repost' | 'take-back-return' | 'hand-over' | 'fail-hand-over';

export function act(mailpieceNumber: string, action: Deed, reason: string, key: string): Promise<ActionAnswer> {
  return post<ActionAnswer>(`/papers/${mailpieceNumber}/actions`, { body: { action, reason }, key });
}

/** A returned envelope; the scan's own id is the key, so that sending it again is the same scan. */
export function scanReturn(code: string, reason: ReturnReason, id: string): Promise<ScanAnswer> {
  return post<ScanAnswer>('/scans', { body: { code, reason }, key: id });
}

export function takeBackScan(mailpieceNumber: string): Promise<ActionAnswer> {
  return post<ActionAnswer>(`/scans/${mailpieceNumber}/take-back`);
}

/** A certificate that came back. */
export function checkIn(code: string, id: string): Promise<ScanAnswer> {
  return post<ScanAnswer>('/check-ins', { body: { code }, key: id });
}
