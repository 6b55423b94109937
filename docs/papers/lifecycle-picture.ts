// The life of the papers as a drawing: the table of `rules/papers/lifecycle.ts` in Mermaid, for docs/lifecycle.md.
import { PAPER_EVENT_LABELS, PAPER_STATE_LABELS, TRANSITIONS } from '../../src/rules/papers/lifecycle.ts';
import type { PaperState, PaperSubject } from '../../src/rules/papers/lifecycle.ts';

/** The table as a picture (Mermaid state diagrams), for docs/lifecycle.md. */
export function drawLifecycle(): string {
  const draw = (subject: PaperSubject, start: PaperState): string => {
    const lines = TRANSITIONS.filter((t) => t.subject === subject).map(
      (t) => `  ${idOf(t.from)} --> ${idOf(t.to)}: ${PAPER_EVENT_LABELS[t.event]}`,
    );
    const states = [...new Set(TRANSITIONS.filter((t) => t.subject === subject).flatMap((t) => [t.from, t.to]))];
    const names = states.map((state) => `  state "${PAPER_STATE_LABELS[state]}" as ${idOf(state)}`);
    return ['```mermaid', 'stateDiagram-v2', ...names, `  [*] --> ${idOf(start)}`, ...lines, '```'].join('\n');
  };
  return (
    '# 用紙の一生\n\nこの図は `src/rules/papers/lifecycle.ts` の表から作ります（`npm run pictures`）。\n\n' +
    `## 郵便物\n\n${draw('mailpiece', 'planned')}\n\n## 資格確認書\n\n${draw('certificate', 'made')}\n`
  );
}

function idOf(state: PaperState): string {
  return state.replaceAll('-', '_');
}
