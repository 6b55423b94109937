// Room: print. How parts of an address stand on paper.

/** `〒163-8001`, or '' where there is no code, or what stands in its place is none. */
export function postal(code: string): string {
  return !/^\d{7}$/.test(code) ? '' : `〒${code.slice(0, 3)}-${code.slice(3)}`;
}
