// Room: web/ui. Icons, drawn for this console on a grid of 24 in strokes of 2. An icon is decoration beside a word; where
// it stands alone it is given a `label`.
import type { ReactNode } from 'react';

const SHAPES = {
  menu: 'M4 6h16M4 12h16M4 18h16',
  close: 'M6 6l12 12M18 6 6 18',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.5 15.5 20 20',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  success: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm-4.5 9.3 3.2 3.2 5.8-6.3',
  error: 'M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3L8.3 3ZM12 7.5v5.5m0 3v.5',
  warning: 'M12 3.5 2.5 20h19L12 3.5Zm0 6v5m0 2.7v.3',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 8v6m0-9.5V8',
  'chevron-right': 'm9 5 7 7-7 7',
  'chevron-left': 'm15 5-7 7 7 7',
  'chevron-down': 'm5 9 7 7 7-7',
  up: 'M12 19V5m-6 6 6-6 6 6',
  down: 'M12 5v14m6-6-6 6-6-6',
  sort: 'm8 9 4-4 4 4M8 15l4 4 4-4',
  home: 'M4 11 12 4l8 7v9h-5.5v-6h-5v6H4v-9Z',
  envelope: 'M3 6h18v12H3V6Zm.5.5L12 13l8.5-6.5',
  people:
    'M9 5a3.2 3.2 0 1 0 0 6.4A3.2 3.2 0 0 0 9 5ZM3 19c0-3.3 2.6-5.2 6-5.2s6 1.9 6 5.2H3ZM15.5 5.3a3 3 0 0 1 0 5.8M17.3 14.2c2.2.6 3.7 2.3 3.7 4.8h-2.5',
  person: 'M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4.5 20c0-3.9 3.2-6 7.5-6s7.5 2.1 7.5 6h-15Z',
  building: 'M5 20V4h9v16M14 9h5v11M3 20h18M8 8h3m-3 4h3m-3 4h3',
  chart: 'M4 4v16h16M8 16v-4m4 4V8m4 8v-6',
  upload: 'M12 16V5m-5 5 5-5 5 5M4 16v4h16v-4',
  download: 'M12 4v11m-5-5 5 5 5-5M4 16v4h16v-4',
  parcel: 'M4 8l8-4 8 4v8l-8 4-8-4V8Zm0 0 8 4 8-4m-8 4v8',
  scan: 'M4 8V4h4m8 0h4v4m0 8v4h-4m-8 0H4v-4M8 9v6m3-6v6m2-6v6m3-6v6',
  clock: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 4.5V12l3 2.5',
  list: 'M9 6h11M9 12h11M9 18h11M4.5 6h.01M4.5 12h.01M4.5 18h.01',
  settings: 'M4 7h9m5 0h2M4 17h2m5 0h9M15.5 4.5v5h2.5v-5h-2.5ZM6 14.5v5h2.5v-5H6Z',
  undo: 'M8 5 4 9l4 4M4 9h9.5a5.5 5.5 0 0 1 0 11H8',
  print: 'M7 8V4h10v4M7 16H4V8h16v8h-3M7 13h10v7H7v-7Z',
  external: 'M13 4h7v7M20 4l-9 9M9 5H4v15h15v-5',
  ban: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM5.7 5.7l12.6 12.6',
  waiting: 'M7 3h10M7 21h10M8 3c0 5 8 6.5 8 9s-8 4-8 9M16 3c0 5-8 6.5-8 9s8 4 8 9',
  returned: 'M9 4 4 9l5 5M4 9h9a6 6 0 0 1 6 6v5',
  stop: 'M6 6h12v12H6V6Z',
  play: 'M7 5v14l12-7L7 5Z',
  question:
    'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm-2.7 6.6c0-1.6 1.2-2.6 2.7-2.6s2.7 1 2.7 2.4c0 2-2.7 2-2.7 4m0 2.6v.4',
  sound: 'M4 10v4h3.5L12 18V6l-4.5 4H4Zm11-1.5a5 5 0 0 1 0 7M17.5 6a8.5 8.5 0 0 1 0 12',
  mute: 'M4 10v4h3.5L12 18V6l-4.5 4H4Zm12-.5 5 5m0-5-5 5',
  refresh: 'M19 12a7 7 0 1 1-2.2-5.1M19 4v4.5h-4.5',
  lock: 'M6 11h12v9H6v-9Zm2.5 0V8a3.5 3.5 0 0 1 7 0v3',
  phone: 'M6 4h3.5l1.5 4-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4 1.5V18a2 2 0 0 1-2 2A14 14 0 0 1 4 6a2 2 0 0 1 2-2Z',
  file: 'M6 3h8l5 5v13H6V3Zm8 0v5h5',
  dot: 'M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z',
} as const satisfies Record<string, string>;

export type IconName = keyof typeof SHAPES;

export function Icon({
  name,
  label,
  className = 'size-6',
}: {
  readonly name: IconName;
  readonly label?: string;
  readonly className?: string;
}): ReactNode {
  return (
    <svg
      viewBox="0 0 24 24"
      className={`inline-block shrink-0 ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    >
      <path d={SHAPES[name]} />
    </svg>
  );
}
