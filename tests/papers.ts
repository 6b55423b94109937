// Every paper there is, for tests that go through all of them.
import type { PaperKind } from '../src/print/papers.ts';
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
