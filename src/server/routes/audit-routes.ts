// Room: server. Records for those who check: events of papers, looks, the journal, and the proof that none was changed.
import { createRoute, z } from '@hono/zod-openapi';
import { listAuditEvents, listJournalLines, listLookLines, verifyAudit } from '../../operations/trace.ts';
import { PAPER_EVENT_LABELS, PAPER_STATE_LABELS } from '../../rules/lifecycle.ts';
import type { PaperEvent, PaperState } from '../../rules/lifecycle.ts';
import { cursor, limit } from '../contract/common.ts';
import { auditList, journalList, lookList } from '../contract/papers.ts';
import { access, fromCursor, insurerOf, json, openRoutes, toCursor } from '../http.ts';
import type { App, Server } from '../http.ts';
import { reasonLabel } from './piece-routes.ts';

const page = z.object({ cursor, limit });
const LATEST = Number.MAX_SAFE_INTEGER;

export function auditRoutes(server: Server): App {
  const app = openRoutes();
  const now = (): string => server.clock().toISOString();
  const before = (text: string | undefined): number => Number(fromCursor(text)?.[0] ?? LATEST);
  const nextOf = <T>(rows: readonly T[], size: number, id: (row: T) => number): string | null => {
    const last = rows[size - 1];
    return rows.length > size && last !== undefined ? toCursor([id(last)]) : null;
  };

  app.openapi(
    createRoute({
      method: 'get',
      path: '/audit',
      summary: '用紙の記録（新しい順）',
      ...access('see-audit'),
      request: { query: page.extend({ actor: z.string().max(64).default(''), event: z.string().max(40).default('') }) },
      responses: json(auditList),
    }),
    async (c) => {
      const { actor, event, limit: size, cursor: at } = c.req.valid('query');
      const filter = { actor, event, before: before(at), limit: size + 1 };
      const rows = await listAuditEvents(c.get('context'), insurerOf(c), filter);
      const items = rows.slice(0, size).map(({ from, to, ...row }) => ({
        ...row,
        reason: reasonLabel(row.reason),
        label: PAPER_EVENT_LABELS[row.event as PaperEvent],
        fromLabel: PAPER_STATE_LABELS[from as PaperState],
        toLabel: PAPER_STATE_LABELS[to as PaperState],
      }));
      return c.json({ items, next: nextOf(rows, size, (row) => row.seq), asOf: now() }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/audit/proof',
      summary: '記録の連鎖を確かめる',
      ...access('see-audit'),
      responses: json(z.object({ whole: z.boolean(), message: z.string(), asOf: z.string() })),
    }),
    async (c) => {
      const fault = await verifyAudit(c.get('context'), insurerOf(c));
      return c.json({ whole: fault === null, message: fault ?? '記録に改変や欠落はありません。', asOf: now() }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/looks',
      summary: '閲覧の記録（新しい順）',
      ...access('see-audit'),
      request: { query: page },
      responses: json(lookList),
    }),
    async (c) => {
      const { limit: size, cursor: at } = c.req.valid('query');
      const rows = await listLookLines(c.get('context'), insurerOf(c), before(at), size + 1);
      return c.json({ items: rows.slice(0, size), next: nextOf(rows, size, (row) => row.id), asOf: now() }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/journal',
      summary: '操作の記録（新しい順）',
      ...access('see-audit'),
      request: { query: page },
      responses: json(journalList),
    }),
    async (c) => {
      const { limit: size, cursor: at } = c.req.valid('query');
      const rows = await listJournalLines(c.get('context'), insurerOf(c), before(at), size + 1);
      return c.json({ items: rows.slice(0, size), next: nextOf(rows, size, (row) => row.id), asOf: now() }, 200);
    },
  );
  return app;
}
