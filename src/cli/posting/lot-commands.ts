// Room: cli. Commands for waves, lots and parcels: what goes when, the two persons who release it, and what lies together.
import path from 'node:path';
import { loadProfile } from '../../formats/profile.ts';
import { Refusal } from '../../operations/context.ts';
import { getLatestIssuance } from '../../operations/issuance.ts';
import { describeNews } from '../summary.ts';
import { confirmLot, getLotView, listLotViews, listWaves } from '../../operations/posting/lots.ts';
import type { LotView, WaveView } from '../../operations/posting/lots.ts';
import { closeParcel, listParcelsOfIssuance, openParcels, scanIntoParcel } from '../../operations/posting/parcels.ts';
import type { StoredParcel } from '../../ledger/posting/parcels.ts';
import { CONFIRMERS, LOT_STEPS, LOT_STEP_LABELS } from '../../rules/posting/lots.ts';
import type { LotStep } from '../../rules/posting/lots.ts';
import { CONTAINER_LABELS } from '../../rules/posting/parcels.ts';
import { COMMON, RUN, command, countOption } from '../arguments.ts';
import type { Command, Options } from '../arguments.ts';
import { withContext } from '../compose.ts';
import { answerLines } from './scan.ts';

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));
const number = (n: number): string => n.toLocaleString('ja-JP');

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
    else if (waves.length === 0) print('この発行に波はありません（全部を一つのロットで送ります）');
    else for (const wave of waves) print(describeWave(wave, nameOf));
    return 0;
  },
});

function describeWave(wave: WaveView, nameOf: ReadonlyMap<string, string>): string {
  const room = wave.capacity === null ? '' : ` / 上限 ${number(wave.capacity)}通`;
  const shares = wave.shares.map((s) => `${nameOf.get(s.branchCode) ?? '支部なし'} ${number(s.pieceCount)}`);
  return (
    `${wave.no}　${wave.name}　${wave.postFrom} から ${wave.postThrough}　${number(wave.pieceCount)}通${room}` +
    (shares.length > 1 ? `\n　　${shares.join('、')}` : '')
  );
}

const lotCommand = command({
  name: 'lot',
  summary: 'ロットの一覧（list）・内訳（show）・二人の確認（confirm）・締め（close）',
  positional: 'list|show|confirm|close',
  options: {
    ...RUN,
    lot: { type: 'string', value: '番号', help: 'show・confirm・close: どのロットか' },
    step: { type: 'string', value: '印刷|発送', help: 'confirm: 何を承認するか' },
    by: { type: 'string', value: '氏名', help: 'confirm・close: 確認した人（二人、別の人）' },
    ...COMMON,
  },
  issuance: async (values, action) => {
    const profile = await loadProfile(values.profile ?? '');
    if (action === 'list') {
      const lots = await withContext(values.json, async (context) =>
        listLotViews(context, await getLatestIssuance(context, profile, values.issuance)),
      );
      if (values.json) printJson(lots);
      else if (lots.length === 0) print('ロットはまだありません（todoke print で計画します）');
      else for (const lot of lots) print(summaryOf(lot));
      return 0;
    }
    if (values.lot === null) throw new Refusal('arguments', '--lot にロットの番号を指定してください。');
    const no = countOption('lot', values.lot, 0);
    if (action === 'show') {
      const lot = await withContext(values.json, async (context) =>
        getLotView(context, await getLatestIssuance(context, profile, values.issuance), no),
      );
      if (values.json) printJson(lot);
      else print(describeLot(lot));
      return 0;
    }
    const step = stepOf(action, values.step);
    const { by } = values;
    if (by === null) throw new Refusal('arguments', '--by に確認した人の氏名を指定してください。');
    const { kind, lot, askedAgain } = await withContext(values.json, async (context) =>
      confirmLot(context, await getLatestIssuance(context, profile, values.issuance), no, step, by),
    );
    if (values.json) printJson({ kind, lot, askedAgain });
    else {
      print(kind === 'already' ? '確認済みです（変更なし）' : confirmedText(lot, step));
      for (const line of askedAgain ? describeNews(askedAgain) : []) print(line);
    }
    return 0;
  },
});

const STEPS = { 印刷: 'print', 発送: 'post' } as const satisfies Record<string, LotStep>;

function stepOf(action: string, step: string | null): LotStep {
  if (action === 'close') return 'close';
  if (action !== 'confirm') throw new Refusal('arguments', 'list・show・confirm・close のどれかを指定してください。');
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
    `${titleOf(lot)}　${stand}　抽出 ${number(extracted)}　保留 ${number(held)}　引き抜き ${number(withdrawn)}　` +
    `損傷 ${number(spoiled)}　印刷 ${number(printed)}　封入 ${number(enclosed)}　発送 ${number(posted)}`
  );
}

function describeLot(lot: LotView): string {
  const lines = [
    titleOf(lot),
    `郵便物 ${number(lot.counts.extracted)}通　資格確認書 ${number(lot.certificateCount)}枚　印刷単位 ${lot.batchCount}`,
    ...lot.balances.map((b) => `${b.difference === 0 ? '一致' : '差異'}　${b.name}　${b.left} / ${b.right}`),
    ...LOT_STEPS.map((step) => {
      const persons = lot.confirmations.filter((c) => c.step === step);
      const said = persons.map((c) => `${c.person}（${c.at}）`).join('、');
      return `${LOT_STEP_LABELS[step]}　${said === '' ? 'まだ' : said}`;
    }),
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
      else if (parcels.length === 0) print('梱包はまだありません');
      else for (const parcel of parcels) print(parcelText(parcel));
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
        print(
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
      print(`${parcelText(closed.parcel)}\n内容一覧　${closed.files.map((file) => path.join(out, file)).join('、')}`);
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
