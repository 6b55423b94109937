// Room: cli. Pieces print has held: listed with why, corrected, released, made again and printed.
import { loadProfile } from '../../formats/profile.ts';
import { Refusal } from '../../operations/context.ts';
import type { Context } from '../../operations/context.ts';
import { correctHeld, getHeldPiece } from '../../operations/life/held.ts';
import { getLatestIssuance } from '../../operations/issuance.ts';
import { listHeldPieces } from '../../operations/desk/papers.ts';
import { applyToPieces } from '../../operations/desk/piece-actions.ts';
import type { ActionOutcome } from '../../operations/desk/piece-actions.ts';
import type { PieceRemakeKind } from '../../rules/life/remaking.ts';
import { paperDigits } from '../../rules/words/check-digits.ts';
import { CORRECTED_FIELD_LABELS } from '../../rules/printing/corrections.ts';
import type { CorrectedField } from '../../rules/printing/corrections.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { HELD_LABELS } from '../../rules/printing/print-batches.ts';
import type { HeldReason } from '../../rules/printing/print-batches.ts';
import type { HeldRow } from '../../ledger/desk/papers.ts';
import { COMMON, RUN, command } from '../arguments.ts';
import type { Command, Options, Values } from '../arguments.ts';
import { withContext } from '../compose.ts';
import { printJson, printLine } from '../say.ts';
import { runRemake } from './remake-commands.ts';

const FIELDS = Object.entries(CORRECTED_FIELD_LABELS) as [CorrectedField, string][];

const HELD_OPTIONS = {
  ...RUN,
  piece: {
    type: 'string',
    value: '番号',
    help: 'show・fix・release・home: 郵便物番号（release・home はコンマで続け、release は all でもよい）',
  },
  person: { type: 'string', value: '枝番', help: 'fix: だれの文字か（住所は 00）' },
  field: { type: 'string', value: '項目', help: `fix: ${FIELDS.map(([, label]) => label).join('・')}` },
  text: { type: 'string', value: '文字', help: 'fix: 印刷する文字（住所は番地まで）' },
  'postal-code': { type: 'string', value: '郵便番号', help: 'fix: 住所の郵便番号' },
  building: { type: 'string', value: '方書', help: 'fix: 住所の建物・部屋' },
  reason: { type: 'string', value: '理由', help: 'fix・release・home: 理由（記録に残る）' },
  by: { type: 'string', value: '氏名', help: 'home: 自宅へ送ると決めた人' },
  'issued-on': { type: 'string', value: '日付', help: 'print・print-home: 作り直す証の交付年月日' },
  out: { type: 'string', value: 'フォルダ', help: 'print・print-home: 印刷ファイルの書き出し先' },
  ...COMMON,
} as const satisfies Options;

type HeldValues = Values<typeof HELD_OPTIONS>;
type HeldAction = (
  context: Context,
  profile: InsurerProfile,
  values: HeldValues,
) => Promise<[unknown, string[], number]>;

function given(values: HeldValues, name: 'piece' | 'person' | 'field' | 'text' | 'reason' | 'by'): string {
  const value = values[name];
  if (value === null) throw new Refusal('arguments', `--${name} を指定してください。`);
  return value;
}

const numbersOf = (text: string): string[] => text.split(/[,、]/).map((number) => paperDigits(number));

/** All held pieces of the issuance, a row a reason. */
async function listAll(context: Context, profile: InsurerProfile, issuance: string | null): Promise<HeldRow[]> {
  const { id } = await getLatestIssuance(context, profile, issuance);
  const filter = { issuanceId: id, branchCode: null, symbol: null, reason: null };
  const rows: HeldRow[] = [];
  for (let after: string | null = ''; after !== null;) {
    const page: Awaited<ReturnType<typeof listHeldPieces>> = await listHeldPieces(
      context,
      profile.insurer.number,
      filter,
      after,
      1000,
    );
    rows.push(...page.items);
    after = page.next;
  }
  return rows;
}

function describe(row: { subNumber: string; reason: string; field: string; codePoint: string }): string {
  const where = [row.subNumber === '' ? '送付書' : `枝番${row.subNumber}`, row.field, row.codePoint];
  return `${HELD_LABELS[row.reason as HeldReason]}（${where.filter((part) => part !== '').join(' ')}）`;
}

function describeOutcome(word: string, outcome: ActionOutcome): [ActionOutcome, string[], number] {
  const { recorded, already, refused } = outcome;
  const lines = [
    `${word} ${recorded}通　記録済み ${already}通　できないもの ${refused.length}通`,
    ...refused.map(({ mailpieceNumber, why }) => `　${mailpieceNumber}　${why}`),
  ];
  return [outcome, lines, refused.length > 0 ? 2 : 0];
}

