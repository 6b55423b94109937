import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LocalDate } from '../words/local-date.ts';
import { TRANSITIONS } from './lifecycle.ts';
import { isHeldOn, meaningOf, standingOf, withdrawalCodeOf, withdrawalHolds } from './standing.ts';
import type { EarlierPaper, Withdrawal } from './standing.ts';

const day = (text: string): LocalDate => text as LocalDate;
const ON = day('2025-08-20');
const NEEDY = { acquiredOn: day('2015-04-01'), isVerifiable: false };
const PAPER: EarlierPaper = {
  issuanceId: 1,
  certificateNumber: '10001000000010',
  validThrough: day('2029-11-30'),
  certificate: 'issued',
  piece: 'posted',
  isOwed: false,
  withdrawal: null,
};
const withdrawal = (change: Partial<Withdrawal>): Withdrawal => ({
  code: 'staff',
  lostOn: null,
  withdrawnOn: day('2025-07-20'),
  isLifted: false,
  ...change,
});

test.each([
  // What is on its way, in every place before it is in a hand.
  [{ certificate: 'made', piece: 'planned' }, 'on-the-way'],
  [{ certificate: 'made', piece: 'held' }, 'on-the-way'],
  [{ certificate: 'made', piece: 'enclosed' }, 'on-the-way'],
  [{ piece: 'returned' }, 'on-the-way'],
  [{ piece: 'not-handed-over' }, 'on-the-way'],
  [{ piece: 'left-workplace' }, 'on-the-way'],
  [{ certificate: 'void', piece: 'spoiled', isOwed: true }, 'on-the-way'],
  // Held, through its last day.
  [{}, 'holds-certificate'],
  [{ piece: 'handed-over' }, 'holds-certificate'],
  [{ certificate: 'return-requested' }, 'holds-certificate'],
  [{ validThrough: ON }, 'holds-certificate'],
  [{ validThrough: day('2025-08-19') }, null],
  [{ certificate: 'made', piece: 'planned', validThrough: day('2025-08-19') }, null],
  // Nobody's any more.
  [{ certificate: 'return-demanded' }, null],
  [{ certificate: 'given-back' }, null],
  [{ certificate: 'unrecoverable' }, null],
  [{ certificate: 'missing' }, null],
  [{ certificate: 'superseded' }, null],
  [{ certificate: 'void' }, null],
  [{ certificate: 'expired' }, null],
] as const)('a paper %o is %s', (change, meaning) => {
  expect(meaningOf({ ...PAPER, ...change }, NEEDY, ON)).toBe(meaning);
});

test.each([
  [{ code: 'staff' }, NEEDY, true],
  [{ code: 'staff', isLifted: true }, NEEDY, false],
  [{ code: 'cancelled' }, NEEDY, false],
  [{ code: 'enrolled' }, NEEDY, false],
  [{ code: 'enrolled' }, { ...NEEDY, isVerifiable: true }, true],
  [{ code: 'lost' }, NEEDY, true],
  // A later eligibility under the same number is not the one that was lost.
  [{ code: 'lost', lostOn: day('2025-07-01') }, { ...NEEDY, acquiredOn: day('2025-07-01') }, false],
  [{ code: 'lost', lostOn: day('2025-07-01') }, { ...NEEDY, acquiredOn: day('2025-06-30') }, true],
  [{ code: 'lost', isLifted: true }, NEEDY, false],
] as const)('a withdrawal %o of %o holds: %s', (change, facts, holds) => {
  expect(withdrawalHolds(withdrawal(change), facts)).toBe(holds);
  const paper = { ...PAPER, certificate: 'withdrawn', piece: 'withdrawn', withdrawal: withdrawal(change) } as const;
  expect(meaningOf(paper, facts, ON)).toBe(holds ? 'withdrawn' : null);
});

test('of several papers a withdrawal is told first, then what is held, then what is on its way; of one kind the newest', () => {
  const way = { ...PAPER, certificateNumber: '1', certificate: 'made', piece: 'planned' } as const;
  const held = [
    { ...PAPER, certificateNumber: '2' },
    { ...PAPER, certificateNumber: '3' },
  ];
  const gone = { ...PAPER, certificateNumber: '4', certificate: 'withdrawn', withdrawal: withdrawal({}) } as const;
  const told = (papers: readonly EarlierPaper[]): string[] => {
    const standing = standingOf(papers, NEEDY, ON);
    return standing ? [standing.reason, standing.certificateNumber] : [];
  };
  expect(told([gone, ...held, way])).toEqual(['withdrawn', '4']);
  expect(told([...held, way])).toEqual(['holds-certificate', '3']);
  expect(told([way])).toEqual(['on-the-way', '1']);
  expect(told([])).toEqual([]);
});

test('no paper in a live state goes unseen, whatever lies beside it', () => {
  const certificates = [
    ...new Set(TRANSITIONS.filter((t) => t.subject === 'certificate').flatMap((t) => [t.from, t.to])),
  ];
  const pieces = [...new Set(TRANSITIONS.filter((t) => t.subject === 'mailpiece').flatMap((t) => [t.from, t.to]))];
  const paper = fc.record({
    certificate: fc.constantFrom(...certificates),
    piece: fc.constantFrom(...pieces),
    isOwed: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(paper, { maxLength: 4 }), (rows) => {
      const papers = rows.map((row) => ({ ...PAPER, ...row }) as EarlierPaper);
      const isLive = papers.some(({ certificate }) => ['made', 'issued', 'return-requested'].includes(certificate));
      return !isLive || standingOf(papers, NEEDY, ON) !== null;
    }),
  );
});

test.each<[string, Partial<EarlierPaper>, boolean]>([
  ['issued and with its holder', {}, true],
  ['asked back by request', { certificate: 'return-requested' }, true],
  ['asked back by law', { certificate: 'return-demanded' }, false],
  ['not posted', { certificate: 'made' }, false],
  ['back with the post', { piece: 'returned' }, false],
  ['to be made again', { isOwed: true }, false],
  ['ended', { validThrough: day('2020-01-01') }, false],
])('a certificate %s is held: %s', (_, change, expected) => {
  expect(isHeldOn([{ ...PAPER, ...change }], ON)).toBe(expected);
});

test('the words of a reason are told apart: a loss ends by itself, all else waits for staff', () => {
  expect(['資格喪失', '中の全員が資格を失ったため', '退職による喪失'].map(withdrawalCodeOf)).toEqual([
    'lost',
    'lost',
    'lost',
  ]);
  expect(['本人の申し出', '二重', ''].map(withdrawalCodeOf)).toEqual(['staff', 'staff', 'staff']);
});
