// The life of papers on a real database: withdrawn before and after printing, posted, returned, traced, and proved.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { csvLine } from '../src/formats/csv.ts';
import { loadProfile } from '../src/formats/profile.ts';
import { RESULT_COLUMNS } from '../src/formats/results.ts';
import { findIssuance } from '../src/ledger/papers/issuances.ts';
import { countStrayStates } from '../src/ledger/papers/states.ts';
import { importFile } from '../src/operations/intake/import.ts';
import { writeOutput } from '../src/operations/issue.ts';
import { printAll } from '../src/operations/printing/print.ts';
import type { Issuance } from '../src/operations/issuance.ts';
import { scanReturn } from '../src/operations/life/returns.ts';
import { withdrawPerson } from '../src/operations/posting/withdrawals.ts';
import { recordPieceEvents } from '../src/operations/posting/piece-events.ts';
import { makeRecallList } from '../src/operations/life/recall.ts';
import { checkInCertificate } from '../src/operations/life/recall-return.ts';
import { reconcile } from '../src/operations/issuing/reconcile.ts';
import { remakePieces } from '../src/operations/life/remake.ts';
import { takeResults } from '../src/operations/posting/results.ts';
import { tracePaper, verifyAudit } from '../src/operations/desk/trace.ts';
import { RETURN_REASON_LABELS, TRANSITIONS } from '../src/rules/papers/lifecycle.ts';
import type { PersonKey } from '../src/rules/words/person-key.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import { issueSample } from './issued.ts';
import { openTestFolder, openTestLedger, approveLots } from './ledger.ts';
import { readTexts } from './pages.ts';
import { story } from './story.ts';

const context = await openTestLedger();
const folder = openTestFolder();
const kyokai = await loadProfile('kyokai-kenpo');
/** One lot without days; waves have tests of their own. */
const profile = { ...kyokai, issuances: kyokai.issuances.map((i) => ({ ...i, waves: [], postThrough: null })) };
const outDir = path.join(folder, 'out');
let run: Issuance;

interface Certificate extends PersonKey {
  readonly certificateNumber: string;
  readonly mailpieceNumber: string;
}

const query = <Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
  context.database.transaction((tx) => tx.query<Row>(sql, values));
/** Certificates in envelopes of exactly this many. */
const certificatesInPiecesOf = (count: number): Promise<Certificate[]> =>
  query(
    `select c.certificate_number::text as "certificateNumber", c.mailpiece_number::text as "mailpieceNumber", c.symbol,
            c.number, c.sub_number as "subNumber"
       from certificate c join mailpiece m using (issuance_id, mailpiece_number)
       left join held_piece h using (issuance_id, mailpiece_number)
      where c.issuance_id = $1 and m.certificate_count = $2 and m.route = 'home' and h.mailpiece_number is null
        and m.address_line is not null
      order by c.mailpiece_number, c.position`,
    [run.id, count],
  );
const stateOf = async (number: string): Promise<string | undefined> =>
  (await query<{ state: string }>('select state from paper_state where paper_number = $1', [number]))[0]?.state;

beforeAll(async () => {
  ({ issuance: run } = await issueSample(context, profile, folder, { members: 3000, seed: 11 }));
}, 60_000);

test('the database holds the very table of transitions', async () => {
  const rows = await query<{ row: string }>(
    "select subject || ' ' || event || ' ' || from_state || ' ' || to_state as row from transition",
  );
  expect(rows.map((r) => r.row).toSorted()).toEqual(
    TRANSITIONS.map((t) => `${t.subject} ${t.event} ${t.from} ${t.to}`).toSorted(),
  );
});

const step = story();

