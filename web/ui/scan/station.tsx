// Room: web/ui. A scan station: one field, one big answer with its sound, a running tally, the list of what was read, and
// the undo of the last. No mouse, nothing that closes after one scan.
import { memo, useEffect, useReducer, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { Banner } from '../banner.tsx';
import { Button } from '../button.tsx';
import { Chip } from '../chip.tsx';
import { Icon } from '../icons.tsx';
import { InstantText, formatNumber } from '../text.tsx';
import type { Unit } from '../text.tsx';
import { ScanField } from './field.tsx';
import { ScanQueue } from './queue.ts';
import type { Scan, ScanAnswer, Tone } from './queue.ts';
import { isSoundOn, play, switchSound } from './sound.ts';
import type { Reading } from './reader.ts';

/** Lines kept on the screen; the server has them all. */
const LINES = 100;

interface Line {
  readonly scan: Scan;
  readonly answer: ScanAnswer | null;
  readonly undone: boolean;
}

interface State {
  readonly lines: readonly Line[];
  readonly counts: Readonly<Record<Tone, number>>;
  /** The line the big answer is about. */
  readonly shown: Line | null;
}

type Happening =
  | { readonly kind: 'read'; readonly scan: Scan }
  | { readonly kind: 'answered'; readonly scan: Scan; readonly answer: ScanAnswer }
  | { readonly kind: 'undone'; readonly scan: Scan; readonly answer: ScanAnswer };

function after(state: State, event: Happening): State {
  if (event.kind === 'read') {
    const line = { scan: event.scan, answer: null, undone: false };
    return { ...state, lines: [line, ...state.lines].slice(0, LINES), shown: line };
  }
  const { answer, scan } = event;
  const undone = event.kind === 'undone' && answer.tone === 'good';
  const old = state.lines.find((line) => line.scan.id === scan.id);
  // A refused undo is shown; the line and the tally stay as they were.
  if (event.kind === 'undone' && !undone) return { ...state, shown: { scan, answer, undone: false } };
  const line: Line = { scan, answer: undone ? (old?.answer ?? answer) : answer, undone };
  const counts = { ...state.counts };
  if (undone) counts.good = Math.max(0, counts.good - 1);
  else counts[answer.tone] += 1;
  return {
    lines: state.lines.map((each) => (each.scan.id === scan.id ? line : each)),
    counts,
    // An answer that comes late does not push away the one of a newer scan.
    shown: undone
      ? { scan, answer, undone }
      : state.shown === null || state.shown.scan.at <= scan.at
        ? line
        : state.shown,
  };
}

const NOTHING: State = { lines: [], counts: { good: 0, again: 0, bad: 0 }, shown: null };

export function ScanStation({
  name,
  label,
  support,
  emptyText,
  unit,
  parse,
  show,
  send,
  undo,
  field,
  setting = '',
  settings,
}: {
  /** One a purpose: keeps what waits in this browser apart. */
  readonly name: string;
  readonly label: string;
  readonly support: string;
  readonly emptyText: string;
  readonly unit: Unit;
  readonly parse: (text: string) => string | null;
  /** A code for the eye. */
  readonly show: (code: string) => string;
  readonly send: (scan: Scan) => Promise<ScanAnswer | 'later'>;
  /** None where a scan cannot be taken back here. */
  readonly undo?: (undoId: string) => Promise<ScanAnswer>;
  /** Given to `Page` as its first focus. */
  readonly field: RefObject<HTMLInputElement | null>;
  /** What is set now, kept with each scan. */
  readonly setting?: string;
  /** The controls that set it; they stay between scans. */
  readonly settings?: ReactNode;
}): ReactNode {
  const [state, dispatch] = useReducer(after, NOTHING);
  const [waiting, setWaiting] = useState({ count: 0, offline: false });
  const [sound, setSound] = useState(isSoundOn);
  const latest = useRef(send);
  latest.current = send;
  const queue = useRef<ScanQueue | null>(null);
  queue.current ??= new ScanQueue({
    storeKey: `todoke.scans.${name}`,
    store: localStorage,
    send: (scan) => latest.current(scan),
    onAnswer: (scan, answer) => {
      dispatch({ kind: 'answered', scan, answer });
      play(answer.tone);
    },
    onWaiting: (count, offline) => setWaiting({ count, offline }),
  });
  useEffect(() => {
    const sending = queue.current;
    const go = (): void => sending?.start();
    go();
    addEventListener('online', go);
    return () => {
      removeEventListener('online', go);
      sending?.stop();
    };
  }, []);

  const onRead = (reading: Reading): void => {
    const scan = { id: crypto.randomUUID(), at: new Date().toISOString(), setting };
    if ('code' in reading) {
      dispatch({ kind: 'read', scan: { ...scan, code: reading.code } });
      queue.current?.add({ ...scan, code: reading.code });
      return;
    }
    const unread = { ...scan, code: reading.unreadable.slice(0, 40) };
    dispatch({ kind: 'read', scan: unread });
    dispatch({ kind: 'answered', scan: unread, answer: UNREADABLE });
    play('bad');
  };

  const last = state.lines.find((line) => line.answer?.undoId !== undefined && !line.undone);
  const onUndo = async (): Promise<void> => {
    if (!undo || last?.answer?.undoId === undefined) return;
    const answer = await undo(last.answer.undoId);
    dispatch({ kind: 'undone', scan: last.scan, answer });
    play(answer.tone === 'good' ? 'again' : 'bad');
    field.current?.focus();
  };

  return (
    <div className="grid gap-6 wide:grid-cols-[minmax(0,1fr)_24rem]">
      <div className="flex min-w-0 flex-col gap-4">
        {waiting.offline && (
          <Banner kind="warning" title={`未送信 ${formatNumber(waiting.count)}件：サーバーにつながりません`}>
            読み取りは続けられます。つながりしだい自動で送ります。この画面を閉じても残ります。
          </Banner>
        )}
        {settings}
        <ScanField
          ref={field}
          label={label}
          support={support}
          parse={parse}
          onRead={onRead}
          onUndo={() => void onUndo()}
        />
        <BigAnswer line={state.shown} show={show} emptyText={emptyText} />
        <div className="flex flex-wrap items-center gap-3">
          {undo && (
            <Button
              icon="undo"
              onClick={() => void onUndo()}
              reason={last === undefined ? '取り消せる読み取りはまだありません' : undefined}
            >
              直前の1{unit}を取り消す（Ctrl+Z）
            </Button>
          )}
          <Button
            variant="text"
            icon={sound ? 'sound' : 'mute'}
            aria-pressed={sound}
            onClick={() => {
              switchSound(!sound);
              setSound(!sound);
              if (!sound) play('good');
              field.current?.focus();
            }}
          >
            {sound ? '音を出しています' : '音を消しています'}
          </Button>
        </div>
      </div>
      <div className="min-w-0">
        <Tally state={state} waiting={queue.current.waiting.length} unit={unit} />
        <h2 className="mt-6 mb-2 text-std-17B-170">読み取った順</h2>
        {state.lines.length === 0 ? (
          <p className="text-solid-gray-700">{emptyText}</p>
        ) : (
          <ol
            className="max-h-[60vh] overflow-y-auto border-t border-solid-gray-200"
            tabIndex={0}
            aria-label="読み取った順"
          >
            {state.lines.map((line) => (
              <LineItem key={line.scan.id} line={line} show={show} />
            ))}
          </ol>
        )}
      </div>
    </div>
  );
}

const UNREADABLE: ScanAnswer = {
  tone: 'bad',
  word: '読めない番号です',
  detail: '番号の検査数字が合いません。もう一度読むか、番号を手で入れてください。',
};

const ANSWER_STYLES = {
  good: { box: 'border-success-2 bg-green-50 text-green-1000', icon: 'success', chip: 'green' },
  again: { box: 'border-warning-yellow-2 bg-yellow-50 text-yellow-1200', icon: 'warning', chip: 'yellow' },
  bad: { box: 'border-error-2 bg-red-50 text-red-1000', icon: 'error', chip: 'red' },
} as const satisfies Record<
  Tone,
  { box: string; icon: 'success' | 'warning' | 'error'; chip: 'green' | 'yellow' | 'red' }
>;

function BigAnswer({
  line,
  show,
  emptyText,
}: {
  readonly line: Line | null;
  readonly show: (code: string) => string;
  readonly emptyText: string;
}): ReactNode {
  const answer = line?.answer;
  const style = answer && ANSWER_STYLES[answer.tone];
  return (
    <div
      role="status"
      aria-atomic
      className={`flex min-h-48 items-center gap-4 rounded-12 border-4 p-4 desktop:gap-8 desktop:p-8 ${style ? style.box : 'border-solid-gray-200 text-solid-gray-700'}`}
    >
      {style ? (
        <Icon name={line.undone ? 'undo' : style.icon} className="size-16 desktop:size-24" />
      ) : (
        <Icon name="scan" className="size-16 desktop:size-24" />
      )}
      <div className="min-w-0">
        {line && answer ? (
          <>
            <p className="text-std-26B-150 desktop:text-std-36B-140">{answer.word}</p>
            <p className="code text-std-18B-160">{show(line.scan.code)}</p>
            {answer.detail && <p className="mt-1 text-std-18N-160">{answer.detail}</p>}
          </>
        ) : line ? (
          <>
            <p className="text-std-26B-150">送っています…</p>
            <p className="code text-std-18B-160">{show(line.scan.code)}</p>
          </>
        ) : (
          <>
            <p className="text-std-26B-150 text-solid-gray-900">読み取れます</p>
            <p className="text-std-18N-160">{emptyText}</p>
          </>
        )}
      </div>
    </div>
  );
}

/** Drawn once a change: a hundred of them stand there while scans come several a second. */
const LineItem = memo(function LineItem({
  line,
  show,
}: {
  readonly line: Line;
  readonly show: (code: string) => string;
}): ReactNode {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-solid-gray-200 py-2">
      <span className="text-dns-14N-130 text-solid-gray-700">
        <InstantText at={line.scan.at} part="time" />
      </span>
      <span className={`code ${line.undone ? 'line-through' : ''}`}>{show(line.scan.code)}</span>
      <span className="ml-auto">
        <LineChip line={line} />
      </span>
    </li>
  );
});

function LineChip({ line }: { readonly line: Line }): ReactNode {
  if (line.undone) {
    return (
      <Chip icon="undo" outlined>
        取消済み
      </Chip>
    );
  }
  if (!line.answer) return <Chip icon="waiting">未送信</Chip>;
  const style = ANSWER_STYLES[line.answer.tone];
  return (
    <Chip tone={style.chip} icon={style.icon}>
      {line.answer.word}
    </Chip>
  );
}

function Tally({
  state: { counts },
  waiting,
  unit,
}: {
  readonly state: State;
  readonly waiting: number;
  readonly unit: Unit;
}): ReactNode {
  const lines = [
    ['登録', counts.good],
    ['二重', counts.again],
    ['要確認', counts.bad],
    ['未送信', waiting],
  ] as const;
  return (
    <dl className="grid grid-cols-4 gap-2">
      {lines.map(([name, n]) => (
        <div key={name} className="flex flex-col rounded-8 border border-solid-gray-420 p-2 text-center">
          <dt className="text-dns-14N-130 text-solid-gray-700">{name}</dt>
          <dd className="whole text-solid-gray-900">
            <span className="text-std-24B-150">{formatNumber(n)}</span>
            <span className="text-dns-14N-130">{unit}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
