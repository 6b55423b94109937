// Room: cli. Commands for papers that come back: the monthly list, reminders, check-in, figures, filings, and papers that
// are missing, found or given up.
import { loadProfile } from '../../formats/profile.ts';
import { Refusal } from '../../operations/context.ts';
import type { Context } from '../../operations/context.ts';
import type { WrittenRecall } from '../../operations/life/recall-files.ts';
import { takeFilings } from '../../operations/life/filings.ts';
import type { ScanAnswer } from '../../operations/posting/piece-events.ts';
import { makeRecallList, remindRecalls } from '../../operations/life/recall.ts';
import { recallFigures } from '../../operations/life/recall-figures.ts';
import type { Outcomes, RecallFigures } from '../../operations/life/recall-figures.ts';
import {
  checkInCertificate,
  closeReceipt,
  declareFound,
  declareMissing,
  giveUpReturn,
  receiveByCount,
} from '../../operations/life/recall-return.ts';
import type { Receipt } from '../../operations/life/recall-return.ts';
import { paperDigits } from '../../rules/words/check-digits.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { PAPER_STATE_LABELS } from '../../rules/papers/lifecycle.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { LEGACY_CARD_DUTY_LABELS, RECALL_KIND_LABELS, recallGroundLabel } from '../../rules/life/recall.ts';
import type { RecallGround } from '../../rules/life/recall.ts';
import { SCHEMES } from '../../rules/papers/scheme.ts';
import type { Scheme } from '../../rules/papers/scheme.ts';
import { COMMON, ON, PROFILE, command, countOption, getOn } from '../arguments.ts';
import type { Command, Options, Values } from '../arguments.ts';
import { withContext } from '../compose.ts';
import { printJson, printLine } from '../say.ts';
import { answerLines } from '../posting/scan.ts';

const RECALL_OPTIONS = {
  ...PROFILE,
  ...ON,
  out: { type: 'string', value: 'フォルダ', help: 'list・remind: 書き出し先' },
  workplace: { type: 'string', value: '記号', help: 'check-in・count: 返してきた事業所' },
  declared: { type: 'string', value: '枚数', help: 'check-in・count: 回収連絡書に書かれた枚数' },
  count: { type: 'string', value: '枚数', help: 'count: 数えた枚数' },
  ...COMMON,
} as const satisfies Options;

type RecallValues = Values<typeof RECALL_OPTIONS>;

function getGiven(values: RecallValues, name: 'out' | 'workplace' | 'count'): string {
  const value = values[name];
  if (value === null) throw new Refusal('arguments', `--${name} を指定してください。`);
  return value;
}

type RecallAction = (values: RecallValues, profile: InsurerProfile, on: LocalDate) => Promise<number>;

const list: RecallAction = async (values, profile, on) => {
  const out = getGiven(values, 'out');
  const made = await withContext(values.json, (context) => makeRecallList(context, profile, on, out));
  if (values.json) printJson(made);
  else {
    for (const [ground, count] of Object.entries(made.counts))
      printLine(`${recallGroundLabel(ground as RecallGround, SCHEMES[profile.scheme])}　${count}枚`);
    printLine(`回収連絡書 ${made.workplaces}事業所　${describeDirect(made)}　${made.files.join('、')}`);
  }
  return 0;
};

function describeDirect({ direct, letters, unwritten }: WrittenRecall): string {
  const left = unwritten === 0 ? '' : `、送れない方の ${unwritten}枚は職員が確認`;
  return `本人・ご家族あて ${direct}枚（書面 ${letters}通${left}）`;
}

const remind: RecallAction = async (values, profile, on) => {
  const out = getGiven(values, 'out');
  const made = await withContext(values.json, (context) => remindRecalls(context, profile, on, out));
  if (values.json) printJson(made);
  else {
    printLine(
      `催告（法定の回収のみ）　はじめて ${made.first}枚（うち10営業日を過ぎたもの ${made.late}枚）　再度 ${made.again}枚`,
    );
    printLine(`事業所 ${made.workplaces}か所　${describeDirect(made)}　${made.files.join('、')}`);
  }
  return 0;
};

