// Room: cli. Commands for the life of papers after they are made.
import path from 'node:path';
import { loadProfile } from '../../formats/profile.ts';
import { REISSUE_REASONS } from '../../formats/reissues.ts';
import { Refusal } from '../../operations/context.ts';
import type { Context } from '../../operations/context.ts';
import { parsePersonKey } from '../../operations/desk/explain.ts';
import { getLatestIssuance } from '../../operations/issuance.ts';
import { scanReturn } from '../../operations/life/returns.ts';
import { liftWithdrawal, listStandingWithdrawals, withdrawPerson } from '../../operations/posting/withdrawals.ts';
import { cancelIssuance, takeBackCancellation } from '../../operations/life/cancel.ts';
import { withdrawalCodeOf } from '../../rules/papers/standing.ts';
import type { WithdrawalCause, WithdrawalCode } from '../../rules/papers/standing.ts';
import type { Outcome } from '../../operations/posting/piece-events.ts';
import { writeOutput } from '../../operations/issue.ts';
import { listWaitingReissues, makeReissues, requestReissue, takeReissues } from '../../operations/life/reissue.ts';
import type { Reissued, TakenReissues, WaitingReissue } from '../../operations/life/reissue.ts';
import { takeResults } from '../../operations/posting/results.ts';
import type { Reporter } from '../../operations/posting/results.ts';
import { traceEverything, tracePaper, verifyAudit } from '../../operations/desk/trace.ts';
import { PAPER_STATE_LABELS, RETURN_REASON_LABELS } from '../../rules/papers/lifecycle.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { REISSUE_REASON_LABELS, REISSUE_REFUSAL_LABELS } from '../../rules/life/reissue.ts';
import { COMMON, PROFILE, RUN, command, dateOption, overrideOf } from '../arguments.ts';
import type { Command, Options } from '../arguments.ts';
import { withContext } from '../compose.ts';
import { printJson, printLine } from '../say.ts';
import { heldCommand } from './held-commands.ts';
import { RECALL_COMMANDS } from './recall-commands.ts';
import { REMAKE_COMMANDS } from './remake-commands.ts';
import { VALIDITY_COMMANDS } from './validity-commands.ts';
import { reasonOf, runStation } from '../posting/scan.ts';
import { formatCount } from '../../rules/words/counts.ts';

const CODES = { 資格喪失: 'lost', マイナ保険証: 'enrolled', 職員の判断: 'staff' } as const satisfies Record<
  string,
  WithdrawalCode
>;

const withdrawCommand = command({
  name: 'withdraw',
  summary:
    '一人の資格確認書・お知らせを、発送の前に引き抜く（世帯のほかの人の分は送られる）。lift で引き抜きを解除し、list で職員の判断による引き抜きを見る',
  positional: '記号-番号-枝番、lift または list',
  options: {
    ...RUN,
    reason: { type: 'string', value: '理由', help: '引き抜く（解除する）理由' },
    code: {
      type: 'string',
      value: '資格喪失|マイナ保険証|職員の判断',
      help: '引き抜きが後の発行でいつまで効くか（省略すると理由の言葉から。喪失のあいだ・確認できるあいだ・解除するまで）',
    },
    'lost-on': { type: 'string', value: '日付', help: '資格喪失年月日（--code 資格喪失 のとき）' },
    person: { type: 'string', value: '記号-番号-枝番', help: 'lift: 解除する人' },
    by: { type: 'string', value: '氏名', help: 'lift: 解除を決めた職員' },
    on: { type: 'string', value: '日付', help: 'list: いつまでの日数を数えるか' },
    ...COMMON,
  },
  issuance: async (values, what) => {
    const profile = await loadProfile(values.profile ?? '');
    if (what === 'list') return listWithdrawn(values, profile);
    const reason = values.reason?.trim() ?? '';
    if (reason === '') throw new Refusal('arguments', '--reason に理由を指定してください。');
    if (what === 'lift') {
      const { person, by } = values;
      if (person === null || !by?.trim())
        throw new Refusal('arguments', '--person 記号-番号-枝番 と --by 氏名 を指定してください。');
      const lifted = await withContext(values.json, (context) =>
        liftWithdrawal(context, profile, parsePersonKey(person), by, reason),
      );
      if (values.json) printJson({ kind: lifted });
      else
        printLine(
          lifted === 'recorded' ? '引き抜きを解除しました。次の回から対象になります' : '解除済みです（変更なし）',
        );
      return 0;
    }
    const cause = causeOf(values.code, values['lost-on'], reason);
    const outcome = await withContext(values.json, async (context) =>
      withdrawPerson(
        context,
        await getLatestIssuance(context, profile, values.issuance),
        parsePersonKey(what),
        reason,
        '',
        cause,
      ),
    );
    if (values.json) printJson(outcome);
    else if (outcome.kind === 'refused') printLine(`引き抜けません。${outcome.why}`);
    else if (outcome.kind === 'already') printLine('引き抜き済みです（変更なし）');
    else
      printLine(
        outcome.inFile
          ? '引き抜きました。印刷済みのため、引き抜き一覧（pull-list.csv）に載ります'
          : '引き抜きました。印刷ファイルに載りません',
      );
    return outcome.kind === 'refused' ? 2 : 0;
  },
});

