// Room: server. The API's document (OpenAPI 3.1): what the routes say of themselves, and what holds for all of them: names,
// subjects, the headers of writes, problems, and an answer as it was given once by the sample society.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { App } from './http.ts';
import { BEFORE_SESSION } from './middleware.ts';

/** By `GET /path`: the body asked with and the answer, recorded by `TODOKE_RECORD=1 npx vitest run tests/document.test.ts`. */
export type Examples = Readonly<Record<string, { readonly request?: unknown; readonly response?: unknown }>>;
export const EXAMPLES_FILE = path.join(import.meta.dirname, 'examples.json');

/** The subject of a route, by the first part of its path. */
const SUBJECTS: Readonly<Record<string, string>> = {
  health: '運用',
  ready: '運用',
  metrics: '運用',
  events: '運用',
  session: 'サインイン',
  oidc: 'サインイン',
  users: '利用者',
  today: '今日の対応',
  issuances: '発行',
  jobs: '処理',
  packages: '引き渡し',
  pulls: '引き渡し',
  results: '引き渡し',
  imports: '取込',
  figures: '統計',
  recall: '回収',
  'check-ins': '回収',
  reissues: '郵便物と用紙',
  members: '加入者',
  pieces: '郵便物と用紙',
  held: '郵便物と用紙',
  papers: '郵便物と用紙',
  withdrawals: '郵便物と用紙',
  scans: '郵便物と用紙',
  parcels: '引き渡し',
  workplaces: '事業所',
  exports: 'ファイルで受け取る',
  audit: '記録',
  'access-records': '記録',
  journal: '記録',
  profile: 'プロファイル',
};

/** Problems by status: what it means, and how one may read. */
const PROBLEMS = {
  400: ['送られた内容の誤り', 'invalid-request', '送られた内容に誤りがあります。'],
  401: ['サインインしていない', 'not-signed-in', 'サインインしてください。'],
  403: ['権限がない、または他のサイトからの操作', 'forbidden', 'この操作はできません。'],
  404: ['ない、または見えない', 'paper-unknown', 'その番号の用紙はありません。'],
  409: ['今はできない', 'not-now', '発送の前なので、不着にはできません。'],
  413: ['大きすぎる', 'too-large', '送られた内容が大きすぎます。'],
  429: ['多すぎる', 'too-many', '回数が多すぎます。しばらくしてからお試しください。'],
  500: ['プログラムの誤り', 'internal', 'プログラムの誤りで終わりました。入れた内容は変わっていません。'],
} as const;

const WRITES = new Set(['post', 'put', 'patch', 'delete']);

interface Operation {
  operationId?: string;
  tags?: string[];
  parameters?: { name: string; in: string; [more: string]: unknown }[];
  requestBody?: { content: Record<string, { example?: unknown }> };
  responses: Record<string, { description?: string; content?: Record<string, { example?: unknown }> }>;
}

/** `getIssuancesLots` of GET /issuances/{id}/lots; a path that ends in a name says so: `getIssuanceById`. */
function operationId(method: string, place: string): string {
  const words = place.split(/[^A-Za-z0-9{}]+/).filter((word) => word !== '');
  return words.reduce((id, word) => {
    const name = word.replaceAll(/[{}]/g, '');
    return `${id}${word.startsWith('{') ? 'By' : ''}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  }, method);
}

function describe(method: string, place: string, operation: Operation, examples: Examples): void {
  operation.operationId = operationId(method, place);
  const subject = SUBJECTS[place.split('/')[1] ?? ''];
  operation.tags = subject === undefined ? [] : [subject];
  // A number that is read from an address would count as optional.
  for (const parameter of operation.parameters ?? []) if (parameter.in === 'path') parameter['required'] = true;
  const isWrite = WRITES.has(method) && !BEFORE_SESSION.test(`/api${place}`);
  if (isWrite) {
    const text = (minLength: number) => ({ type: 'string', minLength, maxLength: 128 });
    operation.parameters = [
      ...(operation.parameters ?? []),
      {
        name: 'Idempotency-Key',
        in: 'header',
        required: true,
        schema: text(8),
        description: '同じ鍵の書き込みは一度だけ行い、同じ答えを返す',
        example: '018f2c1e-7d7a-7c1e-9f0a-3b6f5f1f9a10',
      },
      { name: 'x-csrf', in: 'header', required: true, schema: text(1), description: 'GET /session の csrf' },
    ];
  }
  for (const [status, [description, code, detail]] of Object.entries(PROBLEMS)) {
    if (status === '413' && !operation.requestBody) continue;
    const title = operation.responses[status]?.description ?? description;
    const example = { type: 'about:blank', title, status: Number(status), code, detail, details: [], requestId: '…' };
    operation.responses[status] = {
      description,
      content: {
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, example } as {
          example: unknown;
        },
      },
    };
  }
  const known = examples[`${method.toUpperCase()} ${place}`];
  const asked = operation.requestBody?.content['application/json'];
  if (asked && known?.request !== undefined) asked.example = known.request;
  const answered = operation.responses['200']?.content?.['application/json'];
  if (answered && known?.response !== undefined) answered.example = known.response;
}

/** The document of the routes of an application. */
export function describeApi(api: App): object {
  const document = api.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'todoke API',
      version: '1',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
      description:
        'コンソールが使うAPI。cookie のセッションで使い、書き込みには Idempotency-Key と x-csrf を付けます。' +
        '誤りは application/problem+json（RFC 9457）。一覧は next を cursor に入れて続きを読みます。',
    },
    servers: [{ url: '/api' }],
    tags: [...new Set(Object.values(SUBJECTS))].map((name) => ({ name })),
  });
  const examples = JSON.parse(readFileSync(EXAMPLES_FILE, 'utf8')) as Examples;
  for (const [place, methods] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(methods as Record<string, Operation>))
      describe(method, place, operation, examples);
  return document;
}
