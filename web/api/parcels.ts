// Room: web/api. Parcels to workplaces.
import { queryOptions } from '@tanstack/react-query';
import type {
  Parcel,
  ParcelList,
  ParcelPlace,
  ParcelScan,
  WorkplaceParcels,
} from '../../src/server/contract/parcels.ts';
import { address, get, post } from './client.ts';

export type { Parcel, ParcelList, ParcelPlace, ParcelScan, WorkplaceParcels };

/** `issuance`: '' = the newest. */
export const parcelsQuery = (issuance: string, state: 'open' | 'closed', cursor: string) =>
  queryOptions({
    queryKey: ['parcels', issuance, state, cursor],
    queryFn: ({ signal }) => get<ParcelList>('/parcels', { signal, search: { issuance, state, cursor } }),
  });

const place = (issuanceId: number, symbol: string): string =>
  `/issuances/${issuanceId}/workplaces/${encodeURIComponent(symbol)}/parcels`;

export const workplaceParcelsQuery = (issuanceId: number, symbol: string) =>
  queryOptions({
    queryKey: ['workplace-parcels', issuanceId, symbol],
    queryFn: ({ signal }) => get<WorkplaceParcels>(place(issuanceId, symbol), { signal }),
  });

/** Where an envelope belongs. */
export function findPlace(mailpieceNumber: string): Promise<ParcelPlace> {
  return get<ParcelPlace>(`/parcels/places/${mailpieceNumber}`);
}

export function openParcels(issuanceId: number, symbol: string, key: string): Promise<{ parcels: Parcel[] }> {
  return post(place(issuanceId, symbol), { key });
}

/** The scan's own id is the key, so that sending it again is the same scan. */
export function scanIntoParcel(issuanceId: number, symbol: string, code: string, id: string): Promise<ParcelScan> {
  return post<ParcelScan>(`${place(issuanceId, symbol)}/scans`, { body: { code }, key: id });
}

export function closeParcel(issuanceId: number, symbol: string, parcel: number, key: string): Promise<Parcel> {
  return post<Parcel>(`${place(issuanceId, symbol)}/${parcel}/close`, { key });
}

/** Address of the list of contents of a closed parcel. */
export function parcelContents(issuanceId: number, symbol: string, parcel: number, format: 'pdf' | 'csv'): string {
  return address(`${place(issuanceId, symbol)}/${parcel}/contents/${format}`);
}
