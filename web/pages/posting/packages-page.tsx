// What goes to the contractor, and what comes back: packages to take, results to bring.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Problem, address, wordsOf } from '../../api/client.ts';
import { useAction } from '../../api/action.ts';
import { bringResults, packageFile, packagesQuery, pullsQuery } from '../../api/exchange.ts';
import type { PackageRow, PullList, ResultsAnswer } from '../../api/exchange.ts';
import { OverrideForm } from '../../forms/override-form.tsx';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { CsvChoice } from '../../ui/csv-choice.tsx';
import { Select } from '../../ui/field.tsx';
import { FileDrop, formatBytes } from '../../ui/file-drop.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { AsOf } from '../../ui/paging.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import type { Column } from '../../ui/table.tsx';
import { Count, InstantText, PaperNumber, formatNumber } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';
import { useAccount, useMay } from '../signed-in.tsx';

const MOST_BYTES = 512 * 1024 * 1024;

export function PackagesPage(): ReactNode {
  const packages = useQuery(packagesQuery);
  const mayBring = useMay('bring-results');
  return (
    <Page title="引き渡し" lead="委託業者が受け取る印刷ファイルと、持ち帰る結果です。">
      <Fetched query={packages}>
        {({ items, asOf }) => (
          <>
            <Section
              title="受け取るもの"
              actions={<AsOf at={asOf} busy={packages.isFetching} onRefresh={() => void packages.refetch()} />}
            >
              {items.length === 0 ? (
                <Empty icon="parcel" title="引き渡しはまだありません">
                  本部が発行のページで「引き渡しを作る」と、ここに並びます。
                </Empty>
              ) : (
                <ul className="flex flex-col gap-6">
                  {items.map((row) => (
                    <li key={row.folder} className="rounded-12 border border-solid-gray-420 p-4 desktop:p-6">
                      <PackageBox row={row} />
                    </li>
                  ))}
                </ul>
              )}
            </Section>
            <Section title="引き抜くもの">
              <Pulls />
            </Section>
            {mayBring && (
              <Section title="結果を持ち帰る">
                <Results issuanceIds={[...new Set(items.map((row) => row.issuanceId))]} />
              </Section>
            )}
          </>
        )}
      </Fetched>
    </Page>
  );
}

/** What may be in a package, in words. */
const CONTENTS = [
  { key: 'pieces', name: '郵便物', unit: '通' },
  { key: 'certificates', name: '資格確認書', unit: '枚' },
  { key: 'notices', name: 'お知らせ', unit: '通' },
  { key: 'requestForms', name: '個人番号申出書', unit: '枚' },
  { key: 'parcels', name: '事業所への梱包', unit: '個' },
] as const;

function PackageBox({ row }: { readonly row: PackageRow }): ReactNode {
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <h3 className="text-std-18B-160">第{row.issuanceId}号の引き渡し</h3>
        {row.encrypted ? (
          <Chip tone="green" icon="lock">
            暗号
          </Chip>
        ) : (
          <Chip tone="yellow" icon="warning">
            暗号なし
          </Chip>
        )}
        <span className="text-solid-gray-700">
          <InstantText at={row.madeAt} />
        </span>
      </div>
      <ul aria-label="中身" className="mb-3 flex flex-wrap gap-x-5 gap-y-1">
        {CONTENTS.filter(({ key }) => row[key] > 0).map(({ key, name, unit }) => (
          <li key={key} className="whole">
            {name} <Count n={row[key]} unit={unit} />
          </li>
        ))}
        <li className="whole">{formatNumber(row.pages)}ページ</li>
        <li className="whole">{formatNumber(row.files.length)}ファイル</li>
      </ul>
      <details>
        <summary className="cursor-pointer rounded-4 py-2 text-blue-1000 underline">
          ファイルと照合用の値（SHA-256）
        </summary>
        <Table
          caption={`第${row.issuanceId}号の引き渡しのファイル`}
          rows={row.files}
          rowKey={(file) => file.path}
          dense
          columns={[
            {
              key: 'path',
              title: 'ファイル',
              names: true,
              chars: 12,
              cell: (file) => (
                <a href={packageFile(row.folder, file.path)} download className="visited:text-blue-1000">
                  {file.path}
                </a>
              ),
            },
            {
              key: 'bytes',
              title: '大きさ',
              end: true,
              cell: (file) => <span className="whole">{formatBytes(file.bytes)}</span>,
            },
            {
              key: 'sha256',
              title: 'SHA-256',
              chars: 16,
              cell: (file) => <span className="text-dns-14N-130 break-all">{file.sha256}</span>,
            },
          ]}
        />
      </details>
    </>
  );
}

