// The steps of an issuance: each says where it stands, what it will do, and starts, shows or stops its work.
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { makePackage, startJob } from '../../api/work.ts';
import type { IssuancePage, Job, PackageWish } from '../../api/work.ts';
import { JobOverride } from '../../forms/override-form.tsx';
import { paths } from '../../paths.ts';
import { LinkButton } from '../../ui/button.tsx';
import { RadioGroup } from '../../ui/choice.tsx';
import { Select, TextField } from '../../ui/field.tsx';
import { Steps } from '../../ui/steps.tsx';
import type { Step, StepState } from '../../ui/steps.tsx';
import { Count, formatNumber, today } from '../../ui/text.tsx';
import { WarekiDateField } from '../../ui/wareki-date-field.tsx';
import { JobProgress, isOpen } from '../job-view.tsx';
import { useAccount, useMay } from '../signed-in.tsx';
import { StartButton } from '../start-button.tsx';

export function IssuanceSteps({ page, mayRun }: { readonly page: IssuancePage; readonly mayRun: boolean }): ReactNode {
  const { overview, jobs, states, lots } = page;
  const { id, members, decided, enclosed, batches, printedBatches, mailpieces, targets } = overview;
  const isNotice = overview.kind === 'notice';
  const account = useAccount();
  const maySeePackages = useMay('see-packages');
  const mayRemake = useMay('remake');
  const at = (state: string): number =>
    states.find((row) => row.subject === 'mailpiece' && row.state === state)?.count ?? 0;
  const running = (kind: string): Job | undefined => jobs.find((job) => job.kind === kind && isOpen(job));
  /** The newest of its kind, where it failed and nothing has run since. */
  const failed = (kind: string): Job | undefined => {
    const newest = jobs.find((job) => job.kind === kind);
    return newest?.state === 'failed' ? newest : undefined;
  };
  const stateOf = (kind: string, isDone: boolean, mayBegin: boolean): StepState => {
    if (running(kind)) return 'running';
    if (isDone) return 'done';
    if (failed(kind)) return 'failed';
    return mayBegin ? 'ready' : 'waiting';
  };
  const bodyOf = (kind: string, otherwise: ReactNode): ReactNode => {
    const job = running(kind) ?? failed(kind);
    if (job && isOpen(job)) return <JobProgress job={job} mayStop={mayRun} />;
    if (!job) return otherwise;
    return (
      <>
        <p className="text-error-2">{job.message}</p>
        <JobOverride account={account} job={job} />
      </>
    );
  };

  const isDecided = decided >= members;
  const isEnclosed = enclosed >= members && isDecided;
  const isPrinted = batches > 0 && printedBatches === batches;
  const printReleased = lots.filter(({ isPrintReleased }) => isPrintReleased).length;
  const postReleased = lots.filter(({ isPostReleased }) => isPostReleased).length;
  const handedOver = lots.filter(({ isHandedOver }) => isHandedOver).length;
  const isReleased = isPrinted && printReleased === lots.length;
  const printed = at('printed');
  const unsent = ['planned', 'held', 'released', 'remade', 'printed', 'enclosed', 'withdrawn', 'spoiled'] as const;
  const posted = unsent.reduce((rest, state) => rest - at(state), mailpieces);
  const released = at('released');
  const returned = at('returned');
  const spoiled = at('spoiled');
  const left = at('left-workplace');

  const steps: Step[] = [
    {
      key: 'decide',
      title: '対象者の判定',
      state: stateOf('decide', isDecided, false),
      body: bodyOf(
        'decide',
        <>
          対象者 <Count n={targets} unit="人" of={members} />
        </>,
      ),
    },
    {
      key: 'enclose',
      title: '封入計画',
      state: stateOf('enclose', isEnclosed, isDecided),
      body: bodyOf(
        'enclose',
        isEnclosed ? (
          <>
            <Count n={mailpieces} unit="通" />
            {!isNotice && (
              <>
                に <Count n={overview.certificates} unit="枚" />
              </>
            )}
          </>
        ) : isNotice ? (
          '一人に一通。判定が終わると始められます。'
        ) : (
          '世帯ごとに、1通4枚まで。判定が終わると始められます。'
        ),
      ),
      actions: mayRun && isDecided && !isEnclosed && !running('enclose') && (
        <StartButton
          verb={enclosed > 0 ? '続きから計画する' : '封入を計画する'}
          question={`対象者${formatNumber(targets)}人の封入を計画しますか`}
          start={(key) => startJob({ kind: 'enclose', issuanceId: id }, key)}
        >
          世帯ごとに封筒を組み、番号を付けます。紙はまだ作られません。
        </StartButton>
      ),
    },
    {
      key: 'print',
      title: '印刷ファイルの作成',
      state: stateOf('print', isPrinted, isEnclosed),
      body: bodyOf(
        'print',
        isPrinted ? (
          <>
            <Count n={overview.printed} unit="通" />
            、職員の確認待ち <Count n={at('held')} unit="通" />
            {released > 0 && (
              <>
                、確認済み（作り直し待ち） <Count n={released} unit="通" />
              </>
            )}
          </>
        ) : (
          `${isNotice ? 'お知らせ・個人番号申出書' : '資格確認書・送付書'}・封入の指示を作り、一枚ずつ読み返して確かめます。`
        ),
      ),
      actions: (
        <>
          {mayRun && isEnclosed && !isPrinted && !running('print') && (
            <StartButton
              verb={printedBatches > 0 ? '続きから作る' : '印刷ファイルを作る'}
              question={`${formatNumber(mailpieces)}通の印刷ファイルを作りますか`}
              start={(key) => startJob({ kind: 'print', issuanceId: id }, key)}
            >
              作ったファイルは引き渡すまで外に出ません。止めても、続きから始められます。
            </StartButton>
          )}
          {mayRemake && released > 0 && !running('release') && (
            <RemakeButton kind="release" verb="確認済みの作り直しを作る" id={id} count={released} />
          )}
        </>
      ),
    },
    {
      key: 'release',
      title: '二人の確認',
      state: isReleased && postReleased === lots.length ? 'done' : isPrinted ? 'ready' : 'waiting',
      word: isReleased && postReleased < lots.length ? '印刷は承認済み' : undefined,
      body: isPrinted ? (
        <>
          {formatNumber(lots.length)}ロットのうち、印刷の承認 {formatNumber(printReleased)}ロット、発送の承認{' '}
          {formatNumber(postReleased)}ロット
        </>
      ) : (
        '印刷と発送は、ロットごとに別の二人が確かめてから進みます。'
      ),
      actions: isPrinted && (
        <LinkButton size="sm" look={isReleased ? 'text' : 'outline'} to={paths.lots(id)}>
          ロットと二人の確認
        </LinkButton>
      ),
    },
    {
      key: 'package',
      title: '委託業者への引き渡し',
      state: stateOf('package', lots.length > 0 && handedOver === lots.length, released > handedOver),
      body: bodyOf(
        'package',
        printReleased > 0
          ? `${formatNumber(lots.length)}ロットのうち ${formatNumber(handedOver)}ロットを引き渡しました。印刷ファイルと目録をまとめ、業者の鍵で暗号にします。`
          : 'ロットの印刷を二人が確認すると、引き渡せます。印刷ファイルと目録をまとめ、業者の鍵で暗号にします。',
      ),
      actions: (
        <>
          {mayRun && isPrinted && printReleased > 0 && !running('package') && <PackageButton page={page} />}
          {maySeePackages && (
            <LinkButton size="sm" look="text" to={paths.packages}>
              引き渡しの一覧
            </LinkButton>
          )}
        </>
      ),
    },
    {
      key: 'post',
      title: '封入・発送の結果',
      state:
        posted > 0 && printed === 0 && at('enclosed') === 0
          ? 'done'
          : posted > 0 || at('enclosed') > 0
            ? 'running'
            : 'waiting',
      body: (
        <>
          発送 <Count n={posted} unit="通" of={mailpieces} />
          {spoiled > 0 && (
            <>
              、損傷 <Count n={spoiled} unit="通" />
            </>
          )}
        </>
      ),
      actions: mayRemake && spoiled > 0 && !running('reprint') && (
        <RemakeButton kind="reprint" verb="刷り直しを作る" id={id} count={spoiled} />
      ),
    },
    {
      key: 'return',
      title: '不着と再送付',
      state: running('reroute') ? 'running' : returned > 0 ? 'ready' : posted > 0 ? 'done' : 'waiting',
      body: bodyOf(
        'reroute',
        <>
          不着 <Count n={returned} unit="通" />
          、作り直し済み <Count n={at('rerouted')} unit="通" />
        </>,
      ),
      actions: mayRemake && (
        <>
          {returned > 0 && !running('reroute') && (
            <RemakeButton kind="reroute" verb="事業所経由の再送付を作る" id={id} count={returned} />
          )}
          {returned + left > 0 && !running('rehome') && (
            <RemakeButton kind="rehome" verb="自宅への再送付を作る" id={id} count={returned + left} />
          )}
        </>
      ),
    },
  ];
  return <Steps label="発行の段階" steps={steps} />;
}

