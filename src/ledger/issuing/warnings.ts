// Room: ledger. The lists for staff. What a row says of itself is written with its decision; what only many rows
// together show (one address, one person) is found by counting equal keys.
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { Address } from '../../rules/words/address.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { columns, from, numeric, text, word } from '../core/columns.ts';
import type { Transaction } from '../core/pool.ts';
import { PERSON_KEY } from '../intake/snapshot-columns.ts';
import type { StoredIssuance } from '../papers/issuances.ts';

export interface WarningRow extends PersonKey {
  readonly code: string;
  /** Rows of one group belong together; null = none. */
  readonly groupNo: number | null;
}

const WARNINGS = columns({ issuanceId: numeric('issuance_id'), warning: { code: word('code'), ...PERSON_KEY } });

/** Writes warnings that rows of a chunk gave by themselves. */
export async function writeWarnings(
  tx: Transaction,
  issuanceId: number,
  warnings: readonly (PersonKey & { readonly code: string })[],
): Promise<void> {
  if (warnings.length === 0) return;
  await tx.copyIn(
    `copy warning (${WARNINGS.list}) from stdin`,
    warnings.map((warning) => WARNINGS.line({ issuanceId, warning })),
  );
}

/** What the grouping lists need from the rules. */
export interface GroupingRules {
  readonly sharedAddressHouseholds: number;
  /** Null = the issuance asks for no cut-off (notices): no gap group. */
  readonly acquiredThroughOn: LocalDate | null;
  readonly legacyCardsEndedOn: LocalDate;
  /** A person born on this day or before would be older than anybody is. */
  readonly bornThroughUnbelievable: LocalDate;
}

/** Until the transaction ends, nobody else writes the lists of an issuance: two requests at once write the same, one after the other. */
export async function lockWarnings(tx: Transaction, issuanceId: number): Promise<void> {
  await tx.execute('select pg_advisory_xact_lock(hashtextextended($1, 3))', [`warnings ${issuanceId}`]);
}

/**
 * Finds and writes the warnings that need more than one row; doing it again gives the same.
 *
 * Address lists look only at households that get a piece by mail: other home addresses are nobody's concern here.
 */
