// Room: cli. Commands for waves, lots and parcels: what goes when, the two persons who release it, and what lies together.
import path from 'node:path';
import { loadProfile } from '../../formats/profile.ts';
import { Refusal } from '../../operations/context.ts';
import { getLatestIssuance } from '../../operations/issuance.ts';
import { newsLines } from '../summary.ts';
import { approvalLines, checkLotFiles, getApprovalSheet } from '../../operations/posting/approval.ts';
import { confirmLot, listLotViews, listWaves, takeBackLot } from '../../operations/posting/lots.ts';
import type { LotView, WaveView } from '../../operations/posting/lots.ts';
import { closeParcel, listParcelsOfIssuance, openParcels, scanIntoParcel } from '../../operations/posting/parcels.ts';
import type { StoredParcel } from '../../ledger/posting/parcels.ts';
import { CONFIRMERS, LOT_STEPS, LOT_STEP_LABELS } from '../../rules/posting/lots.ts';
import type { LotStep, RevocableStep } from '../../rules/posting/lots.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { CONTAINER_LABELS } from '../../rules/posting/parcels.ts';
import { COMMON, RUN, command, countOption, overrideOf } from '../arguments.ts';
import type { Command, Options } from '../arguments.ts';
import { withContext } from '../compose.ts';
import { printJson, printLine } from '../say.ts';
import { answerLines } from './scan.ts';
import { formatCount } from '../../rules/words/counts.ts';

const wavesCommand = command({
  name: 'waves',
  summary: '発送の波（期間・上限・支部）と、それぞれの郵便物の数を示す',
  positional: null,
  options: { ...RUN, ...COMMON },
  issuance: async (values) => {
    const profile = await loadProfile(values.profile ?? '');
    const waves = await withContext(values.json, async (context) =>
      listWaves(context, await getLatestIssuance(context, profile, values.issuance), profile),
    );
    const nameOf = new Map(profile.branches.map((branch) => [branch.code, branch.name]));
    if (values.json) printJson(waves);
    else if (waves.length === 0) printLine('この発行に波はありません（全部を一つのロットで送ります）');
    else for (const wave of waves) printLine(describeWave(wave, nameOf));
    return 0;
  },
});

function describeWave(wave: WaveView, nameOf: ReadonlyMap<string, string>): string {
  const room = wave.capacity === null ? '' : ` / 上限 ${formatCount(wave.capacity)}通`;
  const shares = wave.shares.map((s) => `${nameOf.get(s.branchCode) ?? '支部なし'} ${formatCount(s.pieceCount)}`);
  return (
    `${wave.no}　${wave.name}　${wave.postFrom} から ${wave.postThrough}　${formatCount(wave.pieceCount)}通${room}` +
    (shares.length > 1 ? `\n　　${shares.join('、')}` : '')
  );
}

const lotCommand = command({
  name: 'lot',
  summary:
    'ロットの一覧（list）・承認するものの内訳（show）・二人の確認（confirm）・発送前の確認の取り消し（take-back）・締め（close）',
  positional: 'list|show|confirm|take-back|close',
  options: {
    ...RUN,
    lot: { type: 'string', value: '番号', help: 'list のほか: どのロットか' },
    step: { type: 'string', value: '印刷|発送', help: 'confirm・take-back: どの承認か' },
    by: { type: 'string', value: '氏名', help: 'confirm・close: 確認した人（二人、別の人）。take-back: 取り消す人' },
    out: {
      type: 'string',
      value: 'フォルダ',
      help: 'show・confirm: 発行の書き出し先。ロットの印刷ファイルを記録と照らす',
    },
    proofs: {
      type: 'string',
      value: 'フォルダ',
      help: 'show: 見るページを印刷ファイルから画像（PNG）にする（--out も要る）',
    },
    override: { type: 'string', value: '氏名', help: 'confirm: 印刷 = 封入 がそろわないまま発送を許す人' },
    reason: { type: 'string', value: '理由', help: 'confirm: --override の理由。take-back: 取り消す理由' },
    ...COMMON,
  },
  issuance: async (values, action) => {
    const profile = await loadProfile(values.profile ?? '');
    if (action === 'list') {
      const lots = await withContext(values.json, async (context) =>
        listLotViews(context, await getLatestIssuance(context, profile, values.issuance)),
      );
      if (values.json) printJson(lots);
      else if (lots.length === 0) printLine('ロットはまだありません（todoke print で計画します）');
      else for (const lot of lots) printLine(summaryOf(lot));
      return 0;
    }
    if (values.lot === null) throw new Refusal('arguments', '--lot にロットの番号を指定してください。');
    const no = countOption('lot', values.lot, 0);
    if (action === 'show') return showLot(values, profile, no);
    if (action === 'take-back') return takeBack(values, profile, no);
    const step = stepOf(action, values.step);
    const { by, out } = values;
    if (by === null) throw new Refusal('arguments', '--by に確認した人の氏名を指定してください。');
    const override = overrideOf(values.override, values.reason);
    const { confirmed, sheet } = await withContext(values.json, async (context) => {
      const issuance = await getLatestIssuance(context, profile, values.issuance);
      const seen = step === 'close' ? null : await getApprovalSheet(context, issuance, no);
      if (seen && out !== null) await checkLotFiles(context, seen, out);
      return { sheet: seen, confirmed: await confirmLot(context, issuance, profile, no, step, by, override) };
    });
    const { kind, lot, askedAgain } = confirmed;
    if (values.json) printJson({ kind, lot, askedAgain, sheet });
    else {
      for (const line of sheet ? approvalLines(sheet) : []) printLine(line);
      printLine(kind === 'already' ? '確認済みです（変更なし）' : confirmedText(lot, step));
      for (const line of askedAgain ? newsLines(askedAgain) : []) printLine(line);
    }
    return 0;
  },
});

