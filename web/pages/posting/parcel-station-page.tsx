// The station of one workplace's parcels: opened, filled by scan, closed when every envelope is in. An envelope of another
// workplace is refused, big and loud.
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { wordsOf } from '../../api/client.ts';
import { useAction } from '../../api/action.ts';
import { closeParcel, openParcels, parcelContents, scanIntoParcel, workplaceParcelsQuery } from '../../api/parcels.ts';
import type { Parcel, WorkplaceParcels } from '../../api/parcels.ts';
import { paths } from '../../paths.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button, ButtonLink, LinkButton } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { Page, Section } from '../../ui/page.tsx';
import { ProgressBar } from '../../ui/progress.tsx';
import type { Scan } from '../../ui/scan/queue.ts';
import { ScanStation } from '../../ui/scan/station.tsx';
import { InstantText, formatNumber } from '../../ui/text.tsx';
import { Fetched } from '../fetched.tsx';
import { answerOf, only, show } from './scan-answers.ts';
import type { ScanWords } from './scan-answers.ts';

const WORDS = {
  recorded: { tone: 'good', word: '入れました' },
  already: { tone: 'again', word: '入れてあります' },
  stranger: { tone: 'bad', word: '分からない番号です' },
  refused: { tone: 'bad', word: '入れないでください' },
} as const satisfies ScanWords;

const isWhole = ({ closedAt, scanned, expected }: Parcel): boolean =>
  closedAt === null && expected > 0 && scanned === expected;

export function ParcelStationPage(): ReactNode {
  const params = useParams();
  const id = Number(params['id']);
  const symbol = params['symbol'] ?? '';
  const query = useQuery(workplaceParcelsQuery(id, symbol));
  return (
    <Page
      title={query.data ? `${query.data.workplaceName}への梱包` : '梱包'}
      of={`記号 ${symbol}`}
      crumbs={[{ to: paths.parcels, label: '梱包' }]}
      lead={
        <>
          記号 <span className="code">{symbol}</span>・第{id}号　{query.data?.issuanceTitle}
        </>
      }
      actions={<LinkButton to={paths.parcels}>ほかの事業所へ</LinkButton>}
    >
      <Fetched query={query}>
        {(found) => <Station key={`${id} ${symbol}`} id={id} symbol={symbol} found={found} />}
      </Fetched>
    </Page>
  );
}

