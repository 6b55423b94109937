// Room: operations. The parcel station of the console: which parcels there are, where an envelope belongs, and the list of
// contents of a closed parcel as a file.
import type { Lineage } from '../../rules/papers/lineage.ts';
import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  findPlaceOfPiece,
  listParcelIssuances,
  listParcelPage,
  listParcels,
  listPiecesToPack,
} from '../../ledger/posting/parcels.ts';
import type { StoredParcel } from '../../ledger/posting/parcels.ts';
import { findWorkplace } from '../../ledger/intake/workplaces.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { parsePaperNumber } from '../../rules/words/check-digits.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import { getIssuanceOfPaper } from '../issuance.ts';
import { closeParcel } from './parcels.ts';

/** Issuances with envelopes for workplaces, newest first. */
export async function listIssuancesWithParcels(
  context: Context,
  insurerNumber: string,
): Promise<{ id: number; lineage: Lineage }[]> {
  return context.database.transaction((tx) => listParcelIssuances(tx, insurerNumber));
}

/** A page of an issuance's parcels, open or closed, by workplace. */
export async function pageParcels(
  context: Context,
  issuance: Issuance,
  query: Parameters<typeof listParcelPage>[2],
): Promise<{ items: StoredParcel[]; next: { symbol: string; id: number } | null }> {
  const rows = await context.database.transaction((tx) =>
    listParcelPage(tx, issuance, { ...query, limit: query.limit + 1 }),
  );
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return { items, next: rows.length > query.limit && last ? { symbol: last.symbol, id: last.id } : null };
}

export interface WorkplaceParcels {
  readonly workplaceName: string;
  readonly parcels: readonly StoredParcel[];
  /** Printed envelopes that lie in no parcel yet. */
  readonly unpacked: number;
}

/** One workplace's parcels in an issuance. @throws Refusal `workplace-unknown` */
export async function getWorkplaceParcels(
  context: Context,
  issuance: Issuance,
  symbol: string,
): Promise<WorkplaceParcels> {
  return context.database.transaction(async (tx) => {
    const workplace = await findWorkplace(tx, issuance.workplacesId, symbol);
    if (!workplace) throw new Refusal('workplace-unknown', 'その記号の事業所は見つかりません。');
    return {
      workplaceName: workplace.name,
      parcels: await listParcels(tx, issuance, symbol),
      unpacked: (await listPiecesToPack(tx, issuance, symbol)).length,
    };
  });
}

/**
 * Which workplace's parcel an envelope is for, of any issuance.
 *
 * @throws Refusal `paper-unknown`; `goes-home` for one that goes to no workplace
 */
export async function findParcelPlace(
  context: Context,
  insurerNumber: string,
  number: string,
): Promise<{ issuanceId: number; symbol: string }> {
  const { issuance } = await getIssuanceOfPaper(context, insurerNumber, number);
  const isPiece = parsePaperNumber(number)?.kind === 'mailpiece';
  const place = isPiece ? await context.database.transaction((tx) => findPlaceOfPiece(tx, issuance, number)) : null;
  if (!place) throw new Refusal('paper-unknown', '郵便物が見つかりません。番号を確かめてください。');
  if (place.route === 'home') throw new Refusal('goes-home', '自宅へ送る郵便物です。事業所あての梱包には入れません。');
  return { issuanceId: issuance.id, symbol: place.symbol };
}

/**
 * Where the list of contents of a closed parcel lies; made again where the file is gone.
 *
 * @throws Refusal `parcel-unknown`, `parcel-open`
 */
export async function findContentsFile(
  context: Context,
  issuance: Issuance,
  profile: InsurerProfile,
  asked: { readonly symbol: string; readonly id: number; readonly format: 'pdf' | 'csv' },
  outDir: string,
): Promise<{ file: string; name: string }> {
  const { symbol, id, format } = asked;
  const parcel = (await context.database.transaction((tx) => listParcels(tx, issuance, symbol))).find(
    (p) => p.id === id,
  );
  if (!parcel) throw new Refusal('parcel-unknown', 'その梱包はありません。');
  if (parcel.closedAt === null) throw new Refusal('parcel-open', '内容一覧は、梱包を閉じるとできます。');
  const file = path.join(outDir, 'parcels', `${symbol}-${id}.${format}`);
  if (!existsSync(file)) await closeParcel(context, issuance, profile, symbol, { id }, outDir);
  return { file, name: `内容一覧_${symbol}_${parcel.sequence}.${format}` };
}
