// Room: operations. Personal data past the retention of the profile is erased, an issuance with what was made again of it
// and the input files nobody needs any more. The chain of events names no person, so it stays whole.
import { eraseKeys, insertErasure, listUnerasedDatasets, listUnerasedIssuances } from '../../ledger/life/erasures.ts';
import type { UnerasedIssuance } from '../../ledger/life/erasures.ts';
import { insertDigitsErasure, listHeldDigits } from '../../ledger/life/digits-erasures.ts';
import type { HeldDigits } from '../../ledger/life/digits-erasures.ts';
import type { Transaction } from '../../ledger/core/pool.ts';
import { findIssuance, writeJournal } from '../../ledger/papers/issuances.ts';
import { lockChain } from '../../ledger/papers/events.ts';
import { listPrintFiles } from '../../ledger/printing/prints.ts';
import { addYears } from '../../rules/words/calendar.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { digitsErasableOn, erasableOn, isPastRetention } from '../../rules/life/retention.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import type { Issuance } from '../issuance.ts';
import { reconcileIn } from '../issuing/reconcile.ts';

export interface ErasePlan {
  readonly years: number;
  /** Why so long, in the insurer's words. */
  readonly ground: string;
  readonly issuances: readonly {
    readonly id: number;
    readonly name: string;
    readonly endedOn: LocalDate;
    /** Print files made of it, to be removed from wherever they were written. */
    readonly printFiles: readonly string[];
  }[];
  readonly datasets: readonly { readonly id: number; readonly fileName: string; readonly rowCount: number }[];
  /** Files of members whose last four digits of individual numbers go, while the rest of them stays. */
  readonly digits: readonly HeldDigits[];
  /** What is held on, and from when it may go. */
  readonly later: readonly { readonly name: string; readonly erasableOn: LocalDate }[];
  /** False = only looked. */
  readonly isDone: boolean;
}

/** Erases what is past its time on a day; without `isConfirmed` it says what it would. */
export async function erasePastRetention(
  context: Context,
  profile: InsurerProfile,
  on: LocalDate,
  isConfirmed: boolean,
): Promise<ErasePlan> {
  const { number: insurerNumber } = profile.insurer;
  const { personalDataYears: years, digitsMonths: months, ground } = profile.retention;
  return context.database.transaction(async (tx) => {
    await lockChain(tx, insurerNumber);
    const held = await listUnerasedIssuances(tx, insurerNumber);
    const due = held.filter((issuance) => familyOf(held, issuance).every((i) => isPastRetention(i.endedOn, years, on)));
    const gone = new Set(due.map((issuance) => issuance.id));
    const files = (await listUnerasedDatasets(tx, insurerNumber)).filter(
      (file) =>
        !file.isNewest && file.neededBy.every((id) => gone.has(id)) && isPastRetention(file.importedOn, years, on),
    );
    const issuances = [];
    for (const { id, name, endedOn } of due) {
      const printFiles = (await listPrintFiles(tx, id)).map((file) => file.path);
      issuances.push({ id, name, endedOn, printFiles });
    }
    const later = held
      .filter((issuance) => !gone.has(issuance.id))
      .map(({ name, endedOn }) => ({ name, erasableOn: erasableOn(endedOn, years) }));
    const goesWhole = new Set(files.map((file) => file.id));
    const digits = (await listHeldDigits(tx, insurerNumber)).filter(
      (held) => !goesWhole.has(held.datasetId) && on >= digitsErasableOn(held.endedOn, months),
    );
    const plan = { years, ground, issuances, datasets: files, digits, later };
    if (!isConfirmed) return { ...plan, isDone: false };
    const common = { insurerNumber, years, erasedOn: on, actor: context.actor };
    for (const { id, endedOn } of due) {
      const reconciliation = await reconciliationOf(tx, insurerNumber, id);
      await insertErasure(tx, { ...common, issuanceId: id, datasetId: null, endedOn, reconciliation });
    }
    for (const { id, importedOn } of files)
      await insertErasure(tx, {
        ...common,
        issuanceId: null,
        datasetId: id,
        endedOn: importedOn,
        reconciliation: null,
      });
    for (const held of digits) await insertDigitsErasure(tx, insurerNumber, held, months, on, context.actor);
    const keys = await eraseKeys(tx, insurerNumber, addYears(on, -years));
    await writeJournal(
      tx,
      context.actor,
      'erase',
      { insurerNumber, id: null },
      { issuances: due.length, datasets: files.length, digits: digits.length, keys },
    );
    return { ...plan, isDone: true };
  });
}

/** An issuance and all that was made again of it, and what it was made of: they go together. */
function familyOf(held: readonly UnerasedIssuance[], of: UnerasedIssuance): UnerasedIssuance[] {
  const parent = held.find((issuance) => issuance.id === of.parentId);
  if (parent) return familyOf(held, parent);
  const family = [of];
  for (let i = 0; i < family.length; i++)
    family.push(...held.filter((issuance) => issuance.parentId === family[i]!.id));
  return family;
}

async function reconciliationOf(tx: Transaction, insurerNumber: string, id: number): Promise<unknown> {
  const issuance = (await findIssuance(tx, insurerNumber, id)) as Issuance | null;
  if (!issuance) throw new Error('an issuance that is held');
  const reconciliation = await reconcileIn(tx, issuance);
  if (!reconciliation.balanced)
    throw new Refusal(
      'unbalanced',
      `${issuance.name} の帳尻が合っていません。消去する前に reconcile で確かめてください。`,
    );
  return reconciliation;
}
