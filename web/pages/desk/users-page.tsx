// Who may use the console. The administrator makes accounts, shuts them and gives new passwords.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { ROLE_LABELS } from '../../../src/rules/access.ts';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { usersQuery } from '../../api/audit.ts';
import type { Account, UserList } from '../../api/audit.ts';
import { paths } from '../../paths.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import type { Column } from '../../ui/table.tsx';
import { Count, DateText, InstantText, dayOf } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';
import { ListSearch } from '../list-search.tsx';

/** Whether somebody can sign in to an account now, and if not why. */
export function AccountChip({ account }: { readonly account: Account }): ReactNode {
  if (account.isDisabled) {
    return (
      <Chip tone="gray" icon="ban">
        停止中
      </Chip>
    );
  }
  if (isPast(account.expiresOn)) {
    return (
      <Chip tone="gray" icon="clock">
        期限切れ
      </Chip>
    );
  }
  if (account.isLocked) {
    return (
      <Chip tone="red" icon="lock">
        ロック中
      </Chip>
    );
  }
  return (
    <Chip tone="green" icon="check">
      利用中
    </Chip>
  );
}

function isPast(expiresOn: string | null): boolean {
  return expiresOn !== null && expiresOn < dayOf(new Date().toISOString());
}

/** The branch an account sees, or its workplace: 「島根支部」「記号 31000012」 */
export function scopeOf(account: Account, branches: UserList['branches']): string {
  if (account.branchCode !== null)
    return branches.find((branch) => branch.code === account.branchCode)?.name ?? account.branchCode;
  return account.workplaceSymbol === null ? '' : `記号 ${account.workplaceSymbol}`;
}

/** How somebody signs in, in words. */
export function signInMethodsOf(account: Account): string {
  const ways = [
    account.hasPassword && (account.hasTotp ? 'パスワードと確認コード' : 'パスワード'),
    account.hasOrganisation && '組織のサインイン',
  ];
  return ways.filter(Boolean).join('、') || 'なし';
}

export function UsersPage(): ReactNode {
  const [search] = useSearchParams();
  const q = search.get('q') ?? '';
  const users = useQuery(usersQuery);
  return (
    <Page
      title="利用者"
      lead="このコンソールにサインインできる人です。一人に一つの役割があり、見えるものと行えることが決まります。"
      actions={
        <LinkButton variant="filled" to={paths.newUser}>
          利用者を登録する
        </LinkButton>
      }
    >
      <Fetched query={users}>
        {({ items, branches }) => {
          const rows = items.filter((account) => matches(account, scopeOf(account, branches), q));
          return (
            <>
              <ListSearch label="利用者名、氏名、役割、支部でさがす" />
              <p className="mb-3 text-dns-16N-130">
                {q === '' ? (
                  <Count n={items.length} unit="人" />
                ) : (
                  <>
                    「{q}」に合う <Count n={rows.length} unit="人" />
                    （全{items.length}人）
                  </>
                )}
              </p>
              {rows.length === 0 ? (
                <Empty icon="search" title="条件に合う利用者はいません" />
              ) : (
                <Table
                  caption="利用者"
                  columns={columnsOf(branches)}
                  rows={rows}
                  rowKey={(account) => String(account.id)}
                />
              )}
            </>
          );
        }}
      </Fetched>
    </Page>
  );
}

function matches(account: Account, scope: string, q: string): boolean {
  const text = [account.login, account.displayName, ROLE_LABELS[account.role], scope].join(' ');
  return text.normalize('NFKC').toLowerCase().includes(q.normalize('NFKC').toLowerCase());
}

const columnsOf = (branches: UserList['branches']): Column<Account>[] => [
  {
    key: 'login',
    title: '利用者名',
    names: true,
    chars: 10,
    cell: (account) => <Link to={paths.user(account.id)}>{account.login}</Link>,
  },
  { key: 'name', title: '氏名', chars: 8, cell: (account) => account.displayName },
  {
    key: 'role',
    title: '役割',
    cell: (account) => (
      <>
        <span className="whitespace-nowrap">{ROLE_LABELS[account.role]}</span>
        {scopeOf(account, branches) && (
          <span className="block text-dns-14N-130 text-solid-gray-700">{scopeOf(account, branches)}</span>
        )}
      </>
    ),
  },
  { key: 'state', title: '状態', cell: (account) => <AccountChip account={account} /> },
  {
    key: 'expires',
    title: '期限',
    cell: (account) => (account.expiresOn === null ? 'なし' : <DateText date={account.expiresOn as LocalDate} />),
  },
  {
    key: 'seen',
    title: '最後の利用',
    cell: (account) => (account.seenAt === null ? 'まだない' : <InstantText at={account.seenAt} />),
  },
];
