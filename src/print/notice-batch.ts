// Room: print. One print batch of notices: the sheets' file, and the request forms' file of those who get one.
import type { PrintableNotice } from '../rules/printing/printable.ts';
import { printFiles } from './batch-files.ts';
import type { FilesJob, PieceOrder, PrintedFiles, Stampable } from './batch-files.ts';
import { holdsOfNotice } from '../rules/printing/holds.ts';
import { noticeValues, requestFormValues } from './notice-papers.ts';

/** The papers of the notices of one route. */
export interface NoticePapers {
  readonly notice: Stampable;
  readonly form: Stampable;
}

export interface NoticeBatchJob extends Omit<FilesJob<PrintableNotice>, 'files' | 'orderOf'> {
  readonly papers: NoticePapers;
}

export interface PrintedNotices extends Pick<PrintedFiles, 'files' | 'held' | 'replaced'> {
  readonly printed: readonly {
    readonly mailpieceNumber: string;
    /** 1-based pages: of the notice, and of the request form (null = none). */
    readonly letterPage: number;
    readonly certificatePage: number | null;
    readonly certificateCount: 1;
  }[];
}

const NOTICES = 0;
const FORMS = 1;

/** Prints a batch. Errors: ReadBackError, and the file system's own; nothing of the batch's files is left then. */
export function printNotices({ papers, ...job }: NoticeBatchJob): PrintedNotices {
  const result = printFiles({
    ...job,
    files: [
      { paper: 'notices', title: '資格情報のお知らせ', sheets: [papers.notice] },
      { paper: 'request-forms', title: '個人番号申出書', sheets: [papers.form] },
    ],
    orderOf: (notice): PieceOrder => {
      const { subNumber } = notice;
      const sheet = { file: NOTICES, sheet: 0, values: noticeValues(notice, job.profile, job.no), subNumber };
      const form = { file: FORMS, sheet: 0, values: requestFormValues(notice), subNumber };
      return {
        mailpieceNumber: notice.mailpieceNumber,
        stops: holdsOfNotice(notice),
        paperCount: 1,
        pages: notice.requestForm ? [sheet, form] : [sheet],
      };
    },
  });
  return {
    ...result,
    printed: result.printed.map(({ mailpieceNumber, firstPages }) => ({
      mailpieceNumber,
      letterPage: firstPages[NOTICES] as number,
      certificatePage: firstPages[FORMS] ?? null,
      certificateCount: 1,
    })),
  };
}