const checkIn: RecallAction = async (values, profile, on) => {
  const { number } = profile.insurer;
  const declared = values.declared === null ? null : countOption('declared', values.declared, 0);
  const { tally, receipt } = await withContext(values.json, async (context) => {
    const came: string[] = [];
    const read = await answerLines(process.stdin, process.stderr, async (code) => {
      const said = await checkInCertificate(context, number, code, on);
      if (said.kind === 'recorded' || said.kind === 'already') came.push(paperDigits(code));
      return said;
    });
    const { workplace } = values;
    if (workplace === null) return { tally: read, receipt: null };
    return { tally: read, receipt: await closeReceipt(context, number, workplace, on, declared, came) };
  });
  if (values.json) printJson(receipt ? { ...tally, receipt } : tally);
  else {
    printLine(`回収 ${tally.recorded}枚　登録済み ${tally.already}枚　受け付けない読み取り ${tally.refused}件`);
    if (receipt) printReceipt(receipt);
  }
  return receipt && differs(receipt) ? 2 : 0;
};

const byCount: RecallAction = async (values, profile, on) => {
  const workplace = getGiven(values, 'workplace');
  const counted = countOption('count', getGiven(values, 'count'), 0);
  const declared = values.declared === null ? null : countOption('declared', values.declared, 0);
  const receipt = await withContext(values.json, (context) =>
    receiveByCount(context, profile.insurer.number, workplace, on, declared, counted),
  );
  if (values.json) printJson(receipt);
  else printReceipt(receipt);
  return differs(receipt) ? 2 : 0;
};

/** The envelope is not what its slip says: staff must look. Papers still out alone are no fault of it. */
function differs(receipt: Receipt): boolean {
  const isDeclared = receipt.declared === null || receipt.declared === receipt.counted;
  return !isDeclared || receipt.unlisted.length > 0 || !receipt.isRecorded;
}

function printReceipt(receipt: Receipt): void {
  const { slip, declared, counted, listed, unlisted, open, isRecorded } = receipt;
  const { dutyCount, requestCount } = slip;
  printLine(
    `${slip.askedOn} の回収連絡書（${slip.symbol}）　${RECALL_KIND_LABELS.duty} ${dutyCount}枚　${RECALL_KIND_LABELS.request} ${requestCount}枚`,
  );
  if (declared !== null && declared !== counted)
    printLine(`× 枚数が違います　連絡書の記入 ${declared}枚　届いた枚数 ${counted}枚`);
  if (!isRecorded)
    printLine(
      `× 届いた枚数（${counted}枚）が未回収の枚数（${open.length}枚）と違います。check-in で一枚ずつ読み取ってください`,
    );
  else printLine(`届いた枚数 ${counted}枚　うち連絡書にあるもの ${listed}枚`);
  for (const number of unlisted) printLine(`　× 連絡書にない証　${number}`);
  const kinds = [open.filter((paper) => paper.isDuty), open.filter((paper) => !paper.isDuty)];
  printLine(
    `未回収　${RECALL_KIND_LABELS.duty} ${kinds[0]!.length}枚　${RECALL_KIND_LABELS.request} ${kinds[1]!.length}枚`,
  );
  for (const { certificateNumber, state } of open.slice(0, 20))
    printLine(`　${certificateNumber}　${PAPER_STATE_LABELS[state]}`);
  if (open.length > 20) printLine(`　ほか${open.length - 20}枚`);
}

const figures: RecallAction = async (values, profile, on) => {
  const found = await withContext(values.json, (context) => recallFigures(context, profile.insurer.number, on));
  if (values.json) printJson(found);
  else printFigures(found, SCHEMES[profile.scheme]);
  return 0;
};

const outcomesText = (o: Outcomes): string =>
  `${o.asked}枚 ＝ 回収 ${o.givenBack} ＋ 紛失 ${o.missing} ＋ 回収不能 ${o.unrecoverable} ＋ 期限切れ ${o.expired} ＋ 無効 ${o.void} ＋ 未回収 ${o.open}`;

function printFigures({ on, duty, requests, filings, legacyCards }: RecallFigures, scheme: Scheme): void {
  const { asked, givenBack, percent } = duty.oneMonth;
  printLine(`${on} の回収`);
  printLine(`${RECALL_KIND_LABELS.duty}　${outcomesText(duty)}`);
  printLine(
    `　喪失から1か月以内の回収率　${percent === null ? '（1か月を過ぎた喪失なし）' : `${percent.toFixed(2)}%（${givenBack}枚／${asked}枚）`}`,
  );
  printLine(`　催告 ${duty.remindedFirst}枚（うち最初の催告が10営業日を過ぎたもの ${duty.remindedLate}枚）`);
  for (const ground of ['enrolled', 'superseded'] as const) {
    const { becameDuty, ...outcomes } = requests[ground];
    printLine(
      `${recallGroundLabel(ground, scheme)}　${outcomesText(outcomes)}　（ほかに法定の回収になったもの ${becameDuty}枚）`,
    );
  }
  const late = filings.filter((row) => row.late > 0);
  const total = filings.reduce((sum, row) => sum + row.filings, 0);
  printLine(
    `喪失の届出 ${total}件　${scheme.daysToFileLoss}日を過ぎた届出 ${late.reduce((sum, row) => sum + row.late, 0)}件`,
  );
  for (const row of late) printLine(`　${row.symbol}　${row.filings}件のうち ${row.late}件`);
  for (const { duty: what, card, count } of legacyCards)
    printLine(`${LEGACY_CARD_DUTY_LABELS[what]}　${ATTACHMENT_LABELS[card] ?? card} ${count}件`);
}

