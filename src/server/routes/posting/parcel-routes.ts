// Room: server. Parcels to workplaces: opened, filled by scan, closed when whole, their list of contents.
import { readFile } from 'node:fs/promises';
import { createRoute, z } from '@hono/zod-openapi';
import type { StoredParcel } from '../../../ledger/posting/parcels.ts';
import { getIssuance, outputFolder } from '../../../operations/desk/jobs.ts';
import {
  findContentsFile,
  findParcelPlace,
  getWorkplaceParcels,
  listIssuancesWithParcels,
  pageParcels,
} from '../../../operations/posting/parcel-station.ts';
import {
  closeParcel,
  listParcelsOfIssuance,
  openParcels,
  scanIntoParcel,
} from '../../../operations/posting/parcels.ts';
import { noteExport } from '../../../operations/desk/trace.ts';
import { CONTAINER_LABELS } from '../../../rules/posting/parcels.ts';
import { cursor, issuanceId, limit, paperNumber, symbol } from '../../contract/common.ts';
import {
  parcel,
  parcelList,
  parcelPlace,
  parcelScan,
  parcelScanRequest,
  workplaceParcels,
} from '../../contract/parcels.ts';
import type { Parcel } from '../../contract/parcels.ts';
import {
  PROBLEMS,
  access,
  body,
  fromCursor,
  insurerOf,
  japanInstant,
  json,
  openRoutes,
  stationContext,
  toCursor,
} from '../../http.ts';
import type { App, Server } from '../../http.ts';
import { describeScan } from '../descriptions.ts';
import { titleOf } from '../descriptions.ts';

const describe = (stored: StoredParcel): Parcel => ({
  ...stored,
  containerLabel: CONTAINER_LABELS[stored.container],
  closedAt: stored.closedAt && japanInstant(stored.closedAt),
});

const place = z.object({ id: issuanceId, symbol });
const parcelId = z.coerce.number().int().min(1).openapi({ description: '梱包の番号', example: 1 });
const format = z.enum(['pdf', 'csv']).openapi({ description: 'ファイルの形', example: 'pdf' });
const PLACE = '/issuances/{id}/workplaces/{symbol}/parcels';

export function parcelRoutes(server: Server): App {
  const app = openRoutes();
  const now = (): string => server.clock().toISOString();

  app.openapi(
    createRoute({
      method: 'get',
      path: '/parcels',
      summary: '事業所への梱包の一覧（発行ごと、記号の順）',
      ...access('pack-parcels'),
      request: {
        query: z.object({
          issuance: issuanceId.optional(),
          state: z.enum(['open', 'closed']).default('open'),
          cursor,
          limit,
        }),
      },
      responses: json(parcelList),
    }),
    async (c) => {
      const query = c.req.valid('query');
      const context = stationContext(c);
      const issuances = await listIssuancesWithParcels(context, insurerOf(c));
      const id = query.issuance ?? issuances[0]?.id ?? null;
      const [after = '', parcelNo = 0] = fromCursor(query.cursor) ?? [];
      const asked = { isOpen: query.state === 'open', after: { symbol: String(after), id: Number(parcelNo) } };
      const found =
        id === null
          ? { items: [], next: null }
          : await pageParcels(context, await getIssuance(context, insurerOf(c), id), { ...asked, limit: query.limit });
      return c.json(
        {
          issuances: issuances.map(({ id: no, lineage }) => ({ id: no, title: titleOf(c.get('profile'), lineage) })),
          issuanceId: id,
          items: found.items.map(describe),
          next: found.next === null ? null : toCursor([found.next.symbol, found.next.id]),
          asOf: now(),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/parcels/places/{number}',
      summary: '封筒がどの事業所への梱包に入るか',
      ...access('pack-parcels'),
      request: { params: z.object({ number: paperNumber }) },
      responses: json(parcelPlace),
    }),
    async (c) => {
      const found = await findParcelPlace(stationContext(c), insurerOf(c), c.req.valid('param').number);
      return c.json(found, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: PLACE,
      summary: '一つの事業所への梱包',
      ...access('pack-parcels'),
      request: { params: place },
      responses: json(workplaceParcels),
    }),
    async (c) => {
      const { id, symbol: where } = c.req.valid('param');
      const context = stationContext(c);
      const issuance = await getIssuance(context, insurerOf(c), id);
      const { workplaceName, parcels, unpacked } = await getWorkplaceParcels(context, issuance, where);
      const issuanceTitle = titleOf(c.get('profile'), issuance.lineage);
      return c.json({ issuanceTitle, workplaceName, parcels: parcels.map(describe), unpacked, asOf: now() }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: PLACE,
      summary: '梱包を開く（まだどの梱包にもない封筒のために）',
      ...access('pack-parcels'),
      request: { params: place },
      responses: json(z.object({ parcels: z.array(parcel) })),
    }),
    async (c) => {
      const { id, symbol: where } = c.req.valid('param');
      const context = stationContext(c);
      const issuance = await getIssuance(context, insurerOf(c), id);
      await getWorkplaceParcels(context, issuance, where);
      return c.json({ parcels: (await openParcels(context, issuance, c.get('profile'), where)).map(describe) }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: `${PLACE}/scans`,
      summary: '封筒を梱包に入れる（読み取り）',
      ...access('pack-parcels'),
      request: { params: place, body: body(parcelScanRequest) },
      responses: json(parcelScan),
    }),
    async (c) => {
      const { id, symbol: where } = c.req.valid('param');
      const { code } = c.req.valid('json');
      const context = stationContext(c);
      const issuance = await getIssuance(context, insurerOf(c), id);
      await getWorkplaceParcels(context, issuance, where);
      const found = await scanIntoParcel(context, issuance, where, null, code);
      const parcels = (await listParcelsOfIssuance(context, issuance, where)).map(describe);
      return c.json({ answer: describeScan(found, code), parcels }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: `${PLACE}/{parcel}/close`,
      summary: '梱包を閉じて内容一覧を作る（全部入っているときだけ）',
      ...access('pack-parcels'),
      request: { params: place.extend({ parcel: parcelId }) },
      responses: json(parcel),
    }),
    async (c) => {
      const { id, symbol: where, parcel: which } = c.req.valid('param');
      const context = stationContext(c);
      const issuance = await getIssuance(context, insurerOf(c), id);
      const outDir = outputFolder(server.files, issuance);
      const closed = await closeParcel(context, issuance, c.get('profile'), where, { id: which }, outDir);
      return c.json(describe(closed.parcel), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: `${PLACE}/{parcel}/contents/{format}`,
      summary: '閉じた梱包の内容一覧（PDF・CSV）',
      ...access('pack-parcels'),
      request: { params: place.extend({ parcel: parcelId, format }) },
      responses: {
        200: { description: '内容一覧', content: { 'application/pdf': { schema: z.string() } } },
        ...PROBLEMS,
      },
    }),
    async (c) => {
      const { id, symbol: where, parcel: which, format: ending } = c.req.valid('param');
      const context = stationContext(c);
      const issuance = await getIssuance(context, insurerOf(c), id);
      const asked = { symbol: where, id: which, format: ending };
      const { file, name } = await findContentsFile(
        ...([context, issuance, c.get('profile'), asked, outputFolder(server.files, issuance)] as const),
      );
      await noteExport(context, insurerOf(c), name);
      return c.body(Uint8Array.from(await readFile(file)).buffer, 200, {
        'content-type': ending === 'pdf' ? 'application/pdf' : 'text/csv; charset=utf-8',
        'content-disposition': `${ending === 'pdf' ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name)}`,
      });
    },
  );
  return app;
}
