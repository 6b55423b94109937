// Room: operations. What a printing process is given.
import type { Connection } from '../../ledger/core/server.ts';
import type { BatchPapers } from '../../print/batch.ts';
import type { NoticePapers } from '../../print/notice-batch.ts';
import type { Route } from '../../rules/issuing/enveloping.ts';
import type { InsurerProfile } from '../../rules/insurer.ts';
import type { CertificateIssuance, NoticeIssuance } from '../issuance.ts';

/** Certificates with their papers, or notices with theirs and the key of the digits. */
export type WorkOfKind =
  | { readonly issuance: CertificateIssuance; readonly papers: Partial<Record<Route, BatchPapers>> }
  | {
      readonly issuance: NoticeIssuance;
      readonly noticePapers: Partial<Record<Route, NoticePapers>>;
      /** Null where no notice of the issuance shows digits. */
      readonly digitsKey: Uint8Array | null;
    };

/** What is to be printed. */
export type PrintWork = {
  readonly profile: InsurerProfile;
  /** Absolute. */
  readonly outDir: string;
} & WorkOfKind;

export type ProcessInput = PrintWork & { readonly connection: Connection; readonly actor: string };
