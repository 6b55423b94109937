// What came back of what was asked back: the duty by law and the requests apart.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { recallFiguresQuery } from '../../api/lots.ts';
import type { RecallFigures } from '../../api/lots.ts';
import { Section } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { Count, DateText, dayOf, formatNumber, formatRate } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';

const OUTCOMES = [
  ['asked', '求めた'],
  ['givenBack', '回収した'],
  ['missing', '紛失'],
  ['unrecoverable', '回収不能'],
  ['expired', '期限切れ'],
  ['void', '無効'],
  ['open', '残り'],
] as const satisfies readonly (readonly [keyof RecallFigures['requests']['enrolled'], string])[];

export function RecallSection(): ReactNode {
  const today = dayOf(new Date().toISOString());
  const query = useQuery(recallFiguresQuery(today));
  return (
    <Section title="資格確認書の回収">
      <Fetched query={query}>
        {({ duty, requests }) => {
          const rows = [
            { key: 'duty', name: '回収（法令による）', counts: duty },
            { key: 'enrolled', name: '返却のお願い（利用登録をした人）', counts: requests.enrolled },
            { key: 'superseded', name: '返却のお願い（新しい証ができた人）', counts: requests.superseded },
          ];
          return (
            <>
              <Table
                caption="回収と返却のお願いの件数"
                rows={rows}
                rowKey={(row) => row.key}
                dense
                columns={[
                  { key: 'name', title: '求め', names: true, chars: 10, cell: (row) => row.name },
                  ...OUTCOMES.map(([key, title]) => ({
                    key,
                    title,
                    end: true,
                    cell: (row: (typeof rows)[number]) => <Count n={row.counts[key]} unit="枚" />,
                  })),
                ]}
              />
              <p className="mt-2 text-dns-14N-130 text-solid-gray-700">
                1か月以内の回収率（法令による回収）：
                {duty.oneMonth.percent === null ? '－' : formatRate(duty.oneMonth.givenBack, duty.oneMonth.asked)}（
                {formatNumber(duty.oneMonth.givenBack)}枚 / {formatNumber(duty.oneMonth.asked)}枚）。
                <DateText date={today} /> 時点。
              </p>
            </>
          );
        }}
      </Fetched>
    </Section>
  );
}
