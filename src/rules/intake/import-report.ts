// Room: rules. What taking files in would do, as staff look at it before it counts: what stops it, who has to confirm it, and
// the words for the columns that change.
import type { LocalDate } from '../words/local-date.ts';
import type { JoinCounts, JoinStop } from './file-fit.ts';
import type { Suspect } from './suspects.ts';

export type FileKind = 'members' | 'workplaces' | 'enrolment' | 'ratios';

/** What can be brought: whole files, and filings (喪失届.csv), which are added to those taken in before. */
export type ImportKind = FileKind | 'filings';

/** A file that was brought. */
export interface ImportFile {
  /** Its upload, below the server's folder. */
  readonly path: string;
  readonly kind: ImportKind;
  /** Reference date of an enrolment snapshot, null otherwise. */
  readonly asOf: LocalDate | null;
  /** Rows it is said to have (件数), or null. */
  readonly rows: number | null;
}

export type FileStop = 'file-rows-differ' | 'file-cut' | 'file-shrank' | 'file-precedes' | 'keys-respelled';

/** A row of two files that differs. */
export interface ReportedRow {
  /** 記号-番号-枝番; of a workplace 記号. */
  readonly key: string;
  /** Of a workplace its name, else ''. */
  readonly name: string;
  /** Headers of the columns that differ. */
  readonly columns: readonly string[];
}

/** What comes, goes and changes against the file in use, with the first rows of each. */
export interface ReportedChange {
  readonly come: number;
  readonly gone: number;
  readonly changed: number;
  readonly goneWithPaper: number;
  readonly columns: readonly { readonly column: string; readonly count: number }[];
  readonly first: {
    readonly come: readonly ReportedRow[];
    readonly gone: readonly ReportedRow[];
    readonly changed: readonly ReportedRow[];
    readonly 'gone-with-paper': readonly ReportedRow[];
  };
}

export interface ReportedSuspect extends Suspect {
  readonly line: number;
}

export interface ReportedFile {
  readonly kind: FileKind;
  readonly fileName: string;
  readonly asOf: LocalDate | null;
  readonly rowCount: number;
  readonly rejectedCount: number;
  /** How it was read where it was not as it should be. */
  readonly notes: readonly string[];
  readonly unknownColumns: readonly string[];
  /** The file in use so far; null = none of the kind. */
  readonly before: { readonly id: number; readonly fileName: string; readonly rowCount: number } | null;
  /** Against the file in use; null = there is none, or it is this one. */
  readonly change: ReportedChange | null;
  readonly suspects: { readonly total: number; readonly first: readonly ReportedSuspect[] };
  /** Why it stops unless named persons let it in. */
  readonly stops: readonly { readonly code: FileStop; readonly message: string }[];
  /** Why it cannot be taken in at all. */
  readonly fault: { readonly code: string; readonly message: string; readonly details: readonly string[] } | null;
  /** It was taken in before, and whether it is the one in use. */
  readonly known: { readonly id: number; readonly isInUse: boolean } | null;
}

export interface ReportedJoins extends JoinCounts {
  /** Rows of the enrolment, and workplaces, that join but for zeros or width. */
  readonly fittedRows: number;
  readonly fittedWorkplaces: number;
  readonly stops: readonly JoinStop[];
  /** The likely cause of a join that stops, in words; null = none was found. */
  readonly cause: string | null;
}

/** What filings do when they are taken in. */
export interface FilingCounts {
  /** New ones, and those taken in before. */
  readonly recorded: number;
  readonly already: number;
  /** Losses that arrived later than five days after. */
  readonly late: number;
  /** Certificates asked back by law, and withdrawn before they were posted. */
  readonly demanded: number;
  readonly withdrawn: number;
  /** Certificates that came with them, and that cannot come back. */
  readonly givenBack: number;
  readonly unrecoverable: number;
}

export interface ReportedFilings extends FilingCounts {
  readonly fileName: string;
  /** Rows that cannot be taken in, the first of them. */
  readonly refused: {
    readonly total: number;
    readonly first: readonly { readonly line: number; readonly why: string }[];
  };
  /** Why it cannot be taken in at all. */
  readonly fault: string | null;
}

