// Around every page that needs an account: the shell, live changes, and sign-in again when the session has ended, in a dialog over
// the page, so that nothing typed into it is lost.
import { createContext, useContext, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, Outlet, ScrollRestoration, useLocation } from 'react-router';
import { ROLE_LABELS, may } from '../../src/rules/access.ts';
import type { Permission } from '../../src/rules/access.ts';
import { useChanges } from '../api/changes.ts';
import { whenSignedOut } from '../api/client.ts';
import { sessionQuery, signOut } from '../api/session.ts';
import type { SignedIn } from '../api/session.ts';
import { jobsQuery } from '../api/work.ts';
import { SignInForm } from '../forms/sign-in-form.tsx';
import { paths } from '../paths.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Shell } from '../ui/shell.tsx';
import { Spinner } from '../ui/states.tsx';
import { Fetched } from './fetched.tsx';
import { placesOf } from './places.ts';

const Account = createContext<SignedIn | null>(null);

/** The account that is signed in, on a page that needs one. */
export function useAccount(): SignedIn {
  const account = useContext(Account);
  if (!account) throw new Error('a page outside the door asks who is signed in');
  return account;
}

export function useMay(permission: Permission): boolean {
  return may(useAccount().role, permission);
}

export function SignedInLayout(): ReactNode {
  const session = useQuery(sessionQuery);
  const { pathname, search } = useLocation();
  return (
    <Fetched query={session}>
      {({ account, insurerName, hasOrganisation }) =>
        account ? (
          <Account value={account}>
            <Inside account={account} insurerName={insurerName} hasOrganisation={hasOrganisation} />
          </Account>
        ) : (
          <Navigate to={`${paths.signIn}?${new URLSearchParams({ next: pathname + search }).toString()}`} replace />
        )
      }
    </Fetched>
  );
}

function Inside({
  account,
  insurerName,
  hasOrganisation,
}: {
  readonly account: SignedIn;
  readonly insurerName: string;
  readonly hasOrganisation: boolean;
}): ReactNode {
  useChanges();
  const [ended, setEnded] = useState(false);
  useEffect(() => {
    whenSignedOut(() => setEnded(true));
    return () => whenSignedOut(() => {});
  }, []);
  const role = ROLE_LABELS[account.role];
  return (
    <Shell
      insurer={insurerName}
      scope={account.scopeName || role}
      person={account.displayName}
      role={role}
      home={paths.today}
      places={placesOf(account)}
      searchAt={may(account.role, 'see-people') ? paths.people : undefined}
      searchLabel="記号-番号、カナ、氏名、用紙の番号でさがす"
      tray={may(account.role, 'see-issuances') && <RunningJobs />}
      onSignOut={() => void signOut().finally(() => location.assign(paths.signIn))}
    >
      <Outlet />
      <ScrollRestoration />
      <Dialog title="サインインし直してください" open={ended} onClose={() => setEnded(false)}>
        <p className="mb-4">時間がたったため、サインインが切れました。この画面に入れた内容は残っています。</p>
        <SignInForm
          hasOrganisation={hasOrganisation}
          login={account.login}
          onSignedIn={(session) => {
            setEnded(false);
            if (session.account?.login !== account.login) location.assign(paths.today);
          }}
        />
      </Dialog>
    </Shell>
  );
}

/** How many jobs run, in the head, wherever one is. */
function RunningJobs(): ReactNode {
  const { data } = useQuery(jobsQuery);
  const running = (data?.items ?? []).filter((job) => job.state === 'running' || job.state === 'waiting').length;
  return (
    <Link
      to={paths.jobs}
      data-control
      className="flex min-h-11 items-center gap-2 rounded-8 px-2 text-oln-14B-100 whitespace-nowrap text-blue-1000 no-underline visited:text-blue-1000 hover:bg-solid-gray-50 hover:underline"
    >
      {running > 0 && <Spinner className="size-5" />}
      {running > 0 ? `処理中 ${running}件` : '処理'}
    </Link>
  );
}