type CardImages = PackageWish['cardImages'];

const CARD_IMAGES = [
  { value: 'none', label: '付けない' },
  { value: 'qr', label: 'QRコード', support: 'ほかの券面はカード発行機が作るとき' },
  { value: 'faces', label: '券面のおもて・うらとQRコード', support: '一枚に約0.3 MBになります' },
] as const satisfies readonly { value: NonNullable<CardImages> | 'none'; label: string; support?: string }[];

function PackageButton({ page }: { readonly page: IssuancePage }): ReactNode {
  const { id } = page.overview;
  const released = page.lots.filter(({ isPrintReleased }) => isPrintReleased);
  const isAll = released.length === page.lots.length && !released.some(({ isHandedOver }) => isHandedOver);
  const first = released.find(({ isHandedOver }) => !isHandedOver) ?? released[0];
  const [chosen, setChosen] = useState<string | null>(null);
  const lot = chosen ?? (isAll ? '' : String(first?.no ?? ''));
  const [recipient, setRecipient] = useState('');
  const [images, setImages] = useState('none');
  return (
    <StartButton
      verb="引き渡しを作る"
      question="委託業者への引き渡しを作りますか"
      icon="parcel"
      given={`${lot} ${recipient} ${images}`}
      start={(key) =>
        makePackage(
          {
            issuanceId: id,
            recipient: recipient.trim() || null,
            lotNo: lot === '' ? null : Number(lot),
            cardImages: images === 'none' ? null : (images as CardImages),
          },
          key,
        )
      }
    >
      {page.lots.length > 1 && (
        <div className="mb-4">
          <Select
            label="ロット"
            support="印刷を二人が確認したロットだけを引き渡せます。"
            options={[
              ...(isAll ? [{ value: '', label: 'すべてのロット' }] : []),
              ...released.map(({ no, name, isHandedOver }) => ({
                value: String(no),
                label: `${no}　${name}${isHandedOver ? '（引き渡し済み）' : ''}`,
              })),
            ]}
            value={lot}
            onChange={(event) => setChosen(event.target.value)}
          />
        </div>
      )}
      <TextField
        label="委託業者の公開鍵"
        support="age1 で始まる鍵。空けておくと暗号にしません（閉じた媒体で渡すときだけ）。"
        value={recipient}
        onChange={(event) => setRecipient(event.target.value)}
        spellCheck={false}
      />
      {page.takesCardImages && (
        <div className="mt-6">
          <RadioGroup
            label="カード発行機で引く画像"
            support="証番号を名前にしたPNG（300 dpi）。どの画像かは personalisation.csv にあります。"
            name={`card-images-${id}`}
            value={images}
            options={CARD_IMAGES}
            onChange={setImages}
          />
        </div>
      )}
    </StartButton>
  );
}

