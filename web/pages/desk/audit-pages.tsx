// Records for those who check: what happened to papers, who looked at whom, what was run, and the proof that no record
// was changed.
import type { ReactNode } from 'react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { parseDate } from '../../../src/rules/words/calendar.ts';
import { JOURNAL_LABELS } from '../../../src/rules/papers/journal.ts';
import { PAPER_EVENT_LABELS } from '../../../src/rules/papers/lifecycle.ts';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { auditQuery, journalQuery, accessRecordsQuery, proveAudit } from '../../api/audit.ts';
import type { AuditList, JournalFilter, JournalList, LookList } from '../../api/audit.ts';
import { address, wordsOf } from '../../api/client.ts';
import { paths } from '../../paths.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { CsvChoice } from '../../ui/csv-choice.tsx';
import { Select, TextField } from '../../ui/field.tsx';
import { textOf } from '../../ui/form-values.ts';
import { Page } from '../../ui/page.tsx';
import { AsOf, Paging } from '../../ui/paging.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import type { Column } from '../../ui/table.tsx';
import { Tabs } from '../../ui/tabs.tsx';
import { InstantText, PaperNumber, formatNumber } from '../../ui/text.tsx';
import { NO_DATE, WarekiDateField } from '../../ui/wareki-date-field.tsx';
import { Fetched } from '../fetched.tsx';

const KINDS = [
  [paths.audit, '用紙の記録'],
  [paths.looks, '閲覧の記録'],
  [paths.journal, '操作の記録'],
] as const;

function Kinds({ at }: { readonly at: string }): ReactNode {
  return <Tabs label="記録の種類" tabs={KINDS.map(([to, label]) => ({ to, label, current: to === at }))} />;
}

const AUDIT: readonly Column<AuditList['items'][number]>[] = [
  { key: 'seq', title: '番号', names: true, end: true, cell: (row) => formatNumber(row.seq) },
  { key: 'at', title: '日時', cell: (row) => <InstantText at={row.at} /> },
  { key: 'actor', title: '操作した人', chars: 6, cell: (row) => row.actor },
  { key: 'paper', title: '用紙', cell: (row) => <PaperNumber number={row.paperNumber} /> },
  { key: 'event', title: '操作', cell: (row) => <span className="whole">{row.label}</span> },
  { key: 'change', title: '前 → 後', chars: 9, cell: (row) => `${row.fromLabel} → ${row.toLabel}` },
  { key: 'reason', title: '理由', chars: 8, cell: (row) => row.reason || '－' },
  { key: 'source', title: '出所', chars: 6, cell: (row) => row.source || '－' },
];

const EVENTS = [
  { value: '', label: 'すべて' },
  ...Object.entries(PAPER_EVENT_LABELS).map(([value, label]) => ({ value, label })),
];

export function AuditPage(): ReactNode {
  const [search, setSearch] = useSearchParams();
  const actor = search.get('actor') ?? '';
  const event = search.get('event') ?? '';
  const query = useQuery(auditQuery(actor, event, search.get('after') ?? ''));
  return (
    <Page
      title="記録"
      of="用紙の記録"
      lead="用紙に起きたすべてのこと。足されるだけで、変わりません。"
      actions={<Proof />}
    >
      <Kinds at={paths.audit} />
      <form
        key={`${actor} ${event}`}
        role="search"
        aria-label="用紙の記録"
        className="mb-4 flex flex-wrap items-end gap-3"
        onSubmit={(submit) => {
          submit.preventDefault();
          const form = new FormData(submit.currentTarget);
          const wanted = { actor: textOf(form, 'actor').trim(), event: textOf(form, 'event') };
          setSearch(Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== '')));
        }}
      >
        <div className="w-full max-w-[16rem]">
          <TextField box="sm" label="操作した人" name="actor" defaultValue={actor} maxLength={64} />
        </div>
        <div className="w-full max-w-[18rem]">
          <Select box="sm" label="操作" name="event" defaultValue={event} options={EVENTS} />
        </div>
        <Button type="submit" size="md" icon="search">
          絞り込む
        </Button>
        {(actor !== '' || event !== '') && (
          <Button variant="text" onClick={() => setSearch({})}>
            条件を消す
          </Button>
        )}
      </form>
      <Fetched query={query}>
        {({ items, next, asOf }) =>
          items.length === 0 ? (
            <Empty icon="clock" title={actor || event ? '条件に合う記録はありません' : '記録はまだありません'}>
              封入・発送・不着などが記録されると、新しいものから並びます。
            </Empty>
          ) : (
            <>
              <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
                <CsvChoice href={(encoding) => address('/exports/audit.csv', { actor, event, as: encoding })} />
                <AsOf at={asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />
              </div>
              <Table caption="用紙の記録" columns={AUDIT} rows={items} rowKey={(row) => String(row.seq)} dense />
              <Paging next={next} shown={items.length} pageSize={50} total={null} unit="件" />
            </>
          )
        }
      </Fetched>
    </Page>
  );
}

