// Sign-in. Afterwards the browser goes to the page that was asked for.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import { sessionQuery } from '../../api/session.ts';
import { SignInForm } from '../../forms/sign-in-form.tsx';
import { paths } from '../../paths.ts';
import { Page } from '../../ui/page.tsx';
import { Mark } from '../../ui/shell.tsx';
import { Fetched } from '../fetched.tsx';

/** An address of our own to go on to: never another site's. */
export function ownAddress(text: string | null): string {
  return text !== null && /^\/(?![/\\])/.test(text) ? text : paths.today;
}

export function SignInPage(): ReactNode {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const session = useQuery(sessionQuery);
  const next = ownAddress(search.get('next'));
  return (
    <div className="min-h-dvh bg-solid-gray-50">
      <main className="mx-auto flex max-w-[34rem] flex-col px-4 py-8 desktop:py-16">
        <Fetched query={session}>
          {({ account, insurerName, hasOrganisation }) =>
            account ? (
              <Navigate to={next} replace />
            ) : (
              <div className="rounded-16 border border-solid-gray-200 bg-white p-6 desktop:p-10">
                <p className="mb-6 flex items-center gap-3">
                  <Mark />
                  <span>
                    <span className="block text-dns-16B-130 text-solid-gray-900">todoke</span>
                    <span className="block text-dns-14N-130 text-solid-gray-700">資格確認書の発行と管理</span>
                  </span>
                </p>
                <Page title="サインイン" lead={insurerName}>
                  <SignInForm
                    hasOrganisation={hasOrganisation}
                    onSignedIn={() => void navigate(next, { replace: true })}
                  />
                </Page>
              </div>
            )
          }
        </Fetched>
        <p className="mt-6 text-dns-14N-130 text-solid-gray-700">
          サインインできないときは、所属の管理者に連絡してください。管理者は利用者の停止・期限・パスワードを変えられます。
        </p>
      </main>
    </div>
  );
}
