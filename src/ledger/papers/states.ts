// Room: ledger. Where papers are now: states that follow from events.
import { firstState } from '../../rules/papers/lifecycle.ts';
import type { PaperState, PaperSubject } from '../../rules/papers/lifecycle.ts';
import type { Reader, Transaction } from '../core/pool.ts';
import { wordList } from '../core/values.ts';

/** States of the rules as SQL to stand after `in`. */
export const stateList = (states: readonly PaperState[]): string => wordList(states);

/** Present states of papers of an issuance; a number the issuance does not know is left out. */
export async function findStates(
  tx: Reader,
  issuanceId: number,
  subject: PaperSubject,
  numbers: readonly string[],
): Promise<Map<string, PaperState>> {
  const rows = await tx.query<{ number: string; state: PaperState | null }>(
    `select n::text as number, coalesce(s.state, first_state($2, $1, n)) as state
       from unnest($3::bigint[]) n left join paper_state s on s.paper_number = n and s.issuance_id = $1`,
    [issuanceId, subject, numbers],
  );
  return new Map(rows.flatMap((row) => (row.state === null ? [] : [[row.number, row.state]])));
}

/** Papers by state; those nothing has happened to are where printing left them. */
export async function countStates(tx: Reader, issuanceId: number): Promise<StateCount[]> {
  const rows = await tx.query<{
    subject: PaperSubject;
    state: PaperState | null;
    isPrinted: boolean;
    isHeld: boolean;
    count: number;
  }>(
    `with paper as (
       select 'mailpiece' as subject, m.mailpiece_number as number, p.mailpiece_number is not null as is_printed,
              h.mailpiece_number is not null as is_held
         from mailpiece m
         left join printed_piece p using (issuance_id, mailpiece_number)
         left join (select distinct mailpiece_number from held_piece where issuance_id = $1) h using (mailpiece_number)
        where issuance_id = $1
       union all
       select 'certificate', certificate_number, false, false from certificate where issuance_id = $1
     )
     select paper.subject, s.state, is_printed as "isPrinted", is_held as "isHeld", count(*)::int as count
       from paper left join paper_state s on s.paper_number = paper.number
      group by 1, 2, 3, 4`,
    [issuanceId],
  );
  const groups = Map.groupBy(rows, (row) => `${row.subject} ${row.state ?? firstState(row.subject, row)}`);
  const counts = [...groups.values()].map((group): StateCount => {
    const [{ subject, state, ...where }] = group as [(typeof rows)[number]];
    return {
      subject,
      state: state ?? firstState(subject, where),
      count: group.reduce((sum, row) => sum + row.count, 0),
    };
  });
  return counts.toSorted((a, b) => compare(a.subject, b.subject) || b.count - a.count || compare(a.state, b.state));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Destroyed pieces of an issuance that had been posted before. */
export async function countDestroyedAfterPosting(tx: Reader, issuanceId: number): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `select count(*)::int as count from paper_state s
      where s.issuance_id = $1 and s.subject = 'mailpiece' and s.state = 'destroyed'
        and exists (select from event e where e.paper_number = s.paper_number and e.event = 'post')`,
    [issuanceId],
  );
  return rows[0]!.count;
}

/** States whose last event in the chain says something else: what an edit behind the program's back leaves. */
export async function countStrayStates(tx: Transaction, issuanceId: number): Promise<number> {
  const rows = await tx.query<{ count: number }>(
    `select count(*)::int as count
       from paper_state s
       full join (select distinct on (paper_number) paper_number, to_state from event
                   where issuance_id = $1 order by paper_number, seq desc) e using (paper_number)
      where coalesce(s.issuance_id, $1) = $1 and s.state is distinct from e.to_state`,
    [issuanceId],
  );
  return rows[0]?.count ?? 0;
}

interface StateCount {
  readonly subject: PaperSubject;
  readonly state: PaperState;
  readonly count: number;
}

/**
 * Papers by state: what rests where printing left it has been counted by chunks (of a branch by branches) and batches, what
 * has moved by the events that moved it.
 */
export async function countStatesQuickly(tx: Reader, issuanceId: number): Promise<StateCount[]> {
  const begun = tx.query<{ begun: boolean }>(
    `select sees_all() or exists (select from enclosed_count where issuance_id = $1) as begun`,
    [issuanceId],
  );
  const summed = tx.query<StateCount>(
    `select subject, state, sum(count)::int as count
       from (-- A notice is no paper of its own: its envelope is.
             select 'certificate' as subject, 'made' as state, c.certificates as count
               from (select certificate_count as certificates from chunk where issuance_id = $1 and sees_all()
                     union all
                     select certificates from enclosed_count where issuance_id = $1 and not sees_all()) c
               join issuance i on i.id = $1 and i.paper_kind = 'certificate'
             union all
             select 'mailpiece', 'planned', mailpiece_count from chunk where issuance_id = $1 and sees_all()
             union all
             select 'mailpiece', 'planned', mailpieces from enclosed_count where issuance_id = $1 and not sees_all()
             union all
             -- What a batch printed or held is planned no longer.
             select 'mailpiece', side.state, side.count
               from batch_tally b cross join lateral (values (b.state, b.count), ('planned', -b.count)) side (state, count)
              where b.issuance_id = $1
             union all
             select subject, state, count from paper_tally where issuance_id = $1) counted
      group by subject, state having sum(count) <> 0 order by subject, 3 desc, state`,
    [issuanceId],
  );
  const [[seen], rows] = await Promise.all([begun, summed]);
  return seen?.begun ? rows : countStates(tx, issuanceId);
}
