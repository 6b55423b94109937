// Room: web/api. The contractor's packages and results.
import { queryOptions } from '@tanstack/react-query';
import type { PackageList, PullList, ResultsAnswer } from '../../src/server/contract/papers.ts';
import { address, get, post } from './client.ts';

export type { PackageList, PullList, ResultsAnswer };
export type PackageRow = PackageList['items'][number];
const nameOf = (file: File): Record<string, string> => ({ 'x-file-name': encodeURIComponent(file.name) });

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

/** `reason`: why what a rule would refuse is recorded all the same, in the name of the account; null = it is not. */
export function bringResults(
  issuanceId: number,
  file: File,
  reason: string | null,
  key: string,
): Promise<ResultsAnswer> {
  const headers = { ...nameOf(file), ...(reason !== null && { 'x-override-reason': encodeURIComponent(reason) }) };
  return post<ResultsAnswer>('/results', { search: { issuanceId }, body: file, headers, key });
}