type Pull = PullList['items'][number];

const PULLS: readonly Column<Pull>[] = [
  {
    key: 'piece',
    title: '郵便物',
    names: true,
    cell: (row) => <PaperNumber number={row.mailpieceNumber} />,
  },
  {
    key: 'certificate',
    title: '引き抜くもの',
    cell: (row) =>
      row.certificateNumber === null ? (
        <span className="whole">お知らせ（封筒ごと）</span>
      ) : (
        <PaperNumber number={row.certificateNumber} />
      ),
  },
  { key: 'position', title: '封入順', end: true, cell: (row) => <span className="whole">{row.position}枚目</span> },
  { key: 'file', title: '印刷ファイル', chars: 10, cell: (row) => row.file },
  { key: 'page', title: 'ページ', end: true, cell: (row) => formatNumber(row.page) },
  { key: 'issuance', title: '発行', cell: (row) => <span className="whole">第{row.issuanceId}号</span> },
];

/** Papers that must not go out: by number alone, no name and no reason. */
function Pulls(): ReactNode {
  const query = useQuery(pullsQuery);
  return (
    <Fetched query={query}>
      {({ items, asOf }) =>
        items.length === 0 ? (
          <Empty title="引き抜くものはありません">
            印刷のあとで送らないことになった資格確認書やお知らせが、発送の前ならここに並びます。
          </Empty>
        ) : (
          <>
            <p className="mb-3">
              発送の前に、次の <Count n={items.length} unit="枚" />
              を封筒から抜いてください。ほかの人の分が残る封筒は、そのまま発送します。一人分だけの封筒とお知らせの封筒は発送せず、「廃棄」と報告してください。
            </p>
            <div className="mb-3 flex flex-wrap items-center gap-x-6 gap-y-2">
              <AsOf at={asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />
              <CsvChoice href={(encoding) => address('/exports/pulls.csv', { as: encoding })} />
              <Button size="sm" icon="print" onClick={() => window.print()}>
                この画面を印刷する
              </Button>
            </div>
            <Table
              caption="発送の前に引き抜くもの"
              columns={PULLS}
              rows={items}
              rowKey={(row) => row.certificateNumber ?? row.mailpieceNumber}
              dense
            />
          </>
        )
      }
    </Fetched>
  );
}

/** What a file of results looks like. */
function ResultsForm(): ReactNode {
  return (
    <details className="max-w-[50rem]">
      <summary className="cursor-pointer rounded-4 py-2 text-blue-1000 underline">結果のファイルの書き方</summary>
      <div className="flex flex-col gap-3 py-2">
        <p>
          1行目は見出し、2行目から1行に1通です。「結果」は、損傷・封入・発送・廃棄のどれか。「理由」は損傷のとき、「引受番号」は追跡できる郵便のときに書きます。
        </p>
        <pre className="rounded-8 border border-solid-gray-200 bg-solid-gray-50 p-4 text-dns-14N-130 break-all whitespace-pre-wrap">
          {`郵便物番号,結果,年月日,理由,引受番号
2-0001-00000002-1,封入,2025-11-04,,
2-0001-00000002-1,発送,2025-11-05,,
2-0001-00000006-4,損傷,2025-11-04,折れ,
2-0001-00000011-0,廃棄,2025-11-05,引き抜き,`}
        </pre>
        <p>同じファイルや同じ行を二度持ち込んでも、二度は記録されません。記録できない行は理由とともに画面に出ます。</p>
      </div>
    </details>
  );
}

/** A file of results, of which issuance. */
interface Brought {
  readonly issuanceId: string;
  readonly file: File;
}

/** Refusals of a whole file that a named person may overrule. */
const OVERRIDABLE = new Set(['file-precedes', 'file-repeats']);

function Results({ issuanceIds }: { readonly issuanceIds: readonly number[] }): ReactNode {
  const account = useAccount();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [issuanceId, setIssuanceId] = useState(String(issuanceIds[0] ?? ''));
  const [answer, setAnswer] = useState<ResultsAnswer | null>(null);
  /** The last file that was brought: what is allowed is recorded from it. */
  const [last, setLast] = useState<Brought | null>(null);
  const bringing = useAction(
    (request: Brought, key) => bringResults(Number(request.issuanceId), request.file, null, key),
    (said) => {
      setFiles([]);
      setAnswer(said);
    },
  );
  const waiting = answer?.refused.filter((row) => row.canOverride).length ?? 0;
  const isRefused = bringing.error instanceof Problem && OVERRIDABLE.has(bringing.error.code);
  const override = last && (
    <OverrideForm
      account={account}
      question={isRefused ? 'このファイルの結果を記録しますか' : `発送 ${formatNumber(waiting)}通を記録しますか`}
      effect="承認の前・期間の外・二度目の発送や、前より古いファイルの結果も、発送されたものとして記録します。資格確認書は交付済みになります。"
      allow={(reason: string, key) => bringResults(Number(last.issuanceId), last.file, reason, key)}
      onDone={(said) => {
        bringing.reset();
        setFiles([]);
        setAnswer(said);
      }}
    />
  );
  const [file] = files;
  return (
    <div className="flex max-w-[50rem] flex-col gap-6">
      {answer && (
        <Banner
          kind={answer.refused.length === 0 ? 'success' : 'warning'}
          title={`${formatNumber(answer.recorded)}件を記録しました${answer.already > 0 ? `（記録済み ${formatNumber(answer.already)}件）` : ''}`}
          actions={waiting > 0 && override}
        >
          {answer.refused.length > 0 &&
            `${formatNumber(answer.refused.length)}行は記録できませんでした。下の行を直して、もう一度お持ちください。同じ行は二度記録されません。`}
          {waiting > 0 && `うち${formatNumber(waiting)}行は、許可があれば記録できます。`}
        </Banner>
      )}
      {bringing.error && <Banner kind="error" title={wordsOf(bringing.error) ?? ''} actions={isRefused && override} />}
      {answer && answer.refused.length > 0 && (
        <Table
          caption="記録できなかった行"
          rows={answer.refused}
          rowKey={(row) => String(row.line)}
          dense
          columns={[
            { key: 'line', title: '行', names: true, end: true, cell: (row) => formatNumber(row.line) },
            { key: 'why', title: '理由', chars: 16, cell: (row) => row.why },
          ]}
        />
      )}
      {issuanceIds.length === 0 ? (
        <p>引き渡しができると、その結果を持ち帰れます。</p>
      ) : (
        <form
          className="flex flex-col gap-6"
          onSubmit={(event) => {
            event.preventDefault();
            if (!file || bringing.isPending) return;
            setAnswer(null);
            setLast({ issuanceId, file });
            bringing.mutate({ issuanceId, file });
          }}
        >
          <Select
            label="どの発行の結果か"
            chars={12}
            value={issuanceId}
            options={issuanceIds.map((id) => ({ value: String(id), label: `第${id}号` }))}
            onChange={(event) => setIssuanceId(event.target.value)}
          />
          <FileDrop
            label="結果のファイル"
            support="損傷・封入・発送・廃棄を1行に1通ずつ書いたCSV。"
            required
            accept=".csv,.xlsx"
            maxBytes={MOST_BYTES}
            files={files}
            onChange={setFiles}
          />
          <ResultsForm />
          <div>
            <Button
              type="submit"
              variant="filled"
              busy={bringing.isPending}
              reason={file ? undefined : 'ファイルを選んでください'}
            >
              {bringing.isPending ? '記録しています…' : '結果を記録する'}
            </Button>
          </div>
        </form>
      )}
    </div>
  );
}
