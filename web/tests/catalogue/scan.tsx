// The scan station against a server that stands in this page: a number whose serial ends in 9 is another insurer's, a
// second time is a double, and `?offline` is a network that is down.
import { useRef } from 'react';
import type { ReactNode } from 'react';
import { formatPaperNumber, parsePaperNumber } from '../../../src/rules/words/check-digits.ts';
import { Select } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { ScanStation } from '../../ui/scan/station.tsx';
import type { Scan, ScanAnswer } from '../../ui/scan/queue.ts';

const seen = new Map<string, string>();

async function send(scan: Scan): Promise<ScanAnswer | 'later'> {
  if (document.documentElement.dataset['offline'] === 'yes') return 'later';
  if (scan.code.at(-2) === '9') return { tone: 'bad', word: '他の保険者のものです', detail: 'よけておいてください。' };
  const before = seen.get(scan.code);
  if (before !== undefined && before !== scan.id)
    return { tone: 'again', word: '読み取り済みです', detail: '10時32分に登録しました。' };
  seen.set(scan.code, scan.id);
  return { tone: 'good', word: '登録しました', detail: '行き先：事業所経由で再送付', undoId: scan.code };
}

const show = (code: string): string => (/^\d{14}$/.test(code) ? formatPaperNumber(code) : code);

export function ScanPage(): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  return (
    <Page title="不着スキャン" firstFocus={field}>
      <ScanStation
        name="catalogue"
        label="封筒の番号"
        support="読み取り機で読むか、番号を入れて Enter を押してください。"
        emptyText="返戻封筒のバーコードを読むと、ここに並びます。"
        unit="通"
        parse={(text) => {
          const paper = parsePaperNumber(text);
          return paper?.kind === 'mailpiece' ? paper.number : null;
        }}
        show={show}
        send={send}
        undo={async (code) => {
          seen.delete(code);
          return { tone: 'good', word: '取り消しました' };
        }}
        field={field}
        settings={
          <Select
            label="不着の理由"
            chars={16}
            options={[
              { value: 'moved', label: '転居先不明' },
              { value: 'refused', label: '受取拒絶' },
            ]}
          />
        }
      />
    </Page>
  );
}
