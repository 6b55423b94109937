// Room: operations. The figures of an insurer: enrolment rate and breakdown, whole, by branch and by workplace, month by
// month. Screen, spreadsheet and paper take them from here, so none shows what another hides.
import type { Lineage } from '../../rules/papers/lineage.ts';
import { findFilesInUse } from '../../ledger/intake/fits.ts';
import type { Database, Reader } from '../../ledger/core/pool.ts';
import {
  countGroups,
  isWholeCover,
  keepCovers,
  listCountedWorkplaces,
  listEnrolment,
  listEnrolmentGroups,
  listReasonGroups,
  listSizes,
  listUncounted,
} from '../../ledger/desk/figures.ts';
import type { EnrolmentRow } from '../../ledger/desk/figures.ts';
import { findLatestCertificates } from '../../ledger/papers/issuances.ts';
import { countReasonsQuickly } from '../../ledger/desk/summaries.ts';
import { MIN_SHOWN, coversOf, hiddenOf } from '../../rules/desk/disclosure.ts';
import type { Hidden } from '../../rules/desk/disclosure.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { AnyReason } from '../../rules/issuing/reasons.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import type { Context } from '../context.ts';

export type GroupBy = 'whole' | 'branch' | 'workplace';

/** Enrolment on a reference date: of so many people so many registered; null where that may not be shown. */
export interface EnrolmentFigure {
  readonly asOf: LocalDate;
  readonly people: number;
  readonly registered: number | null;
}

/** One group: everybody, a branch or a workplace. */
export interface FigureGroup {
  /** Code of a branch, symbol of a workplace, '' of the whole. */
  readonly group: string;
  readonly name: string;
  /** Members the newest issuance decided on; 0 = none. */
  readonly people: number;
  /** Why the reasons are not shown; null = they are. */
  readonly hidden: Hidden | null;
  /** Targets first, most first; empty where hidden. */
  readonly reasons: readonly { readonly isTarget: boolean; readonly reason: AnyReason; readonly count: number }[];
  /** Oldest first. */
  readonly enrolment: readonly EnrolmentFigure[];
}

export interface Figures {
  readonly issuance: {
    readonly id: number;
    readonly name: string;
    readonly lineage: Lineage;
    readonly members: number;
  } | null;
  readonly groups: readonly FigureGroup[];
  /** Of everybody, with how many are linked to an individual number; oldest first. */
  readonly enrolment: readonly (EnrolmentFigure & { readonly linked: number | null })[];
  /** The symbol to go on from, or null; of workplaces alone. */
  readonly next: string | null;
}

/** Which workplaces: part of the name or the symbol ('' = all), by symbol after one. */
export interface WorkplacePage {
  readonly text: string;
  readonly after: string;
  readonly limit: number;
}

/** Reference dates that are shown, the newest: three years of months. */
const MOST_DATES = 36;

/**
 * Counts what has not been counted: seconds for a million the first time, one question after that. Needs the whole
 * ledger: the console's role may only read.
 */
export async function prepareFigures(database: Database, insurerNumber: string): Promise<void> {
  const open = await database.transaction(async (tx) => {
    const issuance = await findLatestCertificates(tx, insurerNumber);
    return listUncounted(tx, insurerNumber, issuance?.id ?? null);
  });
  for (const one of open)
    await database.transaction(async (tx) => {
      await countGroups(tx, one);
      await keepCovers(tx, one, coversOf(await listSizes(tx, one, MIN_SHOWN)));
    });
}

