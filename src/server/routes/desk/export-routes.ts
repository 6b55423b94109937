// Room: server. Lists as files for people: CSV for a spreadsheet or another system, the figures as PDF. The whole of what is
// filtered, read page by page; cells that a spreadsheet would run are made harmless; every file that leaves is noted.
import { createRoute, z } from '@hono/zod-openapi';
import type { PiecePlace } from '../../../ledger/desk/piece-lists.ts';
import { enrolmentRows, figuresPdf, reasonRows } from '../../../operations/desk/figures-report.ts';
import { prepareFigures } from '../../../operations/desk/figures.ts';
import { listHeldPieces, listPieces, searchWorkplaces } from '../../../operations/desk/papers.ts';
import { listAuditEvents, listJournalLines, noteExport } from '../../../operations/desk/trace.ts';
import { journalLabel } from '../../../rules/papers/journal.ts';
import { HELD_LABELS } from '../../../rules/printing/print-batches.ts';
import { ROUTE_LABELS } from '../../../rules/issuing/enveloping.ts';
import { PAPER_EVENT_LABELS, PAPER_STATE_LABELS, NEXT_STEP_LABELS } from '../../../rules/papers/lifecycle.ts';
import type { PaperEvent, PaperState } from '../../../rules/papers/lifecycle.ts';
import { journalQuery, pieceQuery } from '../../contract/papers.ts';
import { PAGE, answerCsv, as, csv } from '../../csv-answers.ts';
import type { Row } from '../../csv-answers.ts';
import { PROBLEMS, access, insurerOf, openRoutes, sessionOf } from '../../http.ts';
import type { App, Server } from '../../http.ts';
import { countsOf, journalFilterOf } from './audit-routes.ts';
import { heldFilterOf, heldQuery, pieceFilterOf } from './piece-routes.ts';
import { paperReasonLabel } from '../descriptions.ts';

