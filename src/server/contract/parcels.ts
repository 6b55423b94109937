// Room: server, contract. Parcels to workplaces and their station.
import { z } from '@hono/zod-openapi';
import { scanAnswer } from './papers.ts';

export const parcel = z
  .object({
    id: z.int(),
    symbol: z.string(),
    workplaceName: z.string(),
    /** 「2個のうち1」 */
    sequence: z.int(),
    sequenceCount: z.int(),
    container: z.string(),
    containerLabel: z.string(),
    /** Envelopes that are to go in it, and those that lie in it. */
    expected: z.int(),
    scanned: z.int(),
    closedAt: z.string().nullable(),
  })
  .openapi('Parcel');
export type Parcel = z.infer<typeof parcel>;

export const parcelList = z
  .object({
    /** Issuances with envelopes for workplaces. */
    issuances: z.array(z.object({ id: z.int(), title: z.string() })),
    /** Whose parcels these are; null where there is no such issuance yet. */
    issuanceId: z.int().nullable(),
    items: z.array(parcel),
    next: z.string().nullable(),
    asOf: z.iso.datetime(),
  })
  .openapi('ParcelList');
export type ParcelList = z.infer<typeof parcelList>;

export const parcelPlace = z.object({ issuanceId: z.int(), symbol: z.string() }).openapi('ParcelPlace');
export type ParcelPlace = z.infer<typeof parcelPlace>;

export const workplaceParcels = z
  .object({
    issuanceTitle: z.string(),
    workplaceName: z.string(),
    parcels: z.array(parcel),
    /** Printed envelopes that lie in no parcel yet. */
    unpacked: z.int(),
    asOf: z.iso.datetime(),
  })
  .openapi('WorkplaceParcels');
export type WorkplaceParcels = z.infer<typeof workplaceParcels>;

export const parcelScanRequest = z.object({ code: z.string().min(1).max(64) }).openapi('ParcelScanRequest');
export const parcelScan = z.object({ answer: scanAnswer, parcels: z.array(parcel) }).openapi('ParcelScan');
export type ParcelScan = z.infer<typeof parcelScan>;
