// Room: rules. Where an issuance stands: its steps, each with its state and what is said of it, from counts alone. The console
// draws them; nothing about them is decided there.
import type { IssuanceKind } from '../papers/kinds.ts';
import { TRANSITIONS, firstState } from '../papers/lifecycle.ts';
import type { MailpieceState, PaperState, RemakeKind } from '../papers/lifecycle.ts';

export type StepKey = 'decide' | 'enclose' | 'print' | 'release' | 'package' | 'post' | 'return';
export type StepState = 'waiting' | 'ready' | 'running' | 'done' | 'failed';

/** What can be begun at a step, and with how many pieces; 0 where that is not said. */
export interface StepOffer {
  readonly kind: 'enclose' | 'print' | 'package' | Exclude<RemakeKind, 'reissue' | 'send-home'>;
  readonly count: number;
  /** A part of it is done: it is carried on. */
  readonly isBegun: boolean;
}

/** One count that is said of a step. */
export interface StepCount {
  /** '' where the step's title says it. */
  readonly label: string;
  readonly count: number;
  readonly unit: '人' | '通' | '枚' | 'ロット';
  /** Of how many; null = no share is said. */
  readonly of: number | null;
}

export interface IssuanceStep {
  readonly key: StepKey;
  readonly title: string;
  readonly state: StepState;
  readonly word: string;
  readonly counts: readonly StepCount[];
  /** A sentence, or ''. */
  readonly note: string;
  readonly offers: readonly StepOffer[];
}

const STATE_WORDS = {
  waiting: '未着手',
  ready: '始められます',
  running: '実行中',
  done: '完了',
  failed: '止まっています',
} as const satisfies Record<StepState, string>;

export interface StepFacts {
  readonly kind: IssuanceKind;
  /** Certificates an envelope, of the profile; null = no limit. */
  readonly limit: number | null;
  readonly members: number;
  readonly decided: number;
  readonly targets: number;
  readonly enclosed: number;
  readonly certificates: number;
  readonly mailpieces: number;
  readonly batches: number;
  readonly printedBatches: number;
  /** Pieces that print set. */
  readonly printed: number;
  /** Mailpieces by state, now. */
  readonly states: Partial<Readonly<Record<PaperState, number>>>;
  /** Destroyed ones that had been posted before. */
  readonly destroyedAfterPosting: number;
  readonly lots: readonly {
    readonly isPrintApproved: boolean;
    readonly isPostingApproved: boolean;
    readonly isHandedOver: boolean;
  }[];
  /** Kinds of jobs that wait or run, and those whose newest has failed. */
  readonly running: readonly string[];
  readonly failed: readonly string[];
}

/** States a mailpiece can be in without having been posted. */
const BEFORE_POSTING: ReadonlySet<PaperState> = reachedWithoutPosting();

function reachedWithoutPosting(): Set<PaperState> {
  const unprinted = (isHeld: boolean): PaperState => firstState('mailpiece', { isPrinted: false, isHeld });
  const reached = new Set<PaperState>([unprinted(false), unprinted(true)]);
  const steps = TRANSITIONS.filter((t) => t.subject === 'mailpiece' && t.event !== 'post');
  // The table is short: once more for each new state.
  for (let size = 0; size < reached.size;) {
    size = reached.size;
    for (const { from, to } of steps) if (reached.has(from)) reached.add(to);
  }
  return reached;
}

/** Whether a piece in this state has been posted in any case; a destroyed one may have been or not. */
export function isPostedState(state: MailpieceState): boolean {
  return !BEFORE_POSTING.has(state);
}

/** Pieces that have been posted, of all there are by state. */
export function countPosted(states: StepFacts['states'], destroyedAfterPosting: number): number {
  const posted = Object.entries(states).filter(([state]) => isPostedState(state as MailpieceState));
  return posted.reduce((sum, [, count]) => sum + count, destroyedAfterPosting);
}

/** The furthest an issuance has come, in a word; `isWhole`: that stage is done. */
export function stageOf(
  facts: Pick<StepFacts, 'members' | 'decided' | 'enclosed' | 'batches' | 'printedBatches' | 'states'>,
): { readonly word: string; readonly isWhole: boolean } {
  const { members, decided, enclosed, batches, printedBatches, states } = facts;
  if (decided < members) return { word: '判定中', isWhole: false };
  if (enclosed < members) return { word: enclosed === 0 ? '判定済み' : '封入計画中', isWhole: enclosed === 0 };
  if (batches === 0) return { word: '封入計画済み', isWhole: true };
  if (printedBatches < batches) return { word: '印刷中', isWhole: false };
  if (countPosted(states, 0) === 0) return { word: '印刷済み', isWhole: true };
  return isAllPosted(states) ? { word: '発送済み', isWhole: true } : { word: '発送中', isWhole: false };
}

/** Nothing on paper waits to be posted. */
function isAllPosted(states: StepFacts['states']): boolean {
  return (states.printed ?? 0) === 0 && (states.enclosed ?? 0) === 0;
}

/** What the steps say of each kind of paper. */
const OF_KIND = {
  certificate: {
    printed: '資格確認書・送付書',
    countsPapers: true,
    envelopes: (limit: number | null): string =>
      limit === null ? '世帯ごとに一通。枚数の上限はありません。' : `世帯ごとに、1通${limit}枚まで。`,
  },
  // Each lies in an envelope of its own: envelopes are the count.
  notice: { printed: 'お知らせ・個人番号申出書', countsPapers: false, envelopes: (): string => '一人に一通。' },
} as const satisfies Record<IssuanceKind, object>;