function Proof(): ReactNode {
  const proving = useMutation({ mutationFn: proveAudit });
  const answer = proving.data;
  return (
    <div className="flex max-w-[30rem] flex-col items-end gap-3">
      <Button icon="lock" busy={proving.isPending} onClick={() => proving.mutate()}>
        {proving.isPending ? '確かめています…' : '改変がないか確かめる'}
      </Button>
      {answer && (
        <Banner kind={answer.whole ? 'success' : 'error'} title={answer.message} onClose={() => proving.reset()}>
          <InstantText at={answer.asOf} /> にすべての記録の連鎖を読み直しました。
        </Banner>
      )}
      {proving.error && <Banner kind="error" title={wordsOf(proving.error) ?? ''} />}
    </div>
  );
}

const ACCESSED_LABELS: Readonly<Record<string, string>> = {
  person: '加入者の画面',
  page: '用紙の画像',
  piece: '郵便物の画面',
  held: '確認待ちの郵便物',
  export: 'ファイルの出力',
  digits: '個人番号の下4桁',
  package: '引き渡しのファイル',
};

const ACCESS_COLUMNS: readonly Column<LookList['items'][number]>[] = [
  { key: 'at', title: '日時', names: true, cell: (row) => <InstantText at={row.at} /> },
  { key: 'actor', title: '見た人', chars: 6, cell: (row) => row.actor },
  { key: 'what', title: '見たもの', chars: 6, cell: (row) => ACCESSED_LABELS[row.what] ?? row.what },
  { key: 'subject', title: '対象', chars: 8, cell: (row) => row.subject },
];

