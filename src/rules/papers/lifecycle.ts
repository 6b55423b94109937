// Room: rules. The life of a paper as one table: which event may happen to which paper in which state, and what state it
// makes. The database holds the same table (`transition`) and refuses everything else. Sources: 000, 001 (return,
// re-routing), 003 (recall), 004 (two certificates, loss), 健保則 49–51条.

export type PaperSubject = 'mailpiece' | 'certificate';

export type MailpieceState =
  | 'planned'
  | 'held'
  | 'released'
  | 'remade'
  | 'printed'
  | 'spoiled'
  | 'enclosed'
  | 'posted'
  | 'returned'
  | 'rerouted'
  | 'destroyed'
  | 'handed-over'
  | 'not-handed-over'
  | 'left-workplace'
  | 'withdrawn';

export type CertificateState =
  | 'made'
  | 'withdrawn'
  | 'issued'
  | 'return-requested'
  | 'return-demanded'
  | 'given-back'
  | 'missing'
  | 'unrecoverable'
  | 'superseded'
  | 'void'
  | 'expired';

export type PaperState = MailpieceState | CertificateState;

export type PaperEvent =
  | 'print'
  | 'correct'
  | 'release'
  | 'send-home'
  | 'remake'
  | 'spoil'
  | 'enclose'
  | 'post'
  | 'override'
  | 'return'
  | 'take-back-return'
  | 'repost'
  | 'reroute'
  | 'destroy'
  | 'waive'
  | 'hand-over'
  | 'fail-hand-over'
  | 'report-left'
  | 'withdraw'
  | 'issue'
  | 'request-return'
  | 'demand-return'
  | 'remind'
  | 'give-back'
  | 'give-up'
  | 'declare-missing'
  | 'find'
  | 'present'
  | 'reissue'
  | 'supersede'
  | 'annul'
  | 'expire';

export interface Transition {
  readonly subject: PaperSubject;
  readonly event: PaperEvent;
  readonly from: PaperState;
  readonly to: PaperState;
}

const rows = (
  subject: PaperSubject,
  event: PaperEvent,
  from: readonly PaperState[],
  to: PaperState,
): readonly Transition[] => from.map((state) => ({ subject, event, from: state, to }));

