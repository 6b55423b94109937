// The figures of branches or workplaces, one a row; a row opens to its own breakdown.
import type { ReactNode } from 'react';
import { Link, useLocation, useSearchParams } from 'react-router';
import { formatWareki } from '../../../src/rules/words/calendar.ts';
import { MIN_SHOWN } from '../../../src/rules/desk/disclosure.ts';
import type { Hidden } from '../../../src/rules/desk/disclosure.ts';
import { HIDDEN_LABELS } from '../../../src/rules/desk/disclosure.ts';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import type { Figures } from '../../api/work.ts';
import { Section } from '../../ui/page.tsx';
import { Paging } from '../../ui/paging.tsx';
import { RateBar, formatChange } from '../../ui/rate-chart.tsx';
import type { Rate } from '../../ui/rate-chart.tsx';
import { Empty } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import type { Column, Sort } from '../../ui/table.tsx';
import { Count, formatRate } from '../../ui/text.tsx';
import { ListSearch } from '../list-search.tsx';
import { Breakdown, countsOf } from './figures-breakdown.tsx';
import { EnrolmentChart, toRate } from './figures-enrolment.tsx';

type Group = Figures['groups'][number];

/** The newest reference date on which a group's rate is shown, and the one before it. */
function newestOf({ enrolment }: Group): { readonly now: Rate | null; readonly before: Rate | null } {
  const [before, now] = [enrolment.at(-2), enrolment.at(-1)].map((row) => row && toRate(row));
  return { now: now ?? null, before: before ?? null };
}

// A rate that is not shown is sorted after every number.
const rateNow = (group: Group): number => {
  const { now } = newestOf(group);
  return now ? rateOf(now.part, now.whole) : -1;
};

const SORTS: Readonly<Record<string, (group: Group) => number | string>> = {
  group: (group) => group.group,
  members: (group) => group.people,
  enrolment: rateNow,
  verifiable: (group) => (group.hidden ? -1 : rateOf(countsOf(group).verifiable, group.people)),
  targets: (group) => (group.hidden ? -1 : rateOf(countsOf(group).targets, group.people)),
};

function NotShown({ why }: { readonly why: Hidden }): ReactNode {
  return <span className="text-dns-14N-130 text-solid-gray-700">{HIDDEN_LABELS[why]}</span>;
}

