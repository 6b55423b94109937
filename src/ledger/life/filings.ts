// Room: ledger. Filings of loss and change, as they arrived.
import type { InsuredClass } from '../../rules/intake/member.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { FilingKind, LossCause } from '../../rules/intake/eligibility.ts';
import type { LegacyCardDuty } from '../../rules/life/recall.ts';
import type { Transaction } from '../core/pool.ts';

export interface FilingRow extends PersonKey {
  readonly kind: FilingKind;
  readonly effectiveOn: LocalDate;
  readonly arrivedOn: LocalDate;
  readonly processedOn: LocalDate;
  readonly isLate: boolean;
  readonly legacyCard: string;
  readonly legacyDuty: LegacyCardDuty;
  readonly certificate: string;
  readonly reason: string;
  readonly cause: LossCause;
  readonly source: string;
}

/** Enters filings in order; answers for each whether it is new (the same filing twice is one). */
export async function insertFilings(
  tx: Transaction,
  insurerNumber: string,
  actor: string,
  rows: readonly FilingRow[],
): Promise<boolean[]> {
  const isNew: boolean[] = [];
  for (const row of rows) {
    const written = await tx.execute(
      `insert into filing (insurer_number, kind, symbol, number, sub_number, effective_on, arrived_on, processed_on,
                           is_late, legacy_card, legacy_duty, certificate, reason, source, actor, cause)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) on conflict do nothing`,
      [
        insurerNumber,
        row.kind,
        row.symbol,
        row.number,
        row.subNumber,
        row.effectiveOn,
        row.arrivedOn,
        row.processedOn,
        row.isLate,
        row.legacyCard,
        row.legacyDuty,
        row.certificate,
        row.reason,
        row.source,
        actor,
        row.cause,
      ],
    );
    isNew.push(written === 1);
  }
  return isNew;
}

/** 被保険者区分 of households in the newest member file, by `記号-番号`; one that is not there has none. */
export async function findInsuredClasses(
  tx: Transaction,
  membersId: number,
  keys: readonly { readonly symbol: string; readonly number: string }[],
): Promise<Map<string, InsuredClass>> {
  const rows = await tx.query<{ household: string; insuredClass: InsuredClass }>(
    `select m.symbol || '-' || m.number as household, min(m.insured_class) as "insuredClass"
       from unnest($2::text[], $3::text[]) k (symbol, number)
       join member m on m.dataset_id = $1 and m.symbol = k.symbol collate "C"
                    and m.number_rank = k.number::bigint and m.number = k.number collate "C"
      group by 1`,
    [membersId, keys.map((k) => k.symbol), keys.map((k) => k.number)],
  );
  return new Map(rows.map((row) => [row.household, row.insuredClass]));
}

/** Losses filed through each workplace, and how many of them late (C6), by symbol. */
export async function countLateFilings(
  tx: Transaction,
  insurerNumber: string,
): Promise<{ symbol: string; filings: number; late: number }[]> {
  return tx.query(
    `select symbol, count(*)::int as filings, (count(*) filter (where is_late))::int as late
       from filing where insurer_number = $1 and kind <> 'name-change' group by symbol order by symbol`,
    [insurerNumber],
  );
}

/** What filings brought of the old cards, by what the law asked of them. */
export async function countLegacyCards(
  tx: Transaction,
  insurerNumber: string,
): Promise<{ duty: LegacyCardDuty; card: string; count: number }[]> {
  return tx.query(
    `select legacy_duty as duty, legacy_card as card, count(*)::int as count
       from filing where insurer_number = $1 group by 1, 2 order by 1, 2`,
    [insurerNumber],
  );
}
