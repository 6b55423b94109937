// The steps of an issuance: each says where it stands, what it will do, and starts, shows or stops its work.
import { Fragment, useState } from 'react';
import type { ReactNode } from 'react';
import type { LocalDate } from '../../../src/rules/words/local-date.ts';
import { makePackage, startJob } from '../../api/work.ts';
import type { IssuancePage, Job, PackageRequest } from '../../api/work.ts';
import { NewerFacts } from '../../forms/newer-facts.tsx';
import { JobOverride } from '../../forms/override-form.tsx';
import { paths } from '../../paths.ts';
import { LinkButton } from '../../ui/button.tsx';
import { RadioGroup } from '../../ui/choice.tsx';
import { Select, TextField } from '../../ui/field.tsx';
import { Steps } from '../../ui/steps.tsx';
import type { Step } from '../../ui/steps.tsx';
import { Count, formatNumber, today } from '../../ui/text.tsx';
import { WarekiDateField } from '../../ui/wareki-date-field.tsx';
import { JobProgress, isOpen } from '../job-view.tsx';
import { useAccount, useMay } from '../signed-in.tsx';
import { StartButton } from '../start-button.tsx';

/** Jobs whose progress or failure stands at a step. */
const JOBS_OF = {
  decide: ['decide'],
  enclose: ['enclose'],
  print: ['print'],
  release: [],
  package: ['package'],
  post: [],
  return: ['reroute'],
} as const satisfies Record<ServerStep['key'], readonly string[]>;

export function IssuanceSteps({ page, mayRun }: { readonly page: IssuancePage; readonly mayRun: boolean }): ReactNode {
  const maySeePackages = useMay('see-packages');
  const mayRemake = useMay('remake');
  const isPrintApproved = page.lots.length > 0 && page.lots.every((lot) => lot.isPrintApproved);
  const steps = page.steps.map((step): Step => {
    const { key, title, state, word, offers } = step;
    const offered = offers.filter(({ kind }) => (STAFF_RUN.includes(kind) ? mayRun : mayRemake));
    return {
      key,
      title,
      state,
      word,
      body: <StepBody page={page} step={step} mayRun={mayRun} />,
      actions: (
        <>
          {offered.map((offer) => (
            <OfferButton key={offer.kind} page={page} offer={offer} />
          ))}
          {key === 'release' && state !== 'waiting' && (
            <LinkButton size="sm" variant={isPrintApproved ? 'text' : 'outline'} to={paths.lots(page.overview.id)}>
              ロットと二人の確認
            </LinkButton>
          )}
          {key === 'package' && maySeePackages && (
            <LinkButton size="sm" variant="text" to={paths.packages}>
              引き渡しの一覧
            </LinkButton>
          )}
        </>
      ),
    };
  });
  return <Steps label="発行の段階" steps={steps} />;
}

type ServerStep = IssuancePage['steps'][number];
type Offer = ServerStep['offers'][number];

/** What a role that runs issuances may begin; the other offers are remakes. */
const STAFF_RUN: readonly Offer['kind'][] = ['enclose', 'print', 'package'];

/** The progress of the step's job, why it failed, or what is said of the step. */
function StepBody({
  page,
  step: { key, counts, note },
  mayRun,
}: {
  readonly page: IssuancePage;
  readonly step: ServerStep;
  readonly mayRun: boolean;
}): ReactNode {
  const account = useAccount();
  const kinds: readonly string[] = JOBS_OF[key];
  const own = page.jobs.filter((job) => kinds.includes(job.kind));
  const job = own.find((one) => isOpen(one)) ?? own.slice(0, 1).find((one) => one.state === 'failed');
  if (job && isOpen(job)) return <JobProgress job={job} mayStop={mayRun} />;
  if (job)
    return (
      <>
        <p className="text-error-2">{job.message}</p>
        <JobOverride account={account} job={job} />
      </>
    );
  return (
    <>
      {counts.map(({ label, count, unit, of }, i) => (
        <Fragment key={label}>
          {i > 0 && '、'}
          {label !== '' && `${label} `}
          {unit === 'ロット' ? (
            `${formatNumber(count)} / ${formatNumber(of ?? count)}ロット`
          ) : (
            <Count n={count} unit={unit} {...(of !== null && { of })} />
          )}
        </Fragment>
      ))}
      {counts.length > 0 && note !== '' && <br />}
      {note}
    </>
  );
}

function OfferButton({ page, offer }: { readonly page: IssuancePage; readonly offer: Offer }): ReactNode {
  const { id } = page.overview;
  const { kind, count, isBegun } = offer;
  switch (kind) {
    case 'enclose':
      return (
        <StartButton
          verb={isBegun ? '続きから計画する' : '封入を計画する'}
          question={`対象者${formatNumber(count)}人の封入を計画しますか`}
          start={(key) => startJob({ kind, issuanceId: id }, key)}
        >
          世帯ごとに封筒を組み、番号を付けます。紙はまだ作られません。
        </StartButton>
      );
    case 'print':
      return (
        <StartButton
          verb={isBegun ? '続きから作る' : '印刷ファイルを作る'}
          question={`${formatNumber(count)}通の印刷ファイルを作りますか`}
          start={(key) => startJob({ kind, issuanceId: id }, key)}
        >
          作ったファイルは引き渡すまで外に出ません。止めても、続きから始められます。
          <NewerFacts id={id} lot={null} />
        </StartButton>
      );
    case 'package':
      return <PackageButton page={page} />;
    case 'release':
    case 'reprint':
    case 'reroute':
    case 'rehome':
      return <RemakeButton kind={kind} verb={REMAKE_VERBS[kind]} id={id} count={count} />;
  }
}

const REMAKE_VERBS = {
  release: '確認済みの作り直しを作る',
  reprint: '刷り直しを作る',
  reroute: '事業所経由の再送付を作る',
  rehome: '自宅への再送付を作る',
} as const;

type CardImages = PackageRequest['cardImages'];

const CARD_IMAGES = [
  { value: 'none', label: '付けない' },
  { value: 'qr', label: 'QRコード', support: 'ほかの券面はカード発行機が作るとき' },
  { value: 'faces', label: '券面のおもて・うらとQRコード', support: '一枚に約0.3 MBになります' },
] as const satisfies readonly { value: NonNullable<CardImages> | 'none'; label: string; support?: string }[];

function PackageButton({ page }: { readonly page: IssuancePage }): ReactNode {
  const { id } = page.overview;
  const released = page.lots.filter(({ isPrintApproved }) => isPrintApproved);
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
      <NewerFacts id={id} lot={lot === '' ? null : Number(lot)} />
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