function rateOf(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function sorted(groups: readonly Group[], { by, descending }: Sort): Group[] {
  const key = SORTS[by] ?? SORTS['group'];
  const way = descending ? -1 : 1;
  return [...groups].sort((a, b) => {
    const [x, y] = [key?.(a) ?? '', key?.(b) ?? ''];
    return x < y ? -way : x > y ? way : 0;
  });
}

export function GroupTable({
  by,
  data,
  busy,
}: {
  readonly by: 'branch' | 'workplace';
  readonly data: Figures;
  readonly busy: boolean;
}): ReactNode {
  const [search, setSearch] = useSearchParams();
  const { search: here } = useLocation();
  const word = by === 'branch' ? '支部' : '事業所';
  const open = data.groups.find(({ group }) => group === search.get('group'));
  const sort: Sort | undefined =
    by === 'branch' ? { by: search.get('sort') ?? 'group', descending: search.get('order') === 'desc' } : undefined;
  const rows = sort ? sorted(data.groups, sort) : data.groups;
  const newest = data.enrolment.at(-1)?.asOf;
  const openAt = (group: string | null): { search: string } => {
    const query = new URLSearchParams(here);
    if (group === null) query.delete('group');
    else query.set('group', group);
    return { search: query.toString() };
  };

  const columns: Column<Group>[] = [
    {
      key: 'group',
      title: word,
      names: true,
      chars: 12,
      sortable: by === 'branch',
      cell: ({ group, name }) => (
        <>
          <Link to={openAt(group)} aria-current={open?.group === group ? 'true' : undefined}>
            {name}
          </Link>
          {by === 'workplace' && <span className="ml-2 text-dns-14N-130 text-solid-gray-700">{group}</span>}
        </>
      ),
    },
    {
      key: 'members',
      title: '加入者',
      end: true,
      sortable: by === 'branch',
      cell: (group) => <Count n={group.people} unit="人" />,
    },
    {
      key: 'enrolment',
      title: newest === undefined ? '登録率' : `登録率（${formatWareki(newest as LocalDate)}）`,
      end: true,
      chars: 8,
      sortable: by === 'branch',
      cell: (group) => {
        const { now, before } = newestOf(group);
        const last = group.enrolment.at(-1);
        // The cell beside it says why, where the whole row is hidden.
        if (!now || !last)
          return last && !group.hidden ? <NotShown why={last.people < MIN_SHOWN ? 'few' : 'cover'} /> : '－';
        return (
          <span className="whole">
            <span className="font-700">{formatRate(now.part, now.whole)}</span>
            {before && (
              <span className="block text-dns-14N-130 text-solid-gray-700">前から{formatChange(now, before)}</span>
            )}
          </span>
        );
      },
    },
    {
      key: 'verifiable',
      title: 'マイナ保険証あり',
      sortable: by === 'branch',
      cell: (group) => {
        const { verifiable, members } = countsOf(group);
        if (group.hidden) return <NotShown why={group.hidden} />;
        return (
          <span className="grid grid-cols-[minmax(6rem,1fr)_auto] items-center gap-x-3">
            <RateBar part={verifiable} whole={members} />
            <span className="whole text-right">
              <span className="font-700">{formatRate(verifiable, members)}</span>
              <span className="block text-dns-14N-130 text-solid-gray-700">
                <Count n={verifiable} unit="人" />
              </span>
            </span>
          </span>
        );
      },
    },
    {
      key: 'targets',
      title: '資格確認書の対象',
      end: true,
      sortable: by === 'branch',
      cell: (group) => {
        const { targets, members } = countsOf(group);
        return group.hidden ? '－' : <Count n={targets} unit="人" of={members} />;
      },
    },
  ];

  if (by === 'branch' && !data.hasBranches) {
    return (
      <Empty icon="building" title="この保険者に支部はありません">
        全体と事業所別で見られます。
      </Empty>
    );
  }
  return (
    <>
      {open && (
        <Section title={`${open.name}の内訳`} actions={<Link to={openAt(null)}>内訳を閉じる</Link>}>
          <div className="grid gap-10">
            {open.enrolment.length > 0 && <EnrolmentChart rows={open.enrolment} />}
            {open.hidden ? (
              <p>
                {open.hidden === 'few'
                  ? `加入者が${MIN_SHOWN}人より少ないため、理由ごとの数は出しません。一人ひとりのことが分かってしまうからです。`
                  : `理由ごとの数は出しません。出すと、合計との差から、${MIN_SHOWN}人より少ない${word}の一人ひとりのことが分かってしまうからです。`}
              </p>
            ) : (
              open.people > 0 && <Breakdown group={open} rounding={data.rounding} />
            )}
          </div>
        </Section>
      )}
      <Section title={`${word}ごとの登録率と対象者`}>
        {by === 'workplace' && <ListSearch label="事業所の名称の一部、または記号" />}
        {rows.length === 0 ? (
          <Empty icon="search" title="条件に合う事業所はありません">
            名称の一部か、記号の全体でさがせます。判定の前は、ここには何も並びません。
          </Empty>
        ) : (
          <Table
            caption={`${word}ごとの登録率と対象者`}
            columns={columns}
            rows={rows}
            rowKey={({ group }) => group}
            busy={busy}
            {...(sort && {
              sort,
              onSort: (next: Sort) =>
                setSearch((now) => {
                  const query = new URLSearchParams(now);
                  query.set('sort', next.by);
                  query.set('order', next.descending ? 'desc' : 'asc');
                  return query;
                }),
            })}
          />
        )}
        {by === 'workplace' && <Paging next={data.next} shown={rows.length} pageSize={50} total={null} unit="事業所" />}
        <p className="mt-4 text-dns-14N-130 text-solid-gray-700">
          割合の分母は、それぞれの加入者数。登録率の分母は、その基準日の登録状況の行数。{data.rounding}。
          {by === 'workplace' && '事業所ファイルにない記号の加入者は、全体の数にだけ入ります。'}
        </p>
      </Section>
    </>
  );
}
