// A new account. Which scope it needs depends on the role; what was typed stays when the server refuses it.
import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ROLE_LABELS } from '../../src/rules/access.ts';
import type { Role } from '../../src/rules/access.ts';
import type { LocalDate } from '../../src/rules/member.ts';
import { createUser } from '../api/audit.ts';
import type { NewAccount } from '../api/audit.ts';
import { wordsOf } from '../api/client.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/choice.tsx';
import { Select, TextField } from '../ui/field.tsx';
import { textOf } from '../ui/form-values.ts';
import { WarekiDateField } from '../ui/wareki-date-field.tsx';

const ROLES = Object.entries(ROLE_LABELS).map(([value, label]) => ({ value, label }));

/** What is missing or wrong, by field. */
function faultsOf(account: NewAccount): ReadonlyMap<string, string> {
  const faults = new Map<string, string>();
  if (!/^[A-Za-z0-9._@-]{2,64}$/.test(account.login))
    faults.set('login', '英数字と . _ @ - の2～64文字で入れてください。');
  if (account.displayName === '') faults.set('displayName', '氏名を入れてください。');
  if (account.password === '') faults.set('password', 'はじめのパスワードを入れてください。');
  if (account.role === 'branch' && !account.branchCode) faults.set('branchCode', '支部の符号を入れてください。');
  if (account.role === 'workplace' && !account.workplaceSymbol)
    faults.set('workplaceSymbol', '事業所の記号を入れてください。');
  return faults;
}

export function NewAccountForm({
  onMade,
}: {
  readonly onMade: (made: { login: string; totp: string | null }) => void;
}): ReactNode {
  const client = useQueryClient();
  const [role, setRole] = useState<Role>('branch');
  const [expiresOn, setExpiresOn] = useState<LocalDate | null>(null);
  const [faults, setFaults] = useState<ReadonlyMap<string, string>>(new Map());
  const key = useRef(crypto.randomUUID());
  const form = useRef<HTMLFormElement>(null);
  const making = useMutation({
    mutationFn: (account: NewAccount) => createUser(account, key.current),
    onSuccess: async ({ totp }, { login }) => {
      key.current = crypto.randomUUID();
      form.current?.reset();
      onMade({ login, totp });
      await client.invalidateQueries({ queryKey: ['users'] });
    },
    // Another content under the same key would be refused.
    onError: () => {
      key.current = crypto.randomUUID();
    },
  });
  return (
    <form
      ref={form}
      noValidate
      className="flex max-w-[40rem] flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        const values = new FormData(event.currentTarget);
        const account: NewAccount = {
          login: textOf(values, 'login').normalize('NFKC').trim(),
          displayName: textOf(values, 'displayName').trim(),
          role,
          branchCode: role === 'branch' ? textOf(values, 'branchCode').normalize('NFKC').trim() : null,
          workplaceSymbol: role === 'workplace' ? textOf(values, 'workplaceSymbol').trim() : null,
          password: textOf(values, 'password'),
          withTotp: values.has('withTotp'),
          expiresOn,
        };
        const found = faultsOf(account);
        setFaults(found);
        if (found.size === 0 && !making.isPending) making.mutate(account);
      }}
    >
      {making.error && <Banner kind="error" title={wordsOf(making.error) ?? ''} />}
      <TextField
        label="利用者名"
        name="login"
        support="英数字と . _ @ - の2～64文字"
        required
        chars={20}
        autoCapitalize="none"
        spellCheck={false}
        error={faults.get('login')}
      />
      <TextField label="氏名" name="displayName" required chars={20} maxLength={60} error={faults.get('displayName')} />
      <Select
        label="役割"
        required
        chars={12}
        options={ROLES}
        value={role}
        onChange={(event) => setRole(event.target.value as Role)}
      />
      {role === 'branch' && (
        <TextField
          label="支部の符号"
          name="branchCode"
          required
          chars={8}
          maxLength={10}
          error={faults.get('branchCode')}
        />
      )}
      {role === 'workplace' && (
        <TextField
          label="事業所の記号"
          name="workplaceSymbol"
          required
          chars={10}
          maxLength={8}
          error={faults.get('workplaceSymbol')}
        />
      )}
      <TextField
        label="はじめのパスワード"
        name="password"
        type="password"
        support="12文字以上。別の手だてで本人に伝えてください。"
        required
        chars={24}
        autoComplete="new-password"
        error={faults.get('password')}
      />
      <WarekiDateField label="期限" support="入れなければ、期限はありません。" onChange={setExpiresOn} />
      <Checkbox label="二要素認証を使う" name="withTotp" defaultChecked />
      <div>
        <Button type="submit" look="filled" busy={making.isPending}>
          {making.isPending ? '登録しています…' : '登録する'}
        </Button>
      </div>
    </form>
  );
}