function causeOf(word: string | null, lostOn: string | null, reason: string): WithdrawalCause {
  const day = dateOption('lost-on', lostOn);
  if (word !== null && !Object.hasOwn(CODES, word))
    throw new Refusal('arguments', `--code は ${Object.keys(CODES).join('・')} のどれかです。`);
  const code = word === null ? withdrawalCodeOf(reason) : CODES[word as keyof typeof CODES];
  if (day !== null && code !== 'lost') throw new Refusal('arguments', '--lost-on は資格喪失の引き抜きで使えます。');
  return { code, lostOn: day };
}

async function listWithdrawn(
  values: { readonly on: string | null; readonly json: boolean },
  profile: InsurerProfile,
): Promise<number> {
  const on = dateOption('on', values.on);
  if (on === null) throw new Refusal('arguments', '--on に日付を指定してください。');
  const rows = await withContext(values.json, (context) =>
    listStandingWithdrawals(context, profile.insurer.number, on),
  );
  if (values.json) printJson({ withdrawals: rows });
  else {
    printLine(`職員の判断による引き抜き（解除されていないもの）${rows.length}件`);
    for (const row of rows) printLine(`　${row.key}　${row.paperNumber}　${row.withdrawnOn} から ${row.days}日`);
  }
  return 0;
}

const cancelCommand = command({
  name: 'cancel',
  summary:
    '発送前の発行を取りやめる（別々の二人が一度ずつ。作ったものは引き抜きとなり、計画は空く）。--take-back で、二人目が行う前に取り消す',
  positional: null,
  options: {
    ...PROFILE,
    issuance: { type: 'string', value: 'id', help: '取りやめる発行（bulk-2025 など）', required: true },
    by: { type: 'string', value: '氏名', help: '取りやめる（取り消す）人', required: true },
    reason: { type: 'string', value: '理由', help: '取りやめる（取り消す）理由', required: true },
    'take-back': { type: 'boolean', help: '一人目の求めた取りやめを、二人目が行う前に取り消す' },
    ...COMMON,
  },
  issuance: async (values) => {
    const profile = await loadProfile(values.profile ?? '');
    const { by, reason } = values;
    if (values['take-back']) {
      const { id, of } = await withContext(values.json, async (context) => {
        const found = await getLatestIssuance(context, profile, values.issuance);
        return { id: found.id, ...(await takeBackCancellation(context, found, by ?? '', reason ?? '')) };
      });
      if (values.json) printJson({ issuance: id, kind: 'taken-back', of });
      else printLine(`第${id}号の取りやめ（${of.person}）を取り消しました`);
      return 0;
    }
    const { issuance, done } = await withContext(values.json, async (context) => {
      const found = await getLatestIssuance(context, profile, values.issuance);
      return { issuance: found, done: await cancelIssuance(context, found, values.by ?? '', values.reason ?? '') };
    });
    if (values.json) printJson({ issuance: issuance.id, ...done });
    else if (done.kind === 'asked')
      printLine(
        `第${issuance.id}号の取りやめを一人目として受け付けました。もう一人が同じコマンドを行うと、取りやめになります`,
      );
    else if (done.kind === 'already') printLine(`第${issuance.id}号は取りやめ済みです（変更なし）`);
    else
      printLine(
        `第${issuance.id}号を取りやめました。引き抜き ${formatCount(done.pieces)}通（${formatCount(done.papers)}人分）。同じ計画で、あらためて発行できます`,
      );
    return 0;
  },
});

