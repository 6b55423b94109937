// Room: rules. Which figures may be shown: none about fewer than ten people, neither as they stand nor worked out from the
// totals and the other rows (docs/decisions/011).

/** Figures of fewer people would say something about single persons. */
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
 * Groups that are hidden so that no small one can be worked out. A total minus the rows that are shown gives the sum of the
 * hidden ones: the hidden workplaces of a shown branch, the hidden branches of the whole. Each such sum must be 0 or at
 * least `MIN_SHOWN`; where it is less, the next smallest group is hidden too. All three levels are published side by side.
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
  // The hidden branches make one hidden sum; each branch that is shown may have one of its own workplaces.
  const rests = [cover ? [...few, cover] : few, ...others.map((size) => [size])];
  const workplaces = rests.filter(isTooFew).flatMap((rest) => rest.at(-1)?.smallest ?? []);
  return { branches, workplaces };
}

/** Said under every table of shares. */
export const ROUNDING = '割合はそれぞれ小数第3位を四捨五入。合計が100％にならないことがあり、調整しません';

/** Why figures of a group are not shown. */
export const HIDDEN_LABELS = {
  few: `${MIN_SHOWN}人未満のため出しません`,
  cover: `ほかの数と合わせると${MIN_SHOWN}人未満の数が分かるため出しません`,
} as const satisfies Record<Hidden, string>;
