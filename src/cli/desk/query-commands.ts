// Room: cli. Commands that only read: the reconciliation, one decision, who has read digits.
import { loadProfile } from '../../formats/profile.ts';
import { Refusal } from '../../operations/context.ts';
import { reconcile, reconcileAll } from '../../operations/issuing/reconcile.ts';
import { listDigitsAccessOf, showDigits } from '../../operations/intake/digits.ts';
import { explainAsOf } from '../../operations/desk/explain-past.ts';
import { explainPerson, parsePersonKey } from '../../operations/desk/explain.ts';
import { getLatestIssuance, getOnlyIssuance } from '../../operations/issuance.ts';
import { withContext } from '../compose.ts';
import { print, printJson } from '../say.ts';
import { COMMON, ISSUANCE, PROFILE, command, dateOption } from '../arguments.ts';
import type { Command, Options } from '../arguments.ts';

const reconcileCommand = command({
  name: 'reconcile',
  summary: 'すべてを数え直して突き合わせる',
  positional: null,
  options: {
    ...PROFILE,
    issuance: { type: 'string', value: '発行の名前', help: '突き合わせる発行（一つしかなければ省略できる）' },
    all: { type: 'boolean', help: 'すべての発行（作り直しと取りやめも）' },
    ...COMMON,
  },
  issuance: async (values) => {
    const profile = await loadProfile(values.profile ?? '');
    if (values.all && values.issuance !== null)
      throw new Refusal('arguments', '--issuance と --all は、どちらか一つを指定してください。');
    const counted = await withContext(values.json, async (context) => {
      if (values.all) return reconcileAll(context, profile.insurer.number);
      const issuance = await getOnlyIssuance(context, profile, values.issuance);
      return [{ issuance, result: await reconcile(context, issuance) }];
    });
    const isBalanced = counted.every(({ result }) => result.balanced);
    if (values.json)
      printJson(
        values.all
          ? {
              balanced: isBalanced,
              issuances: counted.map(({ issuance, result }) => ({
                issuance: issuance.id,
                name: issuance.name,
                ...result,
              })),
            }
          : { issuance: counted[0]!.issuance.id, ...counted[0]!.result },
      );
    else
      for (const { issuance, result } of counted) {
        if (values.all) print(`第${issuance.id}号　${issuance.name}\n`);
        for (const b of result.balances)
          print(`${b.difference === 0 ? '一致' : '差異'}　${b.name}　${b.left} / ${b.right}\n`);
        print(result.balanced ? 'balanced: true\n' : 'balanced: false\n');
      }
    return isBalanced ? 0 : 1;
  },
});

const explainCommand = command({
  name: 'explain',
  summary: '一人の判定を、事実と根拠とともに説明する',
  positional: '記号-番号-枝番',
  options: {
    ...PROFILE,
    issuance: { ...ISSUANCE.issuance, required: false },
    'as-of': {
      type: 'string',
      value: '日付',
      help: '毎月の職権交付をその日に行ったとして、その日までに取り込んだファイル・届出・用紙から答える（記録はしない）',
    },
    ...COMMON,
  },
  issuance: async (values, text) => {
    const profile = await loadProfile(values.profile ?? '');
    const key = parsePersonKey(text);
    const asOf = dateOption('as-of', values['as-of']);
    if (asOf !== null && values.issuance !== null)
      throw new Refusal('arguments', '--issuance と --as-of は、どちらか一つを指定してください。');
    const { decision, explanation } = await withContext(values.json, async (context) =>
      asOf === null
        ? explainPerson(context, await getLatestIssuance(context, profile, values.issuance), key)
        : explainAsOf(context, profile, key, asOf),
    );
    if (values.json) printJson({ key: text, decision, explanation });
    else {
      print(`${text}　${explanation.sentence}\n根拠　${explanation.rule}\n`);
      for (const fact of explanation.facts) print(`　　${fact.label}　${fact.value}\n`);
      if (explanation.nearestChange) print(`${explanation.nearestChange}\n`);
    }
    return 0;
  },
});

const digitsCommand = command({
  name: 'digits',
  summary: '一人の個人番号の下4桁を見る（見た人・日時・理由が記録される）、見られた記録を示す（--log）',
  positional: '記号-番号-枝番',
  options: {
    ...PROFILE,
    reason: { type: 'string', value: '理由', help: '見る理由（本人からの照会など）' },
    log: { type: 'boolean', help: '下4桁を見ずに、これまで見られた記録を示す' },
    ...COMMON,
  },
  issuance: async (values, text) => {
    const profile = await loadProfile(values.profile ?? '');
    const { number } = profile.insurer;
    const key = parsePersonKey(text);
    if (values.log) {
      const looks = await withContext(values.json, (context) => listDigitsAccessOf(context, number, key));
      if (values.json) printJson(looks);
      else if (looks.length === 0) print('見られた記録はありません\n');
      else for (const look of looks) print(`${look.at}　${look.actor}　${look.purpose}　${look.reason}\n`);
      return 0;
    }
    const last4 = await withContext(values.json, (context) => showDigits(context, number, key, values.reason ?? ''));
    if (values.json) printJson({ key: text, last4 });
    else print(last4 === null ? '個人番号の下4桁は登録されていません\n' : `${last4}\n`);
    return 0;
  },
});

export const QUERY_COMMANDS: readonly Command<Options>[] = [reconcileCommand, explainCommand, digitsCommand];
