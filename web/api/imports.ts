// Room: web/api. Files brought in: sent, proposed together, looked at, confirmed or rejected; what is in use and the way back.
import { queryOptions } from '@tanstack/react-query';
import type {
  FileKind,
  ImportList,
  ImportPage,
  ImportRequest,
  RowErrors,
  TakenFiles,
  Upload,
} from '../../src/server/contract/imports.ts';
import { address, get, post } from './client.ts';

export type {
  ImportList,
  ImportPage,
  ImportReport,
  ReportedFile,
  RowErrors,
  TakenFiles,
  Upload,
} from '../../src/server/contract/imports.ts';
export type DatasetKind = FileKind;
export type { ImportKind } from '../../src/server/contract/imports.ts';
export type ImportRow = ImportList['items'][number];

export const takenFilesQuery = queryOptions({
  queryKey: ['taken-files'],
  queryFn: ({ signal }) => get<TakenFiles>('/imports/files', { signal }),
});

export const importsQuery = queryOptions({
  queryKey: ['imports'],
  queryFn: ({ signal }) => get<ImportList>('/imports/proposals', { signal }),
});

export const importQuery = (id: number) =>
  queryOptions({
    queryKey: ['import', id],
    queryFn: ({ signal }) => get<ImportPage>(`/imports/proposals/${id}`, { signal }),
  });

const nameOf = (file: File): Record<string, string> => ({ 'x-file-name': encodeURIComponent(file.name) });

/** Sends a file, which changes nothing yet; the answer says what it is by its header. */
export function sendFile(file: File, key: string): Promise<Upload> {
  return post<Upload>('/imports/uploads', { body: file, headers: nameOf(file), key });
}

export function proposeImport(request: ImportRequest, key: string): Promise<ImportPage> {
  return post<ImportPage>('/imports/proposals', { body: request, key });
}

/** `version` is the one that was looked at. */
export function confirmImport(id: number, version: number, reason: string | null, key: string): Promise<ImportPage> {
  return post<ImportPage>(`/imports/proposals/${id}/confirmations`, { body: { version, reason }, key });
}

export function rejectImport(id: number, reason: string | null, key: string): Promise<ImportPage> {
  return post<ImportPage>(`/imports/proposals/${id}/rejections`, { body: { reason }, key });
}

export function recheckImport(id: number, key: string): Promise<ImportPage> {
  return post<ImportPage>(`/imports/proposals/${id}/checks`, { body: {}, key });
}

export function takeUpFile(id: number, reason: string, key: string): Promise<{ ok: true }> {
  return post(`/imports/files/${id}/uses`, { body: { reason }, key });
}

/** `version`: after cells were put right there are others. */
export const rowErrorsQuery = (id: number, version: number, kind: DatasetKind, limit: number) =>
  queryOptions({
    queryKey: ['row-errors', id, version, kind, limit],
    queryFn: ({ signal }) => get<RowErrors>(`/imports/proposals/${id}/${kind}/errors`, { signal, search: { limit } }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** A cell put right: its line as in the spreadsheet, its column, what should stand there. */
export interface Fix {
  readonly line: number;
  readonly column: string;
  readonly value: string;
}

/** The same file with these cells put right is looked at again. */
export function fixImport(id: number, kind: DatasetKind, fixes: readonly Fix[], key: string): Promise<ImportPage> {
  return post<ImportPage>(`/imports/proposals/${id}/${kind}/fixes`, { body: { fixes }, key });
}

/** Address of a list of a proposal: rows that change, cells to look at, rows at fault. */
export function importList(
  id: number,
  kind: DatasetKind,
  list: 'changes' | 'suspects' | 'errors',
  encoding: 'excel' | 'cp932' | 'plain',
): string {
  return address(`/exports/imports/${id}/${kind}/${list}.csv`, { as: encoding });
}
