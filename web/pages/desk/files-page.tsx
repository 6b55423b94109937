// What an issuance has for staff besides its pages: lists, replaced characters, and every file that was written for it.
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'react-router';
import { address } from '../../api/client.ts';
import { issuanceFile, issuanceFilesQuery, replacedQuery, warningsQuery } from '../../api/issuance-files.ts';
import type { IssuanceFiles, ReplacedList } from '../../api/issuance-files.ts';
import { paths } from '../../paths.ts';
import { CsvChoice } from '../../ui/csv-choice.tsx';
import { formatBytes } from '../../ui/file-drop.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { Paging } from '../../ui/paging.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { Count, PaperNumber } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';
import { useMay } from '../signed-in.tsx';

export function FilesPage(): ReactNode {
  const id = Number(useParams()['id']);
  const maySeeDecisions = useMay('see-decisions');
  const mayTake = useMay('run-issuances');
  return (
    <Page
      title="一覧とファイル"
      crumbs={[
        { to: paths.issuances, label: '発行' },
        { to: paths.issuance(id), label: `第${id}号` },
      ]}
      lead="この発行の、職員が確かめる一覧と、書き出したファイルです。"
    >
      {maySeeDecisions && <Warnings id={id} />}
      <Section title="職員の確認待ち">
        <p>
          印刷を止めた郵便物は <Link to={paths.pieces('held', { issuance: String(id) })}>職員の確認待ち</Link>
          にあります。
        </p>
      </Section>
      <Section title="置き換えた文字">
        <Replaced id={id} />
      </Section>
      {mayTake && (
        <Section title="書き出したファイル">
          <Written id={id} />
        </Section>
      )}
    </Page>
  );
}

function Warnings({ id }: { readonly id: number }): ReactNode {
  const query = useQuery(warningsQuery(id, '', ''));
  return (
    <Section title="職員が見るべき行" actions={<Link to={paths.warnings(id)}>すべての行を見る</Link>}>
      <Fetched query={query}>
        {({ counts }) =>
          counts.length === 0 ? (
            <p>見るべき行はありません。</p>
          ) : (
            <Table
              caption="職員が見るべき行の数"
              rows={counts}
              rowKey={(row) => row.value}
              dense
              columns={[
                {
                  key: 'label',
                  title: '内容',
                  names: true,
                  chars: 20,
                  cell: (row) => <Link to={paths.warnings(id, row.value)}>{row.label}</Link>,
                },
                { key: 'count', title: '行', end: true, cell: (row) => <Count n={row.count} unit="行" /> },
              ]}
            />
          )
        }
      </Fetched>
    </Section>
  );
}

function Replaced({ id }: { readonly id: number }): ReactNode {
  const [search] = useSearchParams();
  const query = useQuery(replacedQuery(id, search.get('after') ?? ''));
  return (
    <Fetched query={query}>
      {({ items, next }: ReplacedList) =>
        items.length === 0 ? (
          <p>置き換えた文字はありません。</p>
        ) : (
          <>
            <p className="mb-3">
              書体にない異体字を、もとになる字で印刷しました。困る人がいれば、文字を直して作り直せます。
            </p>
            <div className="mb-3">
              <CsvChoice href={(encoding) => address(`/exports/issuances/${id}/replaced.csv`, { as: encoding })} />
            </div>
            <Table
              caption="置き換えた文字"
              rows={items}
              rowKey={(row) => `${row.mailpieceNumber} ${row.key} ${row.field} ${row.codePoint}`}
              dense
              columns={[
                {
                  key: 'piece',
                  title: '郵便物',
                  names: true,
                  cell: (row) => (
                    <Link to={paths.piece(row.mailpieceNumber)}>
                      <PaperNumber number={row.mailpieceNumber} />
                    </Link>
                  ),
                },
                {
                  key: 'key',
                  title: '記号-番号-枝番',
                  cell: (row) => (
                    <Link to={paths.person(row.key)} className="code">
                      {row.key}
                    </Link>
                  ),
                },
                { key: 'character', title: '文字', cell: (row) => `${row.character} ${row.codePoint}` },
              ]}
            />
            <Paging next={next} shown={items.length} pageSize={50} total={null} unit="件" />
          </>
        )
      }
    </Fetched>
  );
}

function Written({ id }: { readonly id: number }): ReactNode {
  const query = useQuery(issuanceFilesQuery(id));
  return (
    <Fetched query={query}>
      {({ items }: IssuanceFiles) =>
        items.length === 0 ? (
          <Empty icon="file" title="まだ書き出していません">
            印刷ファイルを作ると、判定・封筒・突き合わせなどのファイルとともに、ここから受け取れます。
          </Empty>
        ) : (
          <>
            <p className="mb-3">全加入者の内容が入っています。受け取りは記録に残ります。</p>
            <Table
              caption="書き出したファイル"
              rows={items}
              rowKey={(row) => row.path}
              dense
              columns={[
                {
                  key: 'path',
                  title: 'ファイル',
                  names: true,
                  chars: 14,
                  cell: (row) => (
                    <a download href={issuanceFile(id, row.path)}>
                      {row.path}
                    </a>
                  ),
                },
                { key: 'what', title: '中身', chars: 14, cell: (row) => row.what },
                { key: 'bytes', title: '大きさ', end: true, cell: (row) => formatBytes(row.bytes) },
              ]}
            />
          </>
        )
      }
    </Fetched>
  );
}
