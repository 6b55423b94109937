// Room: operations. What the monthly issuance would have said of a person on a past day, from what was known by the end of it: the files
// in use, the filings taken in and the papers recorded by then. Nothing is stored; what is recorded later changes no answer.
import { findDatasetAt, readLossesAt, readPapersAt } from '../../ledger/issuing/past-papers.ts';
import type { Chunk } from '../../ledger/papers/issuances.ts';
import { addDays } from '../../rules/words/calendar.ts';
import { formatPersonKey } from '../../rules/words/person-key.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import { SCHEMES } from '../../rules/papers/scheme.ts';
import { explainMonthly } from '../../rules/issuing/monthly-explanation.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import { withMonthAsIf } from '../issuing/month.ts';
import { decideMembers } from '../issuing/certificate-decisions.ts';
import type { Explained } from '../issuing/kind.ts';

/** The end of a day in Japan, as an instant. */
function endOfDay(on: LocalDate): string {
  return `${addDays(on, 1)}T00:00:00+09:00`;
}

/**
 * The decision about one person, had the monthly issuance been made on a day.
 *
 * @param until the instant before which everything must have been recorded: the end of that day.
 * @throws Refusal `dataset-missing` where a file was not there yet, `person-unknown` where the person is in none
 */
export async function explainAsOf(
  context: Context,
  profile: InsurerProfile,
  key: PersonKey,
  on: LocalDate,
  until: string = endOfDay(on),
): Promise<Explained> {
  const [monthly] = profile.monthly;
  if (!monthly)
    throw new Refusal('issuance-unknown', `プロファイル ${profile.id} に毎月の職権交付（kind: monthly）がありません。`);
  const insurerNumber = profile.insurer.number;
  return withMonthAsIf(
    context,
    profile,
    monthly,
    on,
    async (tx) => ({
      members: await findDatasetAt(tx, insurerNumber, 'members', until),
      workplaces: await findDatasetAt(tx, insurerNumber, 'workplaces', until),
      enrolment: await findDatasetAt(tx, insurerNumber, 'enrolment', until),
    }),
    async (tx, issuance) => {
      const { targeting } = issuance.rules;
      const known = {
        papers: await readPapersAt(tx, insurerNumber, key, until),
        losses: await readLossesAt(tx, insurerNumber, key, until),
      };
      for await (const { member, facts, decision } of decideMembers(tx, issuance, chunkOf(key), known))
        if (member.subNumber === key.subNumber && targeting.kind === 'monthly')
          return { decision, explanation: explainMonthly(facts, targeting, decision, SCHEMES[profile.scheme]) };
      throw new Refusal('person-unknown', `${formatPersonKey(key)} は、その日の加入者ファイルにありません。`);
    },
  );
}

/** One household as a chunk of its own. */
export function chunkOf({ symbol, number }: Pick<PersonKey, 'symbol' | 'number'>): Chunk {
  const rank = Number(number);
  return {
    no: 1,
    firstSymbol: symbol,
    firstRank: rank,
    firstNumber: number,
    lastSymbol: symbol,
    lastRank: rank,
    lastNumber: number,
    membersBefore: 0,
    memberCount: 0,
  };
}
