import { expect, test } from 'vitest';
import { needsOf, withoutRows } from './import-report.ts';
import type { ImportReport, ReportedFile, ReportedFilings } from './import-report.ts';

const FILE: ReportedFile = {
  kind: 'members',
  fileName: '加入者.csv',
  asOf: null,
  rowCount: 10,
  rejectedCount: 0,
  notes: [],
  unknownColumns: [],
  before: { id: 1, fileName: '前.csv', rowCount: 11 },
  change: {
    come: 0,
    gone: 1,
    changed: 1,
    goneWithPaper: 1,
    columns: [{ column: '住所', count: 1 }],
    first: {
      come: [],
      gone: [{ key: '100-1-00', name: '', columns: [] }],
      changed: [{ key: '100-2-00', name: '', columns: ['住所'] }],
      'gone-with-paper': [{ key: '100-1-00', name: '', columns: [] }],
    },
  },
  suspects: { total: 1, first: [{ line: 2, column: '住所', what: '住所といえない' }] },
  stops: [],
  fault: null,
  known: null,
};
const FILINGS: ReportedFilings = {
  fileName: '喪失届.csv',
  recorded: 2,
  already: 1,
  late: 0,
  demanded: 1,
  withdrawn: 0,
  givenBack: 0,
  unrecoverable: 0,
  refused: { total: 0, first: [] },
  fault: null,
};
const STOP = { code: 'file-shrank', message: '減りました' } as const;
const FAULT = { code: 'invalid-rows', message: '誤り', details: ['2行 住所（100-1-00）'] };

test.each<[string, Partial<ReportedFile>[], ReturnType<typeof needsOf>]>([
  ['one person confirms', [{}], { persons: 1, needsReason: false, isFaulty: false, isUnchanged: false }],
  [
    'two with a reason where one of the files stops',
    [{}, { stops: [STOP] }],
    { persons: 2, needsReason: true, isFaulty: false, isUnchanged: false },
  ],
  [
    'one with a reason where an earlier file comes back',
    [{ known: { id: 3, isInUse: false } }],
    { persons: 1, needsReason: true, isFaulty: false, isUnchanged: false },
  ],
  [
    'two where an earlier file comes back that stops',
    [{ known: { id: 3, isInUse: false }, stops: [STOP] }],
    { persons: 2, needsReason: true, isFaulty: false, isUnchanged: false },
  ],
  [
    'nobody where one cannot be read',
    [{}, { fault: FAULT }],
    { persons: 1, needsReason: false, isFaulty: true, isUnchanged: false },
  ],
  [
    'nothing to confirm where all are in use',
    [{ known: { id: 3, isInUse: true } }, { known: { id: 4, isInUse: true } }],
    { persons: 1, needsReason: false, isFaulty: false, isUnchanged: true },
  ],
  [
    'one of two is in use already',
    [{ known: { id: 3, isInUse: true } }, {}],
    { persons: 1, needsReason: false, isFaulty: false, isUnchanged: false },
  ],
])('%s', (_, files, expected) => {
  expect(needsOf({ files: files.map((change) => ({ ...FILE, ...change })), filings: null })).toEqual(expected);
});

test('what is kept of a report names nobody, and its counts stay', () => {
  const report: ImportReport = { files: [FILE, { ...FILE, fault: FAULT }], filings: FILINGS, joins: null };
  const kept = withoutRows(report);
  expect(JSON.stringify(kept)).not.toContain('100-');
  expect(kept.files[0]).toMatchObject({ change: { gone: 1, changed: 1, goneWithPaper: 1 }, suspects: { total: 1 } });
});

test('filings: confirmed by one, refused with a row at fault, nothing where all were taken in before', () => {
  const needs = (change: Partial<ReportedFilings>, files: ReportedFile[] = []) =>
    needsOf({ files, filings: { ...FILINGS, ...change } });
  expect(needs({})).toMatchObject({ persons: 1, isFaulty: false, isUnchanged: false });
  expect(needs({ fault: '誤りのある行があります' })).toMatchObject({ isFaulty: true, isUnchanged: false });
  expect(needs({ recorded: 0, fault: '誤りのある行があります' })).toMatchObject({ isFaulty: true, isUnchanged: false });
  expect(needs({ recorded: 0 })).toMatchObject({ isUnchanged: true });
  expect(needs({ recorded: 0 }, [FILE])).toMatchObject({ isUnchanged: false });
});
