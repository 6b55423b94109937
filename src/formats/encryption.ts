// Room: formats. Files encrypted to a public key and opened with its secret key: age (https://age-encryption.org/v1).
import { Decrypter, Encrypter } from 'age-encryption';

/** Encrypts to an age public key (`age1…`); an Error for a key that is none. */
export async function encryptTo(recipient: string, plain: Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(plain);
}

/** Opens with an age secret key (`AGE-SECRET-KEY-1…`), or null where this key does not open it. */
export async function decryptWith(identity: string, encrypted: Uint8Array): Promise<Uint8Array | null> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return decrypter.decrypt(encrypted).catch(() => null);
}
