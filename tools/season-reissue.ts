// The season's scenes of 再交付: some lose their certificate, some bring it torn or soiled; what was asked for is made together
// in one run, printed, posted and its lot closed. Played before and after 2025-12-01, the last day of the old cards.
import { csv, rows } from './season-stage.ts';
import type { Row, Stage } from './season-stage.ts';

/** Days of one run, in order. */
export interface ReissueDays {
  readonly requestedOn: string;
  readonly issuedOn: string;
  readonly postedOn: string;
  /** On which the lost one turns up again; null = it does not. */
  readonly foundOn: string | null;
}

interface Made {
  readonly issuances: readonly { readonly name: string; readonly count: number }[];
  readonly left: readonly unknown[];
}

const HEADER = ['記号', '番号', '枝番', '理由', '申請年月日', '元の証'];
/** What those after the first ask for. */
const WAYS = [
  ['き損', '添付'],
  ['汚損', ''],
  ['未着', ''],
];

/** Plays it with people of the issuance; a person without a certificate to be made again is skipped, or the report says so. */
export function reissue(stage: Stage, people: readonly Row[], days: ReissueDays): void {
  const { requestedOn, issuedOn, postedOn, foundOn } = days;
  const on = [...stage.profile, '--on', requestedOn];
  stage.say(`${requestedOn} の再交付の申請`);
  const asked = people.findIndex((row) => {
    const person = [row['記号'], row['番号'], row['枝番']].join('-');
    const said = stage.json(['reissue', person, ...on, '--reason', '滅失'], [0, 2]) as { kind: string };
    if (said.kind === 'recorded') stage.say(`　${person}　滅失`);
    return said.kind === 'recorded';
  });
  const lines = people.slice(asked + 1, asked + 5).map((row, i) => {
    const key = [row['記号'] ?? '', row['番号'] ?? '', row['枝番'] ?? ''];
    const [reason = '', old = ''] = WAYS[i % WAYS.length] ?? [];
    return [...key, reason, requestedOn, old];
  });
  const file = csv(stage.file(`再交付-${requestedOn}.csv`), HEADER, lines);
  const taken = stage.json(['reissue', file, ...on], [0, 2]) as {
    recorded: number;
    refused: readonly { why: string }[];
  };
  stage.say(`　再交付.csv　受付 ${taken.recorded}件　受け付けない行 ${taken.refused.length}件`);
  for (const { why } of taken.refused) stage.say(`　　${why}`);
  const waiting = listed(stage, requestedOn);
  const out = stage.file(`reissue-${issuedOn}`);
  const made = stage.json(['reissue', 'print', ...stage.profile, '--issued-on', issuedOn, '--out', out]) as Made;
  const count = made.issuances.reduce((sum, one) => sum + one.count, 0);
  stage.say(`${issuedOn} の再交付　${waiting}件の申請から ${count}枚　作れない申請 ${made.left.length}件`);
  if (
    asked < 0 ||
    taken.recorded === 0 ||
    count + made.left.length !== waiting ||
    listed(stage, issuedOn) !== made.left.length
  )
    throw new Error('the figures of reissue do not add up');
  let posted = 0;
  for (const { name } of made.issuances) {
    const remake = name.split('/').slice(1);
    const pieces = stage.sendAgain(remake, `${out}/${name.replaceAll('/', '-')}`, postedOn);
    posted += pieces.reduce((sum, piece) => sum + Number(piece['枚数']), 0);
    const { balanced } = stage.json(['reconcile', ...stage.of(...remake)]) as { balanced: boolean };
    if (!balanced) throw new Error(`${name} does not balance`);
  }
  stage.say(`${postedOn} に再交付の ${posted}枚を発送`);
  if (posted !== count) throw new Error('not all that was made again is posted');
  const number = people[asked]?.['証番号'] ?? '';
  if (foundOn !== null) stage.say(`　${number}　${stage.todoke(['found', number, ...stage.profile, '--on', foundOn])}`);
}

/** Requests that wait. */
function listed(stage: Stage, on: string): number {
  const { waiting } = stage.json(['reissue', 'list', ...stage.profile, '--on', on]) as { waiting: readonly unknown[] };
  return waiting.length;
}

/** Persons of the issuance by a place that no other scene takes; `place` of 40. */
export function peopleAt(stage: Stage, place: number): readonly Row[] {
  return rows(stage.file('july', 'certificates.csv')).filter((_, i) => i % 40 === place);
}
