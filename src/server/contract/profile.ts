// Room: server, contract. The insurer's profile and its history.
import { z } from '@hono/zod-openapi';
import { reasonText } from './common.ts';

export const profilePage = z
  .object({
    id: z.string(),
    name: z.string(),
    source: z.string(),
    sha256: z.string(),
    mayChange: z.boolean(),
    changes: z.array(z.object({ id: z.int(), at: z.string(), actor: z.string(), reason: z.string() })),
    asOf: z.iso.datetime(),
  })
  .openapi('ProfilePage');
export type ProfilePage = z.infer<typeof profilePage>;
export const profileCheck = z.object({ source: z.string().min(1).max(200_000) }).openapi('ProfileText');
export const profileFaults = z.object({ faults: z.array(z.string()) }).openapi('ProfileFaults');
export type ProfileFaults = z.infer<typeof profileFaults>;
export const profileChangeRequest = profileCheck
  .extend({ seen: z.string().length(64), reason: reasonText })
  .openapi('ProfileChangeRequest');
