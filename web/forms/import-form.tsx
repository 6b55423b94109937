// Choosing files to take in. They are sent and looked at together; nothing changes before somebody confirms what was found. What
// was chosen stays when the server does not take it.
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { LocalDate } from '../../src/rules/words/local-date.ts';
import { wordsOf } from '../api/client.ts';
import { useAction } from '../api/action.ts';
import { proposeImport, sendFile } from '../api/imports.ts';
import type { ImportKind, ImportPage, Upload } from '../api/imports.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Checkbox } from '../ui/choice.tsx';
import { Select, TextField } from '../ui/field.tsx';
import { FileDrop } from '../ui/file-drop.tsx';
import { WarekiDateField } from '../ui/wareki-date-field.tsx';

export const KINDS = {
  members: '加入者',
  workplaces: '事業所',
  enrolment: 'マイナ保険証の登録状況',
  ratios: '負担割合',
  filings: '届書（喪失など）',
} as const satisfies Record<ImportKind, string>;

const MOST_BYTES = 4 * 1024 ** 3;

/** One file of the form: what was said of it, and what the server has said. */
interface Chosen {
  readonly upload?: Upload;
  /** Where the header does not say it; '' = not chosen yet. */
  readonly kind?: ImportKind | '';
  readonly rows?: string;
}

const idOf = (file: File): string => `${file.name} ${file.size} ${file.lastModified}`;

/** What a file is, as far as is known; before it was sent its name says whether a date is asked for. */
function kindOf(file: File, { upload, kind }: Chosen): ImportKind | null {
  if (kind) return kind;
  if (upload) return upload.kind;
  return file.name.normalize('NFKC').startsWith('マイナ') ? 'enrolment' : null;
}

function wrongOf(file: File, chosen: Chosen): string | undefined {
  const kind = kindOf(file, chosen);
  if (chosen.upload && kind === null) return `「${file.name}」は、見出しから種類がわかりません。種類を選んでください。`;
  if (chosen.rows && !/^\d{1,9}$/.test(chosen.rows)) return `「${file.name}」の件数を、数字だけで入れてください。`;
  return undefined;
}

interface Request {
  readonly files: readonly File[];
  readonly chosen: Readonly<Record<string, Chosen>>;
  readonly asOf: LocalDate | null;
  readonly skipInvalid: boolean;
}

/** Sends what was not sent yet and, where nothing is left to ask, proposes it all. */
async function send(
  { files, chosen, asOf, skipInvalid }: Request,
  key: string,
): Promise<{ readonly chosen: Record<string, Chosen>; readonly page: ImportPage | null }> {
  const sent: Record<string, Chosen> = { ...chosen };
  for (const [i, file] of files.entries()) {
    const own = sent[idOf(file)] ?? {};
    if (!own.upload) sent[idOf(file)] = { ...own, upload: await sendFile(file, `${key}-${i}`) };
  }
  const request = files.flatMap((file) => {
    const own = sent[idOf(file)] ?? {};
    const kind = kindOf(file, own);
    if (!own.upload || kind === null) return [];
    const rows = own.rows ? Number(own.rows) : null;
    return [{ upload: own.upload.upload, kind, asOf: kind === 'enrolment' ? asOf : null, rows }];
  });
  const isWhole =
    request.length === files.length && request.every(({ kind, asOf: day }) => kind !== 'enrolment' || day);
  return { chosen: sent, page: isWhole ? await proposeImport({ files: request, skipInvalid }, `${key}-p`) : null };
}

export function ImportForm({ onProposed }: { readonly onProposed: (page: ImportPage) => void }): ReactNode {
  const [files, setFiles] = useState<readonly File[]>([]);
  const [chosen, setChosen] = useState<Readonly<Record<string, Chosen>>>({});
  const [asOf, setAsOf] = useState<LocalDate | null>(null);
  const [skipInvalid, setSkipInvalid] = useState(false);
  const [tried, setTried] = useState(false);
  const proposing = useAction(send, ({ chosen: sent, page }) => {
    setChosen(sent);
    if (page) onProposed(page);
  });
  const own = (file: File): Chosen => chosen[idOf(file)] ?? {};
  const change = (file: File, part: Chosen): void => setChosen({ ...chosen, [idOf(file)]: { ...own(file), ...part } });
  const needsDay = files.some((file) => kindOf(file, own(file)) === 'enrolment');
  const wrong = files.map((file) => wrongOf(file, own(file))).find((why) => why !== undefined);
  return (
    <form
      className="flex max-w-[50rem] flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        const isAsked = needsDay && asOf === null;
        if (files.length > 0 && !isAsked && wrong === undefined && !proposing.isPending)
          proposing.mutate({ files, chosen, asOf, skipInvalid });
      }}
    >
      {proposing.error && <Banner kind="error" title={wordsOf(proposing.error) ?? ''} />}
      <FileDrop
        label="取り込むファイル"
        support="加入者・事業所・マイナ保険証・負担割合・届書を、いくつでも一度に選べます。何のファイルかは見出しで決まります。CSV（UTF-8 か Shift_JIS）か Excelブック（.xlsx、最初のシート）。個人番号が入っているファイルは受け付けません。"
        required
        multiple
        accept=".csv,.xlsx"
        maxBytes={MOST_BYTES}
        files={files}
        onChange={(next) =>
          setFiles(next.filter((file, i) => next.findIndex((other) => idOf(other) === idOf(file)) === i))
        }
        error={tried && files.length === 0 ? 'ファイルを選んでください。' : wrong}
        extra={(file) => {
          const { upload, kind, rows } = own(file);
          return (
            <div className="flex flex-wrap items-end gap-4">
              {upload?.kind && <span className="py-2">{KINDS[upload.kind]}</span>}
              {upload && upload.kind === null && (
                <Select
                  label="種類"
                  aria-label={`${file.name}の種類`}
                  box="sm"
                  chars={12}
                  required
                  value={kind ?? ''}
                  options={[
                    { value: '', label: '選んでください' },
                    ...(Object.keys(KINDS) as ImportKind[]).map((value) => ({ value, label: KINDS[value] })),
                  ]}
                  onChange={(event) => change(file, { kind: event.target.value as ImportKind | '' })}
                />
              )}
              <TextField
                label="件数（わかるとき）"
                aria-label={`${file.name}の件数（わかるとき）`}
                box="sm"
                chars={8}
                inputMode="numeric"
                value={rows ?? ''}
                onChange={(event) => change(file, { rows: event.target.value.normalize('NFKC').replaceAll(',', '') })}
              />
            </div>
          );
        }}
      />
      {needsDay && (
        <WarekiDateField
          label="登録状況の基準日"
          support="マイナ保険証のファイルが、いつの登録状況か。"
          required
          onChange={setAsOf}
          error={tried && asOf === null ? '基準日を入れてください。' : undefined}
        />
      )}
      <Checkbox
        label="誤りのある行を除いて取り込む"
        support="除いた行の人には何も送られません。ふつうは選ばず、ファイルを直してください。"
        checked={skipInvalid}
        onChange={(event) => setSkipInvalid(event.target.checked)}
      />
      <div>
        <Button type="submit" variant="filled" icon="upload" busy={proposing.isPending}>
          {proposing.isPending ? '送っています…' : '何が変わるかを調べる'}
        </Button>
      </div>
    </form>
  );
}
