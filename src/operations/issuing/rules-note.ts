// Room: operations. Whether the profile still says what an issuance has frozen.
import { isDeepStrictEqual } from 'node:util';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { Issuance } from '../issuance.ts';
import { issuingOf } from './kinds.ts';

/**
 * A sentence for staff where the profile has changed since the issuance began, or null. Papers made again have the rules of
 * their first issuance, so nothing is said of them.
 */
export function noteOnRules(profile: InsurerProfile, issuance: Issuance): string | null {
  if (issuance.lineage.remake !== null) return null;
  // As the database keeps them: JSON, in no order of keys.
  const today: unknown = JSON.parse(JSON.stringify(issuingOf(issuance).rulesToday(profile)));
  if (isDeepStrictEqual(today, issuance.rules)) return null;
  return `第${issuance.id}号を始めた後にプロファイルの規則が変わりましたが、第${issuance.id}号は始めたときの規則のまま続けます。`;
}