const REMAKES: Readonly<Record<string, PieceRemakeKind>> = { print: 'release', 'print-home': 'send-home' };

const ACTIONS: Readonly<Record<string, HeldAction>> = {
  list: async (context, profile, values) => {
    const rows = await listAll(context, profile, values.issuance);
    const pieces = [...Map.groupBy(rows, (row) => row.mailpieceNumber)].map(([mailpieceNumber, reasons]) => ({
      mailpieceNumber,
      household: `${reasons[0]!.symbol}-${reasons[0]!.number}`,
      reasons: reasons.map(({ subNumber, reason, field, codePoint }) => ({
        subNumber,
        reason,
        field,
        codePoint,
      })),
    }));
    const lines = pieces.map(
      (piece) => `　${piece.mailpieceNumber}　${piece.household}　${piece.reasons.map(describe).join('、')}`,
    );
    return [{ pieces }, [`確認を待つ郵便物 ${pieces.length}通`, ...lines], 0];
  },
  show: async (context, profile, values) => {
    const piece = await getHeldPiece(context, profile.insurer.number, numbersOf(given(values, 'piece'))[0]!);
    const lines = piece.texts.map(({ subNumber, field, source, text, suggestion }) => {
      const shown = (value: string): string => value.trim().replaceAll('\n', '　');
      const offered = suggestion === null ? '' : `　（ふつうの文字では ${shown(suggestion)}）`;
      const now = text === null ? offered : `　→ ${shown(text)}`;
      return `　枝番${subNumber}　${CORRECTED_FIELD_LABELS[field]}　${source === '' ? '（記録なし）' : shown(source)}${now}`;
    });
    return [piece, [...piece.reasons.map(describe), ...lines], 0];
  },
  fix: async (context, profile, values) => {
    const label = given(values, 'field');
    const field = FIELDS.find(([, own]) => own === label)?.[0];
    if (field === undefined)
      throw new Refusal('arguments', `--field は ${FIELDS.map(([, own]) => own).join('・')} のどれかです。`);
    const kind = await correctHeld(context, profile, numbersOf(given(values, 'piece'))[0]!, {
      subNumber: given(values, 'person'),
      field,
      text: given(values, 'text'),
      reason: given(values, 'reason'),
      ...(values['postal-code'] !== null && { postalCode: values['postal-code'] }),
      ...(values.building !== null && { building: values.building }),
    });
    return [
      { kind },
      [kind === 'recorded' ? '直しました。release で作り直しに回せます' : '直し済みです（変更なし）'],
      0,
    ];
  },
  release: async (context, profile, values) => {
    const asked = given(values, 'piece');
    const numbers =
      asked === 'all'
        ? [...new Set((await listAll(context, profile, values.issuance)).map((row) => row.mailpieceNumber))]
        : numbersOf(asked);
    const outcome = await applyToPieces(context, profile.insurer.number, numbers, 'release', given(values, 'reason'));
    return describeOutcome('確認済み', outcome);
  },
  home: async (context, profile, values) => {
    const numbers = numbersOf(given(values, 'piece'));
    const by = { ...context, actor: given(values, 'by') };
    const outcome = await applyToPieces(by, profile.insurer.number, numbers, 'send-home', given(values, 'reason'));
    return describeOutcome('自宅へ送るもの', outcome);
  },
};

export const heldCommand: Command<Options> = command({
  name: 'held',
  summary:
    '印刷が止めた郵便物を確かめる（list・show）、文字や住所を直す（fix）、確認済みにする（release）、作り直す（print）。' +
    '事業所がわからないものは自宅へ送ると決められる（home・print-home）',
  positional: 'list|show|fix|release|print|home|print-home',
  options: HELD_OPTIONS,
  issuance: async (values, action) => {
    const kind = Object.hasOwn(REMAKES, action) ? REMAKES[action] : undefined;
    if (kind) {
      if (values.out === null) throw new Refusal('arguments', '--out に書き出し先を指定してください。');
      return runRemake(values, kind);
    }
    const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (!act)
      throw new Refusal('arguments', 'list・show・fix・release・print・home・print-home のどれかを指定してください。');
    if ((action === 'release' || action === 'home') && (values.reason ?? '').trim() === '')
      throw new Refusal('arguments', '--reason に理由を書いてください。');
    const profile = await loadProfile(values.profile ?? '');
    const [data, lines, exit] = await withContext(values.json, (context) => act(context, profile, values));
    if (values.json) printJson(data);
    else lines.forEach(printLine);
    return exit;
  },
});
