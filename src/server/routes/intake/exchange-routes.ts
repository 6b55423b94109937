// Room: server. Files between the insurer and the contractor: packages and results.
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createRoute, z } from '@hono/zod-openapi';
import type { Context as HonoContext } from 'hono';
import { Refusal } from '../../../operations/context.ts';
import type { Override } from '../../../operations/context.ts';
import { keepUpload, listPackages, takePackageFile } from '../../../operations/intake/exchange.ts';
import { getIssuance } from '../../../operations/desk/jobs.ts';
import { listOpenPulls } from '../../../operations/desk/papers.ts';
import { takeResults } from '../../../operations/posting/results.ts';
import { may } from '../../../rules/access.ts';
import { holdsIndividualNumber } from '../../../rules/words/individual-numbers.ts';
import { issuanceId, reasonText } from '../../contract/common.ts';
import { packageList, pullList, resultsAnswer } from '../../contract/papers.ts';
import { access, contextOn, insurerOf, json, openRoutes, PROBLEMS, sessionOf } from '../../http.ts';
import type { App, Env, Server } from '../../http.ts';
import { bodyOf, decoded, file, fileName, nameHeader } from './uploads.ts';

const resultsHeaders = nameHeader.extend({
  'x-override-reason': z
    .string()
    .max(3000)
    .optional()
    .openapi({ description: '許す理由（パーセント符号化）。本部だけが、自分の名前で許せる' }),
});

/** The account that brings a file, as the person who lets through what a rule would refuse, where its role may. */
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
