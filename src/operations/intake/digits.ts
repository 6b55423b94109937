// Room: operations. The last four digits of individual numbers: sealed on their way in, opened where a paper or a permitted
// person needs them; every look is recorded in the transaction that reads.
import { openDigits, sealDigits } from '../../formats/digits.ts';
import type { DigitsKey } from '../../formats/digits.ts';
import { findSealedDigits, listDigitsAccess, recordDigitsAccess } from '../../ledger/intake/digits.ts';
import type { AccessPurpose } from '../../ledger/intake/digits.ts';
import { recordAccess } from '../../ledger/papers/access-records.ts';
import { formatPersonKey } from '../../rules/words/person-key.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';

/** Who the digits are sealed to: they open for no other person and no other insurer. */
function ownerOf(insurerNumber: string, key: PersonKey): string {
  return `${insurerNumber}:${formatPersonKey(key)}`;
}

/** The key, or a refusal that says how to give it. */
export function digitsKeyOf(context: Pick<Context, 'digitsKey'>): DigitsKey {
  if (context.digitsKey) return context.digitsKey;
  throw new Refusal(
    'digits-key-missing',
    '個人番号の下4桁を暗号にする鍵がありません。環境変数 TODOKE_DIGITS_KEY（32バイトの16進数64桁またはBase64）か、鍵のファイルを TODOKE_DIGITS_KEY_FILE で指定してください。',
    ['鍵は openssl rand -hex 32 で作れます。なくすと、取り込んだ下4桁は二度と読めません。'],
  );
}

/** Seals a member's digits, or null where there are none. */
export function sealed(
  context: Pick<Context, 'digitsKey'>,
  insurerNumber: string,
  member: PersonKey & { readonly individualNumberLast4: string | null },
): Buffer | null {
  const last4 = member.individualNumberLast4;
  return last4 === null ? null : sealDigits(digitsKeyOf(context), last4, ownerOf(insurerNumber, member));
}

/** Opens a person's digits; a refusal that names the person where this key does not open them. */
export function opened(key: DigitsKey, insurerNumber: string, person: PersonKey, bytes: Uint8Array): string {
  const last4 = openDigits(key, bytes, ownerOf(insurerNumber, person));
  if (last4 !== null) return last4;
  throw new Refusal(
    'digits-key-wrong',
    `${formatPersonKey(person)} の個人番号の下4桁を、この鍵では読めません。取り込んだときの鍵を指定してください。`,
  );
}

/**
 * The last four digits of one person for a permitted member of staff, by the newest members taken in. The look is
 * recorded, for any account; a reason is needed.
 *
 * @returns null where the person has none on record.
 */
export async function showDigits(
  context: Context,
  insurerNumber: string,
  key: PersonKey,
  reason: string,
): Promise<string | null> {
  const digitsKey = digitsKeyOf(context);
  if (reason.trim() === '') throw new Refusal('reason-missing', '下4桁を見る理由を書いてください。');
  return context.database.transaction(async (tx) => {
    const found = await findSealedDigits(tx, insurerNumber, key);
    if (!found) throw new Refusal('person-unknown', `${formatPersonKey(key)} は最新の加入者にありません。`);
    if (found.sealed === null) return null;
    const last4 = opened(digitsKey, insurerNumber, key, found.sealed);
    const { actor } = context;
    await recordDigitsAccess(tx, { actor, reason, insurerNumber, datasetId: found.datasetId, ...key });
    // Beside the other looks too, where those who check read them.
    await recordAccess(tx, insurerNumber, actor, 'digits', formatPersonKey(key));
    return last4;
  });
}

const PURPOSE_LABELS = {
  print: 'お知らせの印刷',
  reference: '一通の組版',
  person: '閲覧',
} as const satisfies Record<AccessPurpose, string>;

/** Who saw a person's digits, when and why, oldest first; the purpose in words. */
export async function listDigitsAccessOf(
  context: Context,
  insurerNumber: string,
  key: PersonKey,
): Promise<readonly { at: string; actor: string; purpose: string; reason: string; issuanceId: number | null }[]> {
  const looks = await context.database.transaction((tx) => listDigitsAccess(tx, insurerNumber, key));
  return looks.map((access) => ({ ...access, purpose: PURPOSE_LABELS[access.purpose] }));
}
