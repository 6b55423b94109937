// Faults as a hurried change might make them, each with the test that must see it. `npm run test:mutants` plants them one
// by one; tests/mutant-faults.test.ts holds that each text stands in its file exactly once, so that none goes stale.

export interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface Fault {
  readonly name: string;
  readonly changes: readonly Change[];
  /** The test that must see it: its file and its title (`%s` stands for anything); none = the random lives. */
  readonly test?: readonly [file: string, title: string];
}

const change = (file: string, from: string, to: string): Change => ({ file: `src/${file}`, from, to });

export const FAULTS: readonly Fault[] = [
  {
    name: 'what was posted may be spoiled',
    changes: [
      change(
        'rules/papers/lifecycle.ts',
        `'spoil', ['printed', 'enclosed'], 'spoiled'`,
        `'spoil', ['printed', 'enclosed', 'posted'], 'spoiled'`,
      ),
      change(
        'ledger/schema/migrations/003_papers.sql',
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
        'ledger/schema/migrations/003_papers.sql',
        `('mailpiece', 'reroute', 'left-workplace', 'rerouted'),`,
        `('mailpiece', 'reroute', 'left-workplace', 'rerouted'), ('mailpiece', 'post', 'printed', 'posted'),`,
      ),
    ],
  },
  {
    name: 'an idempotency key is not looked at',
    changes: [change('operations/posting/piece-events.ts', `if (known.has(a.key)) return { kind: 'already' };`, '')],
  },
  {
    name: 'a key within one request is not looked at',
    changes: [change('operations/posting/piece-events.ts', 'known.add(a.key);', '')],
  },
  {
    name: 'a piece posted again and back again is the first return',
    changes: [
      change(
        'ledger/schema/functions/scan_return.sql',
        `and to_state = 'posted';
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
        'ledger/schema/functions/scan_return.sql',
        `and to_state = 'posted';
  if exists`,
        `and event in ('post', 'repost');
  if exists`,
      ),
    ],
  },
  {
    name: 'one person releases a lot',
    changes: [
      change('rules/posting/lots.ts', 'export const CONFIRMERS = 2;', 'export const CONFIRMERS = 1;'),
      change('ledger/schema/functions/is_approved.sql', 'select count(*) = 2 from', 'select count(*) >= 1 from'),
    ],
  },
  {
    name: 'two spellings of a name are two persons',
    changes: [change('rules/posting/lots.ts', 'return foldName(name);', 'return name;')],
  },
  {
    name: 'a lot is closed before it is released for post',
    changes: [
      change(
        'rules/posting/lots.ts',
        'if (before !== undefined && !isApproved',
        `if (step !== 'close' && before !== undefined && !isReleased`,
      ),
      change(
        'ledger/schema/functions/refuse_early_confirmation.sql',
        `
     or new.step = 'close' and not is_approved(new.issuance_id, new.lot_no, 'post')`,
        '',
      ),
    ],
  },
  {
    name: 'a lot closes one posting short',
    changes: [
      change(
        'rules/posting/lots.ts',
        `['封入 = 発送', enclosed, posted],`,
        `['封入 = 発送', enclosed, Math.min(enclosed, posted + 1)],`,
      ),
      change(
        'ledger/schema/migrations/004_printing.sql',
        'and enclosed_count = posted_count, false)',
        'and enclosed_count <= posted_count + 1, false)',
      ),
    ],
  },
  {
    name: 'a lot closes though the spoiled are not made again',
    changes: [
      change('rules/posting/lots.ts', `['損傷 = 作り直し', spoiled, remade],`, ''),
      change('ledger/schema/migrations/004_printing.sql', 'coalesce(spoiled_count = remade_count, false)', 'true'),
    ],
  },
  {
    name: 'a spoiled piece nobody is to get is owed for ever',
    changes: [
      change(
        'operations/life/remake.ts',
        'kind in OWED && piece.why in WAIVED_LABELS',
        `kind === 'release' && piece.why in WAIVED_LABELS`,
      ),
    ],
  },
  {
    name: 'let off and still counted as spoiled',
    changes: [
      change(
        'ledger/schema/functions/count_lot.sql',
        `bool_or(e.event = 'spoil') and not bool_or(e.event = 'waive')`,
        `bool_or(e.event = 'spoil')`,
      ),
    ],
  },
  {
    name: 'let off and made again all the same',
    changes: [
      change(
        'ledger/life/remakes.ts',
        `and not exists (select 1 from event v where v.paper_number = s.paper_number and v.event = 'waive')`,
        '',
      ),
    ],
  },
  {
    name: 'held and made again though nobody has released it',
    changes: [
      change(
        'rules/life/remaking.ts',
        `release: [{ state: 'released', event: 'release', reason: null }]`,
        `release: [{ state: 'held', event: 'correct', reason: null }]`,
      ),
    ],
  },
  {
    name: 'released, and nobody left inside, it waits for ever',
    changes: [
      change(
        'operations/life/remake.ts',
        'kind in OWED && piece.why in WAIVED_LABELS',
        `kind === 'reprint' && piece.why in WAIVED_LABELS`,
      ),
    ],
  },
  {
    name: 'released and withdrawn, its papers stay',
    changes: [
      change('operations/life/remake.ts', `event === 'waive' ? [] : (inside.get(mailpieceNumber) ?? [])`, '[]'),
    ],
  },
  {
    name: 'released and made again, its first numbers stay good',
    changes: [
      change(
        'operations/life/remake.ts',
        '...(inside.get(number) ?? []).map(',
        `...(event === 'remake' ? [] : (inside.get(number) ?? [])).map(`,
      ),
    ],
  },
  {
    name: 'released and made again stays released',
    changes: [
      change('rules/papers/lifecycle.ts', `'remake', ['released'], 'remade'`, `'remake', ['released'], 'released'`),
      change(
        'ledger/schema/migrations/003_papers.sql',
        `'remake', 'released', 'remade'`,
        `'remake', 'released', 'released'`,
      ),
    ],
  },
  {
    name: 'who was withdrawn from a held piece is made again with it',
    changes: [
      change(
        'rules/life/remaking.ts',
        `if (isFirstPrint(kind)) return state === 'made';`,
        `if (isFirstPrint(kind)) return true;`,
      ),
      change('ledger/life/remakes.ts', `where cs.state is distinct from 'withdrawn'`, 'where true'),
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
        'ledger/schema/migrations/003_papers.sql',
        `('mailpiece', 'release', 'held', 'released'),`,
        `('mailpiece', 'release', 'held', 'released'), ('mailpiece', 'release', 'printed', 'released'),`,
      ),
    ],
  },
  {
    name: 'released, it is lost to the count of its lot',
    changes: [
      change(
        'ledger/schema/functions/count_lot.sql',
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
        'return [symbol, number, subNumber, field, source].join',
        'return [symbol, number, subNumber, field].join',
      ),
    ],
    test: ['src/rules/printing/corrections.test.ts', 'a correction %s changes nothing'],
  },
  {
    name: 'a notice is made again for nobody',
    changes: [
      change('rules/life/remaking.ts', 'if (state === null) return true;', 'if (state === null) return false;'),
    ],
  },
  {
    name: 'a notice of who left goes to the workplace again',
    changes: [
      change('operations/issuing/notices.ts', `const home = { rehome: 'home',`, `const home = { rehome: usual,`),
    ],
  },
  {
    name: 'a notice sent back to the employer goes home',
    changes: [
      change(
        'operations/issuing/notices.ts',
        `const way = { reroute: 'workplace', reprint`,
        `const way = { reroute: 'home', reprint`,
      ),
    ],
  },
  {
    name: 'a notice withdrawn by its person is another’s',
    changes: [
      change(
        'ledger/papers/pieces.ts',
        'and number_rank = $3 and number = $4 and sub_number = $5',
        'and number_rank = $3 and number = $4 and sub_number <= $5',
      ),
    ],
  },
  {
    name: 'posted before two persons have released it',
    changes: [
      change('rules/posting/lots.ts', `if (!terms.isApproved) return '発送の承認（二人の確認）が済んでいません';`, ''),
      change(
        'ledger/schema/functions/refuse_unapproved_posting.sql',
        `if found and not is_approved(new.issuance_id, lot, 'post') then`,
        'if false then',
      ),
    ],
  },
  {
    name: 'posted after the last day of its wave',
    changes: [
      change(
        'rules/posting/lots.ts',
        'terms.postThrough !== null && on > terms.postThrough',
        'terms.postThrough === null && on > on',
      ),
    ],
  },
  {
    name: 'posted out of an open parcel',
    changes: [
      change('rules/posting/lots.ts', `if (terms.liesInOpenParcel) return '事業所への梱包が閉じられていません';`, ''),
      change(
        'ledger/schema/functions/refuse_unapproved_posting.sql',
        'where i.mailpiece_number = new.paper_number and p.closed_at is null)',
        'where false)',
      ),
    ],
  },
  {
    name: 'a parcel closes with a piece that was spoiled in it',
    changes: [
      change(
        'rules/papers/lifecycle.ts',
        `NOT_TO_GO = statesAfter('mailpiece', 'withdraw', 'spoil', 'destroy')`,
        `NOT_TO_GO = statesAfter('mailpiece', 'withdraw', 'destroy')`,
      ),
      change(
        'ledger/schema/functions/close_parcel.sql',
        `event in ('withdraw', 'spoil', 'destroy'))`,
        `event in ('withdraw', 'destroy'))`,
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
        'ledger/schema/functions/check_parcel_piece.sql',
        `where paper_number = new.mailpiece_number and state = 'enclosed')`,
        'where paper_number = new.mailpiece_number) and false',
      ),
    ],
  },
  {
    name: 'the last one withdrawn leaves an empty envelope to go',
    changes: [
      change('operations/posting/withdrawals.ts', 'if (paper !== piece && (await', 'if (paper === piece && (await'),
    ],
  },
  {
    name: 'one withdrawn takes the others of the envelope along',
    changes: [
      change('operations/posting/withdrawals.ts', 'return inside.every((number) =>', 'return inside.some((number) =>'),
    ],
  },
  {
    name: 'posting issues what was withdrawn',
    changes: [
      change('rules/papers/lifecycle.ts', `'issue', ['made'], 'issued'`, `'issue', ['made', 'withdrawn'], 'issued'`),
      change(
        'ledger/schema/migrations/003_papers.sql',
        `('mailpiece', 'reroute', 'left-workplace', 'rerouted'),`,
        `('mailpiece', 'reroute', 'left-workplace', 'rerouted'), ('certificate', 'issue', 'withdrawn', 'issued'),`,
      ),
    ],
  },
  {
    name: 'the newer of two is superseded',
    changes: [
      change(
        'rules/papers/superseding.ts',
        '? [posted, other] : [other, posted]',
        '? [other, posted] : [posted, other]',
      ),
    ],
    test: [
      'src/rules/papers/superseding.test.ts',
      'the other is %s: an older one ends %s, a newer one ends the posted %s',
    ],
  },
  {
    name: 'one that is missing is not superseded',
    changes: [
      change(
        'rules/papers/lifecycle.ts',
        `'supersede', ['issued', 'return-requested', 'missing']`,
        `'supersede', ['issued', 'return-requested']`,
      ),
    ],
    test: [
      'src/rules/papers/superseding.test.ts',
      'the other is %s: an older one ends %s, a newer one ends the posted %s',
    ],
  },
  {
    name: 'one posted after a newer one stays in use',
    changes: [change('rules/papers/superseding.ts', `: isCounted(other.state) && other.state !== 'made';`, ': false;')],
    test: [
      'src/rules/papers/superseding.test.ts',
      'the other is %s: an older one ends %s, a newer one ends the posted %s',
    ],
  },
  {
    name: 'made again for who has lost eligibility',
    changes: [change('rules/intake/eligibility.ts', 'earliest([fileLostOn, filedLostOn]', 'earliest([filedLostOn]')],
  },
  {
    name: 'made again for who filed a loss',
    changes: [
      change('ledger/schema/functions/lost_by_filing.sql', `f.kind <> 'name-change'`, `f.kind = 'name-change'`),
    ],
  },
  {
    name: 'made again twice',
    changes: [
      change(
        'ledger/life/remakes.ts',
        'and not exists (select 1 from remade_piece r where r.parent_id = $1 and r.mailpiece_number = s.paper_number)',
        '',
      ),
    ],
  },
  {
    name: 'made again though it was asked back',
    changes: [
      change(
        'rules/life/remaking.ts',
        `return REPLACEABLE.includes(state);`,
        `return ['issued', 'missing', 'return-requested', 'return-demanded'].includes(state);`,
      ),
    ],
  },
  {
    name: 'what was made again stays valid',
    changes: [
      change(
        'operations/life/remake.ts',
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
    changes: [
      change('rules/intake/passage.ts', `['voluntary-continuation', 'special-retiree'];`, `['special-retiree'];`),
    ],
  },
  {
    name: 'a request instead of the duty of who has lost',
    changes: [
      change(
        'rules/life/recall.ts',
        `  if (!isCoveredOn(facts.lostOn, on)) return 'lost';
  if (facts.demandedFor !== null && facts.demandedFor !== 'lost') return facts.demandedFor;
  if (facts.isSuperseded) return facts.replacedFor ?? 'superseded';`,
        `  if (facts.isSuperseded) return facts.replacedFor ?? 'superseded';
  if (!isCoveredOn(facts.lostOn, on)) return 'lost';
  if (facts.demandedFor !== null && facts.demandedFor !== 'lost') return facts.demandedFor;`,
      ),
    ],
  },
  {
    name: 'asked back from the post office',
    changes: [change('ledger/life/recalls.ts', 'and p.state in ${stateList(BROUGHT_BACK)}', 'and false')],
  },
  {
    name: 'a second list of a day asks again',
    changes: [
      change(
        'ledger/life/recalls.ts',
        '       on conflict do nothing returning id, symbol',
        '       on conflict (insurer_number, kind, symbol, asked_on) do update set kind = excluded.kind returning id, symbol',
      ),
    ],
  },
  {
    name: 'a loss of the insured person leaves the dependents',
    changes: [change('rules/intake/eligibility.ts', `|| (filing.kind === 'loss' && filing.subNumber === '00')`, '')],
  },
  {
    name: 'a filing of loss withdraws nothing',
    changes: [
      change('operations/life/filings.ts', `if (outcome.kind === 'recorded') withdrawn += 1;`, ''),
      change(
        'operations/life/filings.ts',
        '!isCoveredOn(filing.effectiveOn, today)',
        'isCoveredOn(filing.effectiveOn, today)',
      ),
    ],
  },
  {
    name: 'a paper that came with a filing stays asked for',
    changes: [
      change(
        'operations/life/filings.ts',
        `if (filing.certificate === 'attached') {`,
        `if (filing.certificate === 'none') {`,
      ),
    ],
  },
  {
    name: 'found again after another was issued, it stays in use',
    changes: [change('operations/life/recall-return.ts', `if (before === 'superseded') {`, `if (before === 'void') {`)],
  },
  {
    name: 'found again, what was asked of it is forgotten',
    changes: [
      change('operations/life/recall-return.ts', 'if (asked === undefined) return', 'if (asked !== undefined) return'),
    ],
  },
  {
    name: 'a second loss is the first',
    changes: [
      change('operations/life/recall-return.ts', 'key: `missing:${number}:${before + 1}`', 'key: `missing:${number}`'),
    ],
  },
  {
    name: 'too few count as all',
    changes: [
      change(
        'operations/life/recall-return.ts',
        'counted > 0 && counted === waiting.length',
        'counted > 0 && counted >= waiting.length',
      ),
    ],
  },
  {
    name: 'checked in though nobody ever had it',
    changes: [change('operations/life/recall-return.ts', 'if (!wasIssued) return refusedIn(state);', '')],
  },
  {
    name: 'reminded of twice a day',
    changes: [
      change(
        'operations/life/recall.ts',
        'if (demand.lastRemindedOn !== null && demand.lastRemindedOn >= on) continue;',
        '',
      ),
      change(
        'operations/life/recall.ts',
        'key: `remind:${certificateNumber}:${on}`',
        'key: `remind:${certificateNumber}:${on}:${Math.random()}`',
      ),
    ],
  },
  {
    name: 'an inspection voids what lies at the post office',
    changes: [change('ledger/life/validity.ts', 'and p.state in ${stateList(BROUGHT_BACK)}', 'and false')],
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
    test: ['tests/recall.test.ts', 'renewals are forecast by month; what has ended is only said'],
  },
  {
    name: 'a file older than one before is taken',
    changes: [
      change('operations/posting/results.ts', 'throughOn >= newest) return;', 'throughOn !== newest) return;'),
      change(
        'ledger/schema/functions/refuse_older_file.sql',
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
        'piece?.symbol === reporter.symbol',
      ),
    ],
  },
  {
    name: 'nobody needs to answer for a second posting',
    changes: [
      change(
        'operations/posting/piece-events.ts',
        'why !== null && override !== null ? overrideOf(a, state, override) : null',
        `why !== null ? overrideOf(a, state, override ?? { person: 'x', reason: 'x' }) : null`,
      ),
    ],
  },
  {
    name: 'the chain does not hold the row before',
    changes: [
      change(
        'ledger/schema/functions/append_event.sql',
        'new.hash := event_hash(head.hash, new);',
        `new.hash := event_hash('', new);`,
      ),
    ],
  },
  {
    name: 'a state is written that no event made',
    changes: [
      change(
        'ledger/schema/functions/append_event.sql',
        'update paper_state set state = new.to_state, seq = new.seq where',
        `update paper_state set state = case when new.event = 'destroy' then state else new.to_state end, seq = new.seq where`,
      ),
    ],
  },
  {
    name: 'asked for again and lost since, made all the same',
    changes: [
      change(
        'rules/life/reissue.ts',
        `return 'lost';
  if (facts.isProtected)`,
        `return null;
  if (facts.isProtected)`,
      ),
    ],
    test: [
      'tests/reissue.test.ts',
      'the next print run takes what waits, by the newest files; who has lost since stays and is told',
    ],
  },
  {
    name: 'a request is met twice',
    changes: [
      change('ledger/life/reissues.ts', 'and x.certificate_number is null', ''),
      change(
        'ledger/life/reissues.ts',
        `from unnest($3::bigint[]) n'`,
        `from unnest($3::bigint[]) n on conflict do nothing'`,
      ),
    ],
    test: ['tests/reissue.test.ts', 'the ledger refuses one that nobody asked for, and a second of one request'],
  },
  {
    name: 'a request that was met is asked again',
    changes: [
      change(
        'operations/life/reissue.ts',
        '(paper.madeIn === null || (paper.reason === reason && paper.requestedOn === on))',
        'paper.madeIn === null',
      ),
    ],
  },
  {
    name: 'a lost one asked for again stays in use',
    changes: [
      change('rules/papers/lifecycle.ts', `'reissue', ['missing'], 'void'`, `'reissue', ['missing'], 'issued'`),
      change(
        'ledger/schema/migrations/003_papers.sql',
        `'reissue', 'missing', 'void'`,
        `'reissue', 'missing', 'issued'`,
      ),
    ],
  },
  {
    name: 'the old one that came with the request stays in use',
    changes: [change('operations/life/reissue.ts', 'if (isAttached)', 'if (isAttached && on === null)')],
  },
  {
    name: 'found again after another was asked for, it is refused',
    changes: [
      change(
        'operations/life/recall-return.ts',
        `nextState('certificate', 'find', state) === 'return-demanded'`,
        `state === 'superseded'`,
      ),
    ],
  },
  {
    name: 'two in use: asked for again though a newer one is on its way',
    changes: [change('rules/life/reissue.ts', `if (facts.hasNewer) return 'newer';`, '')],
  },
  {
    name: 'erased before its time is over for its children',
    changes: [change('operations/life/erase.ts', 'familyOf(held, issuance).every(', 'familyOf(held, issuance).some(')],
    test: ['tests/erase.test.ts', 'looked at first: what would go, with the print files; nothing is gone'],
  },
  {
    name: 'a protected person is asked back through the employer',
    changes: [
      change(
        'operations/life/recall.ts',
        'hasOptionalEntries, isProtected, hasWorkplace: workplaces',
        'hasOptionalEntries, isProtected: false, hasWorkplace: workplaces',
      ),
    ],
    test: [
      'tests/recall.test.ts',
      'a protected person (送付停止) is asked directly and stands on no slip of the employer',
    ],
  },
  {
    name: 'a person gone from the newest file is not asked',
    changes: [change('rules/intake/eligibility.ts', 'if (isMember || lostOn !== null) return end;', 'return end;')],
    test: [
      'tests/recall.test.ts',
      'a person who is not in the newest file has lost eligibility by the day of the list',
    ],
  },
  {
    name: 'the name of a protected insured person is hidden on the dependents’ certificates',
    changes: [
      change(
        'ledger/printing/prints.ts',
        `insuredName: orNull(text('i.name'))`,
        `insuredName: orNull(text('case when i.mail_stopped then null else i.name end'))`,
      ),
    ],
    test: [
      'tests/protection.test.ts',
      'a dependent’s certificate names a protected insured person; no letter, list or table does (%s)',
    ],
  },
  {
    name: 'the name of a protected insured person stands on the envelope',
    changes: [
      change(
        'rules/issuing/enveloping.ts',
        'household.insured?.mailStopped === false ? household.insured : null',
        'household.insured',
      ),
    ],
    test: [
      'tests/protection.test.ts',
      'a dependent’s certificate names a protected insured person; no letter, list or table does (%s)',
    ],
  },
  {
    name: 'an input file is erased that an issuance still needs',
    changes: [change('operations/life/erase.ts', 'file.neededBy.every(', 'file.neededBy.some(')],
    test: ['tests/erase.test.ts', 'an input file stays as long as an issuance needs it'],
  },
  {
    name: 'a notice made again says the ratios of its first issuance',
    changes: [
      change('operations/life/remake.ts', 'ratiosId: ratios?.id ?? parent.ratiosId', 'ratiosId: parent.ratiosId'),
    ],
    test: ['tests/notice-ratios.test.ts', 'a notice made again says the ratio of the newest file'],
  },
  {
    name: 'a certificate made again keeps the validity of its first issuance',
    changes: [change('operations/issuing/certificates.ts', 'issuedOn, validity, elderly }', 'issuedOn, elderly }')],
    test: ['tests/remake.test.ts', 'the validity of a certificate made again is that of the profile of now'],
  },
  {
    name: 'a receipt waits for what has expired',
    changes: [change('operations/life/recall-return.ts', '!RECALL_CLOSED.includes(state)', `state !== 'given-back'`)],
    test: ['tests/recall.test.ts', 'a receipt waits for no paper that has expired'],
  },
  {
    name: 'digits are sealed to the person alone',
    changes: [
      change(
        'operations/intake/digits.ts',
        'return `${insurerNumber}:${formatPersonKey(key)}`',
        'return formatPersonKey(key)',
      ),
    ],
    test: ['tests/inner-walls.test.ts', 'sealed digits open for their person and insurer alone'],
  },
  {
    name: 'an individual number as the reason of a correction',
    changes: [
      change(
        'operations/life/held.ts',
        `if (holdsIndividualNumber(reason)) throw new Refusal('text-refused', '12桁の番号は書けません。');`,
        '',
      ),
    ],
    test: [
      'tests/inner-walls.test.ts',
      'a correction of a held piece takes no individual number, neither as its reason nor as its text (%s)',
    ],
  },
  {
    name: 'a list for a branch is not looked at',
    changes: [
      change(
        'operations/posting/recipients.ts',
        'if (outside > 0) throw new Refusal(',
        'if (outside < 0) throw new Refusal(',
      ),
    ],
    test: [
      'tests/inner-walls.test.ts',
      'a list for a branch is refused where it names anyone of another branch, or of none',
    ],
  },
  {
    name: 'losses whose month is not over are in the one-month rate',
    changes: [change('operations/life/recall-figures.ts', '&& oneMonthAfter(d.lostOn) <= on)', ')')],
    test: [
      'tests/recall.test.ts',
      'figures: duty and request never in one sum; the month’s rate counts from the loss; the books balance',
    ],
  },
  {
    name: 'what came after its month is in the one-month rate',
    changes: [change('operations/life/recall-figures.ts', '&& d.givenBackOn <= oneMonthAfter(d.lostOn!)', '')],
    test: [
      'tests/recall.test.ts',
      'back on the last day of its month is within it, a day later is not; before any month is over there is no rate',
    ],
  },
  {
    name: 'a batch is recorded as printed without the chain',
    changes: [change('ledger/printing/prints.ts', '  await lockChain(tx, insurerNumber);', '  void lockChain;')],
    test: [
      'tests/races.test.ts',
      'withdrawn while its batch is being recorded as printed: the batch is refused, its files hold a paper too many',
    ],
  },
  {
    name: 'events of pieces are decided without the chain',
    changes: [
      change(
        'operations/posting/piece-events.ts',
        `    await lockChain(tx, issuance.insurerNumber);
    const numbers`,
        '    const numbers',
      ),
    ],
    test: [
      'tests/races.test.ts',
      'withdrawn while it is being reported as posted: the report is answered with a refusal',
    ],
  },
  {
    name: 'lots are planned without their lock',
    changes: [
      change(
        'operations/printing/plan-lots.ts',
        `await tx.execute('select pg_advisory_xact_lock(hashtextextended($1, 2))', [String(issuance.id)]);`,
        '',
      ),
    ],
    test: ['tests/races.test.ts', 'planned twice at once: one plan, which both get'],
  },
  {
    name: 'a lot is confirmed out of its order',
    changes: [
      change(
        'ledger/schema/functions/refuse_early_confirmation.sql',
        `if new.step = 'post' and not is_approved(new.issuance_id, new.lot_no, 'print')
     or`,
        'if',
      ),
    ],
    test: [
      'tests/lots.test.ts',
      'two different persons release; the database refuses one twice, a third, and post before print',
    ],
  },
  {
    name: 'the ledger takes an older file of members',
    changes: [
      change(
        'ledger/schema/functions/refuse_older_dataset.sql',
        'new.as_of < newest.as_of or new.through_on',
        'new.through_on',
      ),
    ],
    test: [
      'tests/job-files.test.ts',
      'the ledger refuses an older file whoever enters it, and a name without a reason',
    ],
  },
  {
    name: 'the ledger takes an older file of results',
    changes: [
      change('ledger/schema/functions/refuse_older_file.sql', 'if new.override_by is null and', 'if false and'),
    ],
    test: ['tests/lots.test.ts', 'a file older than one taken before is refused, but for a named override'],
  },
  {
    name: 'the ledger posts what nobody has released',
    changes: [
      change(
        'ledger/schema/functions/refuse_unapproved_posting.sql',
        `if found and not is_approved(new.issuance_id, lot, 'post') then`,
        'if false then',
      ),
    ],
    test: [
      'tests/lots.test.ts',
      'posting: after its release, inside its days, once; a named override is an event with its reason',
    ],
  },
  {
    name: 'a piece that was made again is let off',
    changes: [
      change(
        'ledger/schema/functions/refuse_waiver.sql',
        'or exists (select 1 from remade_piece where parent_id = new.issuance_id and mailpiece_number = new.paper_number)',
        '',
      ),
    ],
    test: ['tests/lots.test.ts', 'a lot closes when nothing of it is missing, by two persons, and the database counts'],
  },
  {
    name: 'a withdrawn piece is made again',
    changes: [
      change(
        'ledger/schema/functions/refuse_remake_of_withdrawn.sql',
        `event in ('withdraw', 'waive')`,
        `event in ('waive')`,
      ),
    ],
    test: ['tests/lots.test.ts', 'a lot closes when nothing of it is missing, by two persons, and the database counts'],
  },
  {
    name: 'the ledger makes again what nobody asked for',
    changes: [
      change(
        'ledger/schema/functions/refuse_reissue_unasked.sql',
        `and event = 'reissue') then
    raise exception 'reissue_unasked: nobody`,
        `and event = 'reissue') and false then
    raise exception 'reissue_unasked: nobody`,
      ),
    ],
    test: ['tests/reissue.test.ts', 'the ledger refuses one that nobody asked for, and a second of one request'],
  },
  {
    name: 'a demand without its event',
    changes: [
      change(
        'ledger/schema/functions/refuse_demand_without_event.sql',
        'if not exists (select 1 from event where',
        'if false and not exists (select 1 from event where',
      ),
    ],
    test: ['tests/recall.test.ts', '%s is refused by the database itself'],
  },
  {
    name: 'a slip that says more duties than it lists',
    changes: [
      change(
        'ledger/schema/functions/refuse_uneven_slip.sql',
        `having count(*) filter (where p.ground not in ('enrolled', 'superseded')) <> s.duty_count
      or`,
        'having',
      ),
    ],
    test: ['tests/recall.test.ts', '%s is refused by the database itself'],
  },
  {
    name: 'a piece of another workplace in a parcel',
    changes: [
      change(
        'ledger/schema/functions/check_parcel_piece.sql',
        'and mailpiece_number = new.mailpiece_number and symbol = owner.symbol)',
        'and mailpiece_number = new.mailpiece_number)',
      ),
    ],
    test: [
      'tests/parcels.test.ts',
      'the station takes sealed pieces of this workplace alone, and says what another one is',
    ],
  },
  {
    name: 'a parcel changes hands',
    changes: [
      change(
        'ledger/schema/functions/close_parcel.sql',
        'if (new.issuance_id, new.symbol, new.sequence, new.sequence_count) is distinct from',
        'if false and (new.issuance_id, new.symbol, new.sequence, new.sequence_count) is distinct from',
      ),
    ],
    test: [
      'tests/parcels.test.ts',
      'the station takes sealed pieces of this workplace alone, and says what another one is',
    ],
  },
  {
    name: 'a batch closes though a piece of it is left out',
    changes: [
      change(
        'ledger/schema/functions/close_print_batch.sql',
        'if counted.strays > 0',
        'if false and counted.strays > 0',
      ),
    ],
    test: [
      'tests/races.test.ts',
      'withdrawn while its batch is being recorded as printed: the batch is refused, its files hold a paper too many',
    ],
  },
  {
    name: 'rows are changed',
    changes: [
      change(
        'ledger/schema/functions/refuse_change.sql',
        `raise exception '%: rows are never changed or removed', tg_table_name using errcode = 'check_violation';`,
        'return new;',
      ),
    ],
    test: ['tests/balances.test.ts', 'rows of %s are never changed or removed'],
  },
  {
    name: 'a closed chunk takes more rows',
    changes: [change('ledger/schema/functions/refuse_rows_of_closed_chunk.sql', 'if found then', 'if false then')],
    test: ['tests/balances.test.ts', 'a closed chunk takes no more rows and stays closed'],
  },
  {
    name: 'a reason of certificates for a notice',
    changes: [
      change(
        'ledger/schema/functions/is_reason_of.sql',
        `when 'notice' then reason in ('member',`,
        `when 'notice' then reason in ('verifiable', 'member',`,
      ),
    ],
    test: ['tests/notices.test.ts', '%s is refused by the database'],
  },
  {
    name: 'a packed issuance takes more parcels',
    changes: [
      change(
        'ledger/schema/functions/refuse_rows_of_packed_issuance.sql',
        'if exists (select 1 from (select distinct issuance_id from added) a join packing using (issuance_id)) then',
        'if false then',
      ),
    ],
    test: ['tests/notices.test.ts', 'a packed issuance takes no more parcels'],
  },
  {
    name: 'a notice lies in another workplace’s parcel',
    changes: [
      change(
        'ledger/schema/functions/count_packing.sql',
        `(m.symbol is distinct from p.symbol or m.route <> 'workplace')`,
        `m.route <> 'workplace'`,
      ),
    ],
    test: ['tests/notices.test.ts', '%s keeps the packing from closing'],
  },
  {
    name: 'a list for a workplace names another one’s people',
    changes: [
      change(
        'ledger/schema/functions/refuse_outsiders.sql',
        'l.symbol = l.recipient and paper.place is not null',
        'paper.place is not null',
      ),
    ],
    test: [
      'tests/parcels.test.ts',
      'a file for a workplace, a branch or the contractor that holds anyone else is refused, whoever asks',
    ],
  },
  {
    name: 'the contractor is told of persons without a printed paper',
    changes: [
      change(
        'ledger/schema/functions/refuse_outsiders.sql',
        `when 'contractor' then paper.is_printed end`,
        `when 'contractor' then true end`,
      ),
    ],
    test: [
      'tests/parcels.test.ts',
      'a file for a workplace, a branch or the contractor that holds anyone else is refused, whoever asks',
    ],
  },
  {
    name: 'what was erased leaves the keys of its chunks',
    changes: [
      change(
        'ledger/schema/functions/erase.sql',
        `update chunk set first_symbol = '', first_number = '0', first_rank = 0, last_symbol = '', last_number = '0', last_rank = 0
   where issuance_id = new.issuance_id;`,
        '',
      ),
    ],
    test: ['tests/erase.test.ts', 'erased: nobody is left in any table, the newest files stay'],
  },
  {
    name: 'a session that has changed still holds',
    changes: [
      change(
        'ledger/schema/functions/enter.sql',
        'if not found or door.version <> known_version then',
        'if not found then',
      ),
    ],
    test: [
      'tests/doors.test.ts',
      'another role, branch or workplace holds by the next request: what may be asked, and what is seen',
    ],
  },
  {
    name: 'a silent session still holds',
    changes: [
      change(
        'ledger/schema/functions/enter.sql',
        's.token_sha256 = token and s.seen_at > now() - make_interval(mins => idle_minutes)',
        's.token_sha256 = token',
      ),
    ],
    test: ['tests/doors.test.ts', 'a session that is over by the next request: %s'],
  },
  {
    name: 'a branch sees the whole insurer',
    changes: [
      change(
        'ledger/schema/functions/sees_all.sql',
        `wall('branch') is null and wall('workplace') is null`,
        `wall('workplace') is null`,
      ),
    ],
    test: ['tests/access.test.ts', 'counts of the whole insurer are behind the wall of an account that sees a part'],
  },
  {
    name: 'an event is recorded twice under one key',
    changes: [
      change(
        'ledger/schema/functions/append_event.sql',
        'if exists (select 1 from event where insurer_number = new.insurer_number and key = new.key) then',
        'if false then',
      ),
    ],
    test: ['tests/balances.test.ts', 'an event whose key is in the chain is passed over by the database itself'],
  },
  {
    name: 'an event is recorded out of any state',
    changes: [
      change(
        'ledger/schema/functions/append_event.sql',
        ' and event = new.event and from_state = new.from_state;',
        ' and event = new.event limit 1;',
      ),
    ],
    test: [
      'tests/balances.test.ts',
      'an event that may not follow the state of its paper is refused by the database itself',
    ],
  },
  {
    name: 'a filing of an earlier eligibility ends the present one',
    changes: [
      change(
        'ledger/posting/newer-facts.ts',
        'lost_by_filing($6, k.symbol, k.number, k.sub_number, k.joined_on, k.insured_joined_on)',
        `lost_by_filing($6, k.symbol, k.number, k.sub_number, '-infinity', '-infinity')`,
      ),
    ],
    test: [
      'tests/plan.test.ts',
      'a filing of an earlier eligibility pulls nobody; one of the present pulls the whole household',
    ],
  },
  {
    name: 'the database ends cover a day late',
    changes: [change('ledger/schema/functions/is_covered_on.sql', 'on_day < lost_on', 'on_day <= lost_on')],
    test: ['tests/rules-in-sql.test.ts', 'is_covered_on says of every day what the rule says'],
  },
  {
    name: 'the database counts a filing of the day of acquisition',
    changes: [change('ledger/schema/functions/lost_by_filing.sql', 'f.effective_on > case', 'f.effective_on >= case')],
    test: ['tests/rules-in-sql.test.ts', 'lost_by_filing says of every person what the rule says'],
  },
  {
    name: 'a record of a replaced character is changed',
    changes: [
      change(
        'ledger/schema/migrations/020_printing_variants.sql',
        'before update or delete on replaced_variant',
        'before update on replaced_variant',
      ),
    ],
    test: ['tests/schema.test.ts', 'rows of every table are never changed or removed, but for those that say why'],
  },
  {
    name: 'a lot closes without two persons',
    changes: [
      change(
        'ledger/schema/functions/close_lot.sql',
        `if not is_approved(new.issuance_id, new.no, 'close') then`,
        'if false then',
      ),
    ],
    test: ['tests/lots.test.ts', 'a lot closes when nothing of it is missing, by two persons, and the database counts'],
  },
  {
    name: 'a reminder on its tenth business day is late',
    changes: [change('operations/life/recall.ts', 'return on > reminderDueOn(', 'return on >= reminderDueOn(')],
    test: [
      'tests/recall.test.ts',
      'reminders: duties past their five days alone, the first in time or late, once a day',
    ],
  },
  {
    name: 'erased though it was only looked at',
    changes: [change('operations/life/erase.ts', 'if (!isConfirmed) return', 'if (false as boolean) return')],
    test: ['tests/erase.test.ts', 'looked at first: what would go, with the print files; nothing is gone'],
  },
  {
    name: 'digits are looked at without a reason',
    changes: [
      change(
        'operations/intake/digits.ts',
        `if (reason.trim() === '') throw new Refusal('reason-missing', '下4桁を見る理由を書いてください。');`,
        '',
      ),
    ],
    test: [
      'tests/notices.test.ts',
      'every look is on record: a row a person for what was printed, and who asked for one person why',
    ],
  },
  {
    name: 'a look at digits is not recorded',
    changes: [
      change(
        'operations/intake/digits.ts',
        'await recordDigitsAccess(tx, { actor, reason, insurerNumber, datasetId: found.datasetId, ...key });',
        'void writeLook;',
      ),
    ],
    test: [
      'tests/notices.test.ts',
      'every look is on record: a row a person for what was printed, and who asked for one person why',
    ],
  },
  {
    name: 'an inspection is closed though it is only counted',
    changes: [change('operations/life/inspection.ts', 'if (!isConfirmed) return { ...counts, isDone: false };', '')],
    test: ['tests/recall.test.ts', 'an inspection voids what was not presented, after it was only counted'],
  },
  {
    name: 'an inspection nobody came to voids everything',
    changes: [change('operations/life/inspection.ts', 'if (presented === 0)', 'if (presented < 0)')],
    test: ['tests/recall.test.ts', 'an inspection voids what was not presented, after it was only counted'],
  },
  {
    name: 'a print file that was changed is handed over',
    changes: [
      change(
        'operations/posting/package.ts',
        'if (!(await exists(from)) || (await hashFile(from)) !== file.sha256)',
        'if (!(await exists(from)))',
      ),
    ],
    test: ['tests/package.test.ts', 'a print file that is not the recorded one is not handed over'],
  },
  {
    name: 'digits are printed and nobody notes it',
    changes: [
      change(
        'operations/printing/read-notices.ts',
        'await recordPaperAccess(tx, issuance, range, access.actor, access.purpose);',
        'void writePaperLooks;',
      ),
    ],
    test: [
      'tests/notices.test.ts',
      'every look is on record: a row a person for what was printed, and who asked for one person why',
    ],
  },
  {
    name: 'a lot is released for post though a printed piece is not enclosed',
    changes: [
      change(
        'rules/posting/lots.ts',
        `if (step === 'post' && printed !== enclosed && !isOverridden`,
        `if (step === 'post' && printed < enclosed && !isOverridden`,
      ),
      change(
        'ledger/schema/functions/refuse_early_confirmation.sql',
        'counted.printed <> counted.enclosed and',
        'counted.printed < counted.enclosed and',
      ),
    ],
    test: [
      'tests/approval.test.ts',
      'release for post: refused at every door until all that was printed is enclosed, or by a named override that is kept and told',
    ],
  },
  {
    name: 'what was taken back still counts as approved',
    changes: [change('ledger/schema/functions/is_approved.sql', 't.turn = c.turn)', 't.turn = c.turn and false)')],
    test: [
      'tests/approval.test.ts',
      'taken back until posted, by whom and why; then two confirm anew; the database holds the same',
    ],
  },
  {
    name: 'a package is made of other files than were approved',
    changes: [
      change(
        'rules/posting/lots.ts',
        '.every((c) => (c.filesSha256 ?? null) === null || c.filesSha256 === filesSha256);',
        '.every((c) => (c.filesSha256 ?? null) !== filesSha256 || true);',
      ),
    ],
    test: [
      'tests/approval.test.ts',
      'the approval keeps the counts and the hash over the files, as the database counts them; other files were never approved',
    ],
  },
  {
    name: 'one person confirms a file that shrank',
    changes: [change('rules/intake/import-report.ts', 'persons: stops ? 2 : 1,', 'persons: 1,')],
    test: [
      'tests/imports.test.ts',
      'accidents: few workplaces, few members: two different persons with a reason, or nothing',
    ],
  },
  {
    name: 'an import that another has overtaken is confirmed',
    changes: [
      change(
        'operations/intake/imports.ts',
        'if (isOvertaken(proposal, await findFilesBase(tx, insurerNumber))) {',
        'if (insurerNumber === person) {',
      ),
    ],
    test: [
      'tests/imports.test.ts',
      'a proposal that another import has overtaken is worked out again, and looked at again',
    ],
  },
  {
    name: 'an import that was overtaken while it waited is taken in',
    changes: [
      change(
        'operations/intake/imports.ts',
        'if (isOvertaken(proposal, await findFilesBase(tx, number))) throw overtaken();',
        '',
      ),
    ],
    test: [
      'tests/imports.test.ts',
      'a proposal that another import has overtaken is worked out again, and looked at again',
    ],
  },
  {
    name: 'numbers with other zeros are other people in a proposal',
    changes: [change('ledger/intake/proposals.ts', 'return isExact === true;', 'return true;')],
    test: [
      'tests/imports.test.ts',
      'several files at once, known by their headers: what would change stands on one page, and nothing has',
    ],
  },
];
