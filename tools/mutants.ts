// Do the tests see? Puts one fault at a time into a copy of the source, as a hurried change might, and expects the random
// lives to fail (`npm run test:mutants [-- part-of-a-name]`). A fault that survives is a gap in the model; one whose place
// is not found any more must be written anew.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

interface Mutant {
  readonly name: string;
  readonly changes: readonly Change[];
  /** Where it is seen, where not by the random lives. */
  readonly test?: string;
}

const change = (file: string, from: string, to: string): Change => ({ file: `src/${file}`, from, to });
/** Where the body of an SQL function lies: what is written there is what runs. */
function functionFile(name: string): string {
  return `ledger/schema/functions/${name}.sql`;
}

const LIVES = 'tests/life-model.test.ts';
const PIECE_EVENTS = 'operations/posting/piece-events.ts';
const WITHDRAWALS = 'operations/posting/withdrawals.ts';
const IN_HAND_SQL = 'ledger/papers/in-hand.ts';
const PIECES_SQL = 'ledger/papers/pieces.ts';
const REMAKES = 'ledger/life/remakes.ts';
const LOTS = 'rules/posting/lots.ts';
const TRANSITIONS_SQL = 'ledger/schema/migrations/003_papers.sql';
const LOT_TABLE_SQL = 'ledger/schema/migrations/004_printing.sql';
const REMAKE = 'operations/life/remake.ts';
const SCAN_SQL = functionFile('scan_return');
const COUNT_LOT_SQL = functionFile('count_lot');
const APPEND_EVENT_SQL = functionFile('append_event');
const FILINGS = 'operations/life/filings.ts';
const RECALL = 'operations/life/recall.ts';
const REISSUES = 'operations/life/reissue.ts';
const REISSUE_RULES = 'rules/life/reissue.ts';
const RETURNS = 'operations/life/recall-return.ts';