interface LotValues {
  readonly issuance: string | null;
  readonly step: string | null;
  readonly by: string | null;
  readonly reason: string | null;
  readonly out: string | null;
  readonly proofs: string | null;
  readonly json: boolean;
}

/** What is approved of a lot, its files held against the record and its proofs drawn where that is asked for. */
async function showLot(values: LotValues, profile: InsurerProfile, no: number): Promise<number> {
  const { out, proofs } = values;
  if (proofs !== null && out === null) throw new Refusal('arguments', '--out に発行の書き出し先を指定してください。');
  const { sheet, drawn } = await withContext(values.json, async (context) => {
    const issuance = await getLatestIssuance(context, profile, values.issuance);
    const seen = await getApprovalSheet(context, issuance, no);
    if (out !== null) await checkLotFiles(context, seen, out);
    if (proofs === null || out === null) return { sheet: seen, drawn: [] };
    const { drawProofs } = await import('../../operations/desk/proofs.ts');
    return { sheet: seen, drawn: await drawProofs(context, issuance, seen, out, proofs) };
  });
  if (values.json) printJson({ ...sheet.lot, sheet, drawn });
  else {
    printLine(describeLot(sheet.lot));
    for (const line of approvalLines(sheet)) printLine(line);
    for (const name of drawn) printLine(name);
  }
  return 0;
}

async function takeBack(values: LotValues, profile: InsurerProfile, no: number): Promise<number> {
  const step = stepOf('confirm', values.step);
  const [person, reason] = [values.by?.trim() ?? '', values.reason?.trim() ?? ''];
  if (person === '' || reason === '')
    throw new Refusal('arguments', '--by に取り消す人の氏名、--reason に理由を指定してください。');
  const lot = await withContext(values.json, async (context) => {
    const issuance = await getLatestIssuance(context, profile, values.issuance);
    return takeBackLot(context, issuance, no, step, { person, reason });
  });
  if (values.json) printJson({ lot });
  else printLine(`ロット${no}「${LOT_STEP_LABELS[step]}」の確認を取り消しました。もう一度、二人の確認が要ります`);
  return 0;
}

const STEPS = { 印刷: 'print', 発送: 'post' } as const satisfies Record<string, RevocableStep>;

function stepOf(action: 'confirm', step: string | null): RevocableStep;
function stepOf(action: string, step: string | null): LotStep;
function stepOf(action: string, step: string | null): LotStep {
  if (action === 'close') return 'close';
  if (action !== 'confirm')
    throw new Refusal('arguments', 'list・show・confirm・take-back・close のどれかを指定してください。');
  if (step !== null && Object.hasOwn(STEPS, step)) return STEPS[step as keyof typeof STEPS];
  throw new Refusal('arguments', '--step に 印刷 か 発送 を指定してください。');
}

function confirmedText(lot: LotView, step: LotStep): string {
  const persons = lot.confirmations.filter((c) => c.step === step);
  const names = persons.map((c) => c.person).join('、');
  if (persons.length < CONFIRMERS)
    return `ロット${lot.no}「${LOT_STEP_LABELS[step]}」　${names} が確認しました。もう一人の確認が要ります`;
  return `ロット${lot.no}「${LOT_STEP_LABELS[step]}」　${names} の二人が確認しました${step === 'close' ? '。締めました' : ''}`;
}

function titleOf(lot: LotView): string {
  const days =
    lot.postFrom === null && lot.postThrough === null ? '' : `　${lot.postFrom ?? ''}〜${lot.postThrough ?? ''}`;
  return `ロット${lot.no}${lot.name === '' ? '' : `　${lot.name}`}${days}`;
}

function summaryOf(lot: LotView): string {
  const { extracted, held, withdrawn, spoiled, printed, enclosed, posted } = lot.counts;
  const last = LOT_STEPS.filter((step) => lot.released.includes(step)).at(-1);
  const stand = lot.closedAt !== null ? '締め済み' : last ? `${LOT_STEP_LABELS[last]}済み` : '承認待ち';
  return (
    `${titleOf(lot)}　${stand}　抽出 ${formatCount(extracted)}　確認待ち ${formatCount(held)}　引き抜き ${formatCount(withdrawn)}　` +
    `損傷 ${formatCount(spoiled)}　印刷 ${formatCount(printed)}　封入 ${formatCount(enclosed)}　発送 ${formatCount(posted)}`
  );
}