/** Every transition there is. */
export const TRANSITIONS: readonly Transition[] = [
  ...rows('mailpiece', 'print', ['planned'], 'printed'),
  // Print could not set it: staff correct a name or an address, or find it right, and release it to be made again.
  ...rows('mailpiece', 'correct', ['held'], 'held'),
  ...rows('mailpiece', 'release', ['held'], 'released'),
  // Held because nobody knows its workplace: a named person has it made again for home.
  ...rows('mailpiece', 'send-home', ['held'], 'released'),
  ...rows('mailpiece', 'remake', ['released'], 'remade'),
  // Damaged at the printer's or while enclosing; another piece takes its place.
  ...rows('mailpiece', 'spoil', ['printed', 'enclosed'], 'spoiled'),
  ...rows('mailpiece', 'enclose', ['printed'], 'enclosed'),
  ...rows('mailpiece', 'post', ['enclosed'], 'posted'),
  // A named person lets it be posted before its release, outside its days, or again.
  ...rows('mailpiece', 'override', ['enclosed', 'posted'], 'enclosed'),
  // Brought back by the post, or by the workplace that could not hand it over.
  ...rows('mailpiece', 'return', ['posted', 'not-handed-over'], 'returned'),
  // Scanned by mistake: it lies where it was posted to.
  ...rows('mailpiece', 'take-back-return', ['returned'], 'posted'),
  // Kept past its time at the post office: the address is right.
  ...rows('mailpiece', 'repost', ['returned'], 'posted'),
  // Made again and sent through the employer (A6); the old papers are destroyed by the contractor.
  ...rows('mailpiece', 'reroute', ['returned', 'left-workplace'], 'rerouted'),
  ...rows('mailpiece', 'destroy', ['rerouted', 'spoiled', 'withdrawn'], 'destroyed'),
  // Spoiled, and nobody inside is to get a paper any more: not made again, it counts as withdrawn.
  ...rows('mailpiece', 'waive', ['spoiled'], 'withdrawn'),
  ...rows('mailpiece', 'waive', ['destroyed'], 'destroyed'),
  ...rows('mailpiece', 'hand-over', ['posted', 'not-handed-over'], 'handed-over'),
  ...rows('mailpiece', 'fail-hand-over', ['posted'], 'not-handed-over'),
  // The person has left the company and is not met there any more: `nextStepOfLeft` says what follows.
  ...rows('mailpiece', 'report-left', ['posted', 'not-handed-over'], 'left-workplace'),
  ...rows('mailpiece', 'withdraw', ['planned', 'held', 'released', 'printed', 'enclosed'], 'withdrawn'),

  ...rows('certificate', 'withdraw', ['made'], 'withdrawn'),
  ...rows('certificate', 'issue', ['made'], 'issued'),
  // After a card is enrolled: a request, no duty (健保則51条 does not name it). The older of two is asked back as it is.
  ...rows('certificate', 'request-return', ['issued'], 'return-requested'),
  ...rows('certificate', 'request-return', ['superseded'], 'superseded'),
  // Statutory grounds of 健保則51条: loss, change of insurer, change of a dependent.
  ...rows('certificate', 'demand-return', ['issued', 'return-requested', 'superseded'], 'return-demanded'),
  ...rows('certificate', 'remind', ['return-demanded'], 'return-demanded'),
  ...rows(
    'certificate',
    'give-back',
    ['issued', 'return-requested', 'return-demanded', 'missing', 'unrecoverable', 'superseded', 'void', 'expired'],
    'given-back',
  ),
  // The employer cannot collect it and says why (健保則51条, 回収不能届).
  ...rows('certificate', 'give-up', ['return-demanded'], 'unrecoverable'),
  ...rows('certificate', 'declare-missing', ['issued', 'return-requested', 'return-demanded', 'superseded'], 'missing'),
  ...rows('certificate', 'find', ['missing'], 'issued'),
  // Found after another was issued for it, or asked for: it goes back at once (健保則49条).
  ...rows('certificate', 'find', ['superseded', 'void'], 'return-demanded'),
  // Another is asked for (健保則48条, 49条). One that is gone is void from that day; else it serves until the new one does.
  ...rows('certificate', 'reissue', ['missing'], 'void'),
  ...rows('certificate', 'reissue', ['issued'], 'issued'),
  // Presented at a yearly inspection (健保則50条).
  ...rows('certificate', 'present', ['issued'], 'issued'),
  ...rows('certificate', 'present', ['return-requested'], 'return-requested'),
  // The newer issue date counts (B4), from the day the newer one is posted.
  ...rows('certificate', 'supersede', ['issued', 'return-requested', 'missing'], 'superseded'),
  // Not presented at a yearly inspection (健保則50条9項), or made again under another number.
  ...rows('certificate', 'annul', ['made', 'issued', 'return-requested', 'return-demanded', 'missing'], 'void'),
  ...rows(
    'certificate',
    'expire',
    ['issued', 'return-requested', 'return-demanded', 'missing', 'unrecoverable', 'superseded'],
    'expired',
  ),
];

/** The state of a paper before its first event: where planning and printing left it. In the ledger: `first_state`. */
export function firstState(
  subject: PaperSubject,
  { isPrinted, isHeld }: { readonly isPrinted: boolean; readonly isHeld: boolean },
): PaperState {
  if (subject === 'certificate') return 'made';
  if (isPrinted) return 'printed';
  return isHeld ? 'held' : 'planned';
}

/** States in which print leaves a mailpiece: no event says since when. */
export const LEFT_BY_PRINT: readonly PaperState[] = [
  firstState('mailpiece', { isPrinted: true, isHeld: false }),
  firstState('mailpiece', { isPrinted: false, isHeld: true }),
];

/** Where an event leads from a state, or undefined where the table does not allow it. */
export function nextState(subject: PaperSubject, event: PaperEvent, from: PaperState): PaperState | undefined {
  return TRANSITIONS.find((t) => t.subject === subject && t.event === event && t.from === from)?.to;
}

/** States in which one of these events may happen to a paper, in the order of the table. */
function statesBefore(subject: PaperSubject, ...events: readonly PaperEvent[]): readonly PaperState[] {
  return [
    ...new Set(TRANSITIONS.filter((t) => t.subject === subject && events.includes(t.event)).map(({ from }) => from)),
  ];
}

/** States to which one of these events leads a paper. */
function statesAfter(subject: PaperSubject, ...events: readonly PaperEvent[]): readonly PaperState[] {
  return [...new Set(TRANSITIONS.filter((t) => t.subject === subject && events.includes(t.event)).map(({ to }) => to))];
}

/** Mailpieces on paper and not posted: with the contractor, who may still damage them. */
export const WITH_CONTRACTOR = statesBefore('mailpiece', 'spoil');