/** The steps of an issuance, in order. */
export function issuanceSteps(facts: StepFacts): IssuanceStep[] {
  const { members, decided, targets, enclosed, mailpieces, batches, printedBatches, lots, limit } = facts;
  const about = OF_KIND[facts.kind];
  const at = (state: PaperState): number => facts.states[state] ?? 0;
  const runs = (job: string): boolean => facts.running.includes(job);
  const stateOf = (job: string, isDone: boolean, mayBegin: boolean): StepState => {
    if (runs(job)) return 'running';
    if (isDone) return 'done';
    if (facts.failed.includes(job)) return 'failed';
    return mayBegin ? 'ready' : 'waiting';
  };
  const offer = (kind: StepOffer['kind'], isOffered: boolean, count = 0, isBegun = false): StepOffer[] =>
    isOffered && !runs(kind) ? [{ kind, count, isBegun }] : [];
  const count = (label: string, n: number, unit: StepCount['unit'], of: number | null = null): StepCount => ({
    label,
    count: n,
    unit,
    of,
  });
  const some = (...counted: readonly StepCount[]): StepCount[] => counted.filter((one) => one.count > 0);
  const step = (
    key: StepKey,
    title: string,
    state: StepState,
    said: Partial<Pick<IssuanceStep, 'word' | 'counts' | 'note' | 'offers'>>,
  ): IssuanceStep => ({ key, title, state, word: STATE_WORDS[state], counts: [], note: '', offers: [], ...said });

  const isDecided = decided >= members;
  const isEnclosed = isDecided && enclosed >= members;
  const isPrinted = batches > 0 && printedBatches === batches;
  const printApproved = lots.filter((lot) => lot.isPrintApproved).length;
  const postingApproved = lots.filter((lot) => lot.isPostingApproved).length;
  const handedOver = lots.filter((lot) => lot.isHandedOver).length;
  const isAllPrintReleased = isPrinted && printApproved === lots.length;
  const isAllReleased = isAllPrintReleased && postingApproved === lots.length;
  const isAllHandedOver = lots.length > 0 && handedOver === lots.length;
  const posted = countPosted(facts.states, facts.destroyedAfterPosting);
  const toPrint = isEnclosed && !isPrinted;
  const [returned, left, released, spoiled] = [at('returned'), at('left-workplace'), at('released'), at('spoiled')];

  return [
    step('decide', '対象者の判定', stateOf('decide', isDecided, false), {
      counts: [count('対象者', targets, '人', members)],
    }),
    step('enclose', '封入計画', stateOf('enclose', isEnclosed, isDecided), {
      ...(isEnclosed
        ? {
            counts: [
              count('封筒', mailpieces, '通'),
              ...(about.countsPapers ? [count('資格確認書', facts.certificates, '枚')] : []),
            ],
          }
        : { note: `${about.envelopes(limit)}判定が終わると始められます。` }),
      offers: offer('enclose', isDecided && !isEnclosed, targets, enclosed > 0),
    }),
    step('print', '印刷ファイルの作成', stateOf('print', isPrinted, isEnclosed), {
      ...(isPrinted
        ? {
            counts: [
              count('', facts.printed, '通'),
              count('職員の確認待ち', at('held'), '通'),
              ...some(count('確認済み（作り直し待ち）', released, '通')),
            ],
          }
        : {
            note: `${about.printed}・封入の指示を作り、一枚ずつ読み返して確かめます。`,
          }),
      offers: [...offer('print', toPrint, mailpieces, printedBatches > 0), ...offer('release', released > 0, released)],
    }),
    step('release', '二人の確認', isAllReleased ? 'done' : isPrinted ? 'ready' : 'waiting', {
      ...(isAllPrintReleased && !isAllReleased && { word: '印刷は承認済み' }),
      ...(isPrinted
        ? {
            counts: [
              count('印刷の承認', printApproved, 'ロット', lots.length),
              count('発送の承認', postingApproved, 'ロット', lots.length),
            ],
          }
        : { note: '印刷と発送は、ロットごとに別の二人が確かめてから進みます。' }),
    }),
    step('package', '委託業者への引き渡し', stateOf('package', isAllHandedOver, printApproved > handedOver), {
      ...(printApproved > 0
        ? {
            counts: [count('引き渡し', handedOver, 'ロット', lots.length)],
            note: '印刷ファイルと目録をまとめ、業者の鍵で暗号にします。',
          }
        : {
            note: 'ロットの印刷を二人が確認すると、引き渡せます。印刷ファイルと目録をまとめ、業者の鍵で暗号にします。',
          }),
      offers: offer('package', isPrinted && printApproved > 0, printApproved - handedOver, handedOver > 0),
    }),
    step('post', '封入・発送の結果', postState(posted, facts.states), {
      counts: [count('発送', posted, '通', mailpieces), ...some(count('損傷', spoiled, '通'))],
      offers: offer('reprint', spoiled > 0, spoiled),
    }),
    step('return', '不着と再送付', returnState(runs('reroute') || runs('rehome'), returned, posted), {
      counts: [count('不着', returned, '通'), count('作り直し済み', at('rerouted'), '通')],
      offers: [...offer('reroute', returned > 0, returned), ...offer('rehome', returned + left > 0, returned + left)],
    }),
  ];
}

function postState(posted: number, states: StepFacts['states']): StepState {
  if (posted > 0 && isAllPosted(states)) return 'done';
  return posted > 0 || (states.enclosed ?? 0) > 0 ? 'running' : 'waiting';
}

function returnState(isRunning: boolean, returned: number, posted: number): StepState {
  if (isRunning) return 'running';
  if (returned > 0) return 'ready';
  return posted > 0 ? 'done' : 'waiting';
}
