// Room: operations. Persons for those who answer and decide: found by any of their numbers, kana or name; one person's
// page with the decision in a sentence, the papers, their history, and what may be done now.
import type { Lineage } from '../../rules/papers/lineage.ts';
import { findFilesInUse } from '../../ledger/intake/fits.ts';
import { findLatestCertificates, findLatestNotices, findIssuance } from '../../ledger/papers/issuances.ts';
import { findStates } from '../../ledger/papers/states.ts';
import { listEvents } from '../../ledger/papers/events.ts';
import type { RecordedEvent } from '../../ledger/papers/events.ts';
import { findPeopleByKey, findPeopleByText, findPersonDetail, listPapersOf } from '../../ledger/desk/people.ts';
import { findPersonOfPaper } from '../../ledger/papers/pieces.ts';
import { recordAccess } from '../../ledger/papers/access-records.ts';
import type { PersonDetail, PersonPaper, PersonPlace, PersonRow } from '../../ledger/desk/people.ts';
import type { Reader, Transaction } from '../../ledger/core/pool.ts';
import { parsePaperNumber } from '../../rules/words/check-digits.ts';
import { spellingsOf } from '../../rules/words/folding.ts';
import { toFullWidthKatakana, isKana } from '../../rules/words/kana.ts';
import { PAPER_STATE_LABELS, PIECE_ACTIONS, nextState } from '../../rules/papers/lifecycle.ts';
import type { PaperEvent, PaperState, PaperSubject, PieceAction } from '../../rules/papers/lifecycle.ts';
import { formatPersonKey } from '../../rules/words/person-key.ts';
import type { PersonKey } from '../../rules/words/person-key.ts';
import type { LocalDate } from '../../rules/words/local-date.ts';
import { REISSUE_REFUSAL_LABELS } from '../../rules/life/reissue.ts';
import type { ReissueRefusal } from '../../rules/life/reissue.ts';
import { Refusal } from '../context.ts';
import type { Context } from '../context.ts';
import { findExplained } from './explain.ts';
import type { Explained } from '../issuing/kind.ts';
import type { Issuance } from '../issuance.ts';
import { findReissueRefusals } from '../life/reissue.ts';

/** How a search was understood. */
export type SearchMeaning = 'key' | 'household' | 'certificate' | 'mailpiece' | 'kana' | 'name';

export interface Found {
  readonly meaning: SearchMeaning;
  readonly items: readonly PersonRow[];
  /** Where the next page begins, or null. */
  readonly next: PersonPlace | null;
}

/** Spellings of a name that are tried: characters with old and new forms multiply. */
const MOST_SPELLINGS = 32;

/**
 * Finds persons in the newest member file: `記号-番号`, `記号-番号-枝番`, a paper's 14 digits, or the beginning of kana
 * (any kana) or of the name (old and new forms of a character alike).
 */
export async function searchPeople(
  context: Context,
  insurerNumber: string,
  asked: { readonly text: string; readonly after: PersonPlace | null; readonly limit: number },
): Promise<Found> {
  const text = asked.text.normalize('NFKC').trim();
  if (text === '') throw new Refusal('search-empty', '記号-番号、氏名、カナ、用紙の番号のどれかを入れてください。');
  return context.database.read(async (tx) => {
    const exact = await findExactly(tx, insurerNumber, text);
    if (exact) return { ...exact, next: null };
    const spaced = asked.text.trim().replaceAll(/[\s\u3000]+/g, '\u3000');
    const kana = toFullWidthKatakana(spaced.normalize('NFKC').replaceAll(' ', '\u3000'));
    const meaning = isKana(kana) ? 'kana' : 'name';
    const beginnings = meaning === 'kana' ? [kana] : spellingsOf(spaced, MOST_SPELLINGS);
    const items = await findPeopleByText(tx, insurerNumber, meaning, beginnings, asked.after, asked.limit + 1);
    const page = items.slice(0, asked.limit);
    const last = page.at(-1);
    const next = items.length > asked.limit && last ? { text: last[meaning], ...keyOf(last) } : null;
    return { meaning, items: page, next };
  });
}

function keyOf({ symbol, number, subNumber }: PersonKey): PersonKey {
  return { symbol, number, subNumber };
}

async function findExactly(
  tx: Reader,
  insurerNumber: string,
  text: string,
): Promise<{ meaning: SearchMeaning; items: PersonRow[] } | null> {
  // A person's key first: without its hyphens one in ten of 14 digits would pass for a paper's number.
  const key = /^([^-]{1,8})-(\d{1,15})(?:-(\d{2}))?$/u.exec(text);
  if (!key) {
    const paper = parsePaperNumber(text);
    if (!paper) return null;
    const issuance = await findIssuance(tx, insurerNumber, paper.run);
    const owner = issuance ? await findPersonOfPaper(tx, issuance.id, paper.kind, paper.number) : null;
    return { meaning: paper.kind, items: owner ? await findPeopleByKey(tx, insurerNumber, owner) : [] };
  }
  const subNumber = key[3] ?? null;
  const items = await findPeopleByKey(tx, insurerNumber, { symbol: key[1]!, number: key[2]!, subNumber });
  return { meaning: subNumber === null ? 'household' : 'key', items };
}

/** Something that may be done with a paper now, or why it may not. */
export interface PaperAction {
  readonly action: PieceAction | 'give-back' | 'reissue';
  readonly allowed: boolean;
  /** Japanese; '' where it is allowed. */
  readonly why: string;
}

export interface PersonPaperPage extends PersonPaper {
  /** Null = a notice, whose state is its piece's. */
  readonly certificateState: PaperState | null;
  readonly mailpieceState: PaperState;
  readonly actions: readonly PaperAction[];
}

