// Room: web/ui. A QR code from its modules, with the quiet zone a reader needs; dark on white in every colour scheme.
import type { ReactNode } from 'react';

const QUIET = 4;

export function QrCode({ rows, label }: { readonly rows: readonly string[]; readonly label: string }): ReactNode {
  const size = rows.length + QUIET * 2;
  const d = rows
    .flatMap((row, y) => [...row].map((cell, x) => (cell === '1' ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : '')))
    .join('');
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      className="size-48 border border-solid-gray-200 forced-color-adjust-none"
    >
      <path d={`M0 0h${size}v${size}h-${size}z`} fill="#fff" />
      <path d={d} fill="#000" />
    </svg>
  );
}
