// Room: server, contract. Who is signed in.
import { z } from '@hono/zod-openapi';
import type { Role } from '../../rules/access.ts';

const ROLES = [
  'headquarters',
  'branch',
  'contractor',
  'workplace',
  'call-centre',
  'auditor',
  'administrator',
] as const satisfies readonly Role[];
const role = z.enum(ROLES);

export const session = z
  .object({
    /** Null: nobody is signed in. */
    account: z
      .object({
        login: z.string(),
        displayName: z.string(),
        role,
        branchCode: z.string().nullable(),
        /** The branch's or the workplace's name where the account has one. */
        scopeName: z.string(),
        workplaceSymbol: z.string().nullable(),
        permissions: z.array(z.string()),
      })
      .nullable(),
    insurerName: z.string(),
    /** To be sent as `x-csrf` with every write. */
    csrf: z.string(),
    expiresAt: z.string().nullable(),
    /** Whether an organisation's sign-in (OpenID Connect) is set up. */
    hasOrganisation: z.boolean(),
  })
  .openapi('Session');
export type Session = z.infer<typeof session>;

export const signIn = z
  .object({
    login: z.string().min(1).max(64),
    password: z.string().min(1).max(200),
    code: z.string().max(10).default(''),
  })
  .openapi('SignIn');

export const account = z
  .object({
    id: z.int(),
    login: z.string(),
    displayName: z.string(),
    role,
    branchCode: z.string().nullable(),
    workplaceSymbol: z.string().nullable(),
    expiresOn: z.string().nullable(),
    isDisabled: z.boolean(),
    isLocked: z.boolean(),
    hasPassword: z.boolean(),
    hasTotp: z.boolean(),
    hasOrganisation: z.boolean(),
    createdBy: z.string(),
    seenAt: z.string().nullable(),
  })
  .openapi('Account');
export type Account = z.infer<typeof account>;

export const newAccount = z
  .object({
    login: z.string().regex(/^[A-Za-z0-9._@-]{2,64}$/, '2～64文字の英数字と . _ @ -'),
    displayName: z.string().min(1).max(60),
    role,
    branchCode: z.string().min(1).max(10).nullable().default(null),
    workplaceSymbol: z.string().min(1).max(8).nullable().default(null),
    password: z.string().max(200).nullable().default(null),
    withTotp: z.boolean().default(false),
    oidc: z
      .object({ issuer: z.url(), subject: z.string().min(1).max(255) })
      .nullable()
      .default(null),
    expiresOn: z.iso.date().nullable().default(null),
  })
  .openapi('NewAccount');

export const accountChange = z
  .object({
    isDisabled: z.boolean().optional(),
    expiresOn: z.iso.date().nullable().optional(),
    password: z.string().max(200).optional(),
  })
  .openapi('AccountChange');
