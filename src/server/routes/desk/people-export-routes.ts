// Room: server. Lists of persons as CSV: what a search finds, and an issuance's members by decision. The first page is read
// before the file is promised; each page is checked against whom it is for before a line of it leaves.
import { createRoute, z } from '@hono/zod-openapi';
import type { Context as HonoContext } from 'hono';
import { searchPeople } from '../../../operations/desk/people.ts';
import { readDecidedMembers } from '../../../operations/desk/overview.ts';
import { getIssuance } from '../../../operations/desk/jobs.ts';
import { checkReader } from '../../../operations/posting/recipients.ts';
import { exitLabel, reasonLabel } from '../../../rules/issuing/reasons.ts';
import { RELATION_LABELS } from '../../../rules/intake/member.ts';
import { issuanceId } from '../../contract/common.ts';
import { decidedFilter } from '../../contract/people.ts';
import { access, insurerOf, openRoutes, sessionOf } from '../../http.ts';
import type { App, Env } from '../../http.ts';
import { PAGE, answerCsv, as, csv } from '../../csv-answers.ts';
import type { Row } from '../../csv-answers.ts';
import { decidedFilterOf } from './people-routes.ts';

/** A page of persons and the place after it, or null. */
interface PageOf<Person, Place> {
  readonly items: readonly Person[];
  readonly next: Place | null;
}

async function answerPeople<Person extends { readonly symbol: string }, Place>(
  c: HonoContext<Env>,
  file: { readonly name: string; readonly encoding: z.infer<typeof as>; readonly head: Row },
  pageAfter: (place: Place | null) => Promise<PageOf<Person, Place>>,
  rowOf: (person: Person) => Row,
): Promise<Response> {
  const { account } = sessionOf(c);
  const checked = async (place: Place | null): Promise<PageOf<Person, Place>> => {
    const page = await pageAfter(place);
    const whole = c.get('server').database;
    await checkReader(whole, account.insurerNumber, account.branchCode, file.name, page.items);
    return page;
  };
  const first = await checked(null);
  async function* rows(): AsyncIterable<Row> {
    yield file.head;
    for (let page = first; ; page = await checked(page.next)) {
      for (const person of page.items) yield rowOf(person);
      if (page.next === null) return;
    }
  }
  return answerCsv(c, file.name, file.encoding, rows());
}

export function peopleExportRoutes(): App {
  const app = openRoutes();

  app.openapi(
    createRoute({
      method: 'get',
      path: '/exports/members.csv',
      summary: '加入者の検索の結果（CSV）',
      ...access('see-people'),
      request: { query: z.object({ q: z.string().max(100), as }) },
      responses: csv,
    }),
    async (c) => {
      const { q, as: encoding } = c.req.valid('query');
      const insurer = insurerOf(c);
      return answerPeople(
        c,
        // What was searched for may be a name: the record says that a list was taken, not of whom.
        { name: '加入者の検索の結果', encoding, head: ['記号', '番号', '枝番', '氏名', 'カナ', '続柄', '喪失日'] },
        (after: Awaited<ReturnType<typeof searchPeople>>['next']) =>
          searchPeople(c.get('context'), insurer, { text: q, after, limit: PAGE }),
        (m) => [m.symbol, m.number, m.subNumber, m.name, m.kana, RELATION_LABELS[m.relation], m.lostOn ?? ''],
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/exports/issuances/{id}/members.csv',
      summary: '発行の加入者（対象・理由・支部・事業所ごと、CSV）',
      ...access('see-decisions'),
      request: { params: z.object({ id: issuanceId }), query: decidedFilter.extend({ as }) },
      responses: csv,
    }),
    async (c) => {
      const query = c.req.valid('query');
      const issuance = await getIssuance(c.get('context'), insurerOf(c), c.req.valid('param').id);
      const head = ['記号', '番号', '枝番', '氏名', 'カナ', '判定', '理由', '作らない理由', '郵便物番号'];
      return answerPeople(
        c,
        { name: `発行の加入者_第${issuance.id}号`, encoding: query.as, head },
        (after: Awaited<ReturnType<typeof readDecidedMembers>>['next']) =>
          readDecidedMembers(c.get('context'), issuance, decidedFilterOf(query, sessionOf(c)), after, PAGE),
        (m) => [
          m.symbol,
          m.number,
          m.subNumber,
          m.name,
          m.kana,
          m.isTarget ? '対象' : '対象外',
          reasonLabel(issuance.kind, m.reason),
          m.exit === null ? '' : exitLabel(issuance.kind, m.exit),
          m.mailpieceNumber ?? '',
        ],
      );
    },
  );
  return app;
}
