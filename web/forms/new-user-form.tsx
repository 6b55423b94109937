// A new account: who, as what, how they sign in, until when.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { ROLE_LABELS } from '../../src/rules/access.ts';
import type { Role } from '../../src/rules/access.ts';
import { createUser } from '../api/audit.ts';
import type { CreatedUser, NewAccount, UserList } from '../api/audit.ts';
import { wordsOf } from '../api/client.ts';
import { useAction } from '../api/action.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Checkbox, RadioGroup } from '../ui/choice.tsx';
import { Select, TextField } from '../ui/field.tsx';
import { textOf } from '../ui/form-values.ts';
import { NO_DATE, WarekiDateField } from '../ui/wareki-date-field.tsx';
import { LEAST_PASSWORD, PasswordField } from './password-field.tsx';

const WHAT = {
  headquarters: 'すべての支部の加入者、発行、取込、ロットの承認',
  branch: '自分の支部の加入者、不着、事業所',
  contractor: '引き渡しの受け取り、結果の持ち込み、不着の読み取り。氏名も理由も見えません',
  workplace: '自分の事業所の郵便物と回収だけ。理由は見えません',
  'call-centre': '加入者をさがして見るだけ。変更はできません',
  auditor: '記録と統計を見るだけ。加入者は見えません',
  administrator: '利用者と記録。加入者は見えません',
} as const satisfies Record<Role, string>;

type Faults = Readonly<Record<string, string>>;

function faultsOf(request: NewAccount): Faults {
  const faults: Record<string, string> = {};
  if (!/^[A-Za-z0-9._@-]{2,64}$/.test(request.login))
    faults['login'] = '英数字と . _ @ - を使い、2～64文字で入れてください。';
  if (request.displayName === '') faults['displayName'] = '氏名を入れてください。';
  if (request.role === 'workplace' && !/^.{1,8}$/u.test(request.workplaceSymbol ?? ''))
    faults['workplaceSymbol'] = '事業所の記号を、8文字までで入れてください。';
  if ([...request.password].length < LEAST_PASSWORD)
    faults['password'] = `${LEAST_PASSWORD}文字以上のパスワードを入れるか、「パスワードを作る」を押してください。`;
  if (request.expiresOn === NO_DATE) faults['expiresOn'] = 'この日付はありません。年・月・日を確かめてください。';
  return faults;
}

export function NewUserForm({
  branches,
  onDone,
}: {
  readonly branches: UserList['branches'];
  readonly onDone: (user: CreatedUser, login: string, password: string) => void;
}): ReactNode {
  const [role, setRole] = useState<Role | null>(null);
  const [withTotp, setWithTotp] = useState(true);
  const [faults, setFaults] = useState<Faults>({});
  const making = useAction(createUser, (user, request) => onDone(user, request.login, request.password));
  const roles = (Object.keys(ROLE_LABELS) as Role[]).filter((each) => each !== 'branch' || branches.length > 0);
  return (
    <form
      noValidate
      className="flex flex-col gap-8"
      onSubmit={(event) => {
        event.preventDefault();
        if (making.isPending) return;
        const form = new FormData(event.currentTarget);
        const folded = (name: string): string => textOf(form, name).normalize('NFKC').trim();
        const request: NewAccount = {
          login: folded('login'),
          displayName: textOf(form, 'displayName').trim(),
          role: role ?? 'auditor',
          branchCode: role === 'branch' ? textOf(form, 'branchCode') : null,
          workplaceSymbol: role === 'workplace' ? folded('workplaceSymbol') : null,
          password: textOf(form, 'password'),
          withTotp,
          expiresOn: textOf(form, 'expiresOn') || null,
        };
        const found = { ...faultsOf(request), ...(role === null && { role: '役割を選んでください。' }) };
        setFaults(found);
        if (Object.keys(found).length === 0) making.mutate(request);
        else {
          // The first field at fault, once it says so.
          const { currentTarget } = event;
          requestAnimationFrame(() => currentTarget.querySelector<HTMLElement>('[aria-invalid]')?.focus());
        }
      }}
    >
      {making.error && <Banner kind="error" title={wordsOf(making.error) ?? ''} />}
      <TextField
        label="氏名"
        name="displayName"
        required
        support="記録と、ロットを確認した人として残ります。"
        error={faults['displayName']}
        maxLength={60}
        chars={20}
      />
      <TextField
        label="利用者名"
        name="login"
        required
        support="サインインに使う名前。例：yamada.t"
        error={faults['login']}
        maxLength={64}
        autoCapitalize="none"
        spellCheck={false}
        chars={20}
      />
      <RadioGroup
        label="役割"
        name="role"
        required
        value={role}
        error={faults['role']}
        options={roles.map((each) => ({ value: each, label: ROLE_LABELS[each], support: WHAT[each] }))}
        onChange={(value) => setRole(value as Role)}
      />
      {role === 'branch' && (
        <Select
          label="支部"
          name="branchCode"
          required
          chars={16}
          options={branches.map(({ code, name }) => ({ value: code, label: name }))}
        />
      )}
      {role === 'workplace' && (
        <TextField
          label="事業所の記号"
          name="workplaceSymbol"
          required
          support="保険証・資格確認書の記号。例：31250001"
          error={faults['workplaceSymbol']}
          maxLength={8}
          chars={10}
        />
      )}
      <PasswordField error={faults['password']} />
      <Checkbox
        label="確認コード（認証アプリ）も使う"
        support="パスワードだけが漏れても入れません。登録のあとに一度だけ、認証アプリに読み取らせるコードが出ます。"
        checked={withTotp}
        onChange={(event) => setWithTotp(event.target.checked)}
      />
      <WarekiDateField
        label="利用の期限"
        name="expiresOn"
        error={faults['expiresOn']}
        support="この日まで使えます。空ならば期限はありません。"
      />
      <div>
        <Button type="submit" variant="filled" size="lg" busy={making.isPending}>
          {making.isPending ? '登録しています…' : '登録する'}
        </Button>
      </div>
    </form>
  );
}
