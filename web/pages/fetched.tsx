// What a page shows while it asks, when it may not, when there is no such thing, when the server cannot be reached; else
// what was fetched. Old data stays while newer is fetched, and says so when it could not be.
import type { ReactNode } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Problem } from '../api/client.ts';
import { paths } from '../paths.ts';
import { Banner } from '../ui/banner.tsx';
import { Button, LinkButton } from '../ui/button.tsx';
import { Page } from '../ui/page.tsx';
import { Empty, Failed, Forbidden, Loading } from '../ui/states.tsx';

export function Fetched<T>({
  query,
  page,
  children,
}: {
  readonly query: UseQueryResult<T>;
  /** Title of the page that is nothing but what is fetched, until that gives it a better one. */
  readonly page?: string;
  readonly children: (data: T) => ReactNode;
}): ReactNode {
  const { data, error } = query;
  const again = (): void => void query.refetch();
  const alone = (state: ReactNode): ReactNode => (page === undefined ? state : <Page title={page}>{state}</Page>);
  if (data !== undefined) {
    return (
      <>
        {error && (
          <div className="mb-4">
            <Banner
              kind="warning"
              title="新しい内容を読み込めませんでした。下は前に読み込んだものです。"
              actions={<Button onClick={again}>もう一度読み込む</Button>}
            />
          </div>
        )}
        {children(data)}
      </>
    );
  }
  if (!error) return alone(<Loading />);
  if (error instanceof Problem && error.status === 403)
    return alone(<Forbidden who={error.details.join('　') || error.detail} actions={<Home />} />);
  if (error instanceof Problem && error.status < 500 && error.status !== 401)
    return alone(<Empty icon="question" title={error.message} actions={<Home />} />);
  return alone(
    <Failed
      title={error instanceof Problem ? error.title : 'サーバーにつながりません'}
      reference={error instanceof Problem ? error.reference : undefined}
      onRetry={again}
    />,
  );
}

function Home(): ReactNode {
  return <LinkButton to={paths.today}>最初のページへ</LinkButton>;
}
