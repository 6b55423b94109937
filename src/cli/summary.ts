// Room: cli. What a person reads at the end of a run.
import { KIND_LABELS } from '../operations/issuance.ts';
import type { Issuance } from '../operations/issuance.ts';
import { noticeFlyersOf } from '../operations/printing/texts.ts';
import type { Output } from '../operations/posting/output.ts';
import { describeNews } from '../operations/posting/ask-again.ts';
import type { AskedAgain } from '../operations/posting/ask-again.ts';
import type { InsurerProfile } from '../rules/insurer.ts';
import { exitLabel, reasonLabel } from '../rules/issuing/reasons.ts';
import { ROUNDING } from '../rules/desk/disclosure.ts';

const n = (count: number): string => count.toLocaleString('ja-JP');
const share = (part: number, whole: number): string => (whole === 0 ? '—' : `${((part / whole) * 100).toFixed(2)}％`);

/** Targets by reason with counts and shares, papers, envelopes, enclosures, and whether the books balance. */
export function summarise(
  profile: InsurerProfile,
  issuance: Issuance,
  { reconciliation: r, printed, askedAgain }: Output,
): string {
  const { counts } = r;
  const lines = [
    `${profile.insurer.name}　${issuance.name}（第${issuance.id}号）　${issuance.kind === 'notice' ? '通知' : '交付'}年月日 ${issuance.issuedOn}　${issuance.kind === 'notice' ? '抽出日' : '基準日'} ${issuance.referenceOn}`,
    '',
    `加入者　${n(counts.members)}人`,
    ...(counts.enrolment && counts.enrolment.nobodys > 0
      ? [`加入者のいない登録状況の行　${n(counts.enrolment.nobodys)}行`]
      : []),
    ...counts.fitted.map(
      ({ kind, fittedCount }) =>
        `${KIND_LABELS[kind]}：前の0や全角・半角の違いを除いて一致　${n(fittedCount)}${kind === 'workplaces' ? 'か所' : '行'}`,
    ),
    `対象　　${n(counts.targets)}人（${share(counts.targets, counts.members)}）`,
    ...r.reasons
      .filter((row) => row.isTarget)
      .map(
        (row) =>
          `　　${reasonLabel(issuance.kind, row.reason)}　${n(row.count)}人（${share(row.count, counts.targets)}）`,
      ),
    `対象外　${n(counts.notTargets)}人（${share(counts.notTargets, counts.members)}）`,
    ...r.reasons
      .filter((row) => !row.isTarget)
      .map(
        (row) =>
          `　　${reasonLabel(issuance.kind, row.reason)}　${n(row.count)}人（${share(row.count, counts.notTargets)}）`,
      ),
    `（${ROUNDING}）`,
    '',
    issuance.kind === 'notice' ? `お知らせ　　${n(counts.certificates)}通` : `資格確認書　${n(counts.certificates)}枚`,
    ...Object.entries(counts.exitsByReason).map(
      ([reason, count]) =>
        `　　${issuance.kind === 'notice' ? '送らない' : '発行しない'}対象：${exitLabel(issuance.kind, reason)}　${n(count)}人`,
    ),
    ...(r.notices ? noticeLines(profile, issuance, r.notices) : certificateLines(profile, counts)),
    ...(printed
      ? [
          `印刷　　　　${n(printed.pageCount)}ページ（${n(printed.fileCount)}ファイル）　職員の確認待ち ${n(counts.heldMailpieces)}通`,
          ...(printed.changed.length > 0
            ? [`　　記録と内容の違う印刷ファイルを作り直しました：${printed.changed.join('、')}`]
            : []),
          ...(issuance.kind === 'notice'
            ? []
            : [
                `事業所　　　一覧表 ${n(printed.lists.rows.length)}か所（長3 ${n(envelopes(printed, '長3'))}、角2 ${n(envelopes(printed, '角2'))}）`,
              ]),
        ]
      : []),
    ...(askedAgain ? newsLines(askedAgain) : []),
    '',
    ...r.balances.filter((b) => b.difference !== 0).map((b) => `差異　${b.name}：${n(b.left)} と ${n(b.right)}`),
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
    `封筒　　　　${n(counts.mailpieces)}通`,
    ...profile.enclosing.enclosures.map(
      (e) => `同封物　　　${e.name}　${n(e.per === 'mailpiece' ? counts.mailpieces : counts.certificates)}枚`,
    ),
  ];
}

function noticeLines(
  profile: InsurerProfile,
  issuance: Pick<Issuance, 'issuedOn'>,
  notices: NonNullable<Output['reconciliation']['notices']>,
): string[] {
  return [
    `　　事業所経由　${n(notices.inParcels)}通（${n(notices.parcels)}個の梱包）　自宅へ　${n(notices.home)}通`,
    `　　下4桁を記載　${n(notices.withDigits)}通　個人番号申出書を同封　${n(notices.requestForms)}通`,
    ...noticeFlyersOf(profile, issuance).map((flyer) => `同封物　　　${flyer.title}　${n(notices.notices)}枚`),
    ...(profile.notices?.acceptanceNumbers === null && notices.parcels > 0
      ? ['引受番号　　割当てがないため、ラベルと特定記録の一覧では空欄です（profile の notices.acceptanceNumbers）']
      : []),
  ];
}

function envelopes(printed: NonNullable<Output['printed']>, size: '長3' | '角2'): number {
  return printed.lists.rows.filter((row) => row.envelope === size).length;
}
