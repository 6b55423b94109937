// Room: cli. Commands that look: the books, one decision.
import { loadProfile } from '../../formats/profile.ts';
import { reconcile } from '../../operations/issuing/reconcile.ts';
import { listDigitsAccessOf, showDigits } from '../../operations/intake/digits.ts';
import { explainPerson, parsePersonKey } from '../../operations/desk/explain.ts';
import { getLatestIssuance } from '../../operations/issuance.ts';
import { withContext } from '../compose.ts';
import { print, printJson } from '../say.ts';
import { COMMON, ISSUANCE, PROFILE, command } from '../arguments.ts';
import type { Command, Options } from '../arguments.ts';

const reconcileCommand = command({
  name: 'reconcile',
  summary: 'すべてを数え直して突き合わせる',
  positional: null,
  options: { ...PROFILE, issuance: { ...ISSUANCE.issuance, required: false }, ...COMMON },
  issuance: async (values) => {
    const profile = await loadProfile(values.profile ?? '');
    const { issuance, result } = await withContext(values.json, async (context) => {
      const found = await getLatestIssuance(context, profile, values.issuance);
      return { issuance: found, result: await reconcile(context, found) };
    });
    if (values.json) printJson({ issuance: issuance.id, ...result });
    else {
      for (const b of result.balances)
        print(`${b.difference === 0 ? '一致' : '差異'}　${b.name}　${b.left} / ${b.right}\n`);
      print(result.balanced ? 'balanced: true\n' : 'balanced: false\n');
    }
    return result.balanced ? 0 : 1;
  },
});

const explainCommand = command({
  name: 'explain',
  summary: '一人の判定を、事実と根拠とともに説明する',
  positional: '記号-番号-枝番',
  options: { ...PROFILE, issuance: { ...ISSUANCE.issuance, required: false }, ...COMMON },
  issuance: async (values, text) => {
    const profile = await loadProfile(values.profile ?? '');
    const key = parsePersonKey(text);
    const { decision, explanation } = await withContext(values.json, async (context) =>
      explainPerson(context, await getLatestIssuance(context, profile, values.issuance), key),
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
