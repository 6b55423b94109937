// Room: server. Files in and out: imports with their row errors, the contractor's packages and results.
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { createRoute, z } from '@hono/zod-openapi';
import type { Context as HonoContext } from 'hono';
import { Refusal } from '../../../operations/context.ts';
import type { Override } from '../../../operations/context.ts';
import {
  takePackageFile,
  fixUpload,
  keepUpload,
  listPackages,
  readRowFaults,
} from '../../../operations/intake/exchange.ts';
import { requestJob, getJob, getIssuance } from '../../../operations/desk/jobs.ts';
import { getNewestDatasets } from '../../../operations/desk/overview.ts';
import { listOpenPulls } from '../../../operations/desk/papers.ts';
import { takeResults } from '../../../operations/posting/results.ts';
import { may } from '../../../rules/access.ts';
import { holdsIndividualNumber } from '../../../rules/words/individual-numbers.ts';
import type { LocalDate } from '../../../rules/words/local-date.ts';
import { issuanceId, jobId, localDate, reasonText } from '../../contract/common.ts';
import { datasets, packageList, pullList, resultsAnswer, rowErrors, rowFixes } from '../../contract/papers.ts';
import { job } from '../../contract/work.ts';
import { access, body, contextOn, insurerOf, json, openRoutes, PROBLEMS, sessionOf } from '../../http.ts';
import type { App, Env, Server } from '../../http.ts';
import { describeJob } from '../descriptions.ts';

/** A file as the body itself; its name comes percent-encoded in `x-file-name`. */
const file = { content: { 'application/octet-stream': { schema: z.any() } }, required: true } as const;
const nameHeader = z.object({ 'x-file-name': z.string().min(1).max(1000) });

const resultsHeaders = nameHeader.extend({
  'x-override-reason': z
    .string()
    .max(3000)
    .optional()
    .openapi({ description: '許す理由（パーセント符号化）。本部だけが、自分の名前で許せる' }),
});

function decoded(header: string, what: string): string {
  try {
    return decodeURIComponent(header);
  } catch {
    throw new Refusal('arguments', `${what}を読めません。`);
  }
}

const fileName = (header: string): string => decoded(header, 'ファイル名');

/** Who brings a file answers by name for what a rule would refuse, where they may. */
function overrideOf(c: HonoContext<Env>, header: string | undefined): Override | null {
  if (header === undefined) return null;
  const { role, displayName } = sessionOf(c).account;
  if (!may(role, 'override')) throw new Refusal('override-forbidden', '許可して記録できるのは本部だけです。');
  const reason = reasonText.safeParse(decoded(header, '理由'));
  if (!reason.success || holdsIndividualNumber(reason.data))
    throw new Refusal('arguments', '許す理由を200文字までで書いてください（個人番号は書けません）。');
  return { person: displayName, reason: reason.data };
}

