// Changing the profile: checked before it is changed, with a reason; refused where somebody else changed it meanwhile.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { wordsOf } from '../api/client.ts';
import { changeProfile, checkProfile } from '../api/profile.ts';
import type { ProfilePage } from '../api/profile.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { TextArea, TextField } from '../ui/field.tsx';

export function ProfileForm({ profile }: { readonly profile: ProfilePage }): ReactNode {
  const client = useQueryClient();
  const [source, setSource] = useState(profile.source);
  const [reason, setReason] = useState('');
  const [open, setOpen] = useState(false);
  const checking = useMutation({ mutationFn: () => checkProfile(source) });
  const changing = useMutation({
    mutationFn: () => changeProfile({ source, seen: profile.sha256, reason: reason.trim() }),
    onSuccess: async () => {
      setOpen(false);
      await client.invalidateQueries();
    },
  });
  const faults = checking.data?.faults;
  const isSame = source === profile.source;
  const missing = isSame
    ? 'まだ何も変えていません'
    : reason.trim() === ''
      ? '理由を入れてください'
      : faults?.length !== 0
        ? '先に誤りを調べてください'
        : undefined;
  return (
    <div className="flex flex-col gap-6">
      <TextArea
        label="決まり（YAML）"
        support="発行の基準日・発送の波・封入物・有効期限など。変えると、次に始める発行から使われます。"
        rows={24}
        spellCheck={false}
        className="text-dns-14N-130"
        value={source}
        onChange={(event) => {
          setSource(event.target.value);
          checking.reset();
        }}
      />
      {faults && (
        <Banner
          kind={faults.length === 0 ? 'success' : 'error'}
          title={faults.length === 0 ? '誤りはありません' : `${faults.length}か所に誤りがあります`}
        >
          {faults.length > 0 && (
            <ul className="list-inside list-disc">
              {faults.map((fault) => (
                <li key={fault}>{fault}</li>
              ))}
            </ul>
          )}
        </Banner>
      )}
      {checking.error && <Banner kind="error" title={wordsOf(checking.error) ?? ''} />}
      <TextField
        label="変える理由"
        support="履歴に残ります。"
        required
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <div className="flex flex-wrap gap-4">
        <Button icon="check" busy={checking.isPending} onClick={() => checking.mutate()}>
          誤りを調べる
        </Button>
        <Button
          variant="filled"
          reason={missing}
          onClick={() => {
            changing.reset();
            setOpen(true);
          }}
        >
          変える
        </Button>
      </div>
      <Confirm
        title={`${profile.name}の決まりを変えますか`}
        verb="変える"
        open={open}
        busy={changing.isPending}
        error={wordsOf(changing.error)}
        onConfirm={() => changing.mutate()}
        onClose={() => setOpen(false)}
      >
        すでに始まった発行は、始めたときの決まりのまま進みます。あなたの名前・理由・変更後の全文が履歴に残ります。
      </Confirm>
    </div>
  );
}