/** The figures, without what the rules hide; `page` matters for workplaces alone. */
export async function getFigures(
  context: Context,
  profile: InsurerProfile,
  by: GroupBy,
  page: WorkplacePage = { text: '', after: '', limit: 50 },
): Promise<Figures> {
  return context.database.read(async (tx) => {
    const insurerNumber = profile.insurer.number;
    const issuance = await findLatestCertificates(tx, insurerNumber);
    const enrolment = await listEnrolment(tx, insurerNumber, MOST_DATES);
    const whole = enrolment.map((row) => {
      const shown = discloseEnrolment(row);
      return { ...shown, linked: shown.registered === null ? null : row.linked };
    });
    const found = await groupsOf(tx, profile, by, page, issuance, whole);
    return {
      issuance: issuance && {
        id: issuance.id,
        name: issuance.name,
        lineage: issuance.lineage,
        members: issuance.memberCount,
      },
      enrolment: whole,
      ...found,
    };
  });
}

async function groupsOf(
  tx: Reader,
  profile: InsurerProfile,
  by: GroupBy,
  page: WorkplacePage,
  issuance: { readonly id: number; readonly workplacesId: number } | null,
  whole: readonly EnrolmentFigure[],
): Promise<Pick<Figures, 'groups' | 'next'>> {
  if (by === 'whole') {
    if (!issuance) return { groups: [], next: null };
    const { counts: reasons } = await countReasonsQuickly(tx, issuance.id);
    const people = reasons.reduce((sum, row) => sum + row.count, 0);
    if (people === 0) return { groups: [], next: null };
    const hidden = hiddenOf(people, await isWholeCover(tx, issuance.id));
    const group = {
      group: '',
      name: '全体',
      people,
      hidden,
      reasons: hidden === null ? reasons : [],
      enrolment: whole,
    };
    return { groups: [group], next: null };
  }
  const insurerNumber = profile.insurer.number;
  const listed = by === 'workplace' ? await pageOfWorkplaces(tx, insurerNumber, issuance, page) : null;
  const codes = listed && [...listed.names.keys()];
  const counted = issuance ? await listReasonGroups(tx, issuance.id, by, codes) : [];
  const reasonsOf = new Map(counted.map((group) => [group.code, group]));
  const enrolmentOf = Map.groupBy(
    await listEnrolmentGroups(tx, insurerNumber, MOST_DATES, by, codes),
    (row) => row.code,
  );
  const named = (code: string): string =>
    profile.branches.find((branch) => branch.code === code)?.name ?? (code === '' ? '支部なし' : code);
  const all = codes ?? [...new Set([...reasonsOf.keys(), ...enrolmentOf.keys()])].toSorted(inOrder);
  const groups = all.map((code): FigureGroup => {
    const of = reasonsOf.get(code);
    const hidden = of ? hiddenOf(of.people, of.isCover) : null;
    return {
      group: code,
      name: listed?.names.get(code) ?? named(code),
      people: of?.people ?? 0,
      hidden,
      reasons: of && hidden === null ? of.reasons : [],
      enrolment: (enrolmentOf.get(code) ?? []).map(discloseEnrolment),
    };
  });
  return { groups, next: listed?.next ?? null };
}

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

async function pageOfWorkplaces(
  tx: Reader,
  insurerNumber: string,
  issuance: { readonly id: number; readonly workplacesId: number } | null,
  page: WorkplacePage,
): Promise<{ names: ReadonlyMap<string, string>; next: string | null }> {
  const workplacesId = issuance?.workplacesId ?? (await findFilesInUse(tx, insurerNumber)).workplacesId;
  if (workplacesId === 0) return { names: new Map(), next: null };
  const of = { insurerNumber, workplacesId, issuanceId: issuance?.id ?? null };
  const rows = await listCountedWorkplaces(tx, of, { ...page, limit: page.limit + 1 });
  const items = rows.slice(0, page.limit);
  return {
    names: new Map(items.map(({ symbol, name }) => [symbol, name])),
    next: rows.length > page.limit ? (items.at(-1)?.symbol ?? null) : null,
  };
}

function discloseEnrolment({ asOf, people, registered, isCover }: EnrolmentRow): EnrolmentFigure {
  return { asOf, people, registered: hiddenOf(people, isCover) === null ? registered : null };
}