step('withdrawn before print: the paper is in no file, the household’s other still is, the books balance', async () => {
  const [alone] = await certificatesInPiecesOf(1);
  const [first, second] = await certificatesInPiecesOf(2);
  expect(await withdrawPerson(context, run, alone!, '資格喪失')).toMatchObject({ kind: 'recorded', inFile: false });
  expect(await withdrawPerson(context, run, first!, '資格喪失')).toMatchObject({ kind: 'recorded', inFile: false });
  expect(await withdrawPerson(context, run, first!, '資格喪失')).toEqual({ kind: 'already' });
  const { reconciliation } = await writeOutput(context, run, profile, { outDir, encoding: 'utf-8', prints: true });
  expect(reconciliation.balances.filter((b) => b.difference !== 0)).toEqual([]);
  expect(await stateOf(alone!.mailpieceNumber)).toBe('withdrawn');
  const files = await query<{ path: string }>(`select path from print_file where paper = 'certificates'`);
  const numbers: string[] = [];
  for (const file of files) {
    const pdf = readFileSync(path.join(outDir, file.path));
    const pages = await query<{ count: number }>('select page_count as count from print_file where path = $1', [
      file.path,
    ]);
    const fronts = Array.from({ length: pages[0]!.count / 2 }, (_, i) => i * 2);
    for (const text of await readTexts(pdf, fronts))
      numbers.push(/1-\d{4}-\d{8}-\d/.exec(text)![0].replaceAll('-', ''));
  }
  expect(numbers).not.toContain(alone!.certificateNumber);
  expect(numbers).not.toContain(first!.certificateNumber);
  expect(numbers).toContain(second!.certificateNumber);
  expect(readFileSync(path.join(outDir, 'pull-list.csv'), 'utf8').trimEnd().split('\r\n')).toHaveLength(1);
});

step('withdrawn after print: it stands on the pull list by piece, place and page', async () => {
  const certificates = await certificatesInPiecesOf(3);
  const second = certificates[1]!;
  expect(await withdrawPerson(context, run, second, '資格喪失')).toMatchObject({ kind: 'recorded', inFile: true });
  await writeOutput(context, run, profile, { outDir, encoding: 'utf-8', prints: true });
  const [, ...rows] = readFileSync(path.join(outDir, 'pull-list.csv'), 'utf8').trimEnd().split('\r\n');
  expect(rows).toHaveLength(1);
  const [mailpiece, number, place, file, page] = rows[0]!.split(',');
  expect([mailpiece, number, place]).toEqual([second.mailpieceNumber, second.certificateNumber, '2']);
  // The file was printed before the withdrawal, and is made again as it was.
  const before = readFileSync(path.join(outDir, file!));
  rmSync(path.join(outDir, file!));
  await writeOutput(context, run, profile, { outDir, encoding: 'utf-8', prints: true });
  expect(readFileSync(path.join(outDir, file!)).equals(before)).toBe(true);
  const [text] = await readTexts(readFileSync(path.join(outDir, file!)), [Number(page) - 1]);
  expect(text!.replaceAll('-', '')).toContain(second.certificateNumber);
  expect((await reconcile(context, run)).balanced).toBe(true);
});

function writeResults(name: string, rows: readonly (readonly string[])[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, [RESULT_COLUMNS.map((column) => column.name), ...rows].map((row) => csvLine(row)).join(''));
  return file;
}

step('nothing is posted before two persons have released it; then it is', async () => {
  const piece = (await certificatesInPiecesOf(1)).at(-1);
  const number = piece!.mailpieceNumber;
  const file = writeResults('結果-0.csv', [
    [number, '封入', '2025-07-31', '', ''],
    [number, '発送', '2025-07-31', '', ''],
  ]);
  expect((await takeResults(context, run, file)).refused).toEqual([
    { line: 3, why: '発送の承認（二人の確認）が済んでいません', canOverride: true },
  ]);
  await approveLots(context, run);
  expect(await takeResults(context, run, file)).toEqual({ recorded: 1, already: 1, refused: [] });
});

