// Room: print. How parts of an address stand on paper.

/** `〒163-8001`, or '' where there is no code. */
export function postal(code: string): string {
  return code === '' ? '' : `〒${code.slice(0, 3)}-${code.slice(3)}`;
}
