// Signing in with an account of the console's own. Says only that the three do not fit, never which.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useMutation } from '@tanstack/react-query';
import { wordsOf } from '../api/client.ts';
import { signIn } from '../api/session.ts';
import type { Session } from '../api/session.ts';
import { Banner } from '../ui/banner.tsx';
import { Button, ButtonLink } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { textOf } from '../ui/form-values.ts';

export function SignInForm({
  hasOrganisation,
  login = '',
  onSignedIn,
}: {
  readonly hasOrganisation: boolean;
  readonly login?: string;
  readonly onSignedIn: (session: Session) => void;
}): ReactNode {
  const [missing, setMissing] = useState<ReadonlySet<string>>(new Set());
  const signing = useMutation({
    mutationFn: ({ name, password, code }: { name: string; password: string; code: string }) =>
      signIn(name, password, code),
    onSuccess: onSignedIn,
  });
  const error = signing.error;
  return (
    <div className="flex flex-col gap-6">
      {error && <Banner kind="error" title={wordsOf(error) ?? ''} />}
      {hasOrganisation && (
        <>
          <ButtonLink variant="filled" size="lg" icon="building" href="/api/oidc/start">
            組織のアカウントでサインインする
          </ButtonLink>
          <p className="text-center text-solid-gray-700">または</p>
        </>
      )}
      <form
        noValidate
        className="flex flex-col gap-6"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const text = (name: string): string => textOf(form, name).normalize('NFKC');
          const lacks = new Set(['login', 'password'].filter((name) => text(name) === ''));
          setMissing(lacks);
          if (lacks.size > 0 || signing.isPending) return;
          // The password as it was typed: only names and digits are folded.
          const password = textOf(form, 'password');
          signing.mutate({ name: text('login').trim(), password, code: text('code').replaceAll(/\s/g, '') });
        }}
      >
        <TextField
          label="利用者名"
          name="login"
          required
          defaultValue={login}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          error={missing.has('login') ? '利用者名を入れてください。' : undefined}
        />
        <TextField
          label="パスワード"
          name="password"
          type="password"
          required
          autoComplete="current-password"
          error={missing.has('password') ? 'パスワードを入れてください。' : undefined}
        />
        <TextField
          label="確認コード"
          name="code"
          support="認証アプリの6桁。設定している方だけ入れてください。"
          inputMode="numeric"
          autoComplete="one-time-code"
          chars={8}
        />
        <div>
          <Button type="submit" variant="filled" size="lg" busy={signing.isPending}>
            {signing.isPending ? '確かめています…' : 'サインインする'}
          </Button>
        </div>
      </form>
    </div>
  );
}