step('results are recorded row by row; what cannot be is refused with its line; a file is taken once', async () => {
  const pieces = [...new Set((await certificatesInPiecesOf(1)).slice(5, 25).map((c) => c.mailpieceNumber))];
  const [spoiled = '', ...good] = pieces;
  const file = writeResults('結果-1.csv', [
    [spoiled, '損傷', '2025-08-01', '紙詰まり', ''],
    ...good.map((number) => [number, '封入', '2025-08-01', '', '']),
    ...good.map((number) => [number, '発送', '2025-08-02', '', '13112383852']),
    [spoiled, '発送', '2025-08-02', '', ''],
    ['20001999999999', '封入', '2025-08-01', '', ''],
    [good[0]!, '封入', '2025-13-40', '', ''],
  ]);
  const taken = await takeResults(context, run, file);
  expect(taken).toMatchObject({ recorded: 1 + good.length * 2, already: 0 });
  expect(taken.refused.map((r) => r.line).toSorted((a, b) => a - b)).toEqual(
    [1, 2, 3].map((i) => good.length * 2 + 2 + i),
  );
  expect(await stateOf(spoiled)).toBe('spoiled');
  expect(await stateOf(good[0]!)).toBe('posted');
  const inside = await query<{ state: string }>(
    `select state from paper_state join certificate on certificate_number = paper_number where mailpiece_number = $1`,
    [good[0]],
  );
  expect(inside.map((row) => row.state)).toEqual(['issued']);
  await expect(takeResults(context, run, file)).rejects.toMatchObject({ code: 'file-taken-before' });
  expect((await reconcile(context, run)).balanced).toBe(true);
});

step('nothing is posted twice, and nothing is withdrawn after it is posted', async () => {
  const [posted] = await query<{ number: string }>(
    `select paper_number::text as number from paper_state where subject = 'mailpiece' and state = 'posted' limit 1`,
  );
  const number = posted!.number;
  const again = await takeResults(context, run, writeResults('結果-2.csv', [[number, '発送', '2025-08-09', '', '']]));
  expect(again.refused[0]?.why).toBe('「発送済み」のため「発送」にできません');
  const [inside] = await query<PersonKey>(
    `select symbol, number, sub_number as "subNumber" from certificate where mailpiece_number = $1`,
    [number],
  );
  expect(await withdrawPerson(context, run, inside!, '資格喪失')).toMatchObject({ kind: 'refused' });
});

step(
  'a return is registered by one scan, and once; the same scan again says so; a stranger is told what it is',
  async () => {
    const [posted] = await query<{ number: string }>(
      `select paper_number::text as number from paper_state where subject = 'mailpiece' and state = 'posted' limit 1`,
    );
    const number = posted!.number;
    const spaced = `${number.slice(0, 1)}-${number.slice(1, 5)}-${number.slice(5, 13)}-${number.slice(13)}`;
    expect(await scanReturn(context, run.insurerNumber, spaced, 'kept-past-time')).toMatchObject({
      kind: 'recorded',
      nextStep: 'same-address',
    });
    const wide = spaced.replaceAll(/[\d-]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
    for (const code of [number, wide, `*${number}*`, `\ufeff${number}`, spaced.replaceAll('-', '−')])
      expect(await scanReturn(context, run.insurerNumber, code, 'moved')).toMatchObject({ kind: 'already' });
    expect(await stateOf(number)).toBe('returned');
    // Posted again, it may come back again.
    const reposted = writeResults('結果-再発送.csv', [[wide, '再発送', '2025-08-20', '', '']]);
    expect(await takeResults(context, run, reposted)).toEqual({ recorded: 1, already: 0, refused: [] });
    expect(await scanReturn(context, run.insurerNumber, number, 'moved')).toMatchObject({ kind: 'recorded' });
    const [certificate] = await certificatesInPiecesOf(1);
    for (const [code, said] of [
      ['4901234567894', '14桁の数字ではない'],
      [`${number.slice(0, 13)}${(Number(number[13]) + 1) % 10}`, '検査数字'],
      [certificate!.certificateNumber, '資格確認書の番号'],
    ] as const)
      expect(await scanReturn(context, run.insurerNumber, code, 'moved')).toMatchObject({
        kind: 'stranger',
        text: expect.stringContaining(said),
      });
  },
);

step('eight stations scan the same pile: each piece is counted once', async () => {
  const pile = await query<{ number: string }>(
    `select paper_number::text as number from paper_state where subject = 'mailpiece' and state = 'posted'`,
  );
  expect(pile.length).toBeGreaterThan(10);
  const answers = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const said: string[] = [];
      for (const { number } of pile)
        said.push((await scanReturn(context, run.insurerNumber, number, 'unknown-at-address')).kind);
      return said;
    }),
  );
  const all = answers.flat();
  expect(all.filter((kind) => kind === 'recorded')).toHaveLength(pile.length);
  expect(all.filter((kind) => kind === 'already')).toHaveLength(pile.length * 7);
  expect((await reconcile(context, run)).balanced).toBe(true);
});

