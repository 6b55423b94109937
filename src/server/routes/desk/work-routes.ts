// Room: server. Today, issuances, jobs and their progress, figures.
import { describeJob, titleOf } from '../descriptions.ts';
import { createRoute, z } from '@hono/zod-openapi';
import type { IssuanceKind } from '../../../rules/papers/kinds.ts';
import type { IssuanceOverview as StoredOverview } from '../../../ledger/desk/overview.ts';
import {
  requestJob,
  requestPackage,
  getJob,
  getIssuance,
  listRecentJobs,
  overrideJob,
  stopJob,
} from '../../../operations/desk/jobs.ts';
import type { JobInput } from '../../../operations/desk/jobs.ts';
import { getFigures, prepareFigures } from '../../../operations/desk/figures.ts';
import {
  getIssuancePage,
  getToday,
  getTodayOfWorkplace,
  listIssuancePages,
  stepsOf,
} from '../../../operations/desk/overview.ts';
import type { Context } from '../../../operations/context.ts';
import { findMade } from '../../../operations/desk/overview.ts';
import { cancelIssuance, listCancellationPersons, takeBackCancellation } from '../../../operations/life/cancel.ts';
import { lookForNews } from '../../../operations/posting/ask-again.ts';
import { NEWER_LABELS, isPulled } from '../../../rules/posting/newer-facts.ts';
import type { NewerFinding } from '../../../rules/posting/newer-facts.ts';
import { listPlans } from '../../../operations/issuing/plan.ts';
import { reconcile } from '../../../operations/issuing/reconcile.ts';
import { noteOnRules } from '../../../operations/issuing/rules-note.ts';
import { may } from '../../../rules/access.ts';
import { takesCardImages } from '../../../rules/insurer.ts';
import type { InsurerProfile } from '../../../rules/insurer.ts';
import { reasonLabel } from '../../../rules/issuing/reasons.ts';
import { stageOf } from '../../../rules/desk/steps.ts';
import { ROUNDING } from '../../../rules/desk/disclosure.ts';
import type { AnyReason } from '../../../rules/issuing/reasons.ts';
import { PAPER_STATE_LABELS } from '../../../rules/papers/lifecycle.ts';
import { cursor, done, issuanceId, jobId, limit } from '../../contract/common.ts';
import {
  cancelRequest,
  cancellationTakenBack,
  cancelled,
  figures,
  issuancePage,
  issuancePlan,
  job,
  jobRequest,
  news,
  overrideRequest,
  packageRequest,
  today,
} from '../../contract/work.ts';
import type { IssuanceList, IssuanceOverview } from '../../contract/work.ts';
import {
  access,
  body,
  contextOn,
  fromCursor,
  insurerOf,
  japanInstant,
  json,
  openRoutes,
  sessionOf,
  toCursor,
} from '../../http.ts';
import type { App, Server } from '../../http.ts';

/** Above every issuance's number. */
const AFTER_ALL = 10_000;

function describeOverview(profile: InsurerProfile, overview: StoredOverview): IssuanceOverview {
  const { profileId: _profile, states: _states, lineage, ...rest } = overview;
  return { ...rest, title: titleOf(profile, lineage), stage: stageOf(overview) };
}

const describeReasons = (
  kind: IssuanceKind,
  rows: readonly { isTarget: boolean; reason: AnyReason; count: number }[],
) => rows.map((row) => ({ ...row, label: reasonLabel(kind, row.reason) }));

