// Room: server. Records for those who check: events of papers, looks, the journal, and the proof that none was changed.
import { createRoute, z } from '@hono/zod-openapi';
import { listAuditEvents, listJournalLines, listLookLines, verifyAudit } from '../../../operations/desk/trace.ts';
import type { JournalFilter } from '../../../ledger/desk/audit.ts';
import { ROLE_LABELS } from '../../../rules/access.ts';
import type { Role } from '../../../rules/access.ts';
import { JOURNAL_COUNT_LABELS, journalCountLabel, journalLabel } from '../../../rules/papers/journal.ts';
import { PAPER_EVENT_LABELS, PAPER_STATE_LABELS } from '../../../rules/papers/lifecycle.ts';
import type { PaperEvent, PaperState } from '../../../rules/papers/lifecycle.ts';
import type { LocalDate } from '../../../rules/words/local-date.ts';
import { cursor, limit } from '../../contract/common.ts';
import { auditList, journalList, journalQuery, accessRecordList } from '../../contract/papers.ts';
import { access, fromCursor, insurerOf, json, openRoutes, toCursor } from '../../http.ts';
import type { App, Server } from '../../http.ts';
import { paperReasonLabel } from '../descriptions.ts';

const page = z.object({ cursor, limit });
const LATEST = Number.MAX_SAFE_INTEGER;

export function journalFilterOf(query: z.infer<typeof journalQuery>): JournalFilter {
  const { operation, actor, from = null, to = null } = query;
  return { operation, actor, from: from as LocalDate | null, to: to as LocalDate | null };
}

const COUNT_ORDER = Object.keys(JOURNAL_COUNT_LABELS);

/** What an entry counts or names, in words and the order of the labels; nothing of an older release is hidden. */
export function countsOf(counts: unknown): { label: string; value: number | string }[] {
  const place = (name: string): number => COUNT_ORDER.indexOf(name) >>> 0;
  const entries = Object.entries(counts ?? {}).toSorted(([a], [b]) => place(a) - place(b));
  return entries.map(([name, value]) => ({
    label: journalCountLabel(name),
    value: typeof value === 'number' ? value : name === 'role' ? roleLabel(String(value)) : String(value),
  }));
}

const roleLabel = (role: string): string => (Object.hasOwn(ROLE_LABELS, role) ? ROLE_LABELS[role as Role] : role);

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
        reason: paperReasonLabel(row.reason),
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
      path: '/access-records',
      summary: '閲覧の記録（新しい順）',
      ...access('see-audit'),
      request: { query: page },
      responses: json(accessRecordList),
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
      summary: '操作の記録（新しい順。取込や利用者のことも）',
      ...access('see-audit'),
      request: { query: page.extend(journalQuery.shape) },
      responses: json(journalList),
    }),
    async (c) => {
      const { limit: size, cursor: at, ...query } = c.req.valid('query');
      const filter = journalFilterOf(query);
      const rows = await listJournalLines(c.get('context'), insurerOf(c), filter, before(at), size + 1);
      const items = rows.slice(0, size).map((row) => ({
        ...row,
        operationLabel: journalLabel(row.operation),
        counts: countsOf(row.counts),
      }));
      return c.json({ items, next: nextOf(rows, size, (row) => row.id), asOf: now() }, 200);
    },
  );
  return app;
}