step('a trace tells a person’s whole history in sentences', async () => {
  const [back] = await query<Certificate>(
    `select c.symbol, c.number, c.sub_number as "subNumber", c.certificate_number::text as "certificateNumber",
            c.mailpiece_number::text as "mailpieceNumber"
       from certificate c join paper_state s on s.paper_number = c.mailpiece_number where s.state = 'returned' order by s.seq desc limit 1`,
  );
  const { papers, sentences } = await tracePaper(context, run, `${back!.symbol}-${back!.number}-${back!.subNumber}`);
  expect(papers.map((p) => p.state)).toEqual(['issued', 'returned']);
  expect(sentences.join('\n')).toMatch(/結果-\d\.csv:\d+ より.*印刷済み → 封入済み/);
  expect(sentences.at(-1)).toContain(RETURN_REASON_LABELS['unknown-at-address']);
  expect(sentences.at(-1)).toContain('発送済み → 不着');
});

step(
  'returned pieces are made again through the employer, once; the old papers are void; the books balance',
  async () => {
    const returned = await query<{ number: string }>(
      `select paper_number::text as number from paper_state where subject = 'mailpiece' and state = 'returned' order by 1`,
    );
    const made = await remakePieces(context, run, profile, 'reroute', '2025-09-01' as LocalDate);
    expect(made.pieceCount + made.left.length).toBe(returned.length);
    expect(made.pieceCount).toBeGreaterThan(5);
    const again = made.issuance!;
    const rerouteDir = path.join(folder, 'reroute');
    // Printed, and interrupted before its lists were written: it is finished first.
    await printAll(context, again, profile, rerouteDir);
    expect(await remakePieces(context, run, profile, 'reroute', '2025-09-02' as LocalDate)).toMatchObject({
      issuance: { id: again.id },
      isResumed: true,
      pieceCount: 0,
    });
    const output = await writeOutput(context, again, profile, { outDir: rerouteDir, encoding: 'utf-8', prints: true });
    expect(output.reconciliation.balances.filter((b) => b.difference !== 0)).toEqual([]);
    const pieces = await query<{ route: string; old: string; state: string; fresh: string }>(
      `select p.route, o.certificate_number::text as old, s.state, c.certificate_number::text as fresh
       from certificate c
       join mailpiece p on p.issuance_id = c.issuance_id and p.mailpiece_number = c.mailpiece_number
       join certificate o on o.issuance_id = $2 and o.symbol = c.symbol and o.number = c.number and o.sub_number = c.sub_number
       join paper_state s on s.paper_number = o.certificate_number
      where c.issuance_id = $1`,
      [again.id, run.id],
    );
    expect(pieces.length).toBeGreaterThanOrEqual(made.pieceCount);
    for (const piece of pieces) {
      expect(piece).toMatchObject({ route: 'workplace', state: 'void' });
      expect(piece.fresh).not.toBe(piece.old);
    }
    const letters = readFileSync(path.join(rerouteDir, 'print', '00001-letters.pdf'));
    const [letter] = await readTexts(letters, [0]);
    expect(letter).toMatch(/記号.+番号\d+/);
    expect(letter).not.toContain('〒163');
    expect(await remakePieces(context, run, profile, 'reroute', '2025-09-02' as LocalDate)).toMatchObject({
      issuance: null,
      pieceCount: 0,
    });
    expect((await reconcile(context, run)).balanced).toBe(true);
    expect(await verifyAudit(context, run.insurerNumber)).toBeNull();
  },
);