const MUTANTS: readonly Mutant[] = [
  {
    name: 'what was posted may be spoiled',
    changes: [
      change(
        'rules/papers/lifecycle.ts',
        `'spoil', ['printed', 'enclosed'], 'spoiled'`,
        `'spoil', ['printed', 'enclosed', 'posted'], 'spoiled'`,
      ),
      change(
        TRANSITIONS_SQL,
        `('mailpiece', 'reroute', 'left-workplace', 'rerouted'),`,
        `('mailpiece', 'reroute', 'left-workplace', 'rerouted'), ('mailpiece', 'spoil', 'posted', 'spoiled'),`,
      ),
    ],
  },
  {
    name: 'what is not sealed may be posted',
    changes: [
      change(
        'rules/papers/lifecycle.ts',
        `'post', ['enclosed'], 'posted'`,
        `'post', ['enclosed', 'printed'], 'posted'`,
      ),
      change(
        TRANSITIONS_SQL,
        `('mailpiece', 'reroute', 'left-workplace', 'rerouted'),`,
        `('mailpiece', 'reroute', 'left-workplace', 'rerouted'), ('mailpiece', 'post', 'printed', 'posted'),`,
      ),
    ],
  },
  {
    name: 'an idempotency key is not looked at',
    changes: [change(PIECE_EVENTS, `if (known.has(a.key)) return { kind: 'already' };`, '')],
  },
  {
    name: 'a key within one request is not looked at',
    changes: [change(PIECE_EVENTS, 'known.add(a.key);', '')],
  },
  {
    name: 'a piece posted again and back again is the first return',
    changes: [
      change(
        SCAN_SQL,
        `and event in ('post', 'repost', 'take-back-return');
  if exists`,
        `and event in ('post', 'take-back-return');
  if exists`,
      ),
    ],
  },
  {
    name: 'a return taken back and scanned again is the first return',
    changes: [
      change(
        SCAN_SQL,
        `and event in ('post', 'repost', 'take-back-return');
  if exists`,
        `and event in ('post', 'repost');
  if exists`,
      ),
    ],
  },
  {
    name: 'one person releases a lot',
    changes: [
      change(LOTS, 'export const CONFIRMERS = 2;', 'export const CONFIRMERS = 1;'),
      change(functionFile('is_released'), 'select count(*) = 2 from', 'select count(*) >= 1 from'),
    ],
  },
  {
    name: 'two spellings of a name are two persons',
    changes: [change(LOTS, 'return foldName(name);', 'return name;')],
  },
  {
    name: 'a lot is closed before it is released for post',
    changes: [
      change(
        LOTS,
        `if (before !== undefined && !isReleased`,
        `if (step !== 'close' && before !== undefined && !isReleased`,
      ),
      change(
        functionFile('refuse_early_confirmation'),
        `
     or new.step = 'close' and not is_released(new.issuance_id, new.lot_no, 'post')`,
        '',
      ),
    ],
  },
  {
    name: 'a lot closes one posting short',
    changes: [
      change(LOTS, `['封入 = 発送', enclosed, posted],`, `['封入 = 発送', enclosed, Math.min(enclosed, posted + 1)],`),
      change(
        LOT_TABLE_SQL,
        'and enclosed_count = posted_count, false)',
        'and enclosed_count <= posted_count + 1, false)',
      ),
    ],
  },
  {
    name: 'a lot closes though the spoiled are not made again',
    changes: [
      change(LOTS, `['損傷 = 作り直し', spoiled, remade],`, ''),
      change(LOT_TABLE_SQL, 'coalesce(spoiled_count = remade_count, false)', 'true'),
    ],
  },
  {
    name: 'a spoiled piece nobody is to get is owed for ever',
    changes: [
      change(REMAKE, `kind in OWED && piece.why in WAIVED_LABELS`, `kind === 'release' && piece.why in WAIVED_LABELS`),
    ],
  },
  {
    name: 'let off and still counted as spoiled',
    changes: [
      change(
        COUNT_LOT_SQL,
        `bool_or(e.event = 'spoil') and not bool_or(e.event = 'waive')`,
        `bool_or(e.event = 'spoil')`,
      ),
    ],
  },
  {
    name: 'let off and made again all the same',
    changes: [
      change(
        REMAKES,
        `and not exists (select 1 from event w where w.paper_number = s.paper_number and w.event = 'waive')`,
        '',
      ),
    ],
  },
  {
    name: 'held and made again though nobody has released it',
    changes: [
      change(
        REMAKES,
        `release: { state: 'released', event: 'release' }`,
        `release: { state: 'held', event: 'correct' }`,
      ),
    ],
  },
  {
    name: 'released, and nobody left inside, it waits for ever',
    changes: [
      change(REMAKE, `kind in OWED && piece.why in WAIVED_LABELS`, `kind === 'reprint' && piece.why in WAIVED_LABELS`),
    ],
  },
  {
    name: 'released and withdrawn, its papers stay',
    changes: [change(REMAKE, `event === 'waive' ? [] : (inside.get(mailpieceNumber) ?? [])`, `[]`)],
  },
  {
    name: 'released and made again, its first numbers stay good',
    changes: [
      change(
        REMAKE,
        `...(inside.get(number) ?? []).map(`,
        `...(event === 'remake' ? [] : (inside.get(number) ?? [])).map(`,
      ),
    ],
  },
  {
    name: 'released and made again stays released',
    changes: [
      change('rules/papers/lifecycle.ts', `'remake', ['released'], 'remade'`, `'remake', ['released'], 'released'`),
      change(TRANSITIONS_SQL, `'remake', 'released', 'remade'`, `'remake', 'released', 'released'`),
    ],
  },
  {
    name: 'who was withdrawn from a held piece is made again with it',
    changes: [
      change(
        REMAKES,
        `when $4 = 'released' then coalesce(cs.state, 'made') = 'made'`,
        `when $4 = 'released' then true`,
      ),
      change(REMAKES, `where cs.state is distinct from 'withdrawn'`, `where true`),
    ],
  },
  {
    name: 'what is on paper may be released',
    changes: [
      change(
        'rules/papers/lifecycle.ts',
        `'release', ['held'], 'released'`,
        `'release', ['held', 'printed'], 'released'`,
      ),
      change(
        TRANSITIONS_SQL,
        `('mailpiece', 'release', 'held', 'released'),`,
        `('mailpiece', 'release', 'held', 'released'), ('mailpiece', 'release', 'printed', 'released'),`,
      ),
    ],
  },
  {
    name: 'released, it is lost to the count of its lot',
    changes: [
      change(
        COUNT_LOT_SQL,
        `select h.mailpiece_number, coalesce(s.state = 'withdrawn', false) as withdrawn`,
        `select h.mailpiece_number, coalesce(s.state <> 'held', false) as withdrawn`,
      ),
    ],
  },
  {
    name: 'a correction is printed although the files say something else',
    changes: [
      change(
        'rules/printing/corrections.ts',
        `return [symbol, number, subNumber, field, source].join`,
        `return [symbol, number, subNumber, field].join`,
      ),
    ],
    test: 'src/rules/printing/corrections.test.ts',
  },
  {
    name: 'a notice is made again for nobody',
    changes: [
      change(
        REMAKES,
        `case when c.certificate_number is null then true`,
        `case when c.certificate_number is null then false`,
      ),
    ],
  },
  {
    name: 'a notice of who left goes to the workplace again',
    changes: [
      change(
        REMAKE,
        `const way = { reroute: 'workplace', reprint: usual, rehome: 'home',`,
        `const way = { reroute: 'workplace', reprint: usual, rehome: usual,`,
      ),
    ],
  },
  {
    name: 'a notice sent back to the employer goes home',
    changes: [change(REMAKE, `const way = { reroute: 'workplace', reprint`, `const way = { reroute: 'home', reprint`)],
  },
  {
    name: 'a notice withdrawn by its person is another’s',
    changes: [
      change(
        PIECES_SQL,
        `and number_rank = $3 and number = $4 and sub_number = $5`,
        `and number_rank = $3 and number = $4 and sub_number <= $5`,
      ),
    ],
  },
  {
    name: 'posted before two persons have released it',
    changes: [
      change(LOTS, `if (!terms.isReleased) return '発送の承認（二人の確認）が済んでいません';`, ''),
      change(
        functionFile('refuse_unreleased_posting'),
        `if found and not is_released(new.issuance_id, lot, 'post') then`,
        'if false then',
      ),
    ],
  },
  {
    name: 'posted after the last day of its wave',
    changes: [
      change(LOTS, 'terms.postThrough !== null && on > terms.postThrough', 'terms.postThrough === null && on > on'),
    ],
  },
  {
    name: 'posted out of an open parcel',
    changes: [
      change(LOTS, `if (terms.liesInOpenParcel) return '事業所への梱包が閉じられていません';`, ''),
      change(
        functionFile('refuse_unreleased_posting'),
        `where i.mailpiece_number = new.paper_number and p.closed_at is null)`,
        `where false)`,
      ),
    ],
  },
  {
    name: 'a parcel closes with a piece that was spoiled in it',
    changes: [
      change(
        'operations/posting/parcels.ts',
        `new Set<string | null>(['withdrawn', 'spoiled', 'destroyed'])`,
        `new Set<string | null>(['withdrawn', 'destroyed'])`,
      ),
      change(
        'ledger/posting/parcels.ts',
        `not in ('withdrawn', 'spoiled', 'destroyed')))::int as expected`,
        `not in ('withdrawn', 'destroyed')))::int as expected`,
      ),
      change(
        functionFile('close_parcel'),
        `not in ('withdrawn', 'spoiled', 'destroyed')),`,
        `not in ('withdrawn', 'destroyed')),`,
      ),
    ],
  },
  {
    name: 'an unsealed piece goes into a parcel',
    changes: [
      change(
        'operations/posting/parcels.ts',
        `if (place.state !== 'enclosed')`,
        `if (place.state !== 'enclosed' && place.state !== 'printed')`,
      ),
      change(
        functionFile('check_parcel_piece'),
        `where paper_number = new.mailpiece_number and state = 'enclosed')`,
        `where paper_number = new.mailpiece_number) and false`,
      ),
    ],
  },
  {
    name: 'the last one withdrawn leaves an empty envelope to go',
    changes: [change(WITHDRAWALS, 'if (others.length === 0) {', 'if (others.length < 0) {')],
  },
  {
    name: 'one withdrawn takes the others of the envelope along',
    changes: [change(WITHDRAWALS, 'if (others.length === 0) {', 'if (others.length >= 0) {')],
  },
  {
    name: 'posting issues what was withdrawn',
    changes: [
      change('rules/papers/lifecycle.ts', `'issue', ['made'], 'issued'`, `'issue', ['made', 'withdrawn'], 'issued'`),
      change(
        TRANSITIONS_SQL,
        `('mailpiece', 'reroute', 'left-workplace', 'rerouted'),`,
        `('mailpiece', 'reroute', 'left-workplace', 'rerouted'), ('certificate', 'issue', 'withdrawn', 'issued'),`,
      ),
    ],
  },
  {
    name: 'the newer of two is superseded',
    changes: [
      change(IN_HAND_SQL, '(other_on, other) < (posted_on, posted)', '(other_on, other) > (posted_on, posted)'),
    ],
  },
  {
    name: 'one that is missing is not superseded',
    changes: [
      change(
        IN_HAND_SQL,
        `state in ('issued', 'return-requested', 'missing')`,
        `state in ('issued', 'return-requested')`,
      ),
    ],
  },
  {
    name: 'one posted after a newer one stays in use',
    changes: [change(IN_HAND_SQL, `and state not in ('made', 'withdrawn', 'void')`, 'and false')],
  },
  {
    name: 'made again for who has lost eligibility',
    changes: [change(REMAKES, '(n.lost_on is null or n.lost_on > $7)', 'true')],
  },
  {
    name: 'made again for who filed a loss',
    changes: [
      change(
        REMAKES,
        `f.kind <> 'name-change' and f.effective_on <= $7`,
        `f.kind = 'name-change' and f.effective_on <= $7`,
      ),
    ],
  },
  {
    name: 'made again twice',
    changes: [
      change(
        REMAKES,
        'and not exists (select 1 from remade_piece r where r.parent_id = $1 and r.mailpiece_number = s.paper_number)',
        '',
      ),
    ],
  },
  {
    name: 'made again though it was asked back',
    changes: [
      change(
        REMAKES,
        `cs.state in ('issued', 'missing')`,
        `cs.state in ('issued', 'missing', 'return-requested', 'return-demanded')`,
      ),
    ],
  },
  {
    name: 'what was made again stays valid',
    changes: [
      change(
        REMAKE,
        `nextState('certificate', event, states.get(number) ?? 'made') !== undefined`,
        `(states.get(number) ?? 'made') === 'made'`,
      ),
    ],
  },
  {
    name: 'a piece refused by its addressee goes to the employer',
    changes: [
      change(
        'rules/papers/lifecycle.ts',
        `    case 'refused':
      return 'contact';`,
        `    case 'refused':`,
      ),
    ],
  },
  {
    name: 'voluntary continuation is sent to an employer',
    changes: [change('rules/issuing/enveloping.ts', `insuredClass === 'voluntary-continuation' || `, '')],
  },
  {
    name: 'a request instead of the duty of who has lost',
    changes: [
      change(
        'rules/life/recall.ts',
        `  if (facts.lostOn !== null && facts.lostOn <= on) return 'lost';
  if (facts.isFoundAgain) return 'found';
  if (facts.isSuperseded) return 'superseded';`,
        `  if (facts.isSuperseded) return 'superseded';
  if (facts.lostOn !== null && facts.lostOn <= on) return 'lost';
  if (facts.isFoundAgain) return 'found';`,
      ),
    ],
  },
  {
    name: 'asked back from the post office',
    changes: [change('ledger/life/recalls.ts', 'and p.state in ${BROUGHT_BACK}', 'and false')],
  },
  {
    name: 'a second list of a day asks again',
    changes: [
      change(
        'ledger/life/recalls.ts',
        `       on conflict do nothing returning id, symbol`,
        `       on conflict (insurer_number, kind, symbol, asked_on) do update set kind = excluded.kind returning id, symbol`,
      ),
    ],
  },
  {
    name: 'a loss of the insured person leaves the dependents',
    changes: [change(FILINGS, `|| (filing.kind === 'loss' && filing.subNumber === '00')`, '')],
  },
  {
    name: 'a filing of loss withdraws nothing',
    changes: [
      change(FILINGS, `if (outcome.kind === 'recorded') withdrawn += 1;`, ''),
      change(FILINGS, `filing.effectiveOn <= today`, `filing.effectiveOn > today`),
    ],
  },
  {
    name: 'a paper that came with a filing stays asked for',
    changes: [change(FILINGS, `if (filing.certificate === 'attached') {`, `if (filing.certificate === 'none') {`)],
  },
  {
    name: 'found again after another was issued, it stays in use',
    changes: [change(RETURNS, `if (before === 'superseded') {`, `if (before === 'void') {`)],
  },
  {
    name: 'found again, what was asked of it is forgotten',
    changes: [change(RETURNS, `if (asked === undefined) return`, `if (asked !== undefined) return`)],
  },
  {
    name: 'a second loss is the first',
    changes: [change(RETURNS, 'key: `missing:${number}:${before + 1}`', 'key: `missing:${number}`')],
  },
  {
    name: 'too few count as all',
    changes: [change(RETURNS, 'counted > 0 && counted === waiting.length', 'counted > 0 && counted >= waiting.length')],
  },
  {
    name: 'checked in though nobody ever had it',
    changes: [change(RETURNS, 'if (!wasIssued) return refusedIn(state);', '')],
  },
  {
    name: 'reminded of twice a day',
    changes: [
      change(RECALL, 'if (demand.lastRemindedOn !== null && demand.lastRemindedOn >= on) continue;', ''),
      change(
        RECALL,
        'key: `remind:${certificateNumber}:${on}`',
        'key: `remind:${certificateNumber}:${on}:${Math.random()}`',
      ),
    ],
  },
  {
    name: 'an inspection voids what lies at the post office',
    changes: [change('ledger/life/validity.ts', 'and p.state in ${BROUGHT_BACK}', 'and false')],
  },
  {
    name: 'an inspection voids what was presented',
    changes: [
      change(
        'ledger/life/validity.ts',
        'and not exists (select 1 from event e where e.insurer_number = $1 and e.key = $2 || c.certificate_number)',
        '',
      ),
    ],
  },
  {
    name: 'expired on its last day',
    changes: [change('ledger/life/validity.ts', 'c.valid_through < $2', 'c.valid_through <= $2')],
    test: 'tests/recall.test.ts',
  },
  {
    name: 'a file older than one before is taken',
    changes: [
      change('operations/posting/results.ts', 'throughOn >= newest) return;', 'throughOn !== newest) return;'),
      change(
        functionFile('refuse_older_file'),
        'if new.override_by is null and new.through_on <',
        'if false and new.through_on <',
      ),
    ],
  },
  {
    name: 'a file taken before is taken again',
    changes: [change('operations/posting/results.ts', 'if (!isNew && recorded === 0)', 'if (!isNew && recorded > 99)')],
  },
  {
    name: 'a workplace reports what went to a home',
    changes: [
      change(
        'operations/posting/results.ts',
        `piece?.symbol === reporter.symbol && piece.route === 'workplace'`,
        `piece?.symbol === reporter.symbol`,
      ),
    ],
  },
  {
    name: 'nobody needs to answer for a second posting',
    changes: [
      change(
        PIECE_EVENTS,
        'why !== null && override !== null ? overrideOf(a, state, override) : null',
        "why !== null ? overrideOf(a, state, override ?? { person: 'x', reason: 'x' }) : null",
      ),
    ],
  },
  {
    name: 'the chain does not hold the row before',
    changes: [change(APPEND_EVENT_SQL, `new.hash := event_hash(head.hash, new);`, `new.hash := event_hash('', new);`)],
  },
  {
    name: 'a state is written that no event made',
    changes: [
      change(
        APPEND_EVENT_SQL,
        `update paper_state set state = new.to_state, seq = new.seq where`,
        `update paper_state set state = case when new.event = 'destroy' then state else new.to_state end, seq = new.seq where`,
      ),
    ],
  },
  {
    name: 'asked for again and lost since, made all the same',
    changes: [
      change(
        REISSUE_RULES,
        `return 'lost';
  if (facts.isProtected)`,
        `return null;
  if (facts.isProtected)`,
      ),
    ],
    test: 'tests/reissue.test.ts',
  },
  {
    name: 'a request is met twice',
    changes: [
      change('ledger/life/reissues.ts', `and x.certificate_number is null`, ''),
      change(
        'ledger/life/reissues.ts',
        "from unnest($3::bigint[]) n'",
        "from unnest($3::bigint[]) n on conflict do nothing'",
      ),
    ],
    test: 'tests/reissue.test.ts',
  },
  {
    name: 'a request that was met is asked again',
    changes: [
      change(
        REISSUES,
        `(paper.madeIn === null || (paper.reason === reason && paper.requestedOn === on))`,
        `paper.madeIn === null`,
      ),
    ],
  },
  {
    name: 'a lost one asked for again stays in use',
    changes: [
      change('rules/papers/lifecycle.ts', `'reissue', ['missing'], 'void'`, `'reissue', ['missing'], 'issued'`),
      change(TRANSITIONS_SQL, `'reissue', 'missing', 'void'`, `'reissue', 'missing', 'issued'`),
    ],
  },
  {
    name: 'the old one that came with the request stays in use',
    changes: [change(REISSUES, 'if (isAttached)', 'if (isAttached && on === null)')],
  },
  {
    name: 'found again after another was asked for, it is refused',
    changes: [change(RETURNS, `state === 'superseded' || state === 'void'`, `state === 'superseded'`)],
  },
  {
    name: 'two in use: asked for again though a newer one is on its way',
    changes: [change(REISSUE_RULES, `if (facts.hasNewer) return 'newer';`, '')],
  },
  {
    name: 'erased before its time is over for its children',
    changes: [change('operations/life/erase.ts', 'familyOf(held, issuance).every(', 'familyOf(held, issuance).some(')],
    test: 'tests/erase.test.ts',
  },
];

