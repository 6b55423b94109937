// Room: server. Signing in and out, with a password and a one-time code or through the organisation; users.
import { createRoute } from '@hono/zod-openapi';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import * as openid from 'openid-client';
import {
  changeUser,
  createAccount,
  getSession,
  listUsers,
  qrRows,
  signIn,
  signInBySubject,
  signOut,
  totpLink,
} from '../../../operations/desk/accounts.ts';
import type { SignedIn } from '../../../operations/desk/accounts.ts';
import { Refusal } from '../../../operations/context.ts';
import { PERMISSIONS } from '../../../rules/access.ts';
import type { LocalDate } from '../../../rules/words/local-date.ts';
import type { InsurerProfile } from '../../../rules/insurer.ts';
import type { Session as StoredSession } from '../../../ledger/desk/accounts.ts';
import { z } from '@hono/zod-openapi';
import { done } from '../../contract/common.ts';
import { account, accountChange, newAccount, session, signIn as signInBody } from '../../contract/session.ts';
import type { Session } from '../../contract/session.ts';
import { access, body, contextOn, json, openRoutes } from '../../http.ts';
import type { App, Env, OidcSettings, Server } from '../../http.ts';
import { cookieName } from '../../middleware.ts';
import type { Context as HonoContext } from 'hono';

/** The answer about a session: who, and what the pages need of it. */
function describe(server: Server, stored: StoredSession | null): Session {
  const profile = stored ? server.profiles.get(stored.account.insurerNumber) : undefined;
  const first = [...server.profiles.values()][0];
  return {
    account:
      stored && profile
        ? {
            login: stored.account.login,
            displayName: stored.account.displayName,
            role: stored.account.role,
            branchCode: stored.account.branchCode,
            scopeName: scopeName(profile, stored),
            workplaceSymbol: stored.account.workplaceSymbol,
            permissions: [...PERMISSIONS[stored.account.role]],
          }
        : null,
    insurerName: profile?.insurer.name ?? (server.profiles.size === 1 ? (first?.insurer.name ?? '') : ''),
    csrf: stored?.csrf ?? '',
    expiresAt: stored?.expiresAt ?? null,
    hasOrganisation: server.oidc !== null,
  };
}

function scopeName(profile: InsurerProfile, { account: who }: StoredSession): string {
  if (who.branchCode !== null) return profile.branches.find((b) => b.code === who.branchCode)?.name ?? who.branchCode;
  return who.workplaceSymbol === null ? '' : `記号 ${who.workplaceSymbol}`;
}

function setSession(c: HonoContext<Env>, { token }: SignedIn): void {
  setCookie(c, cookieName(c), token, { path: '/', httpOnly: true, sameSite: 'Lax', secure: c.get('peer').isHttps });
}

export function sessionRoutes(server: Server): App {
  const app = openRoutes();
  app.openapi(
    createRoute({
      method: 'get',
      path: '/session',
      summary: 'いまの利用者',
      ...access('open'),
      responses: json(session),
    }),
    (c) => c.json(describe(server, c.get('session')), 200),
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/session',
      summary: 'サインイン',
      ...access('open'),
      request: { body: body(signInBody) },
      responses: json(session),
    }),
    async (c) => {
      const signedIn = await signIn(server.database, server.clock(), c.req.valid('json'));
      setSession(c, signedIn);
      return c.json(describe(server, await getSession(server.database, signedIn.token)), 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'delete',
      path: '/session',
      summary: 'サインアウト',
      ...access('open'),
      responses: json(done),
    }),
    async (c) => {
      await signOut(server.database, getCookie(c, cookieName(c)) ?? '');
      deleteCookie(c, cookieName(c), { path: '/', secure: c.get('peer').isHttps });
      return c.json({ ok: true as const }, 200);
    },
  );
  if (server.oidc) organisationRoutes(app, server, server.oidc);
  return app;
}