const resultsCommand = command({
  name: 'results',
  summary: '委託業者の結果（損傷・封入・発送・再発送・廃棄）を取り込む',
  positional: '結果.csv',
  options: {
    ...RUN,
    override: { type: 'string', value: '氏名', help: '承認前・期間外・二度目の発送や、前より古いファイルを許す人' },
    reason: { type: 'string', value: '理由', help: '--override の理由' },
    ...COMMON,
  },
  issuance: (values, file) => takeFile(values, file, { party: 'contractor' }),
});

const handOverCommand = command({
  name: 'handover',
  summary: '事業所の手渡しの結果（手渡し・手渡し不可・退職）を取り込む',
  positional: '手渡し.csv',
  options: {
    ...RUN,
    workplace: { type: 'string', value: '記号', help: '報告した事業所', required: true },
    override: { type: 'string', value: '氏名', help: '前より古いファイルを許す人' },
    reason: { type: 'string', value: '理由', help: '--override の理由' },
    ...COMMON,
  },
  issuance: (values, file) => takeFile(values, file, { party: 'workplace', symbol: values.workplace ?? '' }),
});

async function takeFile(
  values: Record<'profile' | 'issuance' | 'override' | 'reason', string | null> & { json: boolean },
  file: string,
  reporter: Reporter,
): Promise<number> {
  const override = overrideOf(values.override, values.reason);
  const profile = await loadProfile(values.profile ?? '');
  const taken = await withContext(values.json, async (context) =>
    takeResults(context, await getLatestIssuance(context, profile, values.issuance), file, { reporter, override }),
  );
  if (values.json) printJson(taken);
  else {
    printLine(`記録 ${taken.recorded}件　記録済み ${taken.already}件　受け付けない行 ${taken.refused.length}件`);
    for (const { line, why } of taken.refused.slice(0, 20)) printLine(`　${line}行　${why}`);
    if (taken.refused.length > 20) printLine(`　ほか${taken.refused.length - 20}件`);
    const allowable = taken.refused.filter((row) => row.canOverride).length;
    if (allowable > 0)
      printLine(`　うち${allowable}件は、許す人の氏名と理由（--override 氏名 --reason 理由）を付けると記録できます`);
  }
  return taken.refused.length > 0 ? 2 : 0;
}

const scanCommand = command({
  name: 'scan',
  summary: '不着の郵便物を、送付書のバーコードの読み取りで登録する（標準入力に一行一つ）',
  positional: null,
  options: {
    ...PROFILE,
    reason: {
      type: 'string',
      value: '理由',
      help: `はじめの理由（${Object.values(RETURN_REASON_LABELS).join('・')}）`,
      required: true,
    },
    ...COMMON,
  },
  issuance: async (values) => {
    const profile = await loadProfile(values.profile ?? '');
    const reason = reasonOf(values.reason ?? '');
    if (reason === null)
      throw new Refusal('arguments', `--reason は ${Object.values(RETURN_REASON_LABELS).join('・')} のどれかです。`);
    const tally = await withContext(values.json, (context) => {
      const { number } = profile.insurer;
      return runStation(process.stdin, process.stderr, reason, (code, why) => scanReturn(context, number, code, why));
    });
    if (values.json) printJson(tally);
    else printLine(`不着 ${tally.recorded}通　登録済み ${tally.already}通　受け付けない読み取り ${tally.refused}件`);
    return 0;
  },
});