const root = path.join(import.meta.dirname, '..');
const asked = process.argv[2] ?? '';
const runs = process.env['TODOKE_MODEL_RUNS'] ?? '3000';
const copy = mkdtempSync(path.join(tmpdir(), 'todoke-mutants-'));
try {
  for (const name of [
    'src',
    'tests',
    'insurers',
    'templates',
    'docs',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
  ])
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  const survived: string[] = [];
  for (const mutant of MUTANTS.filter(({ name }) => name.includes(asked))) {
    const from = performance.now();
    const seen = isSeen(mutant);
    console.log(
      `${seen ? 'seen    ' : 'SURVIVED'} ${((performance.now() - from) / 1000).toFixed(0)} s  ${mutant.name}`,
    );
    if (!seen) survived.push(mutant.name);
  }
  if (survived.length > 0) process.exitCode = 1;
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** Whether a test fails with the fault in it. */
function isSeen({ name, changes, test = LIVES }: Mutant): boolean {
  const files = [...new Set(changes.map(({ file }) => path.join(copy, file)))];
  const whole = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
  try {
    for (const { file, from, to } of changes) {
      const text = readFileSync(path.join(copy, file), 'utf8');
      if (text.split(from).length !== 2) throw new Error(`「${name}」: ${file} does not hold this once: ${from}`);
      writeFileSync(
        path.join(copy, file),
        text.replace(from, () => to),
      );
    }
    const env = { ...process.env, TODOKE_MODEL_RUNS: runs, TODOKE_MODEL_HURRIED: '1', NO_COLOR: '1' };
    const done = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', test], {
      ...{ cwd: copy, env, encoding: 'utf8' },
    });
    // Seen where a test fails or what it starts from; not where a file could not be read at all.
    if (
      done.status !== 0 &&
      /Hook timed out|SyntaxError|Failed to load|Transform failed/.test(done.stdout + done.stderr)
    )
      throw new Error(`「${name}」: ${done.stdout}${done.stderr}`);
    return done.status !== 0;
  } finally {
    for (const [file, text] of whole) writeFileSync(file, text);
  }
}
