// Accounts: who may sign in, as what, until when.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ROLE_LABELS } from '../../src/rules/access.ts';
import type { LocalDate } from '../../src/rules/member.ts';
import { changeUser, usersQuery } from '../api/audit.ts';
import type { Account } from '../api/audit.ts';
import { wordsOf } from '../api/client.ts';
import { NewAccountForm } from '../forms/new-account-form.tsx';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Table } from '../ui/table.tsx';
import { DateText, InstantText } from '../ui/text.tsx';
import { Fetched } from './fetched.tsx';
import { useAccount } from './signed-in.tsx';

export function UsersPage(): ReactNode {
  const users = useQuery(usersQuery);
  const [made, setMade] = useState<{ login: string; totp: string | null } | null>(null);
  return (
    <Page title="利用者" lead="だれが、どの役割で、いつまで使えるか。">
      {made && (
        <div className="mb-6">
          <Banner kind="success" title={`${made.login} を登録しました`} onClose={() => setMade(null)}>
            {made.totp !== null && (
              <>
                次の文字列を本人の認証アプリに登録してください。この画面を閉じると二度と出ません。
                <span className="mt-2 block rounded-8 bg-solid-gray-50 p-3 text-dns-14N-130 break-all">
                  {made.totp}
                </span>
              </>
            )}
          </Banner>
        </div>
      )}
      <Section title="登録されている利用者">
        <Fetched query={users}>{({ items }) => <Users items={items} />}</Fetched>
      </Section>
      <Section title="利用者を登録する">
        <NewAccountForm onMade={setMade} />
      </Section>
    </Page>
  );
}

function Users({ items }: { readonly items: readonly Account[] }): ReactNode {
  return (
    <Table
      caption="利用者"
      dense
      rows={items}
      rowKey={(row) => String(row.id)}
      columns={[
        {
          key: 'login',
          title: '利用者',
          names: true,
          chars: 9,
          cell: (row) => (
            <>
              {row.displayName}
              <span className="block text-dns-14N-130 text-solid-gray-700">{row.login}</span>
            </>
          ),
        },
        {
          key: 'role',
          title: '役割',
          chars: 7,
          cell: (row) => (
            <>
              {ROLE_LABELS[row.role]}
              {row.branchCode !== null && <span className="whole block">支部 {row.branchCode}</span>}
              {row.workplaceSymbol !== null && <span className="whole block">記号 {row.workplaceSymbol}</span>}
            </>
          ),
        },
        { key: 'state', title: '状態', cell: (row) => <AccountChip account={row} /> },
        {
          key: 'expires',
          title: '期限・最後の利用',
          cell: (row) => (
            <>
              {row.expiresOn === null ? '期限なし' : <DateText date={row.expiresOn as LocalDate} />}
              <span className="block text-dns-14N-130 text-solid-gray-700">
                {row.seenAt === null ? 'まだ使っていません' : <InstantText at={row.seenAt} />}
              </span>
            </>
          ),
        },
        { key: 'deed', title: '操作', cell: (row) => <Switch account={row} /> },
      ]}
    />
  );
}

function AccountChip({ account }: { readonly account: Account }): ReactNode {
  if (account.isDisabled) {
    return (
      <Chip icon="ban" outlined>
        停止中
      </Chip>
    );
  }
  if (account.isLocked) {
    return (
      <Chip tone="orange" icon="lock">
        ロック中
      </Chip>
    );
  }
  return (
    <Chip tone="green" icon="check">
      {account.hasTotp ? '使えます（二要素）' : '使えます'}
    </Chip>
  );
}

function Switch({ account }: { readonly account: Account }): ReactNode {
  const client = useQueryClient();
  const me = useAccount();
  const [open, setOpen] = useState(false);
  const changing = useMutation({
    mutationFn: () => changeUser(account.id, { isDisabled: !account.isDisabled }),
    onSuccess: async () => {
      setOpen(false);
      await client.invalidateQueries({ queryKey: usersQuery.queryKey });
    },
  });
  const verb = account.isDisabled ? '再開する' : '停止する';
  return (
    <>
      <Button
        size="sm"
        aria-label={`${account.login} を${verb}`}
        reason={account.login === me.login ? '自分は止められません' : undefined}
        onClick={() => {
          changing.reset();
          setOpen(true);
        }}
      >
        {verb}
      </Button>
      <Confirm
        title={`${account.displayName}（${account.login}）を${verb.replace('する', '')}しますか`}
        verb={verb}
        look={account.isDisabled ? 'filled' : 'danger'}
        open={open}
        busy={changing.isPending}
        error={wordsOf(changing.error)}
        onConfirm={() => changing.mutate()}
        onClose={() => setOpen(false)}
      >
        {account.isDisabled
          ? 'また、サインインできるようになります。'
          : 'サインインできなくなり、開いている画面も使えなくなります。'}
      </Confirm>
    </>
  );
}