function describeLot(lot: LotView): string {
  const lines = [
    titleOf(lot),
    `郵便物 ${formatCount(lot.counts.extracted)}通　資格確認書 ${formatCount(lot.certificateCount)}枚　印刷単位 ${lot.batchCount}`,
    ...lot.balances.map((b) => `${b.difference === 0 ? '一致' : '差異'}　${b.name}　${b.left} / ${b.right}`),
    ...LOT_STEPS.map((step) => {
      const persons = lot.confirmations.filter((c) => c.step === step);
      const said = persons.map((c) => `${c.person}（${c.at}）`).join('、');
      const allowed = persons.find((c) => c.overrideBy !== null);
      return (
        `${LOT_STEP_LABELS[step]}　${said === '' ? 'まだ' : said}` +
        (allowed ? `　印刷 = 封入 がそろわないまま許可 ${allowed.overrideBy}: ${allowed.overrideReason}` : '')
      );
    }),
    ...lot.takenBack.map(
      ({ step, of, person, reason, at }) =>
        `${LOT_STEP_LABELS[step]}の取り消し　${person}（${at}）${reason}　取り消した確認 ${of.join('、')}`,
    ),
  ];
  if (lot.closedAt !== null) lines.push(`締めた日時　${lot.closedAt}`);
  return lines.join('\n');
}

const parcelCommand = command({
  name: 'parcel',
  summary:
    '事業所への梱包を開く（open）・封をした郵便物を読み取って入れる（scan、標準入力に一行一つ）・閉じる（close）',
  positional: 'open|scan|close|list',
  options: {
    ...RUN,
    workplace: { type: 'string', value: '記号', help: '送り先の事業所（list では省略できる）' },
    parcel: {
      type: 'string',
      value: '番号',
      help: '何個目の梱包か（scan で省略すると、入るべき梱包に。close は一つだけのときに省略できる）',
    },
    out: { type: 'string', value: 'フォルダ', help: 'close: 内容一覧の書き出し先' },
    ...COMMON,
  },
  issuance: async (values, action) => {
    const profile = await loadProfile(values.profile ?? '');
    const symbol = values.workplace;
    const no = values.parcel === null ? null : countOption('parcel', values.parcel, 0);
    if (action !== 'list' && symbol === null)
      throw new Refusal('arguments', '--workplace に事業所の記号を指定してください。');
    if (action === 'open' || action === 'list') {
      const parcels = await withContext(values.json, async (context) => {
        const issuance = await getLatestIssuance(context, profile, values.issuance);
        return action === 'open'
          ? openParcels(context, issuance, profile, symbol ?? '')
          : listParcelsOfIssuance(context, issuance, symbol);
      });
      if (values.json) printJson(parcels);
      else if (parcels.length === 0) printLine('梱包はまだありません');
      else for (const parcel of parcels) printLine(parcelText(parcel));
      return 0;
    }
    if (action === 'scan') {
      const tally = await withContext(values.json, async (context) => {
        const issuance = await getLatestIssuance(context, profile, values.issuance);
        return answerLines(process.stdin, process.stderr, (code) =>
          scanIntoParcel(context, issuance, symbol ?? '', no, code),
        );
      });
      if (values.json) printJson(tally);
      else
        printLine(
          `入れたもの ${tally.recorded}通　入れてあったもの ${tally.already}通　受け付けない読み取り ${tally.refused}件`,
        );
      return 0;
    }
    if (action !== 'close') throw new Refusal('arguments', 'open・scan・close・list のどれかを指定してください。');
    const { out } = values;
    if (out === null) throw new Refusal('arguments', '--out に内容一覧の書き出し先を指定してください。');
    const closed = await withContext(values.json, async (context) =>
      closeParcel(context, await getLatestIssuance(context, profile, values.issuance), profile, symbol ?? '', no, out),
    );
    if (values.json) printJson(closed);
    else
      printLine(
        `${parcelText(closed.parcel)}\n内容一覧　${closed.files.map((file) => path.join(out, file)).join('、')}`,
      );
    return 0;
  },
});

function parcelText(parcel: StoredParcel): string {
  const { symbol, workplaceName, sequence, sequenceCount, container, expected, scanned, closedAt } = parcel;
  return (
    `記号 ${symbol}　${workplaceName}　${sequenceCount}個のうち${sequence}（${CONTAINER_LABELS[container]}）　` +
    `${scanned} / ${expected}通　${closedAt === null ? '開いている' : `閉じた ${closedAt}`}`
  );
}

export const LOT_COMMANDS: readonly Command<Options>[] = [wavesCommand, lotCommand, parcelCommand];