/** A decision, why, and of which issuance. */
export type PersonDecision = Explained & { readonly issuance: Lineage };

export interface PersonPage {
  readonly person: PersonDetail;
  /** Null where no issuance of certificates has decided about the person, or the one who asks may not know. */
  readonly decision: PersonDecision | null;
  /** The same of notices: of the newest round that makes one, else of the one the person has. */
  readonly notice: PersonDecision | null;
  readonly papers: readonly PersonPaperPage[];
  /** Newest first. */
  readonly events: readonly RecordedEvent[];
}

/** One person's page, as of a day. The look is noted. */
export async function getPersonPage(
  context: Context,
  insurerNumber: string,
  key: PersonKey,
  on: LocalDate,
): Promise<PersonPage> {
  return context.database.transaction(async (tx) => {
    const person = await findPersonDetail(tx, await findFilesInUse(tx, insurerNumber), key);
    if (!person)
      throw new Refusal('person-unknown', `${formatPersonKey(key)} の方は、最新の加入者ファイルにいません。`);
    const issuance = await findLatestCertificates<Issuance>(tx, insurerNumber);
    const papers = await listPapersOf(tx, insurerNumber, key);
    const pages = await withStates(tx, papers, await findReissueRefusals(tx, insurerNumber, key, on));
    const numbers = papers.flatMap((p) => [p.certificateNumber ?? [], p.mailpieceNumber].flat());
    const events = (await listEvents(tx, insurerNumber, numbers)).reverse();
    await recordAccess(tx, insurerNumber, context.actor, 'person', formatPersonKey(key));
    return {
      person,
      decision: await decisionOf(tx, issuance, key),
      notice: await noticeDecisionOf(tx, insurerNumber, papers, key),
      papers: pages,
      events,
    };
  });
}

async function decisionOf(tx: Transaction, issuance: Issuance | null, key: PersonKey): Promise<PersonDecision | null> {
  const found = issuance && (await findExplained(tx, issuance, key));
  return found && { issuance: issuance.lineage, ...found };
}

/** Of the newest round where it makes the person one, or means to; else of the notice that the person has. */
async function noticeDecisionOf(
  tx: Transaction,
  insurerNumber: string,
  papers: readonly PersonPaper[],
  key: PersonKey,
): Promise<PersonDecision | null> {
  const newest = await findLatestNotices<Issuance>(tx, insurerNumber);
  const found = await decisionOf(tx, newest, key);
  const paper = papers.find(({ certificateNumber }) => certificateNumber === null);
  if (!paper || (newest && newest.id > paper.issuanceId && found?.decision.isTarget)) return found;
  return decisionOf(tx, await findIssuance<Issuance>(tx, insurerNumber, paper.issuanceId), key);
}

async function withStates(
  tx: Transaction,
  papers: readonly PersonPaper[],
  reissue: ReadonlyMap<string, ReissueRefusal | null>,
): Promise<PersonPaperPage[]> {
  const pages: PersonPaperPage[] = [];
  for (const paper of papers) {
    const { certificateNumber, mailpieceNumber, issuanceId } = paper;
    const pieces = await findStates(tx, issuanceId, 'mailpiece', [mailpieceNumber]);
    const mailpieceState = pieces.get(mailpieceNumber) ?? 'planned';
    const certificateState =
      certificateNumber === null ? null : await stateOfCertificate(tx, issuanceId, certificateNumber);
    const why = certificateNumber === null ? null : (reissue.get(certificateNumber) ?? null);
    const actions = actionsOf(certificateState, mailpieceState, why);
    pages.push({ ...paper, certificateState, mailpieceState, actions });
  }
  return pages;
}

async function stateOfCertificate(tx: Transaction, issuanceId: number, number: string): Promise<PaperState> {
  return (await findStates(tx, issuanceId, 'certificate', [number])).get(number) ?? 'made';
}

/** What is done to a whole piece. A withdrawal may be of one person's paper alone. */
const OF_WHOLE_PIECE = PIECE_ACTIONS.filter((action) => action !== 'withdraw');

/** Whether the transition table lets something happen to a paper in a state. */
function ask(action: Exclude<PaperAction['action'], 'reissue'>, subject: PaperSubject, state: PaperState): PaperAction {
  const event: PaperEvent = action;
  const allowed = nextState(subject, event, state) !== undefined;
  return { action, allowed, why: allowed ? '' : `今は「${PAPER_STATE_LABELS[state]}」です` };
}

/** What may happen to a whole piece in a state. */
export function pieceActionsOf(state: PaperState): PaperAction[] {
  return (['withdraw', ...OF_WHOLE_PIECE] as const).map((action) => ask(action, 'mailpiece', state));
}

/** What may happen to a paper of a person in these states, and why not where it may not. Null = a notice. */
function actionsOf(
  certificate: PaperState | null,
  mailpiece: PaperState,
  reissue: ReissueRefusal | null,
): PaperAction[] {
  const isWithdrawn = certificate === 'withdrawn';
  return [
    isWithdrawn
      ? { action: 'withdraw', allowed: false, why: '引き抜き済みです' }
      : ask('withdraw', 'mailpiece', mailpiece),
    ...OF_WHOLE_PIECE.map((action) => ask(action, 'mailpiece', mailpiece)),
    ...(certificate === null
      ? []
      : [
          ask('give-back', 'certificate', certificate),
          {
            ...({ action: 'reissue', allowed: reissue === null } as const),
            why: reissue === null ? '' : REISSUE_REFUSAL_LABELS[reissue],
          },
        ]),
  ];
}
