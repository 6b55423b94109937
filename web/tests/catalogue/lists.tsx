import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import type { PaperState } from '../../../src/rules/papers/lifecycle.ts';
import { BarChart } from '../../ui/bar-chart.tsx';
import { Button } from '../../ui/button.tsx';
import { StateChip } from '../../ui/chip.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { AsOf, Paging } from '../../ui/paging.tsx';
import { useSelection } from '../../ui/selection.ts';
import { Table } from '../../ui/table.tsx';
import type { Column } from '../../ui/table.tsx';
import { Count, PaperNumber } from '../../ui/text.tsx';
import { paperNumber } from '../../../src/rules/words/check-digits.ts';

interface Row {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly workplace: string;
  readonly cards: number;
  readonly state: PaperState;
}

const NAMES = [
  '髙﨑　𠮷兵衛',
  '渡邉　桒子',
  '勅使河原　権左衛門',
  '佐藤　花子',
  'ファン・デル・ベルグ　アレクサンドラ',
];
const STATES: readonly PaperState[] = ['posted', 'returned', 'held', 'printed', 'handed-over'];
const ROWS: readonly Row[] = Array.from({ length: 20 }, (_, i) => ({
  id: paperNumber('mailpiece', 1, i + 1),
  key: `${31250000 + (i % 9)}-${i * 37 + 1}-0${i % 4}`,
  name: NAMES[i % NAMES.length] as string,
  workplace: i % 3 === 0 ? '一般社団法人　日本西部広域自動車整備振興協議会連合会　島根県本部' : '出雲製作所',
  cards: (i % 4) + 1,
  state: STATES[i % STATES.length] as PaperState,
}));

const COLUMNS: readonly Column<Row>[] = [
  {
    key: 'key',
    title: '記号-番号-枝番',
    names: true,
    sortable: true,
    cell: (row) => (
      <a href="#main" className="code">
        {row.key}
      </a>
    ),
  },
  { key: 'name', title: '氏名', chars: 8, cell: (row) => row.name },
  { key: 'workplace', title: '事業所', chars: 12, cell: (row) => row.workplace },
  { key: 'number', title: '封筒', cell: (row) => <PaperNumber number={row.id} /> },
  { key: 'cards', title: '枚数', end: true, sortable: true, cell: (row) => <Count n={row.cards} unit="枚" /> },
  { key: 'state', title: '状態', cell: (row) => <StateChip state={row.state} /> },
];

export function ListsPage(): ReactNode {
  const [search] = useSearchParams();
  const selection = useSelection(search.get('q') ?? '');
  return (
    <Page title="不着一覧" lead="理由で行き先が決まります。" actions={<Button icon="download">CSVで受け取る</Button>}>
      <Section title="郵便物" actions={<AsOf at="2025-09-12T01:32:05Z" onRefresh={() => {}} />}>
        <Table
          caption="不着の郵便物"
          columns={COLUMNS}
          rows={ROWS}
          rowKey={(row) => row.id}
          sort={{ by: 'key', descending: false }}
          onSort={() => {}}
          selection={selection}
          total={12_345}
          unit="通"
          bulk={(count) => (
            <Button variant="filled" size="sm">
              {count.toLocaleString('ja-JP')}通を再送付する
            </Button>
          )}
        />
        <Paging next="abc" shown={20} pageSize={20} total={12_345} unit="通" />
      </Section>
      <Section title="内訳">
        <BarChart
          title="対象者 9,100人の内訳"
          finding="ほとんどはマイナンバーカードがないか、利用登録をしていない人です。"
          unit="人"
          labelTitle="理由"
          bars={[
            { key: 'a', label: 'マイナンバーカード未取得・利用登録なし', count: 8669 },
            { key: 'b', label: '利用登録解除', count: 5 },
            { key: 'c', label: '電子証明書の有効期限切れ（3か月経過）', count: 358 },
            { key: 'd', label: 'マイナンバーカード返納', count: 68 },
          ]}
          notes="分母は対象者9,100人。割合は小数第3位を四捨五入し、合計が100％にならないことがあります。"
        />
      </Section>
    </Page>
  );
}
