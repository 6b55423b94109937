// Room: server. Files brought in: sent, proposed together, looked at, confirmed or rejected; and the way back to an earlier file.
import path from 'node:path';
import { createRoute, z } from '@hono/zod-openapi';
import type { Context as HonoContext } from 'hono';
import { readCsv } from '../../../formats/csv.ts';
import { recogniseFile } from '../../../formats/recognise.ts';
import {
  changesList,
  findUpload,
  keepUpload,
  readRowFaults,
  suspectsList,
} from '../../../operations/intake/exchange.ts';
import { listTakenIn, takeUpFile } from '../../../operations/intake/files.ts';
import {
  beginImport,
  confirmImport,
  fixImport,
  getImportPage,
  listImports,
  overtaken,
  recheckImport,
  rejectImport,
  uploadOf,
} from '../../../operations/intake/imports.ts';
import { listRecentJobs, requestJob } from '../../../operations/desk/jobs.ts';
import type { JobInput } from '../../../operations/desk/jobs.ts';
import { Refusal } from '../../../operations/context.ts';
import { indexForConsole } from '../../../operations/perform-job.ts';
import { needsOf } from '../../../rules/intake/import-report.ts';
import type { ImportFile } from '../../../rules/intake/import-report.ts';
import type { LocalDate } from '../../../rules/words/local-date.ts';
import { foldName } from '../../../rules/words/folding.ts';
import { done } from '../../contract/common.ts';
import {
  confirmRequest,
  fileKind,
  importList,
  importPage,
  importRequest,
  reasonRequest,
  rejectRequest,
  rowErrors,
  rowFixes,
  takenFiles,
  upload,
} from '../../contract/imports.ts';
import type { ImportPage } from '../../contract/imports.ts';
import { answerCsv, as, csv } from '../../csv-answers.ts';
import { access, body, contextOn, insurerOf, json, openRoutes, sessionOf } from '../../http.ts';
import type { App, Env, Server } from '../../http.ts';
import { describeJob } from '../descriptions.ts';
import { bodyOf, file, fileName, nameHeader } from './uploads.ts';

const proposalId = z.coerce.number().int().min(1).openapi({ description: '取込案の番号', example: 1 });
const params = z.object({ id: proposalId });
const ofFile = z.object({
  id: proposalId,
  kind: fileKind.openapi({ description: 'どのファイルか', example: 'members' }),
});

const describeFiles = (files: readonly ImportFile[]) =>
  files.map(({ kind, asOf, rows, path: place }) => ({ kind, asOf, rows, fileName: path.basename(place) }));

