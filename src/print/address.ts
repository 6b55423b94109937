// Room: print. How parts of an address stand on paper.
import { isPossiblePostalCode } from '../rules/issuing/warnings.ts';

/** `〒163-8001`, or '' where there is no code, or what stands in its place is none. */
export function postal(code: string): string {
  return !isPossiblePostalCode(code) ? '' : `〒${code.slice(0, 3)}-${code.slice(3)}`;
}
