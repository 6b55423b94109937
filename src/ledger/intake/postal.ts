// Room: ledger. Editions of the postal data, and which one an issuance is printed with.
import type { PostalDistrict, PostalOffice } from '../../rules/words/postal.ts';
import { PostalMaster } from '../../rules/words/postal.ts';
import { columns, numeric, text } from '../core/columns.ts';
import type { ColumnsOf } from '../core/columns.ts';
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

const OFFICE = {
  postalCode: text('postal_code'),
  prefecture: text('prefecture'),
  city: text('city'),
} satisfies ColumnsOf<PostalOffice>;
const DISTRICT = { ...OFFICE, town: text('town') } satisfies ColumnsOf<PostalDistrict>;
const EDITION = { editionId: numeric('edition_id') };
const NEW_DISTRICTS = columns({ ...EDITION, district: DISTRICT });
const NEW_OFFICES = columns({ ...EDITION, office: OFFICE });
const DISTRICTS = columns(DISTRICT);

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
    `copy postal_district (${NEW_DISTRICTS.list}) from stdin`,
    districts.map((district) => NEW_DISTRICTS.line({ editionId: id, district })),
  );
  await tx.copyIn(
    `copy postal_office (${NEW_OFFICES.list}) from stdin`,
    offices.map((office) => NEW_OFFICES.line({ editionId: id, office })),
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
  return readEdition(tx, rows[0]?.id ?? null);
}

/** The newest postal data; null where there is none. */
export async function readNewestPostalMaster(tx: Transaction): Promise<PostalMaster | null> {
  const rows = await tx.query<{ id: number | null }>('select max(id) as id from postal_edition');
  return readEdition(tx, rows[0]?.id ?? null);
}

async function readEdition(tx: Transaction, id: number | null): Promise<PostalMaster | null> {
  if (id === null) return null;
  const districts: PostalDistrict[] = [];
  const lines = tx.copyOut(`copy (select ${DISTRICTS.list} from postal_district where edition_id = ${id}) to stdout`);
  for await (const batch of DISTRICTS.rows(lines)) districts.push(...batch);
  const offices = await tx.query<PostalOffice>(
    'select postal_code as "postalCode", prefecture, city from postal_office where edition_id = $1',
    [id],
  );
  return new PostalMaster(districts, offices);
}
