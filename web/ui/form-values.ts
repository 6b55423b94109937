// Room: web/ui. What a form holds, as text.

/** The text of a field; '' where there is none. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
