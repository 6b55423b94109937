// Choosing a file, what it is, and of which day. What was chosen stays when the server does not take it.
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { LocalDate } from '../../src/rules/words/local-date.ts';
import { wordsOf } from '../api/client.ts';
import { useAction } from '../api/action.ts';
import { importFile } from '../api/exchange.ts';
import type { DatasetKind } from '../api/exchange.ts';
import type { Job } from '../api/work.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Checkbox, RadioGroup } from '../ui/choice.tsx';
import { FileDrop } from '../ui/file-drop.tsx';
import { WarekiDateField } from '../ui/wareki-date-field.tsx';

export const KINDS = {
  members: '加入者',
  workplaces: '事業所',
  enrolment: 'マイナ保険証の登録状況',
  ratios: '負担割合',
} as const satisfies Record<DatasetKind, string>;

const HELP = {
  members: '記号・番号・枝番・氏名・住所など。全件。',
  workplaces: '記号・名称・所在地など。全件。',
  enrolment: 'カードの有無と利用登録の有無。全件。基準日が要ります。',
  ratios: '70歳以上の方の2割・3割と発効期日・有効期限。お知らせに記載します。',
} as const satisfies Record<DatasetKind, string>;

const MOST_BYTES = 4 * 1024 ** 3;

/** What a file is by its name, as the contract names them; null where the name does not say. */
function kindOf(name: string): DatasetKind | null {
  const starts = {
    加入者: 'members',
    事業所: 'workplaces',
    マイナ: 'enrolment',
    負担割合: 'ratios',
  } as const satisfies Record<string, DatasetKind>;
  const folded = name.normalize('NFKC');
  return Object.entries(starts).find(([start]) => folded.startsWith(start))?.[1] ?? null;
}

export function ImportForm({ onOverrideRequested }: { readonly onOverrideRequested: (job: Job) => void }): ReactNode {
  const [kind, setKind] = useState<DatasetKind | null>(null);
  const [files, setFiles] = useState<readonly File[]>([]);
  const [asOf, setAsOf] = useState<LocalDate | null>(null);
  const [skipInvalid, setSkipInvalid] = useState(false);
  const [tried, setTried] = useState(false);
  const needsDay = kind === 'enrolment';
  const [file] = files;
  const importing = useAction(importFile, (job) => {
    setFiles([]);
    setTried(false);
    onOverrideRequested(job);
  });
  return (
    <form
      className="flex max-w-[50rem] flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (kind && file && !(needsDay && asOf === null) && !importing.isPending)
          importing.mutate({ kind, file, asOf: needsDay ? asOf : null, skipInvalid });
      }}
    >
      {importing.error && <Banner kind="error" title={wordsOf(importing.error) ?? ''} />}
      <FileDrop
        label="ファイル"
        support="CSV（UTF-8 か Shift_JIS）か Excelブック（.xlsx、最初のシート）。個人番号が入っているファイルは受け付けません。"
        required
        accept=".csv,.xlsx"
        maxBytes={MOST_BYTES}
        files={files}
        onChange={(chosen) => {
          setFiles(chosen);
          setKind(chosen[0] ? (kindOf(chosen[0].name) ?? kind) : kind);
        }}
        error={tried && !file ? 'ファイルを選んでください。' : undefined}
      />
      <RadioGroup
        label="ファイルの種類"
        support="ファイル名が「加入者」「事業所」「マイナ保険証」「負担割合」で始まれば、選ばれます。"
        name="kind"
        required
        value={kind}
        options={(Object.keys(KINDS) as DatasetKind[]).map((value) => ({
          value,
          label: KINDS[value],
          support: HELP[value],
        }))}
        error={tried && kind === null ? '種類を選んでください。' : undefined}
        onChange={(value) => setKind(value as DatasetKind)}
      />
      {needsDay && (
        <WarekiDateField
          label="登録状況の基準日"
          required
          onChange={setAsOf}
          error={tried && asOf === null ? '基準日を入れてください。' : undefined}
        />
      )}
      <Checkbox
        label="誤りのある行を除いて取り込む"
        support="除いた行の人には何も送られません。ふつうは選ばず、ファイルを直してください。"
        checked={skipInvalid}
        onChange={(event) => setSkipInvalid(event.target.checked)}
      />
      <div>
        <Button type="submit" variant="filled" icon="upload" busy={importing.isPending}>
          {importing.isPending ? '送っています…' : '取り込む'}
        </Button>
      </div>
    </form>
  );
}
