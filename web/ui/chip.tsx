// Room: web/ui. States as a mark, a word and a colour; never the colour alone.
import type { ReactNode } from 'react';
import { PAPER_STATE_LABELS } from '../../src/rules/papers/lifecycle.ts';
import type { PaperState } from '../../src/rules/papers/lifecycle.ts';
import { Icon } from './icons.tsx';
import type { IconName } from './icons.tsx';

export type Tone = 'gray' | 'blue' | 'green' | 'red' | 'yellow' | 'orange' | 'magenta' | 'purple';

// Text, border and ground of one hue; every pair at least 4.5 to 1.
const TONES = {
  gray: 'border-solid-gray-536 bg-solid-gray-50 text-solid-gray-800',
  blue: 'border-blue-700 bg-blue-50 text-blue-1000',
  green: 'border-green-700 bg-green-50 text-green-900',
  red: 'border-red-800 bg-red-50 text-red-1000',
  yellow: 'border-yellow-900 bg-yellow-50 text-yellow-1200',
  orange: 'border-orange-700 bg-orange-50 text-orange-1000',
  magenta: 'border-magenta-700 bg-magenta-50 text-magenta-900',
  purple: 'border-purple-600 bg-purple-50 text-purple-900',
} as const satisfies Record<Tone, string>;

export function Chip({
  tone = 'gray',
  icon,
  outlined = false,
  children,
}: {
  readonly tone?: Tone;
  readonly icon?: IconName;
  readonly outlined?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <span
      className={`inline-flex min-h-8 items-center gap-1 rounded-8 border px-2 py-0.5 text-dns-16N-130 whitespace-nowrap ${TONES[tone]} ${outlined ? 'bg-white' : ''}`}
    >
      {icon && <Icon name={icon} className="size-5" />}
      {children}
    </span>
  );
}

interface Mark {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly outlined?: boolean;
}

const STATE_MARKS = {
  planned: { tone: 'gray', icon: 'waiting' },
  held: { tone: 'magenta', icon: 'lock', outlined: true },
  released: { tone: 'blue', icon: 'refresh', outlined: true },
  remade: { tone: 'gray', icon: 'refresh' },
  printed: { tone: 'blue', icon: 'print' },
  spoiled: { tone: 'orange', icon: 'warning' },
  enclosed: { tone: 'blue', icon: 'envelope' },
  posted: { tone: 'green', icon: 'check' },
  returned: { tone: 'red', icon: 'returned' },
  rerouted: { tone: 'orange', icon: 'building' },
  destroyed: { tone: 'gray', icon: 'ban' },
  'handed-over': { tone: 'green', icon: 'success' },
  'not-handed-over': { tone: 'orange', icon: 'warning' },
  'left-workplace': { tone: 'orange', icon: 'question' },
  withdrawn: { tone: 'gray', icon: 'ban', outlined: true },
  made: { tone: 'gray', icon: 'file' },
  issued: { tone: 'green', icon: 'check' },
  'return-requested': { tone: 'purple', icon: 'clock', outlined: true },
  'return-demanded': { tone: 'purple', icon: 'clock' },
  'given-back': { tone: 'gray', icon: 'success' },
  missing: { tone: 'red', icon: 'question' },
  unrecoverable: { tone: 'red', icon: 'question' },
  superseded: { tone: 'gray', icon: 'refresh' },
  void: { tone: 'gray', icon: 'ban' },
  expired: { tone: 'gray', icon: 'clock' },
} as const satisfies Record<PaperState, Mark>;

/** Where a paper is in its life. */
export function StateChip({ state }: { readonly state: PaperState }): ReactNode {
  const mark: Mark = STATE_MARKS[state];
  return <Chip {...mark}>{PAPER_STATE_LABELS[state]}</Chip>;
}
