// Room: server. What was taken out and what must be: withdrawals that stand and their lifting, the pull list and what newer files
// and filings say, as files.
import { createRoute, z } from '@hono/zod-openapi';
import { lookForNews } from '../../../operations/posting/ask-again.ts';
import { liftWithdrawal, pageWithdrawals } from '../../../operations/posting/withdrawals.ts';
import { parsePersonKey } from '../../../operations/desk/explain.ts';
import { getIssuance } from '../../../operations/desk/jobs.ts';
import { listOpenPulls } from '../../../operations/desk/papers.ts';
import { STAFF_CODES, WITHDRAWAL_LABELS, WITHDRAWAL_TERMS } from '../../../rules/papers/standing.ts';
import { NEWER_LABELS } from '../../../rules/posting/newer-facts.ts';
import { formatPersonKey } from '../../../rules/words/person-key.ts';
import { cursor, issuanceId, limit } from '../../contract/common.ts';
import { actionAnswer, liftRequest, withdrawalList } from '../../contract/papers.ts';
import type { WithdrawalList } from '../../contract/papers.ts';
import {
  access,
  body,
  contextOn,
  fromCursor,
  insurerOf,
  japanDay,
  json,
  openRoutes,
  sessionOf,
  toCursor,
} from '../../http.ts';
import type { App, Server } from '../../http.ts';
import { answerCsv, as, csv } from '../../csv-answers.ts';
import type { Row } from '../../csv-answers.ts';

/** Codes a person chose or the newer facts gave: those of an issuance that was given up are not listed. */
type Code = WithdrawalList['items'][number]['code'];

export function withdrawalRoutes(server: Server): App {
  const app = openRoutes();

  app.openapi(
    createRoute({
      method: 'get',
      path: '/withdrawals',
      summary: '解除されていない引き抜き（古いものから、日数とともに）',
      ...access('see-papers'),
      request: { query: z.object({ code: z.enum(STAFF_CODES).optional(), cursor, limit }) },
      responses: json(withdrawalList),
    }),
    async (c) => {
      const { code, cursor: at, limit: size } = c.req.valid('query');
      const place = fromCursor(at);
      const after = place ? ([String(place[0]), String(place[1])] as const) : null;
      const now = server.clock();
      const page = { code: code ?? null, after, limit: size };
      const found = await pageWithdrawals(c.get('context'), insurerOf(c), japanDay(now), page);
      return c.json(
        {
          items: found.items.map((row) => ({
            key: formatPersonKey(row),
            certificateNumber: row.paperNumber,
            issuanceId: row.issuanceId,
            code: row.code as Code,
            codeLabel: WITHDRAWAL_LABELS[row.code],
            term: WITHDRAWAL_TERMS[row.code],
            lostOn: row.lostOn,
            withdrawnOn: row.withdrawnOn,
            days: row.days,
            reason: row.reason,
          })),
          counts: found.counts.map(({ code: of, count }) => ({
            code: of as Code,
            label: WITHDRAWAL_LABELS[of],
            count,
          })),
          next: found.next === null ? null : toCursor([...found.next]),
          asOf: now.toISOString(),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/withdrawals/lift',
      summary: '一人の引き抜きを解除する（次の回から対象になる）',
      ...access('change-papers'),
      request: { body: body(liftRequest) },
      responses: json(actionAnswer),
    }),
    async (c) => {
      const { key, reason } = c.req.valid('json');
      const { displayName } = sessionOf(c).account;
      const person = parsePersonKey(key);
      const kind = await liftWithdrawal(c.get('context'), c.get('profile'), person, displayName, reason);
      const done = '引き抜きを解除しました。次の回から対象になります。';
      return c.json({ kind, message: kind === 'recorded' ? done : '解除済みです（変更なし）。' }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/exports/pulls.csv',
      summary: '封筒から引き抜くもの（CSV）',
      ...access('see-packages'),
      request: { query: z.object({ as }) },
      responses: csv,
    }),
    async (c) => {
      const pulls = await listOpenPulls(c.get('context'), insurerOf(c));
      const rows: Row[] = [
        ['郵便物番号', '証番号', '封入順', '印刷ファイル', 'ページ', '発行'],
        ...pulls.map((pull): Row => [
          pull.mailpieceNumber,
          pull.certificateNumber ?? '',
          pull.position,
          pull.file,
          pull.page,
          pull.issuanceId,
        ]),
      ];
      return answerCsv(c, '引き抜き一覧', c.req.valid('query').as, rows);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/exports/issuances/{id}/news.csv',
      summary: '新しい加入者ファイルと届出が、まだ送っていない人について言うこと（CSV）',
      ...access('approve-lots'),
      request: {
        params: z.object({ id: issuanceId }),
        query: z.object({ lot: z.coerce.number().int().min(1).optional(), as }),
      },
      responses: csv,
    }),
    async (c) => {
      const { lot, as: encoding } = c.req.valid('query');
      const whole = contextOn(c, server.database);
      const issuance = await getIssuance(whole, insurerOf(c), c.req.valid('param').id);
      const { news } = await lookForNews(whole, issuance, c.get('profile'), lot ?? null);
      const rows: Row[] = [
        ['郵便物番号', '記号', '番号', '枝番', 'コード', '内容'],
        ...news.map((n): Row => [
          n.mailpieceNumber,
          n.symbol,
          n.number,
          n.subNumber,
          n.finding,
          NEWER_LABELS[n.finding],
        ]),
      ];
      return answerCsv(c, `第${issuance.id}号_新しいファイルと届出`, encoding, rows);
    },
  );
  return app;
}
