// Work that runs and work that has ended.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { jobsQuery } from '../../api/work.ts';
import { Page } from '../../ui/page.tsx';
import { AsOf } from '../../ui/paging.tsx';
import { Empty } from '../../ui/states.tsx';
import { Fetched } from '../fetched.tsx';
import { JobLine } from '../job-view.tsx';
import { useMay } from '../signed-in.tsx';

export function JobsPage(): ReactNode {
  const jobs = useQuery(jobsQuery);
  const mayStop = useMay('run-issuances');
  return (
    <Page title="処理" lead="長い仕事の進み具合と、その結果です。新しいものから50件。">
      <Fetched query={jobs}>
        {({ items, asOf }) =>
          items.length === 0 ? (
            <Empty title="処理はまだありません">取り込みや発行の各段階を始めると、ここに並びます。</Empty>
          ) : (
            <>
              <AsOf at={asOf} busy={jobs.isFetching} onRefresh={() => void jobs.refetch()} />
              <ul className="border-t border-solid-gray-200">
                {items.map((job) => (
                  <JobLine key={job.id} job={job} mayStop={mayStop} />
                ))}
              </ul>
            </>
          )
        }
      </Fetched>
    </Page>
  );
}