export interface ImportReport {
  readonly files: readonly ReportedFile[];
  /** Null = none were brought. */
  readonly filings: ReportedFilings | null;
  /** How the files in use would join; null = one of the three is missing, or no file could be read. */
  readonly joins: ReportedJoins | null;
}

/** What a report asks of who confirms it. */
export interface ConfirmationNeeds {
  /** Two where a file stops. */
  readonly persons: 1 | 2;
  /** A file stops, or an earlier file comes into use again. */
  readonly needsReason: boolean;
  /** A file cannot be read: nobody can confirm it. */
  readonly isFaulty: boolean;
  /** Every file is the one in use already. */
  readonly isUnchanged: boolean;
}

export function needsOf({ files, filings }: Pick<ImportReport, 'files' | 'filings'>): ConfirmationNeeds {
  const stops = files.some((file) => file.stops.length > 0);
  const goesBack = files.some(({ known }) => known !== null && !known.isInUse);
  return {
    persons: stops ? 2 : 1,
    needsReason: stops || goesBack,
    isFaulty: files.some(({ fault }) => fault !== null) || (filings !== null && filings.fault !== null),
    isUnchanged:
      files.every(({ known }) => known?.isInUse === true) &&
      (filings === null || (filings.recorded === 0 && filings.fault === null)),
  };
}

/** A report without the persons and cells it names: what is kept of it when it is over. */
export function withoutRows(report: ImportReport): ImportReport {
  const none = { come: [], gone: [], changed: [], 'gone-with-paper': [] };
  return {
    ...report,
    filings: report.filings && { ...report.filings, refused: { ...report.filings.refused, first: [] } },
    files: report.files.map((file) => ({
      ...file,
      change: file.change && { ...file.change, first: none },
      suspects: { ...file.suspects, first: [] },
      fault: file.fault && { ...file.fault, details: [] },
    })),
  };
}

/** Why an issuance would stop, in words. */
export const JOIN_STOP_LABELS = {
  'enrolment-does-not-join': '加入者とマイナ保険証のファイルが合いません',
  'workplaces-missing': '加入者の事業所が、事業所のファイルに足りません',
} as const satisfies Record<JoinStop, string>;

/** Columns of the tables of files as their headers are called. */
export const COLUMN_HEADERS: Readonly<Record<FileKind, Readonly<Record<string, string>>>> = {
  members: {
    symbol: '記号',
    number: '番号',
    sub_number: '枝番',
    name: '氏名',
    kana: 'カナ氏名',
    born_on: '生年月日',
    sex: '性別',
    relation: '本人家族区分',
    acquired_on: '資格取得年月日',
    decided_on: '取得決定年月日',
    lost_on: '資格喪失年月日',
    insured_class: '被保険者区分',
    holds_legacy_card: '健康保険証',
    certificate_valid_through: '資格確認書有効期限',
    home_postal_code: '郵便番号',
    home_line: '住所',
    home_building: '方書',
    mail_postal_code: '送付先郵便番号',
    mail_line: '送付先住所',
    mail_building: '送付先方書',
    mail_stopped: '送付停止',
    has_optional_entries: '任意記載',
    former_name: '旧姓',
    shows_former_name: '旧姓併記',
    sex_on_back: '性別裏面記載',
    special_care: '要配慮',
    match_result: '突合結果',
  },
  workplaces: {
    symbol: '記号',
    name: '事業所名称',
    postal_code: '郵便番号',
    address: '所在地',
    building: '方書',
    employer_name: '事業主氏名',
    branch_code: '支部',
    corporate_number: '法人番号',
    phone: '電話番号',
    email: '電子メール',
  },
  enrolment: {
    symbol: '記号',
    number: '番号',
    sub_number: '枝番',
    card: 'カード',
    registration: '利用登録',
    registered_on: '登録年月日',
    deregistered_on: '解除年月日',
    digital_certificate_expires_on: '電子証明書有効期限',
    card_returned_on: '返納年月日',
    linked: '紐付け',
  },
  ratios: {
    symbol: '記号',
    number: '番号',
    sub_number: '枝番',
    tenths: '負担割合',
    holds_from: '発効期日',
    holds_through: '有効期限',
  },
};