const REMAKES = {
  reroute:
    '不着のうち、理由から事業所を通せるものだけを作り直し、次の発行として印刷ファイルにします。通せないものは職員に残ります。元の紙は廃棄の対象になります。',
  reprint: '損傷した郵便物を同じ中身で刷り直し、次の発行として印刷ファイルにします。損傷した紙は廃棄の対象になります。',
  release:
    '確認済みの郵便物を、新しい加入者・事業所のファイルと、直した文字・住所で作り直し、次の発行として印刷ファイルにします。資格を失った方の分は入りません。',
  rehome:
    '事業所が「退職」とした郵便物と、渡せずに返送した郵便物だけを作り直し、本人の自宅へ送ります。住所のない方は職員に残ります。',
} as const;

export function RemakeButton({
  kind,
  verb,
  id,
  count,
  onStarted,
}: {
  readonly kind: 'reroute' | 'reprint' | 'rehome' | 'release';
  readonly verb: string;
  readonly id: number;
  readonly count: number;
  readonly onStarted?: (job: Job) => void;
}): ReactNode {
  const [issuedOn, setIssuedOn] = useState<LocalDate | null>(today);
  return (
    <StartButton
      verb={verb}
      question={`${formatNumber(count)}通を確かめて、${verb.replace('を作る', '')}を作りますか`}
      icon="refresh"
      start={(key) => {
        if (issuedOn === null) return Promise.reject(new Error('no date'));
        return startJob({ kind, issuanceId: id, issuedOn }, key);
      }}
      given={issuedOn}
      {...(onStarted && { onStarted })}
      needs={issuedOn === null ? '交付年月日を入れてください' : undefined}
    >
      <p className="mb-4">{REMAKES[kind]}</p>
      <WarekiDateField
        label="作り直すものの交付年月日（お知らせは通知年月日）"
        support="新しい交付年月日の証が有効になります。"
        required
        defaultValue={today()}
        onChange={setIssuedOn}
      />
    </StartButton>
  );
}