export function exportRoutes(server: Server): App {
  const app = openRoutes();

  app.openapi(
    createRoute({
      method: 'get',
      path: '/exports/pieces.csv',
      summary: '郵便物の一覧（CSV）',
      ...access('see-papers'),
      request: { query: pieceQuery.extend({ as }) },
      responses: csv,
    }),
    async (c) => {
      const { as: encoding, ...query } = c.req.valid('query');
      const filter = pieceFilterOf(query, sessionOf(c));
      const context = c.get('context');
      const insurer = insurerOf(c);
      async function* rows(): AsyncIterable<Row> {
        yield ['郵便物番号', '発行', '記号', '番号', '経路', '枚数', '状態', '理由', '行き先', '日時'];
        for (let after: PiecePlace | null = null, more = true; more;) {
          const page: Awaited<ReturnType<typeof listPieces>> = await listPieces(context, insurer, filter, after, PAGE);
          for (const p of page.items)
            yield [
              p.mailpieceNumber,
              p.issuanceId,
              p.symbol,
              p.number,
              ROUTE_LABELS[p.route],
              p.certificateCount,
              PAPER_STATE_LABELS[p.state],
              paperReasonLabel(p.reason),
              p.nextStep === null ? '' : NEXT_STEP_LABELS[p.nextStep],
              p.since ?? '',
            ];
          after = page.next;
          more = page.next !== null;
        }
      }
      return answerCsv(c, `郵便物_${PAPER_STATE_LABELS[query.state]}`, encoding, rows());
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/exports/held.csv',
      summary: '職員の確認を待つ郵便物（CSV）',
      ...access('see-papers'),
      request: { query: heldQuery.extend({ as }) },
      responses: csv,
    }),
    async (c) => {
      const context = c.get('context');
      const insurer = insurerOf(c);
      const filter = heldFilterOf(c.req.valid('query'), sessionOf(c));
      async function* rows(): AsyncIterable<Row> {
        yield ['郵便物番号', '記号', '番号', '枝番', '理由', '項目', '文字'];
        for (let after: string | null = ''; after !== null;) {
          const page: Awaited<ReturnType<typeof listHeldPieces>> = await listHeldPieces(
            ...([context, insurer, filter, after, PAGE] as const),
          );
          for (const p of page.items) {
            const why = HELD_LABELS[p.reason as keyof typeof HELD_LABELS];
            yield [p.mailpieceNumber, p.symbol, p.number, p.subNumber, why, p.field, p.codePoint];
          }
          after = page.next;
        }
      }
      return answerCsv(c, '職員の確認待ち', c.req.valid('query').as, rows());
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/exports/workplaces.csv',
      summary: '事業所の一覧（CSV）',
      ...access('see-workplaces'),
      request: { query: z.object({ q: z.string().max(60).default(''), as }) },
      responses: csv,
    }),
    async (c) => {
      const { q, as: encoding } = c.req.valid('query');
      const context = c.get('context');
      const insurer = insurerOf(c);
      const { branches } = c.get('profile');
      async function* rows(): AsyncIterable<Row> {
        yield ['記号', '名称', '支部', '郵便物'];
        for (let after: string | null = ''; after !== null;) {
          const asked = { text: q.trim(), after, limit: PAGE };
          const page: Awaited<ReturnType<typeof searchWorkplaces>> = await searchWorkplaces(context, insurer, asked);
          for (const w of page.items) {
            const branch = branches.find((b) => b.code === w.branchCode)?.name ?? w.branchCode;
            yield [w.symbol, w.name, branch, w.pieces];
          }
          after = page.next;
        }
      }
      return answerCsv(c, '事業所', encoding, rows());
    },
  );

  const of = z.object({
    by: z.enum(['whole', 'branch', 'workplace']).default('whole'),
    q: z.string().max(60).default(''),
  });
  for (const [path, name, rows] of [
    ['/exports/figures.csv', '対象者の内訳', reasonRows],
    ['/exports/enrolment.csv', '登録率の推移', enrolmentRows],
  ] as const)
    app.openapi(
      createRoute({
        method: 'get',
        path,
        summary: `${name}（CSV）。全体、支部別、事業所別`,
        ...access('see-figures'),
        request: { query: of.extend({ as }) },
        responses: csv,
      }),
      async (c) => {
        const { by, q, as: encoding } = c.req.valid('query');
        await prepareFigures(server.database, insurerOf(c));
        return answerCsv(c, name, encoding, rows(c.get('context'), c.get('profile'), by, q.trim()));
      },
    );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/exports/figures.pdf',
      summary: '対象者の内訳と登録率（印刷用PDF）。全体、支部別、事業所別',
      ...access('see-figures'),
      request: { query: of },
      responses: { 200: { description: 'PDF', content: { 'application/pdf': { schema: z.string() } } }, ...PROBLEMS },
    }),
    async (c) => {
      const { by, q } = c.req.valid('query');
      await prepareFigures(server.database, insurerOf(c));
      const pdf = await figuresPdf(c.get('context'), c.get('profile'), by, q.trim());
      await noteExport(c.get('context'), insurerOf(c), '対象者の内訳（PDF）');
      return c.body(Uint8Array.from(pdf).buffer, 200, {
        'content-type': 'application/pdf',
        'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent('対象者の内訳.pdf')}`,
      });
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/exports/audit.csv',
      summary: '用紙の記録（CSV、新しい順）',
      ...access('see-audit'),
      request: {
        query: z.object({ actor: z.string().max(64).default(''), event: z.string().max(40).default(''), as }),
      },
      responses: csv,
    }),
    async (c) => {
      const { actor, event, as: encoding } = c.req.valid('query');
      const context = c.get('context');
      const insurer = insurerOf(c);
      async function* rows(): AsyncIterable<Row> {
        yield ['番号', '日時', '操作した人', '用紙', '用紙の番号', '操作', '前', '後', '理由', '出所'];
        for (let before = Number.MAX_SAFE_INTEGER; before > 0;) {
          const page = await listAuditEvents(context, insurer, { actor, event, before, limit: PAGE });
          for (const e of page)
            yield [
              e.seq,
              e.at,
              e.actor,
              e.subject === 'mailpiece' ? '郵便物' : '資格確認書',
              e.paperNumber,
              PAPER_EVENT_LABELS[e.event as PaperEvent],
              PAPER_STATE_LABELS[e.from as PaperState],
              PAPER_STATE_LABELS[e.to as PaperState],
              paperReasonLabel(e.reason),
              e.source,
            ];
          before = page.length < PAGE ? 0 : (page.at(-1)?.seq ?? 0);
        }
      }
      return answerCsv(c, '用紙の記録', encoding, rows());
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/exports/journal.csv',
      summary: '操作の記録（CSV、新しい順）',
      ...access('see-audit'),
      request: { query: journalQuery.extend({ as }) },
      responses: csv,
    }),
    async (c) => {
      const { as: encoding, ...query } = c.req.valid('query');
      const filter = journalFilterOf(query);
      const context = c.get('context');
      const insurer = insurerOf(c);
      async function* rows(): AsyncIterable<Row> {
        yield ['番号', '日時', '操作した人', '操作', '発行', '内容'];
        for (let before = Number.MAX_SAFE_INTEGER; before > 0;) {
          const page = await listJournalLines(context, insurer, filter, before, PAGE);
          for (const { id, at, actor, operation, issuanceId, counts } of page) {
            const words = countsOf(counts).map(({ label, value }) => `${label} ${value}`);
            yield [id, at, actor, journalLabel(operation), issuanceId ?? '', words.join('　')];
          }
          before = page.length < PAGE ? 0 : (page.at(-1)?.id ?? 0);
        }
      }
      return answerCsv(c, '操作の記録', encoding, rows());
    },
  );
  return app;
}