/** Mailpieces that do not go: withdrawn, damaged, destroyed. No parcel waits for them. */
export const NOT_TO_GO = statesAfter('mailpiece', 'withdraw', 'spoil', 'destroy');

/** Mailpieces whose papers are with the contractor again, in nobody's hand. */
export const BROUGHT_BACK = statesAfter('mailpiece', 'return', 'reroute', 'destroy');

/** Mailpieces that came back, or never reached the person: their papers are nobody's yet. */
export const NOT_DELIVERED = statesAfter('mailpiece', 'return', 'fail-hand-over', 'report-left');

/** Mailpieces that leave their issuance without going: withdrawn, or made again after print held them. */
export const OUT_OF_ISSUANCE = statesAfter('mailpiece', 'withdraw', 'remake');

/** Mailpieces of which no paper is left: destroyed, or held by print and made again. */
export const NO_PAPER_LEFT = statesAfter('mailpiece', 'destroy', 'remake');

/** Mailpieces that were to be made again, or that staff may let off: spoiled, whether or not they are destroyed yet. */
export const WAIVABLE = statesBefore('mailpiece', 'waive');

/** Mailpieces that reach nobody: a later round decides about their persons again. */
export const REACHES_NOBODY = statesAfter(
  'mailpiece',
  ...(['withdraw', 'spoil', 'destroy', 'reroute', 'remake', 'report-left'] as const),
);

/** What staff do to a mailpiece by hand. */
export const PIECE_ACTIONS = [
  'release',
  'send-home',
  'withdraw',
  'repost',
  'take-back-return',
  'hand-over',
  'fail-hand-over',
  'report-left',
] as const satisfies readonly PaperEvent[];

export type PieceAction = (typeof PIECE_ACTIONS)[number];

/** Mailpieces to which staff can do something by hand. */
export const ACTIONABLE = statesBefore('mailpiece', ...PIECE_ACTIONS);

/** Certificates in their holders' hands, as far as is known: those that may turn out to be missing. */
export const IN_HAND = statesBefore('certificate', 'declare-missing');

/** Certificates in place of which another may be made. */
export const REPLACEABLE = statesBefore('certificate', 'reissue');

/** Certificates that never count, and never did: withdrawn, or void. */
export const NEVER_COUNTED = statesAfter('certificate', 'withdraw', 'annul');

/** Certificates that may be presented at an inspection. */
export const PRESENTABLE = statesBefore('certificate', 'present');

/** Certificates that nobody ever had: made, or withdrawn before they were posted. */
export const NEVER_ISSUED = [...statesBefore('certificate', 'withdraw'), ...statesAfter('certificate', 'withdraw')];

/** Certificates in use to their last day: they may still be issued, or will expire. */
export const USED_TO_LAST_DAY = statesBefore('certificate', 'issue', 'expire');

/** Certificates that a recall slip waits for no more. */
export const RECALL_CLOSED = statesAfter('certificate', 'give-back', 'expire');

/** Certificates that are asked back, by law or by request. A superseded one is asked for as it is. */
export const ASKED_BACK = statesAfter('certificate', 'demand-return', 'request-return').filter(
  (state) => state !== nextState('certificate', 'supersede', 'issued'),
);

export const PAPER_STATE_LABELS = {
  planned: '封入計画済み',
  held: '職員の確認待ち',
  released: '確認済み（作り直し待ち）',
  remade: '確認済み（作り直し）',
  printed: '印刷済み',
  spoiled: '損傷',
  enclosed: '封入済み',
  posted: '発送済み',
  returned: '不着',
  rerouted: '再送付（作り直し）',
  destroyed: '廃棄済み',
  'handed-over': '手渡し済み',
  'not-handed-over': '手渡しできず',
  'left-workplace': '退職のため手渡しできず',
  withdrawn: '引き抜き',
  made: '作成済み',
  issued: '交付済み',
  'return-requested': '返却のお願い中',
  'return-demanded': '回収中',
  'given-back': '回収済み',
  missing: '紛失',
  unrecoverable: '回収不能',
  superseded: '新しい証に交替',
  void: '無効',
  expired: '有効期限切れ',
} as const satisfies Record<PaperState, string>;

