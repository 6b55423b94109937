// The API's document: valid, in Japanese, whole; its examples are answers that were once given and still have the shape.
// `TODOKE_RECORD=1` asks the sample society for them anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { beforeAll, expect, test } from 'vitest';
import type { Issuance } from '../src/operations/issuance.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { confirmLot, listLotViews } from '../src/operations/posting/lots.ts';
import type { Role } from '../src/rules/access.ts';
import { buildApp } from '../src/server/app.ts';
import { EXAMPLES_FILE } from '../src/server/document.ts';
import type { Examples } from '../src/server/document.ts';
import type { Job } from '../src/server/contract/work.ts';
import type { ImportList, ImportPage, TakenFiles } from '../src/server/contract/imports.ts';
import { Client, PASSWORD, openTestConsole, sendFile } from './console.ts';
import { issueHeld } from './issued.ts';
import { BEFORE_ENCLOSING, FILE_LIMITS, approveLots } from './ledger.ts';
import type { TestConsole } from './console.ts';

interface Content {
  readonly schema?: object;
  readonly example?: unknown;
}

interface Operation {
  readonly summary?: string;
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    name: string;
    in: string;
    example?: unknown;
    schema?: object;
    description?: string;
  }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

let at: TestConsole;
let document: Document;
let operations: [string, Operation][];

const isRecording = process.env['TODOKE_RECORD'] !== undefined;