step('a workplace says what it handed over, and nothing of another workplace', async () => {
  const [made] = await query<{ id: number }>(`select id from issuance where parent_id = $1 and remake = 'reroute'`, [
    run.id,
  ]);
  const again = (await context.database.transaction((tx) => findIssuance<Issuance>(tx, run.insurerNumber, made!.id)))!;
  const pieces = await query<{ number: string; symbol: string }>(
    `select mailpiece_number::text as number, symbol from mailpiece where issuance_id = $1 order by symbol`,
    [again.id],
  );
  const [own, other] = [pieces[0]!, pieces[1]!];
  await approveLots(context, again);
  for (const event of ['enclose', 'post'] as const)
    await recordPieceEvents(
      context,
      again,
      pieces.map(({ number }) => ({
        mailpieceNumber: number,
        event,
        reason: '',
        source: '',
        key: `${event}:${number}`,
      })),
    );
  const rows = [
    [own.number, '手渡し', '2025-09-10', '', ''],
    [other.number, '手渡し不可', '2025-09-10', '退職', ''],
    [other.number, '発送', '2025-09-10', '', ''],
  ];
  const stranger = await takeResults(context, again, writeResults('手渡し-他社.csv', rows), {
    reporter: { party: 'workplace', symbol: '1' },
  });
  expect(stranger.recorded).toBe(0);
  expect(stranger.refused.map((r) => r.why)).toContain('この事業所の郵便物ではありません');
  expect(await stateOf(own.number)).toBe('posted');
  const taken = await takeResults(context, again, writeResults('手渡し.csv', rows), {
    reporter: { party: 'workplace', symbol: own.symbol },
  });
  expect(taken.recorded).toBe(2);
  expect(taken.refused.map((r) => r.line)).toEqual([4]);
  expect([await stateOf(own.number), await stateOf(other.number)]).toEqual(['handed-over', 'not-handed-over']);
  expect((await reconcile(context, again)).balanced).toBe(true);
});

step(
  'who left the company: home where still a member, once; who lost eligibility stays for staff and recall',
  async () => {
    const [made] = await query<{ id: number }>(`select id from issuance where parent_id = $1 and remake = 'reroute'`, [
      run.id,
    ]);
    const again = (await context.database.transaction((tx) =>
      findIssuance<Issuance>(tx, run.insurerNumber, made!.id),
    ))!;
    const posted = await query<{ number: string; symbol: string }>(
      `select mailpiece_number::text as number, symbol from mailpiece join paper_state on paper_number = mailpiece_number
        where mailpiece.issuance_id = $1 and state = 'posted' order by 1 limit 2`,
      [again.id],
    );
    for (const { number, symbol } of posted) {
      const file = writeResults(`退職-${number}.csv`, [[number, '退職', '2025-10-01', '', '']]);
      const reporter = { party: 'workplace', symbol } as const;
      expect(await takeResults(context, again, file, { reporter })).toEqual({ recorded: 1, already: 0, refused: [] });
      expect(await stateOf(number)).toBe('left-workplace');
    }
    const home = await remakePieces(context, again, profile, 'rehome', '2025-10-06' as LocalDate);
    expect(home).toMatchObject({ pieceCount: 2, left: [] });
    expect(await query(`select distinct route from mailpiece where issuance_id = $1`, [home.issuance!.id])).toEqual([
      { route: 'home' },
    ]);
    expect(await stateOf(posted[0]!.number)).toBe('rerouted');
    // Interrupted before it is printed, it is the same one that goes on; then there is nothing more.
    const next = '2025-10-07' as LocalDate;
    expect(await remakePieces(context, again, profile, 'rehome', next)).toMatchObject({
      issuance: { id: home.issuance!.id },
      isResumed: true,
    });
    const outHome = path.join(folder, 'home');
    await writeOutput(context, home.issuance!, profile, { outDir: outHome, encoding: 'utf-8', prints: true });
    expect((await remakePieces(context, again, profile, 'rehome', next)).issuance).toBeNull();
    expect((await reconcile(context, again)).balanced).toBe(true);
    expect((await reconcile(context, home.issuance!)).balanced).toBe(true);
  },
);

