// The line of custody: what has happened to papers, newest first.
import type { ReactNode } from 'react';
import type { PaperEvent } from '../../api/people.ts';
import type { IconName } from '../../ui/icons.tsx';
import { PaperNumber } from '../../ui/text.tsx';
import { Timeline } from '../../ui/timeline.tsx';

const EVENT_ICONS: Readonly<Record<string, IconName>> = {
  print: 'print',
  enclose: 'envelope',
  post: 'check',
  issue: 'check',
  return: 'returned',
  repost: 'refresh',
  reroute: 'building',
  destroy: 'ban',
  'hand-over': 'success',
  'fail-hand-over': 'warning',
  withdraw: 'ban',
  'give-back': 'returned',
};

export function Custody({ events }: { readonly events: readonly PaperEvent[] }): ReactNode {
  if (events.length === 0) {
    return <p>まだ何も起きていません。封入・発送・不着などを記録すると、だれが・いつ・なぜとともにここに並びます。</p>;
  }
  return (
    <Timeline
      entries={events.map((event) => ({
        key: String(event.seq),
        at: event.at,
        title: `${event.subject === 'mailpiece' ? '郵便物' : '資格確認書'}：${event.label}`,
        who: event.actor,
        icon: EVENT_ICONS[event.event] ?? 'dot',
        reason: (
          <>
            <PaperNumber number={event.paperNumber} /> → {event.toLabel}
            {event.reason && `（${event.reason}）`}
          </>
        ),
      }))}
    />
  );
}