export function AccessRecordsPage(): ReactNode {
  const [search] = useSearchParams();
  const query = useQuery(accessRecordsQuery(search.get('after') ?? ''));
  return (
    <Page title="記録" of="閲覧の記録" lead="だれが、だれのページや一覧を開き、何を受け取ったか。">
      <Kinds at={paths.looks} />
      <Fetched query={query}>
        {({ items, next, asOf }) =>
          items.length === 0 ? (
            <Empty icon="clock" title="閲覧はまだありません">
              加入者のページ・検索・CSVの受け取りが、開いた人とともに残ります。
            </Empty>
          ) : (
            <>
              <AsOf at={asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />
              <Table
                caption="閲覧の記録"
                columns={ACCESS_COLUMNS}
                rows={items}
                rowKey={(row) => String(row.id)}
                dense
              />
              <Paging next={next} shown={items.length} pageSize={50} total={null} unit="件" />
            </>
          )
        }
      </Fetched>
    </Page>
  );
}

const JOURNAL: readonly Column<JournalList['items'][number]>[] = [
  { key: 'at', title: '日時', names: true, cell: (row) => <InstantText at={row.at} /> },
  { key: 'actor', title: '操作した人', chars: 6, cell: (row) => row.actor },
  { key: 'operation', title: '操作', chars: 6, cell: (row) => row.operationLabel },
  {
    key: 'issuance',
    title: '発行',
    cell: ({ issuanceId }) => (issuanceId === null ? '－' : <span className="whole">第{issuanceId}号</span>),
  },
  {
    key: 'counts',
    title: '内容',
    chars: 14,
    cell: ({ counts }) =>
      counts.length === 0 ? (
        '－'
      ) : (
        <span className="flex flex-wrap gap-x-4 text-dns-14N-130">
          {counts.map(({ label, value }) => (
            <span key={label}>
              {label} {typeof value === 'number' ? formatNumber(value) : value}
            </span>
          ))}
        </span>
      ),
  },
];

const OPERATIONS = [
  { value: '', label: 'すべて' },
  ...Object.entries(JOURNAL_LABELS).map(([value, label]) => ({ value, label })),
];

const JOURNAL_WORDS = ['operation', 'actor', 'from', 'to'] as const;

export function JournalPage(): ReactNode {
  const [search, setSearch] = useSearchParams();
  const filter: JournalFilter = {
    operation: search.get('operation') ?? '',
    actor: search.get('actor') ?? '',
    from: parseDate(search.get('from') ?? '') ?? '',
    to: parseDate(search.get('to') ?? '') ?? '',
  };
  const isNarrowed = Object.values(filter).some((value) => value !== '');
  const query = useQuery(journalQuery(filter, search.get('after') ?? ''));
  return (
    <Page
      title="記録"
      of="操作の記録"
      lead="だれが、いつ、どの操作を行い、何件だったか。取込や利用者のことも、すべて残ります。"
    >
      <Kinds at={paths.journal} />
      <form
        key={JSON.stringify(filter)}
        role="search"
        aria-label="操作の記録"
        className="mb-4 flex flex-wrap items-end gap-x-4 gap-y-3"
        onSubmit={(submit) => {
          submit.preventDefault();
          const form = new FormData(submit.currentTarget);
          const wanted = JOURNAL_WORDS.map((name) => [name, textOf(form, name).trim()] as const);
          // The field itself says what is wrong with a date.
          if (wanted.some(([, value]) => value === NO_DATE)) return;
          setSearch(Object.fromEntries(wanted.filter(([, value]) => value !== '')));
        }}
      >
        <div className="w-full max-w-[18rem]">
          <Select box="sm" label="操作" name="operation" defaultValue={filter.operation} options={OPERATIONS} />
        </div>
        <div className="w-full max-w-[16rem]">
          <TextField box="sm" label="操作した人" name="actor" defaultValue={filter.actor} maxLength={64} />
        </div>
        <div className="flex w-full flex-wrap items-end gap-x-6 gap-y-3">
          {(['from', 'to'] as const).map((name) => (
            <WarekiDateField
              key={name}
              label={name === 'from' ? 'この日から' : 'この日まで'}
              name={name}
              {...(filter[name] !== '' && { defaultValue: filter[name] as LocalDate })}
            />
          ))}
        </div>
        <Button type="submit" size="md" icon="search">
          絞り込む
        </Button>
        {isNarrowed && (
          <Button variant="text" onClick={() => setSearch({})}>
            条件を消す
          </Button>
        )}
      </form>
      <Fetched query={query}>
        {({ items, next, asOf }) =>
          items.length === 0 ? (
            <Empty icon="clock" title={isNarrowed ? '条件に合う記録はありません' : '操作はまだありません'} />
          ) : (
            <>
              <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
                <CsvChoice href={(encoding) => address('/exports/journal.csv', { ...filter, as: encoding })} />
                <AsOf at={asOf} busy={query.isFetching} onRefresh={() => void query.refetch()} />
              </div>
              <Table caption="操作の記録" columns={JOURNAL} rows={items} rowKey={(row) => String(row.id)} dense />
              <Paging next={next} shown={items.length} pageSize={50} total={null} unit="件" />
            </>
          )
        }
      </Fetched>
    </Page>
  );
}
