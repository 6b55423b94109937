// One account: what it may, and its changes.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { ROLE_LABELS } from '../../../src/rules/access.ts';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { changeUser, usersQuery } from '../../api/audit.ts';
import type { Account, UserList } from '../../api/audit.ts';
import { wordsOf } from '../../api/client.ts';
import { useAction } from '../../api/action.ts';
import { LEAST_PASSWORD, PasswordField } from '../../forms/password-field.tsx';
import { paths } from '../../paths.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Facts } from '../../ui/card.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { textOf } from '../../ui/form-values.ts';
import { Page, Section } from '../../ui/page.tsx';
import { Empty } from '../../ui/states.tsx';
import { DateText, InstantText } from '../../ui/text.tsx';
import { NO_DATE, WarekiDateField } from '../../ui/wareki-date-field.tsx';
import { Fetched } from '../fetched.tsx';
import { useAccount } from '../signed-in.tsx';
import { AccountChip, signInMethodsOf, scopeOf } from './users-page.tsx';

const CRUMBS = [{ to: paths.users, label: '利用者' }];

type Change = Parameters<typeof changeUser>[1];

export function UserPage(): ReactNode {
  const { id = '' } = useParams();
  const users = useQuery(usersQuery);
  return (
    <Fetched query={users} page="利用者">
      {({ items, branches }) => {
        const account = items.find((each) => String(each.id) === id);
        return account ? <UserDetail key={account.id} account={account} branches={branches} /> : <Unknown />;
      }}
    </Fetched>
  );
}

function Unknown(): ReactNode {
  return (
    <Page title="利用者" crumbs={CRUMBS}>
      <Empty
        icon="question"
        title="その利用者はいません"
        actions={<LinkButton to={paths.users}>利用者の一覧へ</LinkButton>}
      />
    </Page>
  );
}

function UserDetail({
  account,
  branches,
}: {
  readonly account: Account;
  readonly branches: UserList['branches'];
}): ReactNode {
  const me = useAccount();
  const [told, setNotice] = useState('');
  const changing = useAction(
    ({ change }: { change: Change; told: string }, key) => changeUser(account.id, change, key),
    (_done, request) => setNotice(request.told),
  );
  const change = (request: Change, words: string): void => {
    setNotice('');
    changing.mutate({ change: request, told: words });
  };
  const scope = scopeOf(account, branches);
  return (
    <Page title={account.displayName} of={account.login} crumbs={CRUMBS} width="reading">
      {told && (
        <div className="mb-6">
          <Banner kind="success" title={told} onClose={() => setNotice('')}>
            この利用者の開いているサインインはすべて終わりました。
          </Banner>
        </div>
      )}
      {changing.error && (
        <div className="mb-6">
          <Banner kind="error" title={wordsOf(changing.error) ?? ''} />
        </div>
      )}
      <Section title="いまの内容">
        <Facts
          facts={[
            { name: '状態', value: <AccountChip account={account} /> },
            { name: '利用者名', value: <span className="code">{account.login}</span> },
            { name: '役割', value: `${ROLE_LABELS[account.role]}${scope && `　${scope}`}` },
            { name: 'サインイン', value: signInMethodsOf(account) },
            {
              name: '期限',
              value: account.expiresOn === null ? 'なし' : <DateText date={account.expiresOn as LocalDate} weekday />,
            },
            { name: '最後の利用', value: account.seenAt === null ? 'まだない' : <InstantText at={account.seenAt} /> },
            { name: '登録した人', value: account.createdBy },
          ]}
        />
      </Section>
      <Shut account={account} isMe={me.login === account.login} busy={changing.isPending} onChange={change} />
      {account.hasPassword && <NewPassword busy={changing.isPending} onChange={change} />}
      <Expiry account={account} busy={changing.isPending} onChange={change} />
    </Page>
  );
}

interface Part {
  readonly busy: boolean;
  readonly onChange: (change: Change, told: string) => void;
}

function Shut({
  account,
  isMe,
  busy,
  onChange,
}: Part & { readonly account: Account; readonly isMe: boolean }): ReactNode {
  const [open, setOpen] = useState(false);
  if (account.isDisabled) {
    return (
      <Section title="利用の再開">
        <p className="mb-4">もう一度サインインできるようになります。パスワードは前のままです。</p>
        <Button busy={busy} onClick={() => onChange({ isDisabled: false }, '利用を再開しました')}>
          利用を再開する
        </Button>
      </Section>
    );
  }
  return (
    <Section title="利用の停止">
      <p className="mb-4">サインインできなくなります。これまでの記録は残り、いつでも再開できます。</p>
      <Button reason={isMe ? '自分自身は止められません' : undefined} onClick={() => setOpen(true)}>
        利用を停止する
      </Button>
      <Confirm
        title={`${account.displayName} さんの利用を停止しますか`}
        verb="停止する"
        variant="danger"
        open={open}
        busy={busy}
        onClose={() => setOpen(false)}
        onConfirm={() => {
          setOpen(false);
          onChange({ isDisabled: true }, '利用を停止しました');
        }}
      >
        サインインしている画面は、すぐに使えなくなります。
      </Confirm>
    </Section>
  );
}

function NewPassword({ busy, onChange }: Part): ReactNode {
  const [fault, setFault] = useState<string | undefined>(undefined);
  return (
    <Section title="パスワードの変更">
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const password = textOf(new FormData(event.currentTarget), 'password');
          const isShort = [...password].length < LEAST_PASSWORD;
          setFault(isShort ? `${LEAST_PASSWORD}文字以上のパスワードを入れてください。` : undefined);
          if (!isShort && !busy) onChange({ password }, 'パスワードを変えました');
        }}
      >
        <PasswordField error={fault} />
        <div>
          <Button type="submit" busy={busy}>
            パスワードを変える
          </Button>
        </div>
      </form>
    </Section>
  );
}

function Expiry({ account, busy, onChange }: Part & { readonly account: Account }): ReactNode {
  return (
    <Section title="期限の変更">
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const expiresOn = textOf(new FormData(event.currentTarget), 'expiresOn') || null;
          if (!busy && expiresOn !== NO_DATE)
            onChange({ expiresOn }, expiresOn === null ? '期限をなくしました' : '期限を変えました');
        }}
      >
        <WarekiDateField
          label="利用の期限"
          name="expiresOn"
          support="この日まで使えます。すべて空にすると期限がなくなります。"
          {...(account.expiresOn !== null && { defaultValue: account.expiresOn as LocalDate })}
        />
        <div>
          <Button type="submit" busy={busy}>
            期限を変える
          </Button>
        </div>
      </form>
    </Section>
  );
}
