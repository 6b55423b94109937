import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TRANSITIONS } from '../papers/lifecycle.ts';
import type { CertificateState } from '../papers/lifecycle.ts';
import type { LocalDate } from '../words/local-date.ts';
import { REMAKE_SOURCES, sortPapers, whyNotRemade } from './remaking.ts';
import type { NotRemade, PaperToRemake, PieceRemakeKind, RemakeFacts } from './remaking.ts';

const TODAY = '2025-12-01' as LocalDate;
const KINDS = Object.keys(REMAKE_SOURCES) as PieceRemakeKind[];
const paper = (change: Partial<PaperToRemake> = {}): PaperToRemake => ({
  subNumber: '00',
  state: 'issued',
  isMember: true,
  lostOn: null,
  ...change,
});

test('every source is a state that its event leads to, or that follows on it', () => {
  for (const { state, event } of Object.values(REMAKE_SOURCES).flat()) {
    const reached = TRANSITIONS.filter((t) => t.subject === 'mailpiece' && t.event === event).map((t) => t.to);
    const next = TRANSITIONS.filter((t) => t.subject === 'mailpiece' && reached.includes(t.from)).map((t) => t.to);
    expect([...reached, ...next]).toContain(state);
  }
});

test.each<[string, PieceRemakeKind, Partial<PaperToRemake>, 'remaining' | 'lost' | 'notNeeded']>([
  ['brought back, still the holder’s', 'reroute', {}, 'remaining'],
  ['brought back, declared missing', 'reroute', { state: 'missing' }, 'remaining'],
  ['brought back, asked back meanwhile', 'reroute', { state: 'return-demanded' }, 'notNeeded'],
  ['brought back, a newer one is out', 'rehome', { state: 'superseded' }, 'notNeeded'],
  ['spoiled and void', 'reprint', { state: 'void' }, 'remaining'],
  ['spoiled, yet not void', 'reprint', { state: 'issued' }, 'notNeeded'],
  ['held and planned', 'release', { state: 'made' }, 'remaining'],
  ['held, sent home', 'send-home', { state: 'made' }, 'remaining'],
  ['held, and withdrawn by a newer one', 'release', { state: 'void' }, 'notNeeded'],
  ['a notice', 'reroute', { state: null }, 'remaining'],
  ['a notice that was spoiled', 'reprint', { state: null }, 'remaining'],
  ['in the newest file no more', 'reroute', { isMember: false }, 'lost'],
  ['lost today', 'reroute', { lostOn: TODAY }, 'lost'],
  ['lost tomorrow', 'reroute', { lostOn: '2025-12-02' as LocalDate }, 'remaining'],
  ['lost, whatever the paper', 'reprint', { state: 'issued', lostOn: TODAY }, 'lost'],
])('%s (%s)', (_name, kind, change, part) => {
  const sorted = sortPapers([paper(change)], kind, TODAY);
  expect(sorted).toEqual({ remaining: [], lost: [], notNeeded: [], [part]: ['00'] });
});

test('each person of a piece is in exactly one part, in the order of the papers', () => {
  const states: (CertificateState | null)[] = ['made', 'issued', 'missing', 'void', 'superseded', 'given-back', null];
  const any = fc.record({
    state: fc.constantFrom(...states),
    isMember: fc.boolean(),
    lostOn: fc.constantFrom(null, TODAY, '2025-12-02' as LocalDate),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 5 }), fc.constantFrom(...KINDS), (list, kind) => {
      const papers = list.map((one, i) => ({ ...one, subNumber: `0${i}` }));
      const { remaining, lost, notNeeded } = sortPapers(papers, kind, TODAY);
      expect([...remaining, ...lost, ...notNeeded].toSorted()).toEqual(papers.map((one) => one.subNumber));
      for (const part of [remaining, lost, notNeeded]) expect(part).toEqual(part.toSorted());
    }),
  );
});

const PIECE: RemakeFacts = {
  remaining: ['00'],
  lost: [],
  notNeeded: [],
  returnReason: 'moved',
  passage: { insuredClass: 'general', isProtected: false, hasOptionalEntries: false, hasWorkplace: true },
};
const passing = (change: Partial<RemakeFacts['passage']>): Partial<RemakeFacts> => ({
  passage: { ...PIECE.passage, ...change },
});

test.each<[string, PieceRemakeKind, Partial<RemakeFacts>, NotRemade | null]>([
  ['moved: to the employer', 'reroute', {}, null],
  ['kept past its time', 'reroute', { returnReason: 'kept-past-time' }, 'same-address'],
  ['refused', 'reroute', { returnReason: 'refused' }, 'contact'],
  ['sent back by the workplace', 'reroute', { returnReason: 'sent-back' }, 'home'],
  [
    'sent back by the workplace, protected',
    'reroute',
    { ...passing({ isProtected: true }), returnReason: 'sent-back' },
    'inquiry',
  ],
  ['nobody said why', 'reroute', { returnReason: '' }, 'inquiry'],
  ['protected', 'reroute', passing({ isProtected: true }), 'inquiry'],
  ['任意記載', 'reroute', passing({ hasOptionalEntries: true }), 'inquiry'],
  ['任意継続', 'reroute', passing({ insuredClass: 'voluntary-continuation' }), 'inquiry'],
  ['no workplace any more', 'reroute', passing({ hasWorkplace: false }), 'workplace-unknown'],
  [
    'kept past its time, no workplace any more',
    'reroute',
    { ...passing({ hasWorkplace: false }), returnReason: 'absent' },
    'same-address',
  ],
  ['everybody has lost', 'reroute', { remaining: [], lost: ['00'] }, 'lost'],
  ['nobody wants one', 'reroute', { remaining: [], notNeeded: ['00'] }, 'notNeeded'],
  ['one has lost, one wants none', 'reprint', { remaining: [], lost: ['01'], notNeeded: ['00'] }, 'notNeeded'],
  ['spoiled, protected', 'reprint', passing({ isProtected: true }), null],
  ['released', 'release', passing({ hasWorkplace: false }), null],
  ['sent home, no workplace', 'send-home', passing({ hasWorkplace: false }), null],
  ['left the company', 'rehome', {}, null],
  ['left the company, protected', 'rehome', passing({ isProtected: true }), 'inquiry'],
])('%s (%s)', (_name, kind, change, why) => expect(whyNotRemade({ ...PIECE, ...change }, kind)).toBe(why));