export function importRoutes(server: Server): App {
  const app = openRoutes();
  const now = (): string => server.clock().toISOString();
  const whole = (c: HonoContext<Env>) => contextOn(c, server.database);
  const start = (c: HonoContext<Env>, kind: 'propose' | 'import', id: number) =>
    requestJob(whole(c), insurerOf(c), { kind, proposalId: id }, server.enqueue);

  /** A proposal as its page shows it. */
  const pageOf = async (c: HonoContext<Env>, id: number): Promise<ImportPage> => {
    const context = c.get('context');
    const [page, jobs] = [
      await getImportPage(context, insurerOf(c), id),
      await listRecentJobs(context, insurerOf(c), 50),
    ];
    const {
      insurerNumber: _insurer,
      base: _base,
      workedOutAt: _at,
      report,
      confirmations,
      needsReason,
      ...rest
    } = page;
    const own = jobs.find(({ kind, input }) => {
      const { proposalId: of } = input as Partial<Extract<JobInput, { kind: 'propose' }>>;
      return (kind === 'propose' || kind === 'import') && of === id;
    });
    const me = foldName(sessionOf(c).account.displayName);
    return {
      ...rest,
      files: describeFiles(page.files),
      needsReason: needsReason ?? false,
      isFaulty: report !== null && needsOf(report).isFaulty,
      report: report as ImportPage['report'],
      confirmations: confirmations.map(({ personKey, ...own2 }) => ({ ...own2, isMine: personKey === me })),
      job: own ? describeJob(own) : null,
      asOf: now(),
    };
  };

  app.openapi(
    createRoute({
      method: 'get',
      path: '/imports/files',
      summary: '取り込んだファイルの一覧（新しい順）',
      ...access('import'),
      responses: json(takenFiles),
    }),
    async (c) => {
      const items = await listTakenIn(c.get('context'), insurerOf(c));
      const described = items.map(({ importedAt, asOf, ...item }) => ({
        ...item,
        asOf: asOf as LocalDate | null,
        importedAt: importedAt.toISOString(),
      }));
      return c.json({ items: described, asOf: now() }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/imports/files/{id}/uses',
      summary: '前に取り込んだファイルに戻す',
      ...access('override'),
      request: {
        params: z.object({ id: z.coerce.number().int().min(1).openapi({ description: '取込番号', example: 1 }) }),
        body: body(reasonRequest),
      },
      responses: json(done),
    }),
    async (c) => {
      const who = { person: sessionOf(c).account.displayName, reason: c.req.valid('json').reason };
      await takeUpFile(whole(c), insurerOf(c), c.req.valid('param').id, who);
      await indexForConsole(server.database, insurerOf(c));
      return c.json({ ok: true as const }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/imports/uploads',
      summary: '取り込むファイルを送る（まだ何も変わらない）。種類は見出しで決まる',
      ...access('import'),
      request: { headers: nameHeader, body: file },
      responses: json(upload),
    }),
    async (c) => {
      const name = fileName(c.req.valid('header')['x-file-name']);
      const place = await keepUpload(server.files, insurerOf(c), name, bodyOf(c.req.raw));
      const kind = await recogniseFile(path.join(server.files, place), c.get('profile').columns);
      return c.json({ upload: path.basename(path.dirname(place)), fileName: path.basename(place), kind }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/imports/proposals',
      summary: '取込案の一覧（新しい順）',
      ...access('import'),
      responses: json(importList),
    }),
    async (c) => {
      const items = await listImports(c.get('context'), insurerOf(c), 50);
      const described = items.map((item) => {
        const { insurerNumber: _insurer, skipInvalid: _skip, needsReason: _needs, workedOutAt: _at, ...rest } = item;
        return { ...rest, files: describeFiles(item.files) };
      });
      return c.json({ items: described, asOf: now() }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/imports/proposals',
      summary: '送ったファイルをまとめて取込案にし、取り込むと何が変わるかを調べる',
      ...access('import'),
      request: { body: body(importRequest) },
      responses: json(importPage),
    }),
    async (c) => {
      const { files, skipInvalid } = c.req.valid('json');
      const found: ImportFile[] = [];
      for (const { upload: id, kind, asOf, rows } of files) {
        const place = await findUpload(server.files, insurerOf(c), id);
        found.push({ path: place, kind, asOf: asOf as LocalDate | null, rows });
      }
      const { id } = await beginImport(whole(c), insurerOf(c), found, skipInvalid);
      await start(c, 'propose', id);
      return c.json(await pageOf(c, id), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/imports/proposals/{id}',
      summary: '取込案：取り込むと何が変わるか',
      ...access('import'),
      request: { params },
      responses: json(importPage),
    }),
    async (c) => c.json(await pageOf(c, c.req.valid('param').id), 200),
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/imports/proposals/{id}/confirmations',
      summary: '取込案を確定する（限度を超えるファイルは、別の二人が理由を書いて）',
      ...access('override'),
      request: { params, body: body(confirmRequest) },
      responses: json(importPage),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const given = { ...c.req.valid('json'), person: sessionOf(c).account.displayName };
      const confirmed = await confirmImport(whole(c), insurerOf(c), id, given);
      if (confirmed === 'overtaken') {
        await start(c, 'propose', id);
        throw overtaken();
      }
      if (confirmed === 'taking-in') await start(c, 'import', id);
      return c.json(await pageOf(c, id), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/imports/proposals/{id}/rejections',
      summary: '取込案を取りやめる（送ったファイルは消える）',
      ...access('import'),
      request: { params, body: body(rejectRequest) },
      responses: json(importPage),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      await rejectImport(whole(c), server.files, insurerOf(c), id, c.req.valid('json').reason);
      return c.json(await pageOf(c, id), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/imports/proposals/{id}/checks',
      summary: '取込案をもう一度調べる',
      ...access('import'),
      request: { params },
      responses: json(importPage),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      await recheckImport(whole(c), insurerOf(c), id);
      await start(c, 'propose', id);
      return c.json(await pageOf(c, id), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/imports/proposals/{id}/{kind}/errors',
      summary: '取り込めない行',
      ...access('import'),
      request: {
        params: ofFile,
        query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(50) }),
      },
      responses: json(rowErrors),
    }),
    async (c) => {
      const { id, kind } = c.req.valid('param');
      const place = await uploadOf(c.get('context'), insurerOf(c), id, kind);
      return c.json(await readRowFaults(server.files, place, c.req.valid('query').limit), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/imports/proposals/{id}/{kind}/fixes',
      summary: '誤りのあるセルを直して、もう一度調べる',
      ...access('import'),
      request: { params: ofFile, body: body(rowFixes) },
      responses: json(importPage),
    }),
    async (c) => {
      const { id, kind } = c.req.valid('param');
      await fixImport(whole(c), server.files, insurerOf(c), id, kind, c.req.valid('json').fixes);
      await start(c, 'propose', id);
      return c.json(await pageOf(c, id), 200);
    },
  );

  for (const [list, name, placeOf] of [
    ['changes', '変わる行', changesList],
    ['suspects', '職員が見るべきセル', suspectsList],
    ['errors', '取り込めない行', (upload: string) => `${upload}.errors.csv`],
  ] as const)
    app.openapi(
      createRoute({
        method: 'get',
        path: `/exports/imports/{id}/{kind}/${list}.csv`,
        summary: `取込案の${name}（CSV）`,
        ...access('import'),
        request: { params: ofFile, query: z.object({ as }) },
        responses: csv,
      }),
      async (c) => {
        const { id, kind } = c.req.valid('param');
        const place = placeOf(await uploadOf(c.get('context'), insurerOf(c), id, kind));
        const rows = await readRows(path.join(server.files, place));
        return answerCsv(c, `${name}_取込案${id}`, c.req.valid('query').as, rows);
      },
    );
  return app;
}

/** Rows of a list that was written. @throws Refusal `file-unknown` where it is gone */
async function readRows(place: string): Promise<AsyncIterable<readonly string[]>> {
  const batches = readCsv(place, 'utf-8')[Symbol.asyncIterator]();
  const first = await batches.next().catch((error: unknown) => {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
    throw new Refusal('file-unknown', 'その一覧は残っていません。');
  });
  async function* rows(): AsyncIterable<readonly string[]> {
    for (let next = first; !next.done; next = await batches.next()) for (const { fields } of next.value) yield fields;
  }
  return rows();
}
