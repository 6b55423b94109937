// Room: ledger. What a new issuance asks of the papers and losses the ledger holds, chunk by chunk: every certificate of another
// issuance in the chunk's key range with where it stands, and the losses filed or said by a newer file.
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { KnownLoss } from '../../rules/intake/coverage.ts';
import { WAIVABLE } from '../../rules/papers/lifecycle.ts';
import type { EarlierPaper, WithdrawalCode } from '../../rules/papers/standing.ts';
import { literal } from '../core/copy.ts';
import type { Transaction } from '../core/pool.ts';
import { findLatestDataset } from '../intake/datasets.ts';
import { firstKey, inChunk, lastKey } from './decisions.ts';
import type { Chunk, StoredIssuance } from '../papers/issuances.ts';
import { stateList } from '../papers/states.ts';

/** Papers by person (`記号-番号-枝番`), oldest issuance first. */
export type EarlierPapers = ReadonlyMap<string, readonly EarlierPaper[]>;

/** Filings, and losses a newer file says, by household (`記号-番号`). */
export type KnownLosses = ReadonlyMap<string, readonly KnownLoss[]>;

const NO_PAPERS: EarlierPapers = new Map();

/**
 * Certificates of the insurer's other issuances in a chunk's key range. Remakes count as issuances of their own; what has not been
 * enclosed has no certificates yet (one certificate issuance of an insurer is decided and enclosed before the next is opened).
 */
export async function readEarlierPapers(
  tx: Transaction,
  issuance: StoredIssuance,
  chunk: Chunk,
): Promise<EarlierPapers> {
  const others = await tx.query<{ id: number }>(
    `select id from issuance where insurer_number = $1 and paper_kind = 'certificate' and id <> $2 order by id`,
    [issuance.insurerNumber, issuance.id],
  );
  if (others.length === 0) return NO_PAPERS;
  const rows = await tx.query<PaperRow>(
    `select c.symbol || '-' || c.number || '-' || c.sub_number as person, c.issuance_id as "issuanceId",
            c.certificate_number::text as "certificateNumber", c.valid_through as "validThrough",
            coalesce(cs.state, 'made') as certificate, coalesce(ps.state, 'planned') as piece,
            -- Spoiled and its remake not there yet, or asked for again and not made.
            coalesce(cs.state = 'void' and not exists (select from event e where e.paper_number = c.mailpiece_number and e.event = 'waive')
              and (ps.state in ${stateList(WAIVABLE)} and r.mailpiece_number is null
                   or exists (select from chunk k where k.issuance_id = r.issuance_id and k.enclosed_at is null)), false)
            or exists (select from event e left join reissued_certificate a on a.certificate_number = e.paper_number
                        where e.paper_number = c.certificate_number and e.event = 'reissue'
                          and (a.certificate_number is null
                               or exists (select from chunk k where k.issuance_id = a.issuance_id and k.enclosed_at is null)))
              as "isOwed",
            w.code, w.lost_on as "lostOn", w.withdrawn_on as "withdrawnOn", l.paper_number is not null as "isLifted"
       from certificate c
       left join paper_state cs on cs.paper_number = c.certificate_number
       left join paper_state ps on ps.paper_number = c.mailpiece_number
       left join remade_piece r on r.parent_id = c.issuance_id and r.mailpiece_number = c.mailpiece_number
       left join withdrawal w on w.paper_number = c.certificate_number
       left join lifted_withdrawal l on l.paper_number = c.certificate_number
      where c.issuance_id = any($1) and ${inSymbols('c', chunk)}
        and (c.symbol, c.number::bigint, c.number) >= ${firstKey(chunk)}
        and (c.symbol, c.number::bigint, c.number) <= ${lastKey(chunk)}
      order by c.issuance_id, c.certificate_number`,
    [others.map(({ id }) => id)],
  );
  return byPerson(rows);
}

/** A certificate as it is read. */
export type PaperRow = Omit<EarlierPaper, 'withdrawal'> & {
  readonly person: string;
  readonly code: WithdrawalCode | null;
  readonly lostOn: LocalDate | null;
  readonly withdrawnOn: LocalDate;
  readonly isLifted: boolean;
};

/** Rows as papers by person. */
export function byPerson(rows: readonly PaperRow[]): EarlierPapers {
  const papers = new Map<string, EarlierPaper[]>();
  for (const { person, code, lostOn, withdrawnOn, isLifted, ...paper } of rows) {
    const list = papers.get(person) ?? [];
    papers.set(person, list);
    list.push({ ...paper, withdrawal: code === null ? null : { code, lostOn, withdrawnOn, isLifted } });
  }
  return papers;
}

/**
 * What was filed in a chunk's key range, and the losses the newest file of members says where the issuance is of an older one: as if
 * they had been filed.
 */
export async function readKnownLosses(tx: Transaction, issuance: StoredIssuance, chunk: Chunk): Promise<KnownLosses> {
  const newest = await findLatestDataset(tx, issuance.insurerNumber, 'members');
  const newestId = newest?.id ?? issuance.membersId;
  const rows = await tx.query<LossRow>(
    `select f.symbol || '-' || f.number as household, f.sub_number as "subNumber", f.kind = 'loss' as "endsHousehold",
            f.effective_on as "lostOn"
       from filing f
      where f.insurer_number = ${literal(issuance.insurerNumber)} and f.kind in ('loss', 'dependent-loss') and ${inSymbols('f', chunk)}
        and (f.symbol, f.number::bigint, f.number) >= ${firstKey(chunk)}
        and (f.symbol, f.number::bigint, f.number) <= ${lastKey(chunk)}
     union all
     select m.symbol || '-' || m.number, m.sub_number, m.sub_number = '00', m.lost_on
       from member m
      where m.dataset_id = ${newestId} and m.dataset_id <> ${issuance.membersId} and m.lost_on is not null and ${inChunk('m', chunk)}`,
    [],
  );
  return byHousehold(rows);
}

/** A loss as it is read. */
export type LossRow = KnownLoss & { readonly household: string };

/** Rows as losses by household. */
export function byHousehold(rows: readonly LossRow[]): KnownLosses {
  const losses = new Map<string, KnownLoss[]>();
  for (const { household, ...loss } of rows) {
    const list = losses.get(household) ?? [];
    losses.set(household, list);
    list.push(loss);
  }
  return losses;
}

function inSymbols(alias: string, chunk: Chunk): string {
  return `${alias}.symbol >= ${literal(chunk.firstSymbol)} and ${alias}.symbol <= ${literal(chunk.lastSymbol)}`;
}
