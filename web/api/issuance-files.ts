// Room: web/api. An issuance's rows to look at, its replaced characters, and the files written for it.
import { queryOptions } from '@tanstack/react-query';
import type { IssuanceFiles, ReplacedList, WarningList } from '../../src/server/contract/issuance-files.ts';
import { address, get } from './client.ts';

export type { IssuanceFiles, ReplacedList, WarningList } from '../../src/server/contract/issuance-files.ts';

export const warningsQuery = (id: number, code: string, cursor: string) =>
  queryOptions({
    queryKey: ['warnings', id, code, cursor],
    queryFn: ({ signal }) => get<WarningList>(`/issuances/${id}/warnings`, { signal, search: { code, cursor } }),
  });

export const replacedQuery = (id: number, cursor: string) =>
  queryOptions({
    queryKey: ['replaced', id, cursor],
    queryFn: ({ signal }) => get<ReplacedList>(`/issuances/${id}/replaced`, { signal, search: { cursor } }),
  });

export const issuanceFilesQuery = (id: number) =>
  queryOptions({
    queryKey: ['issuance-files', id],
    queryFn: ({ signal }) => get<IssuanceFiles>(`/issuances/${id}/files`, { signal }),
  });

/** Address of one file of an issuance. */
export function issuanceFile(id: number, path: string): string {
  return address(`/issuances/${id}/files/${encodeURIComponent(path)}`);
}