/** OpenID Connect, authorization code with PKCE. What the browser must bring back lies in a cookie of ten minutes. */
function organisationRoutes(app: App, server: Server, settings: OidcSettings): void {
  const callback = new URL('/api/oidc/callback', settings.publicUrl).href;
  const found = once(() =>
    openid.discovery(
      new URL(settings.issuer),
      settings.clientId,
      settings.clientSecret,
      undefined,
      settings.insecure ? { execute: [openid.allowInsecureRequests] } : undefined,
    ),
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/oidc/start',
      summary: '組織のサインインへ',
      ...access('open'),
      responses: { 302: { description: '組織のサインインへ' } },
    }),
    async (c) => {
      const verifier = openid.randomPKCECodeVerifier();
      const state = openid.randomState();
      const nonce = openid.randomNonce();
      const address = openid.buildAuthorizationUrl(await found(), {
        redirect_uri: callback,
        scope: 'openid',
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      setCookie(c, `${cookieName(c)}-oidc`, JSON.stringify({ verifier, state, nonce }), {
        path: '/',
        httpOnly: true,
        sameSite: 'Lax',
        secure: c.get('peer').isHttps,
        maxAge: 600,
      });
      return c.redirect(address.href, 302);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/oidc/callback',
      summary: '組織のサインインから',
      ...access('open'),
      responses: { 302: { description: 'はじめの画面へ' } },
    }),
    async (c) => {
      const kept = readPendingSignIn(getCookie(c, `${cookieName(c)}-oidc`));
      deleteCookie(c, `${cookieName(c)}-oidc`, { path: '/', secure: c.get('peer').isHttps });
      const address = new URL(callback);
      address.search = new URL(c.req.url).search;
      const tokens = await openid
        .authorizationCodeGrant(await found(), address, {
          pkceCodeVerifier: kept.verifier,
          expectedState: kept.state,
          expectedNonce: kept.nonce,
        })
        .catch(() => {
          throw new Refusal('sign-in', '組織のサインインを確かめられませんでした。もう一度お試しください。');
        });
      const claims = tokens.claims();
      setSession(c, await signInBySubject(server.database, claims?.iss ?? '', claims?.sub ?? ''));
      return c.redirect('/', 302);
    },
  );
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    // A provider that could not be reached is asked again next time.
    made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    });
    return made;
  };
}

const pendingSignInSchema = z.object({ verifier: z.string(), state: z.string(), nonce: z.string() });

function readPendingSignIn(text: string | undefined): z.infer<typeof pendingSignInSchema> {
  try {
    return pendingSignInSchema.parse(JSON.parse(text ?? ''));
  } catch {
    throw new Refusal('sign-in', 'サインインをはじめからやり直してください。');
  }
}

const accounts = z.object({
  items: z.array(account),
  /** The insurer's branches, for accounts that see one. */
  branches: z.array(z.object({ code: z.string(), name: z.string() })),
});

export function userRoutes(): App {
  const app = openRoutes();
  app.openapi(
    createRoute({
      method: 'get',
      path: '/users',
      summary: '利用者の一覧',
      ...access('manage-accounts'),
      responses: json(accounts),
    }),
    async (c) => {
      const { insurer, branches } = c.get('profile');
      const rows = await listUsers(whole(c), insurer.number);
      return c.json(
        {
          items: rows.map(({ insurerNumber: _insurer, ...row }) => row),
          branches: branches.map(({ code, name }) => ({ code, name })),
        },
        200,
      );
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/users',
      summary: '利用者の登録',
      ...access('manage-accounts'),
      request: { body: body(newAccount) },
      responses: json(
        z.object({
          id: z.int(),
          /** otpauth:// link of the one-time codes, shown once, and the same as rows of a QR code's modules (1 = dark). */
          totp: z.string().nullable(),
          totpRows: z.array(z.string()),
        }),
      ),
    }),
    async (c) => {
      const { insurer } = c.get('profile');
      const request = c.req.valid('json');
      const { account: made, totpSecret } = await createAccount(whole(c), {
        ...request,
        insurer,
        expiresOn: request.expiresOn as LocalDate | null,
      });
      const totp = totpSecret === null ? null : totpLink(made.login, totpSecret);
      return c.json({ id: made.id, totp, totpRows: totp === null ? [] : await qrRows(totp) }, 200);
    },
  );
  app.openapi(
    createRoute({
      method: 'patch',
      path: '/users/{id}',
      summary: '利用者の変更（停止・期限・パスワード）',
      ...access('manage-accounts'),
      request: {
        params: z.object({ id: z.coerce.number().int().openapi({ description: '利用者の番号', example: 7 }) }),
        body: body(accountChange),
      },
      responses: json(done),
    }),
    async (c) => {
      const { isDisabled, expiresOn, password } = c.req.valid('json');
      await changeUser(whole(c), c.get('profile').insurer.number, c.req.valid('param').id, {
        ...(isDisabled === undefined ? {} : { isDisabled }),
        ...(expiresOn === undefined ? {} : { expiresOn: expiresOn as LocalDate | null }),
        ...(password === undefined ? {} : { password }),
      });
      return c.json({ ok: true as const }, 200);
    },
  );
  return app;
}

/** Accounts lie outside the console role's reach: the operation itself names the insurer. */
function whole(c: HonoContext<Env>) {
  return contextOn(c, c.get('server').database);
}
