// Room: cli. What a person reads at the end of a run.
import type { Run } from '../operations/issuance-run.ts';
import type { Output } from '../operations/issue.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import { EXIT_LABELS, REASON_LABELS, ROUNDING } from '../rules/labels.ts';
import type { ExitReason } from '../rules/enveloping.ts';

const n = (count: number): string => count.toLocaleString('ja-JP');
const share = (part: number, whole: number): string => (whole === 0 ? '—' : `${((part / whole) * 100).toFixed(2)}％`);

/** Targets by reason with counts and shares, papers, envelopes, enclosures, and whether the books balance. */
export function summarise(profile: InsurerProfile, run: Run, { reconciliation: r, printed }: Output): string {
  const { counts } = r;
  const lines = [
    `${profile.insurer.name}　${run.name}（第${run.id}号）　交付年月日 ${run.issuedOn}　基準日 ${run.referenceOn}`,
    '',
    `加入者　${n(counts.members)}人`,
    `対象　　${n(counts.targets)}人（${share(counts.targets, counts.members)}）`,
    ...r.reasons
      .filter((row) => row.isTarget)
      .map((row) => `　　${REASON_LABELS[row.reason]}　${n(row.count)}人（${share(row.count, counts.targets)}）`),
    `対象外　${n(counts.notTargets)}人（${share(counts.notTargets, counts.members)}）`,
    ...r.reasons
      .filter((row) => !row.isTarget)
      .map((row) => `　　${REASON_LABELS[row.reason]}　${n(row.count)}人（${share(row.count, counts.notTargets)}）`),
    `（${ROUNDING}）`,
    '',
    `資格確認書　${n(counts.certificates)}枚`,
    ...Object.entries(counts.exitsByReason).map(
      ([reason, count]) => `　　発行しない対象：${EXIT_LABELS[reason as ExitReason]}　${n(count)}人`,
    ),
    `封筒　　　　${n(counts.mailpieces)}通`,
    ...profile.enclosing.enclosures.map(
      (e) => `同封物　　　${e.name}　${n(e.per === 'mailpiece' ? counts.mailpieces : counts.certificates)}枚`,
    ),
    ...(printed
      ? [
          `印刷　　　　${n(printed.pageCount)}ページ（${n(printed.fileCount)}ファイル）　職員の確認待ち ${n(counts.heldMailpieces)}通`,
          `事業所　　　一覧表 ${n(printed.lists.rows.length)}か所（長3 ${n(envelopes(printed, '長3'))}、角2 ${n(envelopes(printed, '角2'))}）`,
        ]
      : []),
    '',
    ...r.balances.filter((b) => b.difference !== 0).map((b) => `差異　${b.name}：${n(b.left)} と ${n(b.right)}`),
    r.balanced ? `balanced　すべて一致しました（${r.balances.length}式）` : 'balanced: false　一致しない式があります',
  ];
  return `${lines.join('\n')}\n`;
}

function envelopes(printed: NonNullable<Output['printed']>, size: '長3' | '角2'): number {
  return printed.lists.rows.filter((row) => row.envelope === size).length;
}
