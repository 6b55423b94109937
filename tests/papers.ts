// Every paper there is, for tests that go through all of them.
import type { PaperKind } from '../src/print/papers.ts';
import { Templates } from '../src/print/template.ts';
import type { InsurerProfile } from '../src/rules/insurer.ts';
import { chooseTexts } from '../src/rules/papers/texts.ts';
import type { ChosenTexts, Purpose } from '../src/rules/papers/texts.ts';
import type { LocalDate } from '../src/rules/words/local-date.ts';
import type { Route } from '../src/rules/issuing/enveloping.ts';

/** The insurers whose form has the paper, and by which ways it goes; 'artwork' is one for all, with nothing to stamp. */
export const PAPERS = {
  letter: [
    ['kyokai-kenpo', 'home'],
    ['mbk', 'workplace'],
  ],
  'card-front': [
    ['kyokai-kenpo', 'home'],
    ['seamen', 'home'],
  ],
  'card-back': [['kyokai-kenpo', 'home']],
  'postcard-front': [['mbk', 'workplace']],
  'postcard-back': [['mbk', 'workplace']],
  'pre-notice': [['kyokai-kenpo', 'home']],
  'workplace-list': [['kyokai-kenpo', 'home']],
  'recall-slip': [['mbk', 'workplace']],
  'recall-list': [['mbk', 'workplace']],
  'recall-letter': [['mbk', 'home']],
  'parcel-contents': [['mbk', 'workplace']],
  notice: [
    ['kyokai-kenpo', 'home'],
    ['mbk', 'workplace'],
  ],
  'request-form': [['kyokai-kenpo', 'workplace']],
  'notice-parcel-label': [['kyokai-kenpo', 'workplace']],
  'notice-parcel-contents': [['kyokai-kenpo', 'workplace']],
  'recorded-delivery': [['kyokai-kenpo', 'workplace']],
  flyer: 'artwork',
  'privacy-seal': 'artwork',
  seal: 'artwork',
} as const satisfies Record<PaperKind, 'artwork' | readonly (readonly [profile: string, route: Route])[]>;

/** Those that hold something of a person, a use each. */
export const STAMPED = Object.entries(PAPERS).flatMap(([paper, uses]) =>
  uses === 'artwork' ? [] : uses.map(([id, route]) => [paper as PaperKind, id, route] as const),
);

/** Templates of an insurer with the words of a purpose and day on which all of them are there. */
export function templatesOf(
  profile: InsurerProfile,
  { purpose = 'bulk', on = '2025-11-04', fonts, folder }: TemplatesOf = {},
): Templates {
  return new Templates(profile, textsOf(profile, purpose, on), fonts, folder);
}

interface TemplatesOf {
  readonly purpose?: Purpose;
  readonly on?: string;
  readonly fonts?: readonly string[];
  readonly folder?: string;
}

/** All an insurer says on a day: of this purpose, and besides of re-routing, recalls and notices. */
export function textsOf(profile: InsurerProfile, purpose: Purpose = 'bulk', on = '2025-11-04'): ChosenTexts {
  const [own, ...others] = [purpose, 'bulk', 'rehome', 'reroute', 'recall', 'notice'].map((of) =>
    chooseTexts(profile, of as Purpose, on as LocalDate),
  );
  const paragraphs = Object.assign({}, ...others.map((texts) => texts.paragraphs).toReversed(), own!.paragraphs);
  return { ...own!, paragraphs, flyer: own!.flyer ?? others[0]!.flyer, noticeFlyers: others.at(-1)!.noticeFlyers };
}

/** The insurer with words and numbers that never end: for tests of other days than its own. */
export function lasting(profile: InsurerProfile): InsurerProfile {
  const always = { from: null, through: null };
  return {
    ...profile,
    texts: profile.texts.map((entry) => ({ ...entry, ...always })),
    contacts: profile.contacts.map((contact) => ({ ...contact, ...always })),
  };
}
