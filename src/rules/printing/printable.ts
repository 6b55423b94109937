// Room: rules. What the papers of a mailpiece are made of: the values that pass from the ledger to print.
import type { Route } from '../issuing/enveloping.ts';
import type { Member, Workplace } from '../intake/member.ts';
import { passageOf } from '../intake/passage.ts';
import type { Passage } from '../papers/scheme.ts';
import type { PersonKey } from '../words/person-key.ts';
import type { Address } from '../words/address.ts';
import type { LocalDate } from '../words/local-date.ts';

/** What the papers of one mailpiece need. */
export interface PrintablePiece {
  /** 14 digits. */
  readonly mailpieceNumber: string;
  readonly route: Route;
  readonly symbol: string;
  readonly number: string;
  /** k of n of the household. */
  readonly sequence: number;
  readonly sequenceCount: number;
  /** Number of the household's first piece: what its pieces have in common. */
  readonly firstOfHousehold: string;
  readonly addressee: string;
  readonly address: Address | null;
  readonly workplace: Pick<Workplace, 'name' | 'branchCode'> | null;
  /** Bars of the customer barcode (`F`, `A`, `D`, `T`), or '' where there is none. */
  readonly customerBarcode: string;
  /** What the postal data says the address lacks; absent = nothing, or no data. */
  readonly lacks?: 'town' | 'number' | null;
  /** Texts of the household as staff wrote or confirmed them, each as it is printed (an address as `addressText`). */
  readonly confirmed?: readonly string[];
  /** Staff have released it, whatever the files lack. */
  readonly isReleased?: boolean;
  readonly certificates: readonly PrintableCertificate[];
}

export interface PrintableCertificate extends Pick<
  Member,
  | 'symbol'
  | 'number'
  | 'subNumber'
  | 'name'
  | 'kana'
  | 'bornOn'
  | 'sex'
  | 'relation'
  | 'acquiredOn'
  | 'insuredClass'
  | 'registeredName'
  | 'hasOptionalEntries'
  | 'optionalContent'
  | 'optionalFrom'
  | 'optionalThrough'
> {
  readonly certificateNumber: string;
  readonly issuedOn: LocalDate;
  readonly validThrough: LocalDate;
  /** On the face with its 発効期日, from 70 on where no 高齢受給者証 says it; else null. */
  readonly ratio: { readonly tenths: 2 | 3; readonly from: LocalDate } | null;
  /** Null = the household has no row of the insured person. */
  readonly insuredName: string | null;
  readonly formerName: string | null;
  readonly showsFormerName: boolean;
  readonly sexOnBack: boolean;
  /** 送付停止. */
  readonly isProtected: boolean;
}

/** Whom its back names: see `passageOf`. Of a piece: `direct` where every certificate in it is. */
export function passageOfPiece(piece: Pick<PrintablePiece, 'certificates'>): Passage {
  return piece.certificates.every((certificate) => passageOf(certificate) === 'direct') ? 'direct' : 'employer';
}

/** What the papers of one notice need: the sheet with its cut-out card, and the request form where it goes with it. */
export interface PrintableNotice
  extends PersonKey, Pick<Member, 'kana' | 'bornOn' | 'acquiredOn' | 'relation' | 'insuredClass'> {
  readonly mailpieceNumber: string;
  readonly route: Route;
  /** k of n of the household. */
  readonly sequence: number;
  readonly sequenceCount: number;
  readonly firstOfHousehold: string;
  /** The person the notice is of. */
  readonly addressee: string;
  /** Null = none on record, or protected. */
  readonly insuredName: string | null;
  /** The household has a row of the insured person. */
  readonly hasInsured: boolean;
  /** As of a piece. */
  readonly isReleased?: boolean;
  readonly address: Address | null;
  readonly workplace: Pick<Workplace, 'name' | 'branchCode'> | null;
  readonly customerBarcode: string;
  /** As of a piece. */
  readonly lacks?: 'town' | 'number' | null;
  readonly confirmed?: readonly string[];
  /** 通知年月日 */
  readonly issuedOn: LocalDate;
  /** The notices of the round show the last four digits (`showsDigitsOn`). */
  readonly hasDigits: boolean;
  /** The last four digits of the individual number, or null = they do not stand on this one. */
  readonly last4: string | null;
  readonly requestForm: boolean;
  /** Tenths of the cost, or null = 高齢受給者証 says it. */
  readonly ratio: 2 | 3 | null;
  readonly ratioFrom: LocalDate | null;
  readonly ratioThrough: LocalDate | null;
}
