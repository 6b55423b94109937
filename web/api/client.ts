// Room: web/api. The one way to the server: JSON over fetch, a problem+json answer as an error, the session's token on
// every write, a key on every write so that asking twice is doing once.

/** What the server says when it does not do as asked (RFC 9457); `title` and `detail` are Japanese for the user. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** More lines: who may, which fields. */
  readonly details: readonly string[];
  /** Number by which staff find it in the log. */
  readonly reference: string | undefined;

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    const text = (key: string, otherwise: string): string => (typeof body[key] === 'string' ? body[key] : otherwise);
    const title = text('title', status >= 500 ? 'サーバーで問題が起きました' : '受け付けられませんでした');
    super(text('detail', title));
    this.status = status;
    this.code = text('code', `http-${status}`);
    this.title = title;
    this.detail = text('detail', '');
    this.details = Array.isArray(body['details']) ? body['details'].filter((line) => typeof line === 'string') : [];
    this.reference = typeof body['requestId'] === 'string' ? body['requestId'] : undefined;
  }
}

/** The server could not be reached at all. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** What went wrong in an action, in words; undefined where nothing did. */
export function wordsOf(error: unknown): string | undefined {
  if (error === null || error === undefined) return undefined;
  if (error instanceof Problem) return [error.detail || error.title, ...error.details].join('　');
  return 'サーバーにつながりません。入れた内容は残っています。もう一度お試しください。';
}

let token = '';
let onSignedOut: () => void = () => {};

/** The token that GET /api/session gave; sent with every write. */
export function keepToken(csrf: string): void {
  token = csrf;
}

/** Called when the session has ended on the server. */
export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback;
}

export interface Ask {
  readonly signal?: AbortSignal;
  /** Query parameters; undefined and '' are left out. */
  readonly search?: Readonly<Record<string, string | number | boolean | undefined>>;
}

export interface Write extends Ask {
  /** Sent as JSON; a file goes as its bytes. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The same key asks for the same action: a retry after a lost answer does nothing twice. */
  readonly key?: string;
}

export async function get<T>(path: string, ask: Ask = {}): Promise<T> {
  return (await send('GET', path, ask)) as T;
}

export async function post<T>(path: string, write: Write = {}): Promise<T> {
  return (await send('POST', path, write)) as T;
}

export async function put<T>(path: string, write: Write = {}): Promise<T> {
  return (await send('PUT', path, write)) as T;
}

export async function patch<T>(path: string, write: Write = {}): Promise<T> {
  return (await send('PATCH', path, write)) as T;
}

export async function remove<T>(path: string, write: Write = {}): Promise<T> {
  return (await send('DELETE', path, write)) as T;
}

/** `path` with its query, for links the browser follows itself (downloads, pictures). */
export function address(path: string, search: Ask['search'] = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return `/api${path}${text && `?${text}`}`;
}

async function send(
  method: string,
  path: string,
  { signal, search, body, headers: more, key }: Write,
): Promise<unknown> {
  const headers: Record<string, string> = { accept: 'application/json', ...more };
  const isFile = body instanceof Blob;
  if (method !== 'GET') {
    headers['x-csrf'] = token;
    headers['idempotency-key'] = key ?? crypto.randomUUID();
    if (body !== undefined) headers['content-type'] = isFile ? 'application/octet-stream' : 'application/json';
  }
  let response: Response;
  try {
    response = await fetch(address(path, search), {
      method,
      headers,
      credentials: 'same-origin',
      ...(signal && { signal }),
      ...(body !== undefined && { body: isFile ? body : JSON.stringify(body) }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable('サーバーにつながりません', { cause: error });
  }
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
  const answer: unknown = isJson ? await response.json() : undefined;
  if (response.ok) return answer;
  if (response.status === 401 && path !== '/session') onSignedOut();
  throw new Problem(response.status, (answer ?? {}) as Readonly<Record<string, unknown>>);
}
