// Room: web/api. Files in and out: imports, the contractor's packages and results.
import { queryOptions } from '@tanstack/react-query';
import type { Datasets, PackageList, PullList, ResultsAnswer, RowErrors } from '../../src/server/contract/papers.ts';
import type { Job } from '../../src/server/contract/work.ts';
import { address, get, post } from './client.ts';

export type { Datasets, PackageList, PullList, ResultsAnswer, RowErrors };
export type PackageRow = PackageList['items'][number];
export type DatasetKind = keyof Datasets;

export const datasetsQuery = queryOptions({
  queryKey: ['datasets'],
  queryFn: ({ signal }) => get<Datasets>('/imports', { signal }),
});

export interface Import {
  readonly kind: DatasetKind;
  readonly file: File;
  /** Of an enrolment file: the day its statuses are of. */
  readonly asOf: string | null;
  /** Leave rows at fault out instead of refusing the file. */
  readonly skipInvalid: boolean;
}

const nameOf = (file: File): Record<string, string> => ({ 'x-file-name': encodeURIComponent(file.name) });

export function importFile({ kind, file, asOf, skipInvalid }: Import, key: string): Promise<Job> {
  const search = { kind, asOf: asOf ?? undefined, skipInvalid };
  return post<Job>('/imports', { search, body: file, headers: nameOf(file), key });
}

export const rowErrorsQuery = (jobId: string, limit: number) =>
  queryOptions({
    queryKey: ['row-errors', jobId, limit],
    queryFn: ({ signal }) => get<RowErrors>(`/imports/${jobId}/errors`, { signal, search: { limit } }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** A cell put right: its line as in the spreadsheet, its column, what should stand there. */
export interface Fix {
  readonly line: number;
  readonly column: string;
  readonly value: string;
}

/** Tries the same file again with these cells put right. */
export function fixImport(jobId: string, fixes: readonly Fix[], key: string): Promise<Job> {
  return post<Job>(`/imports/${jobId}/fixes`, { body: { fixes }, key });
}

export const packagesQuery = queryOptions({
  queryKey: ['packages'],
  queryFn: ({ signal }) => get<PackageList>('/packages', { signal }),
});

export const pullsQuery = queryOptions({
  queryKey: ['pulls'],
  queryFn: ({ signal }) => get<PullList>('/pulls', { signal }),
});

/** Address of one file of a package. */
export function packageFile(folder: string, path: string): string {
  return address(`/packages/${encodeURIComponent(folder)}/files/${encodeURIComponent(path)}`);
}

/** `reason`: why what a rule would refuse is recorded all the same, by the name of who is signed in; null = it is not. */
export function bringResults(
  issuanceId: number,
  file: File,
  reason: string | null,
  key: string,
): Promise<ResultsAnswer> {
  const headers = { ...nameOf(file), ...(reason !== null && { 'x-override-reason': encodeURIComponent(reason) }) };
  return post<ResultsAnswer>('/results', { search: { issuanceId }, body: file, headers, key });
}
