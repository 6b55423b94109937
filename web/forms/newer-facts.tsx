// What newer files and filings say of people whose papers have not gone out: who is pulled out now, and what staff look at.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { address } from '../api/client.ts';
import { newsQuery } from '../api/work.ts';
import { CsvChoice } from '../ui/csv-choice.tsx';
import { formatNumber } from '../ui/text.tsx';

/** `lot` null: of the whole issuance. */
export function NewerFacts({ id, lot }: { readonly id: number; readonly lot: number | null }): ReactNode {
  const query = useQuery(newsQuery(id, lot));
  if (!query.data) return null;
  const { findings, doubtful } = query.data;
  return (
    <div className="my-3">
      <p>新しい加入者ファイルと届出で確かめました。「引き抜き」とあるものは、行うと引き抜かれます。</p>
      <ul aria-label="新しい加入者ファイルと届出" className="list-inside list-disc">
        {findings.map(({ finding, label, count }) => (
          <li key={finding}>
            {label}　{formatNumber(count)}人
          </li>
        ))}
        {findings.length === 0 && doubtful === null && <li>変わったことはありません</li>}
        {doubtful !== null && (
          <li>
            {doubtful.fileName} には、まだ送っていない{formatNumber(doubtful.people)}人のうち
            {formatNumber(doubtful.absent)}人がいません。このファイルでは何もしません
          </li>
        )}
      </ul>
      {findings.length > 0 && (
        <div className="mt-2">
          <CsvChoice
            label="この一覧を受け取る"
            href={(encoding) =>
              address(`/exports/issuances/${id}/news.csv`, { as: encoding, ...(lot !== null && { lot }) })
            }
          />
        </div>
      )}
    </div>
  );
}
