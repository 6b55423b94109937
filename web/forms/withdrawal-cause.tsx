// Why a paper is withdrawn, in the codes that say how long it keeps the person out of later issuances.
import type { ReactNode } from 'react';
import { STAFF_CODES, WITHDRAWAL_LABELS, WITHDRAWAL_TERMS } from '../../src/rules/papers/standing.ts';
import type { LocalDate } from '../../src/rules/words/local-date.ts';
import type { WithdrawalCause } from '../api/papers.ts';
import { Select } from '../ui/field.tsx';
import { WarekiDateField } from '../ui/wareki-date-field.tsx';

const OPTIONS = STAFF_CODES.map((code) => ({
  value: code,
  label: `${WITHDRAWAL_LABELS[code]}（${WITHDRAWAL_TERMS[code]}、後の発行に入れない）`,
}));

/** What is chosen before anybody has: staff decide, and lift it. */
export const BY_STAFF: WithdrawalCause = { code: 'staff', lostOn: null };

export function WithdrawalCauseFields({
  value,
  onChange,
}: {
  readonly value: WithdrawalCause;
  readonly onChange: (cause: WithdrawalCause) => void;
}): ReactNode {
  return (
    <div className="mb-4 flex flex-col gap-4">
      <Select
        label="引き抜きの区分"
        support="後の発行でいつまで対象から外すかを決めます。"
        required
        options={OPTIONS}
        value={value.code}
        onChange={(event) => onChange({ code: event.target.value as WithdrawalCause['code'], lostOn: null })}
      />
      {value.code === 'lost' && (
        <WarekiDateField
          label="資格喪失年月日"
          support="分かっているときだけ入れてください。空けておくと、きょうとして扱います。"
          onChange={(lostOn: LocalDate | null) => onChange({ code: 'lost', lostOn })}
        />
      )}
    </div>
  );
}
