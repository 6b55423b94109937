// What doubting costs: the gate's functions over the very rows that are imported, and the join check of the very files that are
// decided, by themselves. The program has no switch that turns them off.
import { readCsv } from '../src/formats/csv.ts';
import { readMembers } from '../src/formats/members.ts';
import { refuseUnfit } from '../src/operations/intake/fit.ts';
import { fitToMembers } from '../src/ledger/intake/fits.ts';
import { openDatabase } from '../src/ledger/core/pool.ts';
import { startEmbeddedServer } from '../src/ledger/core/server.ts';
import { paperWarnings } from '../src/rules/issuing/warnings.ts';
import { holdsIndividualNumber } from '../src/rules/words/individual-numbers.ts';
import { contradictions, controlTotal, isNoBuilding, plainCell, whyNoValue } from '../src/rules/intake/cells.ts';
import { HouseholdClasses } from '../src/rules/intake/household-classes.ts';
import { KeyShapesNote } from '../src/rules/intake/join-keys.ts';
import type { Member } from '../src/rules/intake/member.ts';
import type { FitLimits } from '../src/rules/intake/file-fit.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';

/** The best of so many: others use the machine, too. */
const TIMES = 3;

/** Seconds of CPU the gate takes of a member file: its cells, days of lives, households and keys. */
export async function timeGate(file: string): Promise<number> {
  let best = Infinity;
  for (let time = 0; time < TIMES; time++) {
    let micros = 0;
    for await (const batch of readCsv(file, 'utf-8'))
      micros += timed(() => {
        for (const { fields } of batch) {
          controlTotal(fields);
          for (const cell of fields) {
            holdsIndividualNumber(cell);
            whyNoValue(plainCell(cell));
          }
        }
      });
    const classes = new HouseholdClasses();
    const keys = new KeyShapesNote();
    for await (const batch of readMembers(file, {}))
      micros += timed(() => {
        for (const { value } of batch.rows) {
          contradictions(value);
          isNoBuilding(value.home?.building ?? '');
          classes.see(value);
          keys.add(value.symbol, value.number);
        }
      });
    best = Math.min(best, micros);
  }
  return best / 1_000_000;
}

/** Seconds of the join check of an issuance that was opened: its files fitted and counted, and the papers of `targets` people doubted. */
export async function timeJoin(data: string, file: string, targets: number, limits: FitLimits): Promise<number> {
  const server = await startEmbeddedServer({ dataDir: data });
  const database = openDatabase(server.connection);
  try {
    let best = Infinity;
    for (let time = 0; time < TIMES; time++) {
      const from = performance.now();
      await database.transaction(async (tx) => {
        const [run] = await tx.query<{
          id: number;
          membersId: number;
          workplacesId: number;
          enrolmentId: number;
          asOf: LocalDate;
          members: number;
          enrolment: number;
        }>(
          `select i.id, members_id as "membersId", workplaces_id as "workplacesId", enrolment_id as "enrolmentId",
                  reference_on as "asOf", m.row_count as members, e.row_count as enrolment
             from issuance i join dataset m on m.id = members_id join dataset e on e.id = enrolment_id`,
        );
        await fitToMembers(tx, 'workplaces', run!.workplacesId, run!.membersId);
        await fitToMembers(tx, 'enrolment', run!.enrolmentId, run!.membersId);
        await refuseUnfit(tx, run!.id, run!, run!, limits);
      });
      best = Math.min(best, (performance.now() - from) / 1000);
    }
    return best + (await timeDoubts(file, targets));
  } finally {
    await database.close();
    await server.leave();
  }
}

async function timeDoubts(file: string, targets: number): Promise<number> {
  const people: Member[] = [];
  for await (const batch of readMembers(file, {})) {
    for (const { value } of batch.rows) if (people.length < targets) people.push(value);
    if (people.length === targets) break;
  }
  let best = Infinity;
  for (let time = 0; time < TIMES; time++)
    best = Math.min(
      best,
      timed(() => {
        for (const { name, home: address } of people) paperWarnings({ name, address });
      }),
    );
  return best / 1_000_000;
}

/** Microseconds of CPU. */
function timed(work: () => void): number {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return user + system;
}