const REASONS = Object.keys(REISSUE_REASONS).join('・');

const reissueCommand = command({
  name: 'reissue',
  summary: '再交付の申請を受け付け、まとめて作り直す（一人、または 再交付.csv。list で待っている申請、print で作成）',
  positional: '記号-番号-枝番、再交付.csv、list または print',
  options: {
    ...PROFILE,
    reason: { type: 'string', value: '理由', help: `一人の申請の理由（${REASONS}）` },
    on: { type: 'string', value: '日付', help: '申請の日（ファイルと list では、処理する日）' },
    attached: { type: 'boolean', help: '元の証が申請に添付されている' },
    'issued-on': {
      type: 'string',
      value: '日付',
      help: '再交付する証の交付年月日（指定すると、受け付けてすぐに作る）',
    },
    out: { type: 'string', value: 'フォルダ', help: '印刷ファイルの書き出し先（--issued-on とともに）' },
    ...COMMON,
  },
  issuance: async (values, what) => {
    const profile = await loadProfile(values.profile ?? '');
    const { number: insurer } = profile.insurer;
    const issuedOn = dateOption('issued-on', values['issued-on']);
    if ((issuedOn === null) !== (values.out === null) || (what === 'print' && issuedOn === null))
      throw new Refusal('arguments', '--issued-on 日付 と --out フォルダ を、両方指定してください。');
    const on = dateOption('on', values.on) ?? issuedOn;
    if (on === null) throw new Refusal('arguments', '--on に申請の日を指定してください。');
    return withContext(values.json, async (context) => {
      const asked = async (): Promise<Printed> => {
        if (what === 'print') return { status: 0, data: {}, lines: [] };
        if (what === 'list') return printWaiting(await listWaitingReissues(context, insurer, on));
        if (what.endsWith('.csv')) return printTaken(await takeReissues(context, insurer, what, on));
        const reason = REISSUE_REASONS[values.reason ?? ''];
        if (reason === undefined) throw new Refusal('arguments', `--reason は ${REASONS} のどれかです。`);
        const request = { ...parsePersonKey(what), reason, requestedOn: on, isAttached: values.attached };
        return printOutcome(await requestReissue(context, insurer, request));
      };
      const { status, data, lines } = await asked();
      if (!values.json) lines.forEach(printLine);
      if (issuedOn === null || status !== 0) {
        if (values.json) printJson(data);
        return status;
      }
      const reissued = await makeReissues(context, profile, issuedOn);
      const isBalanced = await writeReissues(context, profile, reissued, values.out ?? '');
      const made = printReissued(reissued);
      if (values.json) printJson({ ...data, ...made.data });
      else made.lines.forEach(printLine);
      return isBalanced ? 0 : 1;
    });
  },
});

/** Print files and reconciliation of each, in a folder of its own. */
async function writeReissues(
  context: Context,
  profile: InsurerProfile,
  { runs }: Reissued,
  outDir: string,
): Promise<boolean> {
  let isBalanced = true;
  for (const { issuance } of runs) {
    const folder = path.join(outDir, issuance.name.replaceAll('/', '-'));
    const options = { outDir: folder, encoding: 'utf-8', prints: true } as const;
    const { reconciliation } = await writeOutput(context, issuance, profile, options);
    isBalanced &&= reconciliation.balanced;
  }
  return isBalanced;
}

/** What a step says, for people and for programs. */
interface Printed {
  readonly status: number;
  readonly data: object;
  readonly lines: readonly string[];
}