step('a spoiled piece is made again by the way it was to go', async () => {
  const made = await remakePieces(context, run, profile, 'reprint', '2025-08-05' as LocalDate);
  expect(made).toMatchObject({ pieceCount: 1, left: [] });
  const { reconciliation } = await writeOutput(context, made.issuance!, profile, {
    outDir: path.join(folder, 'reprint'),
    encoding: 'utf-8',
    prints: true,
  });
  expect(reconciliation.balanced).toBe(true);
  const rows = await query<{ route: string }>('select route from mailpiece where issuance_id = $1', [
    made.issuance!.id,
  ]);
  expect(rows).toEqual([{ route: 'home' }]);
});

step('the monthly list keeps duties and requests apart; papers that come back are checked in once', async () => {
  const more = await query<{ number: string }>(
    `select mailpiece_number::text as number from printed_piece p left join paper_state s on s.paper_number = p.mailpiece_number
        where s.paper_number is null and p.issuance_id = $1 order by 1 desc limit 5`,
    [run.id],
  );
  for (const event of ['enclose', 'post'] as const)
    await recordPieceEvents(
      context,
      run,
      more.map(({ number }) => ({
        mailpieceNumber: number,
        event,
        reason: '',
        source: '',
        key: `${event}:${number}`,
      })),
    );
  const out = await query<PersonKey & { certificateNumber: string }>(
    `select c.symbol, c.number, c.sub_number as "subNumber", c.certificate_number::text as "certificateNumber"
       from certificate c join paper_state s on s.paper_number = c.certificate_number and s.state = 'issued'
      where c.issuance_id = $1 order by 4 desc limit 3`,
    [run.id],
  );
  // The newest files: the first has lost eligibility, the second has enrolled a card, the third is as before.
  const rewrite = (source: string, name: string, change: (cells: string[], header: string[]) => void): string => {
    const [header = '', ...rows] = readFileSync(path.join(folder, source), 'utf8')
      .replace('\ufeff', '')
      .trimEnd()
      .split('\r\n');
    const names = header.split(',');
    const changed = rows.map((row) => {
      const cells = row.split(',');
      change(cells, names);
      return cells.join(',');
    });
    const file = path.join(folder, name);
    writeFileSync(file, `${[header, ...changed].join('\r\n')}\r\n`);
    return file;
  };
  const is = (cells: string[], person: PersonKey): boolean =>
    cells[0] === person.symbol && cells[1] === person.number && cells[2] === person.subNumber;
  const members = rewrite('加入者.csv', '加入者-10月.csv', (cells, names) => {
    if (is(cells, out[0]!)) cells[names.indexOf('資格喪失年月日')] = '2025-09-30';
  });
  const enrolment = rewrite('マイナ保険証.csv', 'マイナ保険証-10月.csv', (cells, names) => {
    if (!is(cells, out[1]!)) return;
    cells[names.indexOf('カード')] = '1';
    cells[names.indexOf('利用登録')] = '1';
    cells[names.indexOf('紐付け')] = '1';
    cells[names.indexOf('電子証明書有効期限')] = '';
  });
  const shared = { encoding: null, skipInvalid: false };
  const on = '2025-10-31' as LocalDate;
  await importFile(context, profile, { kind: 'members', path: members, asOf: null, ...shared });
  await importFile(context, profile, { kind: 'enrolment', path: enrolment, asOf: on, ...shared });
  const list = await makeRecallList(context, profile, on, path.join(folder, 'recall'));
  const rows = readFileSync(path.join(folder, 'recall', 'recall-list.csv'), 'utf8')
    .trimEnd()
    .split('\r\n')
    .slice(1);
  const rowOf = (number: string): string | undefined => rows.find((row) => row.includes(number));
  expect(rowOf(out[0]!.certificateNumber)).toContain(',法定の回収,');
  expect(rowOf(out[1]!.certificateNumber)).toContain(',返却のお願い,');
  expect(rowOf(out[2]!.certificateNumber)).toBeUndefined();
  expect(list.counts.lost + list.counts.enrolled + list.counts.superseded).toBe(rows.length);
  const slips = readFileSync(path.join(folder, 'recall', 'recall-slips.csv'), 'utf8')
    .trimEnd()
    .split('\r\n')
    .slice(1);
  expect(slips.reduce((sum, row) => sum + Number(row.split(',')[1]) + Number(row.split(',')[2]), 0)).toBe(rows.length);
  expect(await stateOf(out[0]!.certificateNumber)).toBe('return-demanded');
  expect(await stateOf(out[1]!.certificateNumber)).toBe('return-requested');
  const insurer = run.insurerNumber;
  expect(await checkInCertificate(context, insurer, out[0]!.certificateNumber)).toMatchObject({ kind: 'recorded' });
  expect(await checkInCertificate(context, insurer, out[0]!.certificateNumber)).toMatchObject({ kind: 'already' });
  expect(await checkInCertificate(context, insurer, '4901234567894')).toMatchObject({ kind: 'stranger' });
  expect((await reconcile(context, run)).balanced).toBe(true);
});

