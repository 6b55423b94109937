// Room: server. Persons: search and page.
import { ACTION_LABELS, describeEvent } from '../descriptions.ts';
import type { Session } from '../../../ledger/desk/accounts.ts';
import { createRoute, z } from '@hono/zod-openapi';
import { getPersonPage, searchPeople } from '../../../operations/desk/people.ts';
import type { PersonDecision } from '../../../operations/desk/people.ts';
import { parsePersonKey } from '../../../operations/desk/explain.ts';
import type { DecidedFilter } from '../../../ledger/desk/decision-lists.ts';
import { getIssuance } from '../../../operations/desk/jobs.ts';
import { listDecidedMembers } from '../../../operations/desk/overview.ts';
import { exitLabel, reasonLabel as reasonLabelOf } from '../../../rules/issuing/reasons.ts';
import { CARD_LABELS, INSURED_CLASS_LABELS, REGISTRATION_LABELS } from '../../../rules/intake/member.ts';
import { PAPER_STATE_LABELS } from '../../../rules/papers/lifecycle.ts';
import type { InsurerProfile } from '../../../rules/insurer.ts';
import { formatPersonKey } from '../../../rules/words/person-key.ts';
import { may } from '../../../rules/access.ts';
import { cursor, issuanceId, limit, personKey } from '../../contract/common.ts';
import { decidedFilter, decidedList, peopleFound, personPage } from '../../contract/people.ts';
import type { PersonDecision as Decision } from '../../contract/people.ts';
import { access, fromCursor, insurerOf, japanDay, json, openRoutes, sessionOf, toCursor } from '../../http.ts';
import type { App, Server } from '../../http.ts';
import { titleOf } from '../descriptions.ts';

function describeDecision(profile: InsurerProfile, { issuance, decision, explanation }: PersonDecision): Decision {
  const { sentence, rule, facts, nearestChange } = explanation;
  return { issuance: titleOf(profile, issuance), ...decision, sentence, rule, facts: [...facts], nearestChange };
}

export function decidedFilterOf(query: z.infer<typeof decidedFilter>, { account }: Session): DecidedFilter {
  return {
    isTarget: query.target === undefined ? null : query.target === 'yes',
    reason: query.reason ?? null,
    // A branch's account asks for its own, which an index has in order; the wall would let it find no others anyway.
    branchCode: account.branchCode ?? query.branch ?? null,
    symbol: query.workplace ?? null,
  };
}