function printWaiting(waiting: readonly WaitingReissue[]): Printed {
  const lines = waiting.map(
    ({ key, certificateNumber, reason, requestedOn, why }) =>
      `　${key}　${certificateNumber}　${requestedOn} ${REISSUE_REASON_LABELS[reason]}${whyNot(why)}`,
  );
  return { status: 0, data: { waiting }, lines: [`再交付を待つ申請 ${waiting.length}件`, ...lines] };
}

const whyNot = (why: WaitingReissue['why']): string =>
  why === null ? '' : `　作れません: ${REISSUE_REFUSAL_LABELS[why]}`;

function printTaken(taken: TakenReissues): Printed {
  const { recorded, already, refused } = taken;
  return {
    status: refused.length > 0 ? 2 : 0,
    data: taken,
    lines: [
      `受付 ${recorded}件　受付済み ${already}件　受け付けない行 ${refused.length}件`,
      ...refused.slice(0, 20).map(({ line, why }) => `　${line}行　${why}`),
    ],
  };
}

function printOutcome(outcome: Outcome): Printed {
  if (outcome.kind === 'refused') return { status: 2, data: outcome, lines: [`再交付できません。${outcome.why}`] };
  const line = outcome.kind === 'recorded' ? '再交付の申請を受け付けました' : '受付済みです（変更なし）';
  return { status: 0, data: outcome, lines: [line] };
}

function printReissued({ runs, left }: Reissued): Printed {
  const issuances = runs.map(({ issuance, count, isResumed }) => ({
    id: issuance.id,
    name: issuance.name,
    count,
    isResumed,
  }));
  return {
    status: 0,
    data: { issuances, left },
    lines: [
      ...(runs.length === 0 ? ['再交付するものはありません'] : []),
      ...issuances.map(
        ({ name, count, isResumed }) => `${name}　${isResumed ? '中断した再交付の続き' : `再交付 ${count}枚`}`,
      ),
      ...left.map(({ key, why }) => `　${key}${whyNot(why)}`),
    ],
  };
}

const traceCommand = command({
  name: 'trace',
  summary: '一人または一つの用紙の履歴を、文で示す',
  positional: '記号-番号-枝番または用紙の番号',
  options: {
    ...PROFILE,
    issuance: { type: 'string', value: '発行の名前', help: '一つの発行の用紙だけ（省略すると、その人のすべての用紙）' },
    ...COMMON,
  },
  issuance: async (values, text) => {
    const profile = await loadProfile(values.profile ?? '');
    const trace = await withContext(values.json, async (context) =>
      values.issuance === null
        ? traceEverything(context, profile.insurer.number, text)
        : tracePaper(context, await getLatestIssuance(context, profile, values.issuance), text),
    );
    if (values.json) printJson(trace);
    else {
      for (const { number, state } of trace.papers) printLine(`${number}　いま「${PAPER_STATE_LABELS[state]}」`);
      for (const sentence of trace.sentences) printLine(sentence);
    }
    return 0;
  },
});

const auditCommand = command({
  name: 'audit',
  summary: '記録の連鎖を計算し直し、書き換え・削除・差し込みがないことを確かめる',
  positional: 'verify',
  options: { ...PROFILE, ...COMMON },
  issuance: async (values, action) => {
    if (action !== 'verify') throw new Refusal('arguments', 'verify を指定してください。');
    const profile = await loadProfile(values.profile ?? '');
    const fault = await withContext(values.json, (context) => verifyAudit(context, profile.insurer.number));
    if (values.json) printJson({ whole: fault === null, fault });
    else printLine(fault ?? '記録はすべて、書かれたときのままです');
    return fault === null ? 0 : 2;
  },
});

export const LIFE_COMMANDS: readonly Command<Options>[] = [
  withdrawCommand,
  cancelCommand,
  resultsCommand,
  handOverCommand,
  scanCommand,
  ...REMAKE_COMMANDS,
  heldCommand,
  reissueCommand,
  ...RECALL_COMMANDS,
  ...VALIDITY_COMMANDS,
  traceCommand,
  auditCommand,
];
