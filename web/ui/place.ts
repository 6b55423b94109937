// A place of the console: an entry of its navigation.

import type { IconName } from './icons.tsx';

export interface Place {
  readonly to: string;
  readonly label: string;
  readonly icon: IconName;
  /** Only on lists of work to be done. */
  readonly count?: number;
  /** `g` then this letter goes there. */
  readonly letter?: string;
}