export function workRoutes(server: Server): App {
  const app = openRoutes();
  const now = (): string => server.clock().toISOString();

  app.openapi(
    createRoute({
      method: 'get',
      path: '/today',
      summary: '今日の対応',
      ...access('see-today'),
      responses: json(today),
    }),
    async (c) => {
      const { role, workplaceSymbol } = sessionOf(c).account;
      const at = server.clock();
      const found =
        workplaceSymbol === null
          ? await getToday(c.get('context'), insurerOf(c), at)
          : await getTodayOfWorkplace(c.get('context'), insurerOf(c), workplaceSymbol, at);
      // A queue opens a list of mailpieces (an employer's opens its own page), so it is left out for roles that may not see lists.
      const maySee = workplaceSymbol !== null || may(role, 'see-papers');
      const newest = found.newest && describeOverview(c.get('profile'), found.newest);
      return c.json(
        { ...found, queues: maySee ? [...found.queues] : [], jobs: found.jobs.map(describeJob), newest },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/issuances',
      summary: '発行の一覧',
      ...access('see-issuances'),
      request: { query: z.object({ cursor, limit }) },
      responses: json(issuancePlan),
    }),
    async (c) => {
      const query = c.req.valid('query');
      const before = Number(fromCursor(query.cursor)?.[0] ?? AFTER_ALL);
      const rows = await listIssuancePages(c.get('context'), insurerOf(c), before, query.limit + 1);
      const items = rows.slice(0, query.limit);
      const profile = c.get('profile');
      const last = items.at(-1);
      return c.json(
        {
          issuances: items.map((row) => describeOverview(profile, row)),
          next: rows.length > query.limit && last ? toCursor([last.id]) : null,
          plans: await plansOf(c.get('context'), profile),
          asOf: now(),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/issuances/{id}',
      summary: '発行の進み具合と内訳',
      ...access('see-issuances'),
      request: { params: z.object({ id: issuanceId }) },
      responses: json(issuancePage),
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const context = c.get('context');
      const page = await getIssuancePage(context, insurerOf(c), id);
      const recent = (await listRecentJobs(context, insurerOf(c), 50)).map(describeJob);
      const jobs = recent.filter(({ issuanceIds }) => issuanceIds.includes(id));
      const profile = c.get('profile');
      return c.json(
        {
          overview: describeOverview(profile, page.overview),
          note: noteOnRules(profile, page.issuance),
          steps: stepsOf(page, jobs, profile.enclosing.limit).map((step) => ({
            ...step,
            counts: [...step.counts],
            offers: [...step.offers],
          })),
          reasons: describeReasons(page.overview.kind, page.reasons),
          states: page.states.map((s) => ({ ...s, label: PAPER_STATE_LABELS[s.state] })),
          lots: [...page.lots],
          cancellation: (await listCancellationPersons(context, id)).map(({ person, reason, at }) => ({
            person,
            reason,
            at: japanInstant(at),
          })),
          takesCardImages: takesCardImages(profile, page.overview.kind),
          balances: [],
          jobs,
          asOf: now(),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/issuances/{id}/balances',
      summary: 'すべてを数え直した突き合わせ（保険者の全体を見る方だけ）',
      ...access('see-balances'),
      request: { params: z.object({ id: issuanceId }) },
      responses: json(
        z.object({
          balanced: z.boolean(),
          balances: z.array(z.object({ name: z.string(), left: z.int(), right: z.int(), difference: z.int() })),
          asOf: z.string(),
        }),
      ),
    }),
    async (c) => {
      const issuance = await getIssuance(c.get('context'), insurerOf(c), c.req.valid('param').id);
      // Some tables counted here are readable to no account of the console (the issuance's digits, for one).
      const { balanced, balances } = await reconcile(contextOn(c, server.database), issuance);
      return c.json({ balanced, balances: [...balances], asOf: now() }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/issuances/{id}/cancellations',
      summary: '発送前の発行を取りやめる（別々の二人が一度ずつ）',
      ...access('approve-lots'),
      request: { params: z.object({ id: issuanceId }), body: body(cancelRequest) },
      responses: json(cancelled),
    }),
    async (c) => {
      const whole = contextOn(c, server.database);
      const issuance = await getIssuance(whole, insurerOf(c), c.req.valid('param').id);
      const done = await cancelIssuance(whole, issuance, sessionOf(c).account.displayName, c.req.valid('json').reason);
      const persons = done.persons.map(({ person, reason, at }) => ({ person, reason, at: japanInstant(at) }));
      return c.json({ ...done, persons }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/issuances/{id}/cancellations/take-back',
      summary: '一人目の求めた取りやめを、二人目が確認する前に取り消す',
      ...access('approve-lots'),
      request: { params: z.object({ id: issuanceId }), body: body(cancelRequest) },
      responses: json(cancellationTakenBack),
    }),
    async (c) => {
      const whole = contextOn(c, server.database);
      const issuance = await getIssuance(whole, insurerOf(c), c.req.valid('param').id);
      const { displayName } = sessionOf(c).account;
      const { of } = await takeBackCancellation(whole, issuance, displayName, c.req.valid('json').reason);
      return c.json({ of: of.person }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/issuances/{id}/news',
      summary: '新しい加入者ファイルと届出が、まだ送っていない人について言うこと',
      ...access('see-issuances'),
      request: {
        params: z.object({ id: issuanceId }),
        query: z.object({ lot: z.coerce.number().int().min(1).optional() }),
      },
      responses: json(news),
    }),
    async (c) => {
      const context = c.get('context');
      const issuance = await getIssuance(context, insurerOf(c), c.req.valid('param').id);
      const whole = contextOn(c, server.database);
      const lot = c.req.valid('query').lot ?? null;
      const asked = await lookForNews(whole, issuance, c.get('profile'), lot, context);
      const findings = (Object.keys(NEWER_LABELS) as NewerFinding[]).map((finding) => ({
        finding,
        label: NEWER_LABELS[finding],
        isPulled: isPulled(finding),
        count: asked.news.filter((person) => person.finding === finding).length,
      }));
      return c.json(
        { findings: findings.filter(({ count }) => count > 0), doubtful: asked.doubtful, asOf: now() },
        200,
      );
    },
  );

  const ask = (path: '/jobs', schema: typeof jobRequest) =>
    app.openapi(
      createRoute({
        method: 'post',
        path,
        summary: '処理を始める',
        ...access('run-issuances'),
        request: { body: body(schema) },
        responses: json(job),
      }),
      async (c) => {
        const whole = contextOn(c, server.database);
        const request = c.req.valid('json') as JobInput;
        return c.json(describeJob(await requestJob(whole, insurerOf(c), request, server.enqueue)), 200);
      },
    );
  ask('/jobs', jobRequest);

  app.openapi(
    createRoute({
      method: 'post',
      path: '/packages',
      summary: '委託業者への引き渡しを作る',
      ...access('make-packages'),
      request: { body: body(packageRequest) },
      responses: json(job),
    }),
    async (c) => {
      const whole = contextOn(c, server.database);
      const asked = await requestPackage(whole, c.get('profile'), c.req.valid('json'), server.enqueue);
      return c.json(describeJob(asked), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/jobs',
      summary: '処理の一覧',
      ...access('see-issuances'),
      request: { query: z.object({ limit }) },
      responses: json(z.object({ items: z.array(job), asOf: z.string() })),
    }),
    async (c) => {
      const rows = await listRecentJobs(c.get('context'), insurerOf(c), c.req.valid('query').limit);
      return c.json({ items: rows.map(describeJob), asOf: now() }, 200);
    },
  );

  const jobParams = { params: z.object({ id: jobId }) };
  app.openapi(
    createRoute({
      method: 'get',
      path: '/jobs/{id}',
      summary: '一つの処理',
      ...access('see-issuances'),
      request: jobParams,
      responses: json(job),
    }),
    async (c) => c.json(describeJob(await getJob(c.get('context'), insurerOf(c), c.req.valid('param').id)), 200),
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/jobs/{id}/stop',
      summary: '処理を止める',
      ...access('run-issuances'),
      request: jobParams,
      responses: json(done),
    }),
    async (c) => {
      const whole = contextOn(c, server.database);
      await stopJob(whole, insurerOf(c), c.req.valid('param').id);
      return c.json({ ok: true as const }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/jobs/{id}/override',
      summary: '断られた処理（前より古いファイルの取込、二度目の引き渡し）を、理由を書いて行う',
      ...access('override'),
      request: { ...jobParams, body: body(overrideRequest) },
      responses: json(job),
    }),
    async (c) => {
      const whole = contextOn(c, server.database);
      const override = { person: sessionOf(c).account.displayName, reason: c.req.valid('json').reason };
      const { id } = c.req.valid('param');
      return c.json(describeJob(await overrideJob(whole, insurerOf(c), id, override, server.enqueue)), 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/figures',
      summary: '登録率と対象者の内訳',
      ...access('see-figures'),
      request: {
        query: z.object({
          by: z.enum(['whole', 'branch', 'workplace']).default('whole'),
          /** Of workplaces: part of the name, or the symbol. */
          q: z.string().max(60).default(''),
          cursor,
          limit,
        }),
      },
      responses: json(figures),
    }),
    async (c) => {
      const profile = c.get('profile');
      const { by, q, cursor: at, limit: size } = c.req.valid('query');
      const page = { text: q.trim(), after: String(fromCursor(at)?.[0] ?? ''), limit: size };
      await prepareFigures(server.database, insurerOf(c));
      const { issuance, groups, enrolment, next } = await getFigures(c.get('context'), profile, by, page);
      return c.json(
        {
          issuance: issuance && {
            id: issuance.id,
            name: issuance.name,
            members: issuance.members,
            title: titleOf(profile, issuance.lineage),
          },
          groups: groups.map(({ reasons, ...group }) => ({
            ...group,
            enrolment: [...group.enrolment],
            reasons: describeReasons('certificate', reasons),
          })),
          next: next === null ? null : toCursor([next]),
          hasBranches: profile.branches.length > 0,
          enrolment: [...enrolment],
          rounding: ROUNDING,
          asOf: now(),
        },
        200,
      );
    },
  );
  return app;
}

/** The plans of the profile: its issuances, then its rounds of notices; each with what was begun of it. */
async function plansOf(context: Context, profile: InsurerProfile): Promise<IssuanceList['plans']> {
  const plans = listPlans(profile).map(({ id, name, kind, extractedOn, referenceOn, issuedOn, takesRounds }) => ({
    id,
    name,
    kind,
    referenceOn: referenceOn ?? extractedOn,
    issuedOn,
    takesRounds,
  }));
  return Promise.all(plans.map(async (plan) => ({ ...plan, made: await findMade(context, profile, plan.id) })));
}