const ATTACHMENT_LABELS: Readonly<Record<string, string>> = {
  attached: '添付',
  unrecoverable: '回収不能',
  none: '所持なし',
  unsaid: '記入なし',
};

const ACTIONS: Readonly<Record<string, RecallAction>> = {
  list,
  remind,
  'check-in': checkIn,
  count: byCount,
  figures,
};

const recallCommand = command({
  name: 'recall',
  summary:
    '回収対象者リストと回収連絡書（list）、催告（remind）、戻った証の読み取り（check-in、標準入力に一行一つ）・枚数での受付（count）、数字（figures）',
  positional: Object.keys(ACTIONS).join('|'),
  options: RECALL_OPTIONS,
  issuance: async (values, name) => {
    const action = ACTIONS[name];
    if (!action) throw new Refusal('arguments', `${Object.keys(ACTIONS).join('、')} のどれかを指定してください。`);
    return action(values, await loadProfile(values.profile ?? ''), getOn(values));
  },
});

/** One event of one certificate, named by its number. */
function certificateCommand(
  name: string,
  summary: string,
  needsReason: boolean,
  record: (context: Context, insurer: string, code: string, reason: string, on: LocalDate) => Promise<ScanAnswer>,
): Command<Options> {
  return command({
    name,
    summary,
    positional: '証番号',
    options: {
      ...PROFILE,
      ...ON,
      reason: { type: 'string', value: '理由', help: '理由', required: needsReason },
      ...COMMON,
    },
    issuance: async (values, code) => {
      const { number } = (await loadProfile(values.profile ?? '')).insurer;
      const on = getOn(values);
      const said = await withContext(values.json, (context) => record(context, number, code, values.reason ?? '', on));
      if (values.json) printJson({ kind: said.kind, text: said.text });
      else printLine(said.text);
      return said.kind === 'recorded' || said.kind === 'already' ? 0 : 2;
    },
  });
}

const filingsCommand = command({
  name: 'filings',
  summary: '喪失などの届出を取り込む（届出の遅れ、資格確認書と健康保険証の回収）',
  positional: '喪失届.csv',
  options: { ...PROFILE, ...ON, ...COMMON },
  issuance: async (values, file) => {
    const profile = await loadProfile(values.profile ?? '');
    const on = getOn(values);
    const taken = await withContext(values.json, (context) => takeFilings(context, profile, file, on));
    if (values.json) printJson(taken);
    else {
      printLine(`届出 ${taken.recorded}件　取込済み ${taken.already}件　受け付けない行 ${taken.refused.length}件`);
      printLine(`期限（${SCHEMES[profile.scheme].daysToFileLoss}日）を過ぎた届出 ${taken.late}件`);
      printLine(
        `資格確認書　発送前の引き抜き ${taken.withdrawn}枚　回収を求める ${taken.demanded}枚　添付 ${taken.givenBack}枚　回収不能 ${taken.unrecoverable}枚　訂正の受付 ${taken.corrections}枚`,
      );
      for (const [duty, label] of Object.entries(LEGACY_CARD_DUTY_LABELS))
        printLine(`${label}　${taken.legacyCards[duty as keyof typeof LEGACY_CARD_DUTY_LABELS]}件`);
      printLine(`　回収が必要で、届出に添付の記入がないもの ${taken.legacyCards.stillDue}件`);
      for (const { line, why } of taken.refused.slice(0, 20)) printLine(`　${line}行　${why}`);
    }
    return taken.refused.length > 0 ? 2 : 0;
  },
});

export const RECALL_COMMANDS: readonly Command<Options>[] = [
  recallCommand,
  filingsCommand,
  certificateCommand('missing', '資格確認書の紛失の届出を登録する', false, declareMissing),
  certificateCommand(
    'found',
    '紛失した資格確認書の発見を登録する（再交付の後なら、すぐに返納）',
    false,
    (context, insurer, code, _, on) => declareFound(context, insurer, code, on),
  ),
  certificateCommand('unrecoverable', '法定の回収ができないことを、理由とともに登録する', true, giveUpReturn),
];
