// Room: server. The insurer's profile: read, tried, changed.
import { createRoute, z } from '@hono/zod-openapi';
import { changeProfile, checkProfile, getProfilePage, getProfileVersion } from '../../../operations/intake/profile.ts';
import { may } from '../../../rules/access.ts';
import { done } from '../../contract/common.ts';
import { profileCheck, profileFaults, profilePage, profileChangeRequest } from '../../contract/profile.ts';
import { access, body, insurerOf, json, openRoutes, sessionOf } from '../../http.ts';
import type { App, Server } from '../../http.ts';

export function profileRoutes(server: Server): App {
  const app = openRoutes();
  const fileOf = (insurerNumber: string): string => {
    const file = server.profileFiles.get(insurerNumber);
    if (file === undefined) throw new Error('a session without its profile');
    return file;
  };

  app.openapi(
    createRoute({
      method: 'get',
      path: '/profile',
      summary: '保険者プロファイルと変更の履歴',
      ...access('see-profile'),
      responses: json(profilePage),
    }),
    async (c) => {
      const { id, insurer } = c.get('profile');
      const page = await getProfilePage(c.get('context'), insurer.number, fileOf(insurer.number));
      return c.json(
        {
          id,
          name: insurer.name,
          source: page.source,
          sha256: page.sha256,
          mayChange: may(sessionOf(c).account.role, 'change-profile'),
          changes: page.changes.map(({ afterSha256: _hash, ...change }) => change),
          asOf: server.clock().toISOString(),
        },
        200,
      );
    },
  );

  app.openapi(
    createRoute({
      method: 'get',
      path: '/profile/changes/{id}',
      summary: '変更後の全文',
      ...access('see-profile'),
      request: {
        params: z.object({ id: z.coerce.number().int().min(1).openapi({ description: '変更の番号', example: 3 }) }),
      },
      responses: json(profileCheck),
    }),
    async (c) => {
      const source = await getProfileVersion(c.get('context'), insurerOf(c), c.req.valid('param').id);
      return c.json({ source }, 200);
    },
  );

  app.openapi(
    createRoute({
      method: 'post',
      path: '/profile/check',
      summary: '変える前に誤りを調べる',
      ...access('change-profile'),
      request: { body: body(profileCheck) },
      responses: json(profileFaults),
    }),
    (c) => c.json({ faults: [...checkProfile(c.req.valid('json').source, fileOf(insurerOf(c))).faults] }, 200),
  );

  app.openapi(
    createRoute({
      method: 'put',
      path: '/profile',
      summary: 'プロファイルを変える',
      ...access('change-profile'),
      request: { body: body(profileChangeRequest) },
      responses: json(done),
    }),
    async (c) => {
      const insurerNumber = insurerOf(c);
      const file = fileOf(insurerNumber);
      const profile = await changeProfile(c.get('context'), insurerNumber, file, c.req.valid('json'));
      server.profiles.set(insurerNumber, profile);
      return c.json({ ok: true as const }, 200);
    },
  );
  return app;
}
