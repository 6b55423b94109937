// Room: web/api. Mailpieces and certificates: lists, pictures of their pages, what is done to them, scans.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type {
  ActionAnswer,
  CorrectionRequest,
  ActionOutcome,
  ActionPlan,
  HeldList,
  HeldPiece,
  PaperPages,
  PieceCounts,
  PieceList,
  PiecePage,
  ScanAnswer,
  WaitingReissues,
  WithdrawalList,
} from '../../src/server/contract/papers.ts';
import type { ReturnReason } from '../../src/rules/papers/lifecycle.ts';
import type { PaperState } from '../../src/rules/papers/lifecycle.ts';
import type { ReissueReason } from '../../src/rules/life/reissue.ts';
import { address, get, post } from './client.ts';

export type {
  PiecePage,
  ActionAnswer,
  CorrectionRequest,
  ActionOutcome,
  ActionPlan,
  HeldList,
  HeldPiece,
  PaperPages,
  PieceCounts,
  PieceList,
  ScanAnswer,
  WaitingReissues,
  WithdrawalList,
};

/** Which pieces, as the address says it; what is left out = any. */
export interface PieceFilter {
  readonly state: PaperState;
  readonly issuance?: string;
  readonly lot?: string;
  readonly branch?: string;
  readonly workplace?: string;
  readonly reason?: string;
}

export const piecesQuery = (filter: PieceFilter, cursor: string) =>
  queryOptions({
    queryKey: ['pieces', filter, cursor],
    queryFn: ({ signal }) => get<PieceList>('/pieces', { signal, search: { ...filter, cursor } }),
  });

/** How many match, and what each filter would leave. */
export const pieceCountsQuery = (filter: PieceFilter) =>
  queryOptions({
    queryKey: ['piece-counts', filter],
    queryFn: ({ signal }) => get<PieceCounts>('/pieces/counts', { signal, search: { ...filter } }),
    placeholderData: keepPreviousData,
  });

export const heldQuery = ({ state: _held, lot: _lot, ...filter }: PieceFilter, cursor: string) =>
  queryOptions({
    queryKey: ['held', filter, cursor],
    queryFn: ({ signal }) => get<HeldList>('/held', { signal, search: { ...filter, cursor } }),
  });

/** Requests for another certificate that are not met yet. */
export const reissuesQuery = (cursor: string) =>
  queryOptions({
    queryKey: ['reissues', cursor],
    queryFn: ({ signal }) => get<WaitingReissues>('/reissues', { signal, search: { cursor } }),
    placeholderData: keepPreviousData,
  });

/** Why one piece is held, and the texts of its papers. */
export const heldPieceQuery = (mailpieceNumber: string) =>
  queryOptions({
    queryKey: ['held-piece', mailpieceNumber],
    queryFn: ({ signal }) => get<HeldPiece>(`/held/${mailpieceNumber}`, { signal }),
  });

/** Corrects a text of a held piece for print. */
export function correctHeld(mailpieceNumber: string, request: CorrectionRequest, key: string): Promise<ActionAnswer> {
  return post<ActionAnswer>(`/held/${mailpieceNumber}/corrections`, { body: request, key });
}

/** Chosen pieces: by number, or all that match but for some. */
export type ChosenPieces =
  | { readonly numbers: readonly string[] }
  | { readonly filter: PieceFilter; readonly except: readonly string[] };

/** What an action would do to the chosen pieces; nothing is changed. */
export function planAction(action: Action | 'reroute', pieces: ChosenPieces, key: string): Promise<ActionPlan> {
  return post<ActionPlan>('/pieces/actions/preview', { body: { action, pieces }, key });
}

export function applyToPieces(
  request: {
    readonly action: Action;
    readonly reason: string;
    readonly withdrawal?: WithdrawalCause;
    readonly numbers: readonly string[];
  },
  key: string,
): Promise<ActionOutcome> {
  return post<ActionOutcome>('/pieces/actions', { body: request, key });
}

/** One mailpiece. */
export const pieceQuery = (number: string) =>
  queryOptions({
    queryKey: ['piece', number],
    queryFn: ({ signal }) => get<PiecePage>(`/papers/${number}`, { signal }),
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

export type Action =
  | 'release'
  | 'send-home'
  | 'withdraw'
  | 'repost'
  | 'take-back-return'
  | 'hand-over'
  | 'fail-hand-over'
  | 'report-left';

/** Of a withdrawal: how long it keeps the person out of later issuances. */
export interface WithdrawalCause {
  readonly code: WithdrawalList['items'][number]['code'];
  /** The first day without cover, of a loss; null = not known. */
  readonly lostOn: string | null;
}

/** What is asked for: an action with a reason in free words, or another certificate for one of the reasons of the law. */
export type PaperActionRequest =
  | { readonly action: Action; readonly reason: string; readonly withdrawal?: WithdrawalCause }
  | { readonly action: 'reissue'; readonly reason: ReissueReason; readonly isAttached: boolean };

/** `number`: of a certificate to withdraw one person's or make it again, else of a mailpiece. */
export function act(number: string, request: PaperActionRequest, key: string): Promise<ActionAnswer> {
  return post<ActionAnswer>(`/papers/${number}/actions`, { body: request, key });
}

/** Withdrawals that stand, oldest first. */
export const withdrawalsQuery = (code: string, cursor: string) =>
  queryOptions({
    queryKey: ['withdrawals', code, cursor],
    queryFn: ({ signal }) => get<WithdrawalList>('/withdrawals', { signal, search: { code, cursor } }),
    placeholderData: keepPreviousData,
  });

export function liftWithdrawal(personKey: string, reason: string, key: string): Promise<ActionAnswer> {
  return post<ActionAnswer>('/withdrawals/lift', { body: { key: personKey, reason }, key });
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
