// Room: cli. What a person reads when an issuance has been made.
import { KIND_LABELS } from '../operations/issuance.ts';
import type { Issuance } from '../operations/issuance.ts';
import { noticeFlyersOf } from '../operations/printing/texts.ts';
import type { Output } from '../operations/posting/output.ts';
import { describeNews } from '../operations/posting/ask-again.ts';
import type { AskedAgain } from '../operations/posting/news.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import { exitLabel, reasonLabel } from '../rules/issuing/reasons.ts';
import { KIND_WORDS } from '../rules/papers/kinds.ts';
import { ROUNDING } from '../rules/desk/disclosure.ts';
import { formatCount } from '../rules/words/counts.ts';

const share = (part: number, whole: number): string => (whole === 0 ? '—' : `${((part / whole) * 100).toFixed(2)}％`);

/** Targets by reason with counts and shares, papers, envelopes, enclosures, and whether all balances hold. */
export function summarise(
  profile: InsurerProfile,
  issuance: Issuance,
  { reconciliation: r, printed, askedAgain }: Output,
): string {
  const { counts } = r;
  const words = KIND_WORDS[issuance.kind];
  const lines = [
    `${profile.insurer.name}　${issuance.name}（第${issuance.id}号）　${words.issuedOn} ${issuance.issuedOn}　${words.referenceOn} ${issuance.referenceOn}`,
    '',
    `加入者　${formatCount(counts.members)}人`,
    ...(counts.enrolment && counts.enrolment.nobodys > 0
      ? [`加入者のいない登録状況の行　${formatCount(counts.enrolment.nobodys)}行`]
      : []),
    ...counts.fitted.map(
      ({ kind, fittedCount }) =>
        `${KIND_LABELS[kind]}：前の0や全角・半角の違いを除いて一致　${formatCount(fittedCount)}${kind === 'workplaces' ? 'か所' : '行'}`,
    ),
    `対象　　${formatCount(counts.targets)}人（${share(counts.targets, counts.members)}）`,
    ...r.reasons
      .filter((row) => row.isTarget)
      .map(
        (row) =>
          `　　${reasonLabel(issuance.kind, row.reason)}　${formatCount(row.count)}人（${share(row.count, counts.targets)}）`,
      ),
    `対象外　${formatCount(counts.notTargets)}人（${share(counts.notTargets, counts.members)}）`,
    ...r.reasons
      .filter((row) => !row.isTarget)
      .map(
        (row) =>
          `　　${reasonLabel(issuance.kind, row.reason)}　${formatCount(row.count)}人（${share(row.count, counts.notTargets)}）`,
      ),
    `（${ROUNDING}）`,
    '',
    `${words.paper.padEnd(6, '　')}${formatCount(counts.certificates)}${words.unit}`,
    ...Object.entries(counts.exitsByReason).map(
      ([reason, count]) => `　　${words.notMade}対象：${exitLabel(issuance.kind, reason)}　${formatCount(count)}人`,
    ),
    ...(r.notices ? noticeLines(profile, issuance, r.notices) : certificateLines(profile, counts)),
    ...(printed
      ? [
          `印刷　　　　${formatCount(printed.pageCount)}ページ（${formatCount(printed.fileCount)}ファイル）　職員の確認待ち ${formatCount(counts.heldMailpieces)}通`,
          ...(printed.changed.length > 0
            ? [`　　記録と内容の違う印刷ファイルを作り直しました：${printed.changed.join('、')}`]
            : []),
          // Notices have no lists for employers; certificates say so even where there is none.
          ...(r.notices
            ? []
            : [
                `事業所　　　一覧表 ${formatCount(printed.lists.rows.length)}か所（長3 ${formatCount(envelopes(printed, '長3'))}、角2 ${formatCount(envelopes(printed, '角2'))}）`,
              ]),
        ]
      : []),
    ...(askedAgain ? newsLines(askedAgain) : []),
    '',
    ...r.balances
      .filter((b) => b.difference !== 0)
      .map((b) => `差異　${b.name}：${formatCount(b.left)} と ${formatCount(b.right)}`),
    r.balanced ? `balanced　すべて一致しました（${r.balances.length}式）` : 'balanced: false　一致しない式があります',
  ];
  return `${lines.join('\n')}\n`;
}

/** What the newest files and filings said, with its heading; nothing new is no line. */
export function newsLines(asked: AskedAgain): string[] {
  const lines = describeNews(asked);
  return lines.length === 0 ? [] : ['新しいファイルと届出で確かめたこと', ...lines.map((line) => `　　${line}`)];
}

function certificateLines(profile: InsurerProfile, counts: Output['reconciliation']['counts']): string[] {
  return [
    `封筒　　　　${formatCount(counts.mailpieces)}通`,
    ...profile.enclosing.enclosures.map(
      (e) => `同封物　　　${e.name}　${formatCount(e.per === 'mailpiece' ? counts.mailpieces : counts.certificates)}枚`,
    ),
  ];
}

function noticeLines(
  profile: InsurerProfile,
  issuance: Pick<Issuance, 'issuedOn'>,
  notices: NonNullable<Output['reconciliation']['notices']>,
): string[] {
  return [
    `　　事業所経由　${formatCount(notices.inParcels)}通（${formatCount(notices.parcels)}個の梱包）　自宅へ　${formatCount(notices.home)}通`,
    `　　下4桁を記載　${formatCount(notices.withDigits)}通　個人番号申出書を同封　${formatCount(notices.requestForms)}通`,
    ...noticeFlyersOf(profile, issuance).map(
      (flyer) => `同封物　　　${flyer.title}　${formatCount(notices.notices)}枚`,
    ),
    ...(profile.notices?.acceptanceNumbers === null && notices.parcels > 0
      ? ['引受番号　　割当てがないため、ラベルと特定記録の一覧では空欄です（profile の notices.acceptanceNumbers）']
      : []),
  ];
}

function envelopes(printed: NonNullable<Output['printed']>, size: '長3' | '角2'): number {
  return printed.lists.rows.filter((row) => row.envelope === size).length;
}
