// Room: rules. What figures may tell: nothing about fewer than ten people, neither as it stands nor worked out from the
// totals and the other rows (docs/decisions/011).

/** Figures of fewer people would tell of persons. */
export const MIN_SHOWN = 10;

/** Why a group's figures are not shown: they are few, or their figures would give those of the few away. */
export type Hidden = 'few' | 'cover';

/** Null = may be shown. `isCover`: named by `coversOf`. */
export function hiddenOf(people: number, isCover: boolean): Hidden | null {
  if (people < MIN_SHOWN) return 'few';
  return isCover ? 'cover' : null;
}

/** A branch and what is known of its workplaces. */
export interface BranchSize {
  /** '' = of no branch. */
  readonly branch: string;
  /** People of the branch, 1 or more. */
  readonly people: number;
  /** Of them, those in workplaces that are not shown by themselves: of fewer than `FEWEST` people, or on no list. */
  readonly fewPeople: number;
  /** The smallest of its other workplaces, or null where there is none. */
  readonly smallest: string | null;
}

/** Branches and workplaces of enough people that are hidden all the same. */
export interface Covers {
  readonly branches: readonly string[];
  readonly workplaces: readonly string[];
}

/**
 * What is hidden lies together: of a shown branch its hidden workplaces, of the whole its hidden branches' hidden
 * workplaces. The total less the rows that are shown tells each such rest, so each must be nobody or `FEWEST` people and
 * more; where it is fewer, the next smallest group goes with it. Whole, branches and workplaces are told beside each other.
 */
export function coversOf(sizes: readonly BranchSize[]): Covers {
  const branches: string[] = [];
  const few = sizes.filter((size) => size.people < MIN_SHOWN);
  const others = sizes.filter((size) => size.people >= MIN_SHOWN).toSorted((a, b) => a.people - b.people);
  const isTooFew = (of: readonly { readonly fewPeople: number }[]): boolean => {
    const people = of.reduce((sum, size) => sum + size.fewPeople, 0);
    return people > 0 && people < MIN_SHOWN;
  };
  const cover = isTooFew(few) ? others.shift() : undefined;
  if (cover) branches.push(cover.branch);
  // What goes with the few branches is one rest with them; every branch that is shown has one of its own.
  const rests = [cover ? [...few, cover] : few, ...others.map((size) => [size])];
  const workplaces = rests.filter(isTooFew).flatMap((rest) => rest.at(-1)?.smallest ?? []);
  return { branches, workplaces };
}

/** Said under every table of shares. */
export const ROUNDING = '割合はそれぞれ小数第3位を四捨五入。合計が100％にならないことがあり、調整しません';

/** Why figures of a group are not told. */
export const HIDDEN_LABELS = {
  few: `${MIN_SHOWN}人未満のため出しません`,
  cover: `ほかの数と合わせると${MIN_SHOWN}人未満の数が分かるため出しません`,
} as const satisfies Record<Hidden, string>;
