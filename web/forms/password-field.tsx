// A password somebody else will use: made here or typed, seen while it is handed on, never stored in the browser.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';

/** As the server asks. */
export const LEAST_PASSWORD = 12;

// Without the letters that are taken for one another.
const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const LENGTH = 16;

function newPassword(): string {
  const most = 256 - (256 % LETTERS.length);
  let made = '';
  while (made.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH)))
      if (byte < most && made.length < LENGTH) made += LETTERS.charAt(byte % LETTERS.length);
  }
  return made;
}

export function PasswordField({ error }: { readonly error?: string | undefined }): ReactNode {
  const [value, setValue] = useState('');
  return (
    <div className="flex flex-col gap-2">
      <TextField
        label="パスワード"
        name="password"
        required
        support={`${LEAST_PASSWORD}文字以上。本人に渡すまで見えるようにしてあります。渡す方法は組織の決まりに従ってください。`}
        error={error}
        value={value}
        onChange={(event) => setValue(event.target.value)}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={200}
        className="code max-w-[30rem]"
      />
      <div>
        <Button size="sm" icon="lock" onClick={() => setValue(newPassword())}>
          パスワードを作る
        </Button>
      </div>
    </div>
  );
}