function Station({
  id,
  symbol,
  found: { parcels, unpacked },
}: {
  readonly id: number;
  readonly symbol: string;
  readonly found: WorkplaceParcels;
}): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const client = useQueryClient();
  const { queryKey } = workplaceParcelsQuery(id, symbol);
  const opening = useAction((_request: { id: number; symbol: string }, key) => openParcels(id, symbol, key));
  const closing = useAction(
    (request: { parcel: number }, key) => closeParcel(id, symbol, request.parcel, key),
    () => field.current?.focus(),
  );
  const whole = parcels.find(isWhole);
  const isOpen = parcels.some((parcel) => parcel.closedAt === null);
  // What is focused next: the scan, once there is a parcel to fill, else the button that opens one.
  useEffect(() => (isOpen ? field.current : opener.current)?.focus(), [isOpen]);
  const close = (parcel: Parcel | undefined): void => {
    if (parcel && !closing.isPending) closing.mutate({ parcel: parcel.id });
  };
  // Hands are on the scanner: the parcel that is whole closes from the keyboard, wherever it is.
  const latest = useRef(() => close(whole));
  latest.current = () => close(whole);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey && event.key === 'Enter') latest.current();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

  return (
    <>
      {unpacked > 0 && (
        <div className="mb-6">
          <Banner
            kind="information"
            live={false}
            title={`まだどの梱包にもない封筒が${formatNumber(unpacked)}通あります`}
            actions={
              <Button
                ref={opener}
                variant="filled"
                icon="parcel"
                busy={opening.isPending}
                onClick={() => opening.mutate({ id, symbol })}
              >
                {formatNumber(unpacked)}通の梱包を開く
              </Button>
            }
          >
            梱包を開くと、入れるべき封筒が決まります。箱や封筒を用意してください。
          </Banner>
        </div>
      )}
      {opening.error !== null && <Fault title={wordsOf(opening.error) ?? ''} />}
      {closing.error !== null && <Fault title={wordsOf(closing.error) ?? ''} />}
      {whole && (
        <div className="mb-6">
          <Banner
            kind="success"
            title={`${whole.sequence}個目に、${formatNumber(whole.expected)}通すべて入りました`}
            actions={
              <Button variant="filled" icon="check" busy={closing.isPending} onClick={() => close(whole)}>
                閉じて内容一覧を作る（Ctrl+Enter）
              </Button>
            }
          >
            閉じると、入れ直しはできません。
          </Banner>
        </div>
      )}
      {isOpen && (
        <div className="mb-10">
          <ScanStation
            name={`parcels.${id}.${symbol}`}
            label="入れる封筒の番号"
            support="封筒を1通ずつ読んで入れます。窓の下の14桁を入れて Enter でもかまいません。"
            emptyText="封筒を読むと、入れてよいかがここに大きく出ます。"
            unit="通"
            parse={only('mailpiece')}
            show={show}
            field={field}
            send={(scan: Scan) =>
              answerOf(
                WORDS,
                scanIntoParcel(id, symbol, scan.code, scan.id).then((done) => {
                  client.setQueryData<WorkplaceParcels>(
                    queryKey,
                    (before) => before && { ...before, parcels: done.parcels },
                  );
                  return done.answer;
                }),
              )
            }
          />
        </div>
      )}
      <Section title="この事業所の梱包">
        {parcels.length === 0 ? (
          <p>{unpacked === 0 ? 'この発行から、この事業所へ梱包して送る封筒はありません。' : 'まだ開いていません。'}</p>
        ) : (
          <ul className="flex flex-col gap-4">
            {parcels.map((parcel) => (
              <li key={parcel.id} className="rounded-12 border border-solid-gray-420 p-4">
                <ParcelBox id={id} symbol={symbol} parcel={parcel} />
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}

function Fault({ title }: { readonly title: string }): ReactNode {
  return (
    <div className="mb-6">
      <Banner kind="error" title={title} />
    </div>
  );
}

function ParcelBox({
  id,
  symbol,
  parcel,
}: {
  readonly id: number;
  readonly symbol: string;
  readonly parcel: Parcel;
}): ReactNode {
  const { sequence, sequenceCount, containerLabel, expected, scanned, closedAt } = parcel;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h3 className="text-std-18B-160">{`${sequenceCount}個のうち${sequence}（${containerLabel}）`}</h3>
        {closedAt === null ? (
          <Chip tone={isWhole(parcel) ? 'green' : 'blue'} icon={isWhole(parcel) ? 'success' : 'parcel'}>
            {isWhole(parcel) ? '全部入りました' : '開いています'}
          </Chip>
        ) : (
          <Chip icon="lock">閉じました</Chip>
        )}
      </div>
      {closedAt === null ? (
        <ProgressBar
          label="入れた封筒"
          done={scanned}
          total={expected}
          unit="通"
          state={isWhole(parcel) ? 'done' : 'running'}
        />
      ) : (
        <>
          <p>
            <InstantText at={closedAt} /> に{formatNumber(expected)}
            通で閉じました。内容一覧を印刷して、一番上に入れてください。
          </p>
          <div className="flex flex-wrap gap-3">
            <ButtonLink icon="print" href={parcelContents(id, symbol, parcel.id, 'pdf')} target="_blank">
              内容一覧（PDF）
            </ButtonLink>
            <ButtonLink variant="text" icon="download" href={parcelContents(id, symbol, parcel.id, 'csv')} download>
              CSV
            </ButtonLink>
          </div>
        </>
      )}
    </div>
  );
}