export function peopleRoutes(server: Server): App {
  const app = openRoutes();
  const now = (): string => server.clock().toISOString();

  app.openapi(
    createRoute({
      method: 'get',
      path: '/members',
      summary: '加入者をさがす（記号-番号、カナ、氏名、用紙の番号）',
      ...access('see-people'),
      request: { query: z.object({ q: z.string().max(100), cursor, limit }) },
      responses: json(peopleFound),
    }),
    async (c) => {
      const query = c.req.valid('query');
      const place = fromCursor(query.cursor)?.map(String);
      const after = place
        ? { text: place[0] ?? '', symbol: place[1] ?? '', number: place[2] ?? '', subNumber: place[3] ?? '' }
        : null;
      const found = await searchPeople(c.get('context'), insurerOf(c), { text: query.q, after, limit: query.limit });
      const { next } = found;
      return c.json(
        {
          meaning: found.meaning,
          items: found.items.map((row) => ({ ...row, key: formatPersonKey(row) })),
          next: next && toCursor([next.text, next.symbol, next.number, next.subNumber]),
          asOf: now(),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/issuances/{id}/members',
      summary: '発行の加入者（対象・理由・支部・事業所ごと、記号-番号の順）',
      ...access('see-decisions'),
      request: {
        params: z.object({ id: issuanceId }),
        query: decidedFilter.extend({ cursor, limit }),
      },
      responses: json(decidedList),
    }),
    async (c) => {
      const query = c.req.valid('query');
      const profile = c.get('profile');
      const { account } = sessionOf(c);
      const issuance = await getIssuance(c.get('context'), insurerOf(c), c.req.valid('param').id);
      const [symbol = '', number = '', subNumber = ''] = fromCursor(query.cursor)?.map(String) ?? [];
      const found = await listDecidedMembers(
        c.get('context'),
        issuance,
        decidedFilterOf(query, sessionOf(c)),
        query.cursor === undefined ? null : { symbol, number, subNumber },
        query.limit,
      );
      const { next } = found;
      return c.json(
        {
          issuanceTitle: titleOf(profile, issuance.lineage),
          items: found.items.map((row) => ({
            key: formatPersonKey(row),
            name: row.name,
            kana: row.kana,
            isTarget: row.isTarget,
            reasonLabel: reasonLabelOf(issuance.kind, row.reason),
            exitLabel: row.exit === null ? '' : exitLabel(issuance.kind, row.exit),
            mailpieceNumber: row.mailpieceNumber,
          })),
          next: next && toCursor([next.symbol, next.number, next.subNumber]),
          total: found.total,
          reasons: found.reasons.map((row) => ({ ...row, label: reasonLabelOf(issuance.kind, row.reason) })),
          branches: account.branchCode === null ? profile.branches.map(({ code, name }) => ({ code, name })) : [],
          asOf: now(),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/members/{key}',
      summary: '一人の加入者：判定、用紙、経過、今できること',
      ...access('see-people'),
      request: { params: z.object({ key: personKey }) },
      responses: json(personPage),
    }),
    async (c) => {
      const profile = c.get('profile');
      const key = parsePersonKey(c.req.valid('param').key);
      const page = await getPersonPage(c.get('context'), insurerOf(c), key, japanDay(server.clock()));
      const { role } = sessionOf(c).account;
      const { person } = page;
      const mayAct = may(role, 'change-papers');
      return c.json(
        {
          person: {
            key: formatPersonKey(person),
            symbol: person.symbol,
            number: person.number,
            subNumber: person.subNumber,
            name: person.name,
            kana: person.kana,
            relation: person.relation,
            lostOn: person.lostOn,
            bornOn: person.bornOn,
            sex: person.sex,
            acquiredOn: person.acquiredOn,
            insuredClass: INSURED_CLASS_LABELS[person.insuredClass as keyof typeof INSURED_CLASS_LABELS],
            mailStopped: person.mailStopped,
            address: [
              person.postalCode && `〒${person.postalCode.replace(/^(\d{3})(\d{4})$/, '$1-$2')}`,
              person.addressLine,
              person.building,
            ]
              .filter((part) => part)
              .join('　'),
            workplaceName: person.workplaceName,
            branchName: profile.branches.find((b) => b.code === person.branchCode)?.name ?? '',
            card: person.card && CARD_LABELS[person.card as keyof typeof CARD_LABELS],
            registration:
              person.registration && REGISTRATION_LABELS[person.registration as keyof typeof REGISTRATION_LABELS],
            enrolmentAsOf: person.enrolmentAsOf,
          },
          decision: page.decision && describeDecision(profile, page.decision),
          notice: page.notice && describeDecision(profile, page.notice),
          papers: page.papers.map(({ position: _position, lineage, ...paper }) => ({
            ...paper,
            issuanceTitle: titleOf(profile, lineage),
            certificateStateLabel: paper.certificateState === null ? '' : PAPER_STATE_LABELS[paper.certificateState],
            mailpieceStateLabel: PAPER_STATE_LABELS[paper.mailpieceState],
            actions: mayAct ? paper.actions.map((a) => ({ ...a, label: ACTION_LABELS[a.action] })) : [],
          })),
          events: page.events.map((e) => describeEvent(profile, e)),
          asOf: now(),
        },
        200,
      );
    },
  );
  return app;
}
