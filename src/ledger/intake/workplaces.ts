// Room: ledger. Workplaces of a file.
import type { Reader } from '../core/pool.ts';

export interface WorkplaceDetail {
  readonly symbol: string;
  readonly name: string;
  readonly branchCode: string;
  readonly postalCode: string;
  readonly address: string;
  readonly building: string;
  readonly employerName: string;
  readonly phone: string;
}

export async function findWorkplace(tx: Reader, workplacesId: number, symbol: string): Promise<WorkplaceDetail | null> {
  const rows = await tx.query<WorkplaceDetail>(
    `select symbol, name, branch_code as "branchCode", postal_code as "postalCode", address, building,
            employer_name as "employerName", phone
       from workplace where dataset_id = $1 and symbol = $2`,
    [workplacesId, symbol],
  );
  return rows[0] ?? null;
}
