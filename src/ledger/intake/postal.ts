// Room: ledger. Editions of the postal data, and which one an issuance is printed with.
import type { PostalDistrict, PostalOffice } from '../../rules/words/postal.ts';
import { PostalMaster } from '../../rules/words/postal.ts';
import { copyFields, copyLine } from '../core/copy.ts';
import type { Transaction } from '../core/pool.ts';

export interface PostalEdition {
  readonly id: number;
  readonly districtCount: number;
  readonly officeCount: number;
}

/** The edition made of files with this hash, or null. */
export async function findPostalEdition(tx: Transaction, sha256: string): Promise<PostalEdition | null> {
  const rows = await tx.query<PostalEdition>(
    `select id, district_count as "districtCount", office_count as "officeCount" from postal_edition where sha256 = $1`,
    [sha256],
  );
  return rows[0] ?? null;
}

/** Stores an edition whole. */
export async function writePostalEdition(
  tx: Transaction,
  sha256: string,
  districts: readonly PostalDistrict[],
  offices: readonly PostalOffice[],
): Promise<PostalEdition> {
  const rows = await tx.query<{ id: number }>(
    'insert into postal_edition (sha256, district_count, office_count) values ($1, $2, $3) returning id',
    [sha256, districts.length, offices.length],
  );
  const { id } = rows[0]!;
  await tx.copyIn(
    'copy postal_district (edition_id, postal_code, prefecture, city, town) from stdin',
    districts.map((d) => copyLine([id, d.postalCode, d.prefecture, d.city, d.town])),
  );
  await tx.copyIn(
    'copy postal_office (edition_id, postal_code, prefecture, city) from stdin',
    offices.map((o) => copyLine([id, o.postalCode, o.prefecture, o.city])),
  );
  return { id, districtCount: districts.length, officeCount: offices.length };
}

/** Ties an issuance to the newest edition (or to none) at its first printing; later ones keep what was tied. */
export async function pinPostalEdition(tx: Transaction, issuanceId: number): Promise<void> {
  await tx.execute(
    `insert into issuance_postal (issuance_id, edition_id) values ($1, (select max(id) from postal_edition))
     on conflict (issuance_id) do nothing`,
    [issuanceId],
  );
}

/** The postal data an issuance is (or, before it is printed, would be) printed with; null where there is none. */
export async function readPostalMaster(tx: Transaction, issuanceId: number): Promise<PostalMaster | null> {
  const rows = await tx.query<{ id: number | null }>(
    `select case when exists (select 1 from issuance_postal where issuance_id = $1)
                 then (select edition_id from issuance_postal where issuance_id = $1)
                 else (select max(id) from postal_edition) end as id`,
    [issuanceId],
  );
  const id = rows[0]?.id ?? null;
  if (id === null) return null;
  const districts: PostalDistrict[] = [];
  const copied = `copy (select postal_code, prefecture, city, town from postal_district where edition_id = ${id}) to stdout`;
  for await (const lines of tx.copyOut(copied))
    for (const line of lines) {
      const [postalCode = '', prefecture = '', city = '', town = ''] = copyFields(line) as string[];
      districts.push({ postalCode, prefecture, city, town });
    }
  const offices = await tx.query<PostalOffice>(
    'select postal_code as "postalCode", prefecture, city from postal_office where edition_id = $1',
    [id],
  );
  return new PostalMaster(districts, offices);
}