for (const [what, values, message] of [
  ['an event that may not happen', 'hand-over', /transition_refused/],
  ['a paper nobody knows', null, /unknown_paper/],
] as const)
  step(`${what} is refused by the database itself`, async () => {
    const [withdrawn] = await query<{ number: string }>(
      `select paper_number::text as number from paper_state where subject = 'mailpiece' and state = 'withdrawn' limit 1`,
    );
    const paper = values === null ? '1' : withdrawn!.number;
    await expect(
      query(
        `insert into event (insurer_number, seq, issuance_id, subject, paper_number, event, from_state, to_state, actor,
                          reason, source, key, hash)
       values ($1, 0, $2, 'mailpiece', $3, 'hand-over', '', '', 'x', '', '', 'x', '')`,
        [run.insurerNumber, run.id, paper],
      ),
    ).rejects.toMatchObject({ code: '23514', message: expect.stringMatching(message) });
  });

step('events are never changed or removed; behind the guard’s back, the audit names the row', async () => {
  for (const sql of ['update event set actor = actor', 'delete from event'])
    await expect(query(sql)).rejects.toMatchObject({ code: '23514' });
  expect(await verifyAudit(context, run.insurerNumber)).toBeNull();
  const attempt = async (sql: string): Promise<string | null> => {
    let said: string | null = null;
    await context.database
      .transaction(async (tx) => {
        await tx.execute('alter table event disable trigger user');
        await tx.execute(sql);
        said = await verifyAudit(
          { ...context, database: { ...context.database, transaction: (work) => work(tx) } },
          run.insurerNumber,
        );
        throw new Error('undo');
      })
      .catch((error: Error) => {
        if (error.message !== 'undo') throw error;
      });
    return said;
  };
  expect(await attempt(`update event set reason = '別の理由' where seq = 7`)).toContain('記録 7 の内容');
  expect(await attempt(`update event set at = at + interval '1 second' where seq = 3`)).toContain('記録 3 の内容');
  expect(await attempt('delete from event where seq = 5')).toContain('記録 5 がありません');
  expect(await attempt('delete from event where seq = (select max(seq) from event)')).toContain('最後の記録');
  expect(
    await attempt(
      `insert into event select insurer_number, (select max(seq) + 1 from event), issuance_id, subject, paper_number, event,
              from_state, to_state, at, actor, reason, source, key || 'x', hash from event where seq = 2`,
    ),
  ).toMatch(/記録 \d+ の内容/);
});

step('a state edited behind the program’s back unbalances the books', async () => {
  const strays = await context.database
    .transaction(async (tx) => {
      const before = await countStrayStates(tx, run.id);
      await tx.execute(
        `update paper_state set state = 'posted'
          where paper_number = (select min(paper_number) from paper_state where state = 'returned')`,
      );
      throw new Undo([before, await countStrayStates(tx, run.id)]);
    })
    .catch((error: unknown) => (error instanceof Undo ? error.seen : error));
  expect(strays).toEqual([0, 1]);
});

/** Ends a transaction that must not stay, with what was seen in it. */
class Undo extends Error {
  readonly seen: readonly number[];
  constructor(seen: readonly number[]) {
    super('undo');
    this.seen = seen;
  }
}
