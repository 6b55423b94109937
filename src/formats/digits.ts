// Room: formats. The last four digits of an individual number, sealed before they are stored and opened where a paper or
// a permitted person needs them. AES-256-GCM under a random nonce; whose digits they are is authenticated with them, so
// that a sealed value moved to another person does not open.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** 32 bytes. */
export type DigitsKey = Uint8Array;

const NONCE = 12;
const TAG = 16;

/** A key as 64 hexadecimal digits or base64 of 32 bytes, or null where the text is neither. */
export function parseDigitsKey(text: string): DigitsKey | null {
  const word = text.trim();
  if (/^[0-9a-fA-F]{64}$/.test(word)) return Buffer.from(word, 'hex');
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(word)) return null;
  const bytes = Buffer.from(word, 'base64');
  return bytes.length === 32 ? bytes : null;
}

/**
 * Seals four digits of an owner: nonce, ciphertext and tag, 32 bytes.
 *
 * @param owner whose they are (insurer number and 記号-番号-枝番).
 * @throws RangeError for anything but four digits; it is not repeated.
 */
export function sealDigits(key: DigitsKey, last4: string, owner: string): Buffer {
  if (!/^\d{4}$/.test(last4)) throw new RangeError('four digits expected');
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(owner));
  return Buffer.concat([nonce, cipher.update(last4, 'latin1'), cipher.final(), cipher.getAuthTag()]);
}

/** The four digits, or null where this key does not open them or they are another owner's. */
export function openDigits(key: DigitsKey, sealed: Uint8Array, owner: string): string | null {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (bytes.length !== NONCE + 4 + TAG) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE));
  decipher.setAAD(Buffer.from(owner));
  decipher.setAuthTag(bytes.subarray(-TAG));
  try {
    const digits = decipher.update(bytes.subarray(NONCE, -TAG), undefined, 'latin1') + decipher.final('latin1');
    return /^\d{4}$/.test(digits) ? digits : null;
  } catch {
    return null;
  }
}
