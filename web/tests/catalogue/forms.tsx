import { useState } from 'react';
import type { ReactNode } from 'react';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox, RadioGroup } from '../../ui/choice.tsx';
import { Select, TextArea, TextField } from '../../ui/field.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Page } from '../../ui/page.tsx';
import { WarekiDateField } from '../../ui/wareki-date-field.tsx';

const REASONS = [
  { value: 'unknown', label: 'あて所に尋ねあたりません' },
  { value: 'moved', label: '転居先不明', support: '転送期間が過ぎています' },
  { value: 'refused', label: '受取拒絶' },
];

export function FormsPage(): ReactNode {
  const [files, setFiles] = useState<readonly File[]>([]);
  const [reason, setReason] = useState<string | null>('moved');
  const [date, setDate] = useState<LocalDate | null>(null);
  return (
    <Page title="入力" lead="ラベルは上、必須は言葉で、誤りは下に。" width="reading">
      <form className="flex flex-col gap-8" onSubmit={(event) => event.preventDefault()}>
        <TextField label="利用者名" support="英数字2～64文字" required name="login" chars={20} />
        <TextField
          label="パスワード"
          type="password"
          required
          error="パスワードは12文字以上にしてください。"
          chars={20}
        />
        <TextField label="保険者番号" defaultValue="31130012" readOnly support="編集できません" chars={8} />
        <Select label="不着の理由" options={REASONS} chars={16} />
        <Select label="並べ替え（小）" options={REASONS} box="sm" chars={16} error="選んでください。" />
        <TextArea label="理由" support="200文字まで。記録に残ります。" />
        <WarekiDateField label="交付年月日" support="例：令和7年10月1日" required onChange={setDate} />
        <p id="date">{date ?? '未入力'}</p>
        <WarekiDateField
          label="基準日"
          defaultValue={'2019-05-01' as LocalDate}
          error="基準日は取り込みの日より前にしてください。"
        />
        <RadioGroup label="返戻の理由" name="reason" value={reason} options={REASONS} onChange={setReason} />
        <RadioGroup
          label="扱い"
          name="way"
          value={null}
          options={REASONS}
          required
          error="どれかを選んでください。"
          onChange={() => {}}
        />
        <div>
          <Checkbox label="誤りのある行を除いて取り込む" support="除いた行は一覧に残ります" defaultChecked />
          <Checkbox label="二要素認証を使う" />
        </div>
        <FileDrop
          label="加入者ファイル"
          support="CSV。UTF-8 か Shift_JIS。"
          required
          accept=".csv"
          maxBytes={1024 * 1024}
          files={files}
          onChange={setFiles}
        />
        <div className="flex flex-wrap gap-4">
          <Button type="submit" variant="filled">
            登録する
          </Button>
          <Button>やめる</Button>
        </div>
      </form>
    </Page>
  );
}
