// Room: operations. Two records of a person compared while 加入者.csv is taken in: its own row, and that of 照会結果.csv. What
// is kept is the class or what differs and how, never the other source's values. Both files are read once, side by side.
import path from 'node:path';
import { hashFile } from '../../formats/content-hash.ts';
import { readIdentities } from '../../formats/identities.ts';
import type { IdentityRecord } from '../../formats/identities.ts';
import { IntakeFault, ROW_ERROR_LABELS } from '../../formats/intake.ts';
import { MATCH_LABELS, compareIdentities, describeDifferences } from '../../rules/intake/matching.ts';
import { canonicalKey } from '../../rules/intake/join-keys.ts';
import { formatPersonKey } from '../../rules/words/person-key.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { Member } from '../../rules/intake/member.ts';
import type { Address } from '../../rules/words/address.ts';
import { Refusal } from '../context.ts';

interface Numbered {
  readonly line: number;
  readonly value: IdentityRecord;
}

/** The records of one file, taken up in the order of the members. */
export class RecordMatcher {
  readonly #fileName: string;
  readonly #rows: AsyncIterator<Numbered>;
  #next: Numbered | null = null;
  #isOpen = false;
  /** Address of the household the members are in: a dependent mostly has none of its own. */
  #household = '';
  #home: Address | null = null;

  constructor(file: string) {
    this.#fileName = path.basename(file);
    this.#rows = rowsOf(file, this.#fileName);
  }

  /** 突合結果 of these members, in order; what 加入者.csv says itself where there is no record. */
  async resultsOf(members: readonly Member[]): Promise<(string | null)[]> {
    if (!this.#isOpen) await this.#advance();
    this.#isOpen = true;
    const results: (string | null)[] = [];
    for (const member of members) {
      this.#enter(member);
      const record = this.#next?.value;
      if (!record || !isSamePerson(record, member)) {
        results.push(member.matchResult);
        continue;
      }
      results.push(this.#compare(member, record));
      await this.#advance();
    }
    return results;
  }

  /** Every record has met its member, or a refusal that names the first that has not. */
  finish(): void {
    if (this.#next === null) return;
    const { line, value } = this.#next;
    throw new Refusal(
      'match-order',
      `${this.#fileName}: ${line}行目（${formatPersonKey(value)}）の人が加入者ファイルにないか、並びが違います。加入者ファイルと同じ順に並べてください。`,
    );
  }

  #enter(member: Member): void {
    const household = `${member.symbol}-${member.number}`;
    if (household !== this.#household) this.#home = null;
    this.#household = household;
    if (member.relation === 'insured') this.#home = member.home;
  }

  #compare(member: Member, { identity, isConfirmed }: IdentityRecord): string {
    const { kana, bornOn, sex } = member;
    const name = member.registeredName ?? member.name;
    const differences = compareIdentities({ name, kana, bornOn, sex, address: member.home ?? this.#home }, identity);
    if (differences.length === 0) return MATCH_LABELS.agrees;
    return isConfirmed ? MATCH_LABELS.confirmed : describeDifferences(differences);
  }

  async #advance(): Promise<void> {
    const { value, done } = await this.#rows.next();
    this.#next = done ? null : value;
  }
}

/** Whether two files mean one person: keys are the same but for zeros and width. */
function isSamePerson(a: PersonKey, b: PersonKey): boolean {
  return (
    formatPersonKey(a) === formatPersonKey(b) || formatPersonKey(canonicalKey(a)) === formatPersonKey(canonicalKey(b))
  );
}

async function* rowsOf(file: string, fileName: string): AsyncGenerator<Numbered> {
  try {
    for await (const { rows, errors } of readIdentities(file, {})) {
      if (errors.length > 0) {
        const details = errors
          .slice(0, 10)
          .map(
            (e) => `${e.line}行 ${e.column || '（行全体）'}: ${ROW_ERROR_LABELS[e.code]}。必要なもの: ${e.expected}`,
          );
        throw new Refusal('invalid-rows', `${fileName}: 誤りがあり、何も取り込みませんでした。`, details);
      }
      yield* rows;
    }
  } catch (error) {
    if (error instanceof IntakeFault) throw new Refusal(error.code, `${fileName}: ${error.message}`);
    throw error;
  }
}

/** Content hash of a file of records: another one makes other rows of the same members. */
export async function hashRecords(file: string): Promise<string> {
  return hashFile(file).catch(() => {
    throw new Refusal('no-file', `${path.basename(file)}: ファイルがありません。`);
  });
}