export async function writeGroupWarnings(
  tx: Transaction,
  issuance: StoredIssuance,
  rules: GroupingRules,
): Promise<void> {
  const codes = ['home-is-workplace', 'shared-address', 'same-person-twice', 'dependent-without-insured'];
  codes.push('decided-after-legacy-end', 'workplace-unknown', 'address-missing', 'class-differs', 'age-unbelievable');
  await tx.execute('delete from warning where issuance_id = $1 and code = any($2)', [issuance.id, codes]);
  const parameters = [issuance.id, issuance.membersId];
  await tx.execute(
    `with suspect as materialized (
       select symbol, number, sub_number from member
        where dataset_id = $2 and address_key in (select address_key from workplace where dataset_id = $3))
     insert into warning (issuance_id, code, symbol, number, sub_number)
     select $1::int, 'home-is-workplace', symbol, number, min(sub_number)
       from suspect where ${MAILED_HOME} group by symbol, number`,
    [...parameters, issuance.workplacesId],
  );
  // First the addresses with that many rows, which is cheap; only of those few the households are counted.
  await tx.execute(
    `with crowded as materialized (
       select address_key from member where dataset_id = $2 and address_key is not null
        group by address_key having count(*) >= $3
     ), suspect as materialized (
       select symbol, number, min(sub_number) as sub_number, address_key, min(line) as line
         from member join crowded using (address_key)
        where dataset_id = $2 group by symbol, number, address_key
     ), shared as (
       select address_key, row_number() over (order by min(line)) as no from suspect
        group by address_key having count(*) >= $3
     )
     insert into warning (issuance_id, code, symbol, number, sub_number, group_no)
     select $1::int, 'shared-address', symbol, number, min(sub_number), min(shared.no)
       from suspect join shared using (address_key)
      where ${MAILED_HOME} group by symbol, number`,
    [...parameters, rules.sharedAddressHouseholds],
  );
  await tx.execute(
    `insert into warning (issuance_id, code, symbol, number, sub_number, group_no)
     select $1::int, 'same-person-twice', m.symbol, m.number, m.sub_number, twin.no
       from member m
       join (select person_key, row_number() over (order by min(line)) as no
               from member where dataset_id = $2 and lost_on is null
              group by person_key having count(*) > 1) twin using (person_key)
      where m.dataset_id = $2 and m.lost_on is null`,
    parameters,
  );
  await tx.execute(
    `insert into warning (issuance_id, code, symbol, number, sub_number)
     select $1::int, 'dependent-without-insured', symbol, number, min(sub_number)
       from member where dataset_id = $2
      group by symbol, number having bool_and(relation = 'dependent')`,
    parameters,
  );
  await tx.execute(
    `insert into warning (issuance_id, code, symbol, number, sub_number)
     select $1::int, 'class-differs', symbol, number, sub_number
       from member where dataset_id = $2 and given_class is not null and lost_on is null
     union all
     select $1::int, 'age-unbelievable', symbol, number, sub_number
       from member where dataset_id = $2 and born_on <= $3 and lost_on is null`,
    [...parameters, rules.bornThroughUnbelievable],
  );
  await tx.execute(
    `insert into warning (issuance_id, code, symbol, number, sub_number)
     select $1::int, 'decided-after-legacy-end', symbol, number, sub_number
       from member where dataset_id = $2 and acquired_on <= $3 and decided_on >= $4`,
    [...parameters, rules.acquiredThroughOn, rules.legacyCardsEndedOn],
  );
  await tx.execute(
    `insert into warning (issuance_id, code, symbol, number, sub_number)
     select $1::int, 'workplace-unknown', p.symbol, p.number, min(c.sub_number)
       from mailpiece p join person_paper c using (issuance_id, mailpiece_number)
      where p.issuance_id = $1::int
        and p.route = 'workplace'
        and not exists (select 1 from workplace w where w.dataset_id = $2 and w.symbol = p.symbol)
      group by p.symbol, p.number`,
    [issuance.id, issuance.workplacesId],
  );
  await tx.execute(
    `insert into warning (issuance_id, code, symbol, number, sub_number)
     select $1::int, 'address-missing', p.symbol, p.number, min(c.sub_number)
       from mailpiece p join person_paper c using (issuance_id, mailpiece_number)
      where p.issuance_id = $1::int and p.route = 'home' and p.address_line is null
      group by p.symbol, p.number`,
    [issuance.id],
  );
}

const MAILED_HOME = `exists (select 1 from mailpiece p
  where p.issuance_id = $1::int and p.symbol = suspect.symbol and p.number = suspect.number and p.route = 'home')`;

/** Removes the warnings of one code, for a list that is made anew. */
export async function removeWarnings(tx: Transaction, issuanceId: number, code: string): Promise<void> {
  await tx.execute('delete from warning where issuance_id = $1 and code = $2', [issuanceId, code]);
}

const MAILED_ADDRESS = columns({
  ...from('p', PERSON_KEY, 'symbol', 'number'),
  ...from('c', PERSON_KEY, 'subNumber'),
  postalCode: text('p.postal_code'),
  line: text('p.address_line'),
  building: text('p.building'),
});

/** Postal codes and address lines of pieces that go by mail, under the key of the first person inside. */
export async function* readMailedAddresses(
  tx: Transaction,
  issuanceId: number,
): AsyncIterable<(PersonKey & Address)[]> {
  const lines = tx.copyOut(
    `copy (select distinct on (p.symbol, p.number) ${MAILED_ADDRESS.list}
             from mailpiece p join person_paper c using (issuance_id, mailpiece_number)
            where p.issuance_id = ${issuanceId} and p.address_line is not null and p.postal_code <> ''
            order by p.symbol, p.number, c.sub_number) to stdout`,
  );
  yield* MAILED_ADDRESS.rows(lines);
}

/** All warnings in order of code and key. */
export async function listWarnings(tx: Transaction, issuanceId: number): Promise<WarningRow[]> {
  return tx.query(
    `select code, symbol, number, sub_number as "subNumber", group_no as "groupNo" from warning
      where issuance_id = $1 order by code, group_no nulls first, symbol, number::bigint, sub_number`,
    [issuanceId],
  );
}
