import { useState } from 'react';
import type { ReactNode } from 'react';
import { PAPER_STATE_LABELS } from '../../../src/rules/papers/lifecycle.ts';
import type { PaperState } from '../../../src/rules/papers/lifecycle.ts';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import type { ButtonVariant, ButtonSize } from '../../ui/button.tsx';
import { FigureCard, Facts } from '../../ui/card.tsx';
import { StateChip } from '../../ui/chip.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProgressBar } from '../../ui/progress.tsx';
import { Empty, Failed, Forbidden, Loading } from '../../ui/states.tsx';
import { Steps } from '../../ui/steps.tsx';
import { Count, DateText, PaperNumber } from '../../ui/text.tsx';
import { Timeline } from '../../ui/timeline.tsx';

const LOOKS: readonly ButtonVariant[] = ['filled', 'outline', 'text', 'danger'];
const SIZES: readonly ButtonSize[] = ['lg', 'md', 'sm', 'xs'];

export function StatesPage(): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <Page
      title="部品の見本"
      of="状態と知らせ"
      crumbs={[{ to: '/forms', label: '入力' }]}
      lead="どの部品も、どの状態でも、ここで見られます。"
      actions={
        <Button variant="filled" onClick={() => setOpen(true)}>
          1,204通を引き抜く
        </Button>
      }
    >
      <Section title="今日すること">
        <ul className="grid grid-cols-1 gap-4 desktop:grid-cols-2 wide:grid-cols-4">
          <li>
            <FigureCard
              to="/lists"
              title="不着の行き先を決める"
              icon="returned"
              count={1204}
              unit="通"
              note="いちばん古いもの：3日前"
            />
          </li>
          <li>
            <FigureCard
              to="/lists"
              title="文字・住所を確かめる"
              icon="warning"
              count={7}
              unit="通"
              note="期限：あす"
              urgent
            />
          </li>
          <li>
            <FigureCard to="/lists" title="回収を待つ資格確認書" icon="clock" count={0} unit="枚" />
          </li>
          <li>
            <FigureCard to="/lists" title="届いていない結果" icon="parcel" count={null} unit="件" />
          </li>
        </ul>
      </Section>
      <Section title="ボタン">
        <div className="flex flex-col gap-4">
          {LOOKS.map((variant) => (
            <div key={variant} className="flex flex-wrap items-center gap-4">
              {SIZES.map((size) => (
                <Button key={size} variant={variant} size={size}>
                  対象から外す
                </Button>
              ))}
            </div>
          ))}
          <div className="flex flex-wrap items-center gap-4">
            <Button variant="filled" reason="別の人の確認が要ります">
              発送を確定する
            </Button>
            <Button reason="すでに発送済みです">引き抜く</Button>
            <Button busy icon="refresh">
              更新
            </Button>
            <LinkButton to="/forms" variant="filled" icon="upload">
              ファイルを取り込む
            </LinkButton>
          </div>
        </div>
      </Section>
      <Section title="知らせ">
        <div className="flex flex-col gap-4">
          <Banner
            kind="success"
            title="1,204通を引き抜きました"
            live={false}
            actions={<Button icon="undo">取り消す</Button>}
            onClose={() => {}}
          >
            引き抜いた郵便物は廃棄の一覧にあります。
          </Banner>
          <Banner kind="error" title="印刷枚数と封入枚数が合いません" live={false}>
            印刷 <Count n={9100} unit="枚" />
            、封入 <Count n={9098} unit="枚" />
            。差の2枚を一覧で確かめてください。
          </Banner>
          <Banner kind="warning" title="未送信 12件：サーバーにつながりません" live={false} />
          <Banner kind="information" title="登録状況は令和7年9月末のものです" live={false} />
        </div>
      </Section>
      <Section title="用紙の状態">
        <ul className="flex flex-wrap gap-2">
          {(Object.keys(PAPER_STATE_LABELS) as PaperState[]).map((state) => (
            <li key={state}>
              <StateChip state={state} />
            </li>
          ))}
        </ul>
      </Section>
      <Section title="長い処理">
        <div className="flex flex-col gap-6">
          <ProgressBar label="印刷ファイルの作成" done={4821} total={7528} unit="通" perSecond={1150} />
          <ProgressBar label="取り込み" done={812_345} total={null} unit="行" perSecond={90_000} />
          <ProgressBar label="対象者の判定" done={31_067} total={31_067} unit="人" state="done" />
          <ProgressBar label="封入計画" done={120} total={7528} unit="世帯" state="failed" />
        </div>
      </Section>
      <Section title="流れ">
        <Steps
          label="一括発行の流れ"
          steps={[
            {
              key: 'decide',
              title: '対象者の判定',
              state: 'done',
              body: (
                <>
                  対象者 <Count n={9100} unit="人" of={31_067} />
                </>
              ),
            },
            {
              key: 'enclose',
              title: '封入計画',
              state: 'running',
              body: <ProgressBar label="封入計画" done={3000} total={7528} unit="通" perSecond={800} />,
              actions: (
                <Button size="sm" icon="stop">
                  止める
                </Button>
              ),
            },
            {
              key: 'print',
              title: '印刷',
              state: 'ready',
              actions: (
                <Button size="sm" variant="filled">
                  印刷ファイルを作る
                </Button>
              ),
            },
            { key: 'package', title: '引き渡し', state: 'failed', body: '受け取る側の鍵がありません。' },
            { key: 'post', title: '発送', state: 'waiting' },
          ]}
        />
      </Section>
      <Section title="経過">
        <Timeline
          entries={[
            {
              key: '3',
              at: '2025-09-12T01:32:05Z',
              title: '不着',
              who: '委託業者　見本',
              reason: 'あて所に尋ねあたりません',
              icon: 'returned',
            },
            { key: '2', at: '2025-08-04T06:00:00Z', title: '発送', who: '委託業者　見本', icon: 'envelope' },
            { key: '1', at: '2025-08-04T00:10:00Z', title: '封入', who: '委託業者　見本' },
          ]}
        />
      </Section>
      <Section title="事実">
        <Facts
          facts={[
            { name: '記号・番号・枝番', value: <span className="code">31250012-1-00</span> },
            { name: '氏名', value: '勅使河原　権左衛門（テシガワラ　ゴンザエモン）' },
            { name: '生年月日', value: <DateText date={'1989-01-07' as LocalDate} /> },
            { name: '資格確認書', value: <PaperNumber number="10001000000017" /> },
            {
              name: '住所',
              value: '〒690-0823　島根県松江市西川津町４１９５ー１５　グランドハイツ山陰城下町弐番館　１２０３号室',
            },
          ]}
        />
      </Section>
      <Section title="まだ・ない・できない">
        <div className="flex flex-col gap-4">
          <Empty title="不着はありません" actions={<LinkButton to="/scan">不着を読み取る</LinkButton>}>
            返戻封筒のバーコードを読むと、ここに並びます。
          </Empty>
          <Failed reference="3f2c-11" onRetry={() => {}} />
          <Forbidden who="行えるのは：本部、支部" />
          <Loading />
        </div>
      </Section>
      <Confirm
        title="1,204通を引き抜きますか"
        verb="1,204通を引き抜く"
        variant="danger"
        open={open}
        error="3通はすでに発送されています。一覧を更新してからもう一度お試しください。"
        onConfirm={() => setOpen(false)}
        onClose={() => setOpen(false)}
      >
        引き抜いた郵便物は送られません。発送までは取り消せます。
      </Confirm>
    </Page>
  );
}