beforeAll(async () => {
  at = await openTestConsole(isRecording);
  if (isRecording) writeFileSync(EXAMPLES_FILE, `${JSON.stringify(await record(), null, 2)}\n`);
  const oidc = {
    issuer: 'https://sso.example',
    clientId: 'todoke',
    clientSecret: 'x',
    publicUrl: 'https://todoke.example',
  };
  document = (await (await buildApp({ ...at.server, oidc }).app.request('/api/openapi.json')).json()) as Document;
  operations = Object.entries(document.paths).flatMap(([place, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${place}`,
      operation,
    ]),
  );
});

test('the document is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate({ ...structuredClone(document) });
  expect(errors ?? []).toEqual([]);
  expect(valid).toBe(true);
});

test('every operation says in Japanese what it does, under a name of its own and a subject', () => {
  for (const [name, operation] of operations) {
    expect(operation.summary, name).toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u);
    expect(operation.tags, name).toHaveLength(1);
  }
  const ids = operations.map(([, { operationId }]) => operationId);
  expect(ids.filter((id, i) => id === undefined || ids.indexOf(id) !== i)).toEqual([]);
});

test('what stands in an address is explained, with an example', () => {
  for (const [name, { parameters = [] }] of operations)
    for (const parameter of parameters.filter((own) => own.in === 'path')) {
      const schema = parameter.schema as { example?: unknown; description?: string };
      expect([schema.example, schema.description], `${name} ${parameter.name}`).not.toContain(undefined);
    }
});

test('every operation names its problems, each with an example, and every write its two headers', () => {
  for (const [name, { responses, parameters = [], requestBody }] of operations) {
    const expected = ['400', '401', '403', '404', '409', '429', '500', ...(requestBody ? ['413'] : [])];
    for (const status of expected) {
      const problem = responses[status]?.content?.['application/problem+json'];
      expect(problem?.example, `${name} ${status}`).toMatchObject({ status: Number(status) });
    }
    const headers = parameters.filter((parameter) => parameter.in === 'header').map((parameter) => parameter.name);
    const isWrite = !name.startsWith('GET') && !name.endsWith(' /session');
    expect(headers.includes('x-csrf') && headers.includes('Idempotency-Key'), name).toBe(isWrite);
  }
});

test('every JSON body and answer has an example of its shape', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema({ $id: 'document', components: document.components });
  const fits = (content: Content | undefined, where: string): void => {
    expect(content?.example, where).toBeDefined();
    const schema = JSON.parse(
      JSON.stringify(content?.schema).replaceAll('"#/components', '"document#/components'),
    ) as object;
    const validate = ajv.compile(schema);
    validate(content?.example);
    expect(validate.errors ?? [], where).toEqual([]);
  };
  for (const [name, { requestBody, responses }] of operations) {
    for (const [status, { content = {} }] of Object.entries(responses))
      for (const [type, answer] of Object.entries(content))
        if (type.endsWith('json')) fits(answer, `${name} ${status}`);
    const asked = requestBody?.content['application/json'];
    if (asked) fits(asked, `${name} body`);
  }
});

test('examples name no operation that is gone', () => {
  const known = Object.keys(JSON.parse(readFileSync(EXAMPLES_FILE, 'utf8')) as Examples);
  expect(known.filter((name) => !operations.some(([own]) => own === name))).toEqual([]);
});

/** One of a list is enough to see its shape, and a file's text its beginning. */
function shortened(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shortened);
  if (typeof value === 'string' && value.length > 400) return `${value.slice(0, 400)}…`;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, own]) => [key, key === 'csrf' ? 'xjVY0…' : shortened(own)]),
  );
}

/** Asks everything once, as a working day would, and keeps what was said. */
async function record(): Promise<Examples> {
  const examples: Record<string, { request?: unknown; response?: unknown }> = {};
  const clients = new Map<Role, Client>();
  const as = async (role: Role): Promise<Client> => {
    const client = clients.get(role) ?? (await at.as(role === 'workplace' ? 'mbk' : 'kyokai', role));
    clients.set(role, client);
    return client;
  };
  const keep = async <T>(name: string, answer: Response, request?: unknown): Promise<T> => {
    const response: unknown = await answer.json();
    if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(response)}`);
    examples[name] = {
      ...(request === undefined ? {} : { request: shortened(request) }),
      response: shortened(response),
    };
    return response as T;
  };
  const get = async <T>(role: Role, route: string, address = route): Promise<T> =>
    keep(`GET ${route}`, await (await as(role)).get(address));
  const send = async <T>(role: Role, method: string, route: string, address: string, body?: unknown): Promise<T> => {
    const init =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    return keep(`${method} ${route}`, await (await as(role)).request(method, address, init), body);
  };
  const upload = async (name: string, address: string, text: string): Promise<Job> =>
    keep(
      name,
      await (
        await as('headquarters')
      ).request('POST', address, {
        body: new TextEncoder().encode(text),
        headers: { 'content-type': 'application/octet-stream', 'x-file-name': encodeURIComponent('ファイル.csv') },
      }),
    );

  const { run } = at.kyokai;
  const pieces = await at.query<{ number: string; key: string; symbol: string; certificate: string }>(
    `select p.mailpiece_number::text as number, p.symbol, c.certificate_number::text as certificate,
            c.symbol || '-' || c.number || '-' || c.sub_number as key
       from printed_piece q join mailpiece p using (issuance_id, mailpiece_number)
       join certificate c on c.issuance_id = p.issuance_id and c.symbol = p.symbol
                         and c.mailpiece_number = p.mailpiece_number and c.position = 1
      where p.issuance_id = $1 order by 1 limit 3`,
    [run.id],
  );
  const [piece] = pieces;
  const id = run.id;
  await get('headquarters', '/health');
  await get('headquarters', '/ready');
  const stranger = new Client(at.app);
  const who = { login: 'kyokai-headquarters', password: 'とても長い長い合言葉', code: '' };
  await keep('POST /session', await stranger.signIn(who.login, PASSWORD), who);
  await get('headquarters', '/session');
  await keep('DELETE /session', await stranger.request('DELETE', '/session'));
  const user = {
    login: 'branch-13',
    displayName: '東京　支部',
    role: 'auditor',
    password: 'ながいながい見本のパスワード',
  };
  const made = await send<{ id: number }>('administrator', 'POST', '/users', '/users', user);
  await send('administrator', 'PATCH', '/users/{id}', `/users/${made.id}`, { expiresOn: '2027-03-31' });
  await get('administrator', '/users');
  await get('headquarters', '/issuances');
  await get('headquarters', '/issuances/{id}', `/issuances/${id}`);
  await get('headquarters', '/issuances/{id}/balances', `/issuances/${id}/balances`);
  await get('headquarters', '/issuances/{id}/lots', `/issuances/${id}/lots`);
  await get('headquarters', '/issuances/{id}/waves', `/issuances/${id}/waves`);
  await send('headquarters', 'POST', '/issuances/{id}/lots/confirmations', `/issuances/${id}/lots/confirmations`, {
    step: 'print',
    lots: [1],
  });
  const lot = `/issuances/${id}/lots/1`;
  await get('headquarters', '/issuances/{id}/lots/{no}/approval', `${lot}/approval`);
  await send('headquarters', 'POST', '/issuances/{id}/lots/{no}/take-backs', `${lot}/take-backs`, {
    step: 'print',
    reason: '宛名の誤り',
  });
  await (await as('headquarters')).post(`/issuances/${id}/lots/confirmations`, { step: 'print', lots: [1] });
  await get('headquarters', '/papers/{number}', `/papers/${piece!.number}`);
  await get('headquarters', '/papers/{number}/pages', `/papers/${piece!.number}/pages`);
  const request = { kind: 'print', issuanceId: id };
  const job = await send<Job>('headquarters', 'POST', '/jobs', '/jobs', request);
  await send('headquarters', 'POST', '/jobs/{id}/stop', `/jobs/${job.id}/stop`);
  await at.settled();
  await get('headquarters', '/jobs');
  await get('headquarters', '/jobs/{id}', `/jobs/${job.id}`);
  await send('headquarters', 'POST', '/papers/{number}/actions', `/papers/${piece!.certificate}/actions`, {
    action: 'withdraw',
    reason: '住所が変わったため',
  });
  await get('headquarters', '/pulls');
  await get('headquarters', '/withdrawals');
  await send('headquarters', 'POST', '/withdrawals/lift', '/withdrawals/lift', {
    key: piece!.key,
    reason: '申し出の取り下げ',
  });
  await get('headquarters', '/pieces', '/pieces?state=withdrawn');
  await get('headquarters', '/pieces/counts', `/pieces/counts?state=printed&issuance=${id}`);
  const chosen = { pieces: { filter: { state: 'printed', issuance: id }, except: [piece!.number] } };
  const plan = { action: 'withdraw', ...chosen };
  await send('headquarters', 'POST', '/pieces/actions/preview', '/pieces/actions/preview', plan);
  const [last] = await at.query<{ number: string }>(
    'select max(mailpiece_number)::text as number from printed_piece where issuance_id = $1',
    [id],
  );
  await send('headquarters', 'POST', '/pieces/actions', '/pieces/actions', {
    action: 'withdraw',
    reason: '事業所の廃止',
    numbers: [last!.number],
  });
  await get('headquarters', '/issuances/{id}/members', `/issuances/${id}/members?target=yes`);
  await get('headquarters', '/today');
  await get('headquarters', '/figures');
  await get('headquarters', '/recall/figures', '/recall/figures?on=2025-12-01');
  await get('headquarters', '/members', `/members?q=${encodeURIComponent(piece!.key)}`);
  await get('headquarters', '/members/{key}', `/members/${piece!.key}`);
  await get('headquarters', '/workplaces');
  await get('headquarters', '/workplaces/{symbol}', `/workplaces/${piece!.symbol}`);
  await get('headquarters', '/workplaces/{symbol}/recalls', `/workplaces/${piece!.symbol}/recalls`);
  // Of the first lot's print one person has confirmed above.
  for (const { no } of await listLotViews(at.context, run))
    for (const [step, person] of [
      ['print', '山田 太郎'],
      ['print', '鈴木 花子'],
      ['post', '山田 太郎'],
      ['post', '鈴木 花子'],
    ] as const)
      if (no !== 1 || step !== 'print' || person === '鈴木 花子')
        await confirmLot(at.context, run, FILE_LIMITS, no, step, person, step === 'post' ? BEFORE_ENCLOSING : null);
  const post = async (of: Issuance, number: string): Promise<void> => {
    for (const event of ['enclose', 'post'] as const)
      await recordPieceEvents(at.context, of, [
        { mailpieceNumber: number, event, reason: '', source: '', key: `${event}:${number}` },
      ]);
  };
  /** One workplace's envelopes into their parcel, and the parcel closed. */
  const pack = async (of: Issuance, { number, symbol }: { number: string; symbol: string }): Promise<void> => {
    const packer = await at.as('mbk', 'headquarters');
    const inside = await at.query<{ number: string }>(
      `select mailpiece_number::text as number from mailpiece join printed_piece using (issuance_id, mailpiece_number)
        where issuance_id = $1 and symbol = $2 order by 1`,
      [of.id, symbol],
    );
    for (const piece of inside)
      await recordPieceEvents(at.context, of, [
        { mailpieceNumber: piece.number, event: 'enclose', reason: '', source: '', key: `enclose:${piece.number}` },
      ]);
    const route = '/issuances/{id}/workplaces/{symbol}/parcels';
    const place = `/issuances/${of.id}/workplaces/${symbol}/parcels`;
    await keep('GET /parcels/places/{number}', await packer.get(`/parcels/places/${number}`));
    const { parcels } = await keep<{ parcels: { id: number }[] }>(`POST ${route}`, await packer.request('POST', place));
    for (const { number: code } of inside)
      await keep(`POST ${route}/scans`, await packer.post(`${place}/scans`, { code }), { code });
    await keep(`GET ${route}`, await packer.get(place));
    await keep(`POST ${route}/{parcel}/close`, await packer.request('POST', `${place}/${parcels[0]!.id}/close`));
    await keep('GET /parcels', await packer.get('/parcels?state=closed'));
  };
  await post(run, pieces[1]!.number);
  await send('headquarters', 'POST', '/scans', '/scans', { code: pieces[1]!.number, reason: 'moved' });
  await send('headquarters', 'POST', '/scans/{number}/take-back', `/scans/${pieces[1]!.number}/take-back`);
  await approveLots(at.context, at.mbk.run);
  const [own] = await at.query<{ number: string; symbol: string }>(
    `select p.mailpiece_number::text as number, p.symbol from mailpiece p join account a on a.workplace_symbol = p.symbol
       join printed_piece q using (issuance_id, mailpiece_number)
      where a.login = 'mbk-workplace' and p.issuance_id = $1 order by 1 limit 1`,
    [at.mbk.run.id],
  );
  await pack(at.mbk.run, own!);
  await post(at.mbk.run, own!.number);
  await send(
    ...(['workplace', 'POST', '/workplaces/{symbol}/hand-overs/preview'] as const),
    `/workplaces/${own!.symbol}/hand-overs/preview`,
    { event: 'hand-over', state: 'posted', except: [] },
  );
  await send('workplace', 'POST', '/workplaces/{symbol}/hand-overs', `/workplaces/${own!.symbol}/hand-overs`, {
    mailpieceNumbers: [own!.number],
    event: 'hand-over',
    reason: '',
  });
  const [torn] = await at.query<{ certificate: string }>(
    'select certificate_number::text as certificate from certificate where issuance_id = $1 and mailpiece_number = $2',
    [id, pieces[1]!.number],
  );
  const again = { action: 'reissue', reason: 'torn', isAttached: false };
  await (await as('headquarters')).post(`/papers/${torn!.certificate}/actions`, again);
  await get('headquarters', '/reissues');
  await send('headquarters', 'POST', '/check-ins', '/check-ins', { code: pieces[2]!.certificate });
  const office = await as('headquarters');
  const broken = { name: '事業所.csv', content: '記号,事業所名称\n記号なし,株式会社　見本\n' };
  const sent = await sendFile(office, broken);
  await upload('POST /imports/uploads', '/imports/uploads', broken.content);
  await send('headquarters', 'POST', '/imports/proposals', '/imports/proposals', {
    files: [{ upload: sent.upload, kind: 'workplaces' }],
  });
  await at.settled();
  const brought = ((await (await office.get('/imports/proposals')).json()) as ImportList).items[0]!;
  const proposal = `/imports/proposals/${brought.id}`;
  await get('headquarters', '/imports/proposals');
  await get('headquarters', '/imports/proposals/{id}', proposal);
  await get('headquarters', '/imports/proposals/{id}/{kind}/errors', `${proposal}/workplaces/errors`);
  await send('headquarters', 'POST', '/imports/proposals/{id}/{kind}/fixes', `${proposal}/workplaces/fixes`, {
    fixes: [{ line: 2, column: '記号', value: '30000001' }],
  });
  await at.settled();
  const { version } = (await (await office.get(proposal)).json()) as ImportPage;
  await send('headquarters', 'POST', '/imports/proposals/{id}/confirmations', `${proposal}/confirmations`, {
    version,
    reason: '新しい事業所だけで試す',
  });
  await send('headquarters', 'POST', '/imports/proposals/{id}/checks', `${proposal}/checks`, {});
  await at.settled();
  await send('headquarters', 'POST', '/imports/proposals/{id}/rejections', `${proposal}/rejections`, {
    reason: '試しが終わった',
  });
  await get('headquarters', '/imports/files');
  const [inUse] = ((await (await office.get('/imports/files')).json()) as TakenFiles).items;
  await send('headquarters', 'POST', '/imports/files/{id}/uses', `/imports/files/${inUse!.id}/uses`, {
    reason: '取り違えて取り込んだ',
  });
  await get('headquarters', '/issuances/{id}/warnings', `/issuances/${id}/warnings`);
  await get('headquarters', '/issuances/{id}/replaced', `/issuances/${id}/replaced`);
  await get('headquarters', '/issuances/{id}/files', `/issuances/${id}/files`);
  await send('headquarters', 'POST', '/packages', '/packages', { issuanceId: id, recipient: null });
  await at.settled();
  const repeated = await (await as('headquarters')).post('/packages', { issuanceId: id, recipient: null });
  const refused = (await repeated.json()) as Job;
  await at.settled();
  await send('headquarters', 'POST', '/jobs/{id}/override', `/jobs/${refused.id}/override`, {
    reason: '渡した媒体が読めない',
  });
  await at.settled();
  await get('headquarters', '/packages');
  const result = `郵便物番号,結果,年月日,理由,引受番号\n${pieces[2]!.number},封入,2025-07-22,,\n`;
  await upload('POST /results', `/results?issuanceId=${id}`, result);
  await get('auditor', '/audit');
  await get('auditor', '/audit/proof');
  await get('auditor', '/access-records');
  await get('auditor', '/journal');
  const profile = await get<{ source: string; sha256: string }>('administrator', '/profile');
  await send('administrator', 'POST', '/profile/check', '/profile/check', { source: profile.source });
  await send('administrator', 'PUT', '/profile', '/profile', {
    source: profile.source.replace('全国健康保険協会', '全国健康保険協会　'),
    seen: profile.sha256,
    reason: '名称の表記をそろえる',
  });
  // Last, for its files are newer than the sample's.
  const held = await issueHeld(at.context, at.kyokai.profile, at.folder);
  await get('headquarters', '/held');
  await get('headquarters', '/held/{number}', `/held/${held}`);
  const correction = { subNumber: '00', field: 'name', text: '協会　花子', reason: '本人に確かめた' };
  await send('headquarters', 'POST', '/held/{number}/corrections', `/held/${held}/corrections`, correction);
  await get('headquarters', '/issuances/{id}/news', `/issuances/${id}/news`);
  // The sample's issuance has gone in part: the newest one is called off.
  const [newest] = await at.query<{ id: number }>('select max(id)::int as id from issuance');
  const place = '/issuances/{id}/cancellations';
  const cancellations = `/issuances/${newest!.id}/cancellations`;
  await send('headquarters', 'POST', place, cancellations, { reason: '交付年月日の誤り' });
  await send('headquarters', 'POST', `${place}/take-back`, `${cancellations}/take-back`, {
    reason: '誤りではなかった',
  });
  const [change] = await at.query<{ id: number }>('select max(id)::int as id from profile_change');
  await get('administrator', '/profile/changes/{id}', `/profile/changes/${change!.id}`);
  return examples;
}
