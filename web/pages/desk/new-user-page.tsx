// A new account, and what is handed to its owner: shown once.
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { usersQuery } from '../../api/audit.ts';
import type { CreatedUser } from '../../api/audit.ts';
import { NewUserForm } from '../../forms/new-user-form.tsx';
import { paths } from '../../paths.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Facts } from '../../ui/card.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { QrCode } from '../../ui/qr-code.tsx';
import { Fetched } from '../fetched.tsx';

const CRUMBS = [{ to: paths.users, label: '利用者' }];

interface Made {
  readonly user: CreatedUser;
  readonly login: string;
  readonly password: string;
}

export function NewUserPage(): ReactNode {
  const users = useQuery(usersQuery);
  const [made, setMade] = useState<Made | null>(null);
  if (made) return <HandOn made={made} onNext={() => setMade(null)} />;
  return (
    <Page title="利用者を登録する" crumbs={CRUMBS} width="reading">
      <Fetched query={users}>
        {({ branches }) => (
          <NewUserForm branches={branches} onDone={(user, login, password) => setMade({ user, login, password })} />
        )}
      </Fetched>
    </Page>
  );
}

function HandOn({ made, onNext }: { readonly made: Made; readonly onNext: () => void }): ReactNode {
  // It takes the place of the form, which was left at its end.
  useEffect(() => {
    scrollTo(0, 0);
  }, []);
  const { user, login, password } = made;
  const secret = user.totp === null ? '' : (new URL(user.totp).searchParams.get('secret') ?? '');
  return (
    <Page title="利用者を登録しました" crumbs={CRUMBS} width="reading">
      <div className="mb-8">
        <Banner kind="warning" title="下の内容は、この画面を離れるともう見られません">
          本人に渡してから、次へ進んでください。渡しそびれたときは、利用者の画面で新しいパスワードを設定できます。
        </Banner>
      </div>
      <Section title="本人に渡すもの">
        <Facts
          facts={[
            { name: '利用者名', value: <span className="code">{login}</span> },
            { name: 'パスワード', value: <span className="code">{password}</span> },
          ]}
        />
      </Section>
      {user.totp !== null && (
        <Section title="認証アプリに読み取らせるコード">
          <div className="flex flex-wrap items-start gap-6">
            <QrCode rows={user.totpRows} label="認証アプリに読み取らせるQRコード" />
            <div className="min-w-0">
              <p className="max-w-[24em]">
                読み取れないときは、認証アプリに次の文字を入れてもらいます（時刻に基づく方式、6桁、30秒）。
              </p>
              <p className="code mt-2 text-std-18B-160 whitespace-normal">{secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}</p>
            </div>
          </div>
        </Section>
      )}
      <div className="flex flex-wrap gap-4 print:hidden">
        <LinkButton variant="filled" to={paths.users}>
          利用者の一覧へ
        </LinkButton>
        <Button icon="print" onClick={() => window.print()}>
          印刷する
        </Button>
        <Button onClick={onNext}>続けて登録する</Button>
      </div>
    </Page>
  );
}
