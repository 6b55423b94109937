// Pages for what should not happen: no such page, and a fault of ours.
import type { ReactNode } from 'react';
import { isRouteErrorResponse, useRouteError } from 'react-router';
import { paths } from '../paths.ts';
import { Button, LinkButton } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';
import { Empty, Failed } from '../ui/states.tsx';

export function MissingPage(): ReactNode {
  return (
    <main className="mx-auto max-w-[60rem] p-6">
      <Page title="ページが見つかりません">
        <Empty
          icon="question"
          title="この住所（URL）のページはありません"
          actions={
            <LinkButton variant="filled" to={paths.today}>
              最初のページへ
            </LinkButton>
          }
        >
          移ったか、打ち間違いかもしれません。加入者・封筒・事業所は、最初のページの検索から番号で開けます。
        </Empty>
      </Page>
    </main>
  );
}

export function CrashedPage(): ReactNode {
  const error = useRouteError();
  if (isRouteErrorResponse(error) && error.status === 404) return <MissingPage />;
  return (
    <main className="mx-auto max-w-[60rem] p-6">
      <Page title="画面を表示できません">
        <Failed title="この画面で問題が起きました">
          <p>
            サーバーの記録は失われていません。読み込み直しても変わらないときは、管理者に時刻とこの画面の住所をお知らせください。
          </p>
          <p className="mt-4">
            <Button variant="filled" icon="refresh" onClick={() => location.reload()}>
              読み込み直す
            </Button>
          </p>
        </Failed>
      </Page>
    </main>
  );
}