export function exchangeRoutes(server: Server): App {
  const app = openRoutes();
  const now = (): string => server.clock().toISOString();
  const bodyOf = (raw: Request): ReadableStream<Uint8Array> => {
    if (!raw.body) throw new Refusal('no-file', 'ファイルが空です。');
    return raw.body;
  };

  app.openapi(
    createRoute({
      method: 'get',
      path: '/imports',
      summary: '最新の取込',
      ...access('import'),
      responses: json(datasets),
    }),
    async (c) => {
      const newest = await getNewestDatasets(c.get('context'), insurerOf(c));
      const describe = (d: (typeof newest)['members']) =>
        d && { fileName: d.fileName, rowCount: d.rowCount, asOf: d.asOf, importedAt: d.importedAt.toISOString() };
      return c.json(
        {
          members: describe(newest.members),
          workplaces: describe(newest.workplaces),
          enrolment: describe(newest.enrolment),
          ratios: describe(newest.ratios),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/imports',
      summary: 'ファイルを取り込む（全行か、一行もなしか）',
      ...access('import'),
      request: {
        headers: nameHeader,
        query: z.object({
          kind: z.enum(['members', 'workplaces', 'enrolment', 'ratios']),
          asOf: localDate.optional(),
          skipInvalid: z.stringbool().default(false),
        }),
        body: file,
      },
      responses: json(job),
    }),
    async (c) => {
      const { kind, asOf, skipInvalid } = c.req.valid('query');
      if ((kind === 'enrolment') !== (asOf !== undefined))
        throw new Refusal(
          'arguments',
          'マイナ保険証のファイルには登録状況の基準日が要ります（ほかのファイルには付けません）。',
        );
      const name = fileName(c.req.valid('header')['x-file-name']);
      const upload = await keepUpload(server.files, insurerOf(c), name, bodyOf(c.req.raw));
      const whole = contextOn(c, server.database);
      const asked = await requestJob(
        whole,
        insurerOf(c),
        { kind: 'import', dataset: kind, path: upload, asOf: (asOf ?? null) as LocalDate | null, skipInvalid },
        server.enqueue,
      );
      return c.json(describeJob(asked), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/imports/{id}/errors',
      summary: '取り込めなかった行',
      ...access('import'),
      request: {
        params: z.object({ id: jobId }),
        query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(50) }),
      },
      responses: json(rowErrors),
    }),
    async (c) => {
      const found = await getJob(c.get('context'), insurerOf(c), c.req.valid('param').id);
      if (found.input.kind !== 'import') throw new Refusal('job-unknown', 'その取込はありません。');
      return c.json(await readRowFaults(server.files, found.input.path, c.req.valid('query').limit), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/imports/{id}/fixes',
      summary: '誤りのあるセルを直して、もう一度取り込む',
      ...access('import'),
      request: { params: z.object({ id: jobId }), body: body(rowFixes) },
      responses: json(job),
    }),
    async (c) => {
      const found = await getJob(c.get('context'), insurerOf(c), c.req.valid('param').id);
      if (found.input.kind !== 'import') throw new Refusal('job-unknown', 'その取込はありません。');
      const upload = await fixUpload(server.files, insurerOf(c), found.input.path, c.req.valid('json').fixes);
      const whole = contextOn(c, server.database);
      const asked = await requestJob(whole, insurerOf(c), { ...found.input, path: upload }, server.enqueue);
      return c.json(describeJob(asked), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/packages',
      summary: '引き渡しの一覧',
      ...access('see-packages'),
      responses: json(packageList),
    }),
    async (c) => {
      const items = await listPackages(server.files, insurerOf(c));
      return c.json(
        { items: items.map(({ totals, files, ...rest }) => ({ ...rest, ...totals, files: [...files] })), asOf: now() },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/pulls',
      summary: '封筒から引き抜くもの（まだ発送されていないもの）',
      ...access('see-packages'),
      responses: json(pullList),
    }),
    async (c) => c.json({ items: await listOpenPulls(c.get('context'), insurerOf(c)), asOf: now() }, 200),
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/packages/{folder}/files/{name}',
      summary: '引き渡しのファイルを受け取る',
      ...access('see-packages'),
      request: {
        params: z.object({
          folder: z.string().max(40).openapi({ description: '引き渡しの番号', example: '1-mdq0k2x1' }),
          name: z.string().max(400).openapi({ description: '一覧にあるファイルの名前', example: 'manifest.json' }),
        }),
      },
      responses: {
        200: { description: 'ファイル', content: { 'application/octet-stream': { schema: z.any() } } },
        ...PROBLEMS,
      },
    }),
    async (c) => {
      const { folder, name } = c.req.valid('param');
      const place = await takePackageFile(c.get('context'), server.files, insurerOf(c), folder, name);
      const { size } = await stat(place);
      return c.body(Readable.toWeb(createReadStream(place)) as unknown as globalThis.ReadableStream, 200, {
        'content-type': 'application/octet-stream',
        'content-length': String(size),
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(path.basename(name))}`,
      });
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/results',
      summary: '委託業者の結果（損傷・封入・発送・廃棄）を取り込む',
      ...access('bring-results'),
      request: { headers: resultsHeaders, query: z.object({ issuanceId }), body: file },
      responses: json(resultsAnswer),
    }),
    async (c) => {
      const override = overrideOf(c, c.req.valid('header')['x-override-reason']);
      const whole = contextOn(c, server.database);
      const issuance = await getIssuance(whole, insurerOf(c), c.req.valid('query').issuanceId);
      const name = fileName(c.req.valid('header')['x-file-name']);
      const upload = await keepUpload(server.files, insurerOf(c), name, bodyOf(c.req.raw));
      const place = path.join(server.files, upload);
      try {
        const { recorded, already, refused } = await takeResults(whole, issuance, place, { override });
        return c.json({ recorded, already, refused: refused.slice(0, 1000) }, 200);
      } finally {
        await rm(path.dirname(place), { recursive: true, force: true });
      }
    },
  );
  return app;
}