export const PAPER_EVENT_LABELS = {
  print: '印刷',
  correct: '印刷する文字・住所の訂正',
  release: '確認済み（作り直しへ）',
  'send-home': '自宅への送付（事業所がわからないため）',
  remake: '確認の後の作り直し',
  spoil: '損傷',
  enclose: '封入',
  post: '発送',
  override: '特例の発送の許可',
  return: '不着',
  'take-back-return': '不着の取り消し',
  repost: '同じ宛先へ再発送',
  reroute: '作り直して再送付',
  destroy: '廃棄',
  waive: '作り直しの取りやめ（引き抜き）',
  'hand-over': '手渡し',
  'fail-hand-over': '手渡しできず',
  'report-left': '退職の報告',
  withdraw: '引き抜き',
  issue: '交付',
  'request-return': '返却のお願い',
  'demand-return': '回収の求め',
  remind: '催告',
  'give-back': '回収',
  'give-up': '回収不能の届出',
  'declare-missing': '紛失の届出',
  find: '発見',
  present: '検認',
  reissue: '再交付の受付',
  supersede: '新しい証に交替',
  annul: '無効',
  expire: '有効期限切れ',
} as const satisfies Record<PaperEvent, string>;

/** Why a piece came back: the stamps of Japan Post, or the workplace that could not hand it over. */
export type ReturnReason =
  | 'kept-past-time'
  | 'unknown-at-address'
  | 'moved'
  | 'address-incomplete'
  | 'refused'
  | 'absent'
  | 'sent-back';

export const RETURN_REASON_LABELS = {
  'kept-past-time': '保管期間経過',
  'unknown-at-address': 'あて所に尋ねあたりません',
  moved: '転居先不明',
  'address-incomplete': 'あて名不完全',
  refused: '受取拒絶',
  absent: '受取人不在',
  'sent-back': '事業所からの返送',
} as const satisfies Record<ReturnReason, string>;

/** Whether a text is one of the stamps. */
export function isReturnReason(text: string): text is ReturnReason {
  return Object.hasOwn(RETURN_REASON_LABELS, text);
}

/** What is to be done with a returned piece. */
export type ReturnNextStep =
  /** The address is right: the same envelope again. */
  | 'same-address'
  /** Made again and sent to the employer. */
  | 'employer'
  /** No employer, or a paper that may not pass through one: staff look for the address. */
  | 'inquiry'
  /** Refused: staff speak with the person first. */
  | 'contact'
  /** The workplace could not hand it over: made again for home. */
  | 'home';

export const NEXT_STEP_LABELS = {
  'same-address': '同じ宛先へ再発送',
  employer: '事業所経由で再送付',
  inquiry: '住所の照会（職員）',
  contact: '本人への連絡（職員）',
  home: '自宅へ再送付（作り直し）',
} as const satisfies Record<ReturnNextStep, string>;

/** What decides the next step of a returned piece. */
export interface ReturnFacts {
  readonly reason: ReturnReason;
  /** What lies inside may pass through an employer (intake/passage.ts). */
  readonly mayPassEmployer: boolean;
  /** 送付停止: protected persons are sent nothing by any way but their own. */
  readonly isProtected: boolean;
}

/** What is done next with a returned piece. Kept past its time or absent = the address is right. */
export function nextStepOfReturn(facts: ReturnFacts): ReturnNextStep {
  switch (facts.reason) {
    case 'kept-past-time':
    case 'absent':
      return 'same-address';
    case 'refused':
      return 'contact';
    case 'sent-back':
      return facts.isProtected ? 'inquiry' : 'home';
    case 'unknown-at-address':
    case 'moved':
    case 'address-incomplete':
      return facts.mayPassEmployer ? 'employer' : 'inquiry';
  }
}

/**
 * What papers are made again for: to the employer; as they were; home, after the workplace could not hand them over; on
 * request; for the first time on paper, after staff have released what print held, as it was to go or home instead.
 */
export type RemakeKind = 'reroute' | 'reprint' | 'rehome' | 'reissue' | 'release' | 'send-home';

export const REMAKE_LABELS = {
  reroute: '事業所経由の再送付',
  reprint: '刷り直し',
  rehome: '自宅への再送付',
  reissue: '再交付',
  release: '確認済みの作り直し',
  'send-home': '自宅への送付（事業所がわからないもの）',
} as const satisfies Record<RemakeKind, string>;

/** What is done next with a piece whose person left the company: home where someone inside is still a member, else recall. */
export type NextStepOfLeft = 'home' | 'lost' | 'inquiry';

/** `remainingCount`: persons inside who are members still. A protected person's address is asked first (送付停止). */
export function nextStepOfLeft(facts: {
  readonly remainingCount: number;
  readonly isProtected: boolean;
}): NextStepOfLeft {
  if (facts.remainingCount === 0) return 'lost';
  return facts.isProtected ? 'inquiry' : 'home';
}
