// The two scan stations: envelopes the post brought back, and certificates that came back.
import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { RETURN_REASON_LABELS } from '../../../src/rules/papers/lifecycle.ts';
import type { ReturnReason } from '../../../src/rules/papers/lifecycle.ts';
import { wordsOf } from '../../api/client.ts';
import { checkIn, scanReturn, takeBackScan } from '../../api/papers.ts';
import { paths } from '../../paths.ts';
import { LinkButton } from '../../ui/button.tsx';
import { Select } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import type { Scan } from '../../ui/scan/queue.ts';
import { ScanStation } from '../../ui/scan/station.tsx';
import { answerOf, only, show } from '../posting/scan-answers.ts';
import type { ScanWords } from '../posting/scan-answers.ts';
import { useMay } from '../signed-in.tsx';

const WORDS = {
  recorded: { tone: 'good', word: '登録しました' },
  already: { tone: 'again', word: '登録済みです' },
  stranger: { tone: 'bad', word: '分からない番号です' },
  refused: { tone: 'bad', word: '登録できません' },
} as const satisfies ScanWords;

const REASONS = Object.entries(RETURN_REASON_LABELS).map(([value, label]) => ({ value, label }));
const REASON_KEPT = 'todoke.return-reason';

export function ReturnScanPage(): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  const client = useQueryClient();
  const maySee = useMay('see-papers');
  const [reason, setReason] = useState<ReturnReason>(() => {
    const kept = sessionStorage.getItem(REASON_KEPT) ?? '';
    return kept in RETURN_REASON_LABELS ? (kept as ReturnReason) : 'unknown-at-address';
  });
  return (
    <Page
      title="不着の読み取り"
      lead="同じ理由の返戻封筒をまとめて、続けて読み取れます。"
      firstFocus={field}
      actions={maySee && <LinkButton to={paths.pieces('returned')}>不着の一覧</LinkButton>}
    >
      <ScanStation
        name="returns"
        label="封筒の番号"
        support="読み取り機で読むか、窓の下の14桁を入れて Enter を押してください。"
        emptyText="返戻封筒のバーコードを読むと、行き先がここに大きく出ます。"
        unit="通"
        parse={only('mailpiece')}
        show={show}
        field={field}
        send={(scan: Scan) => answerOf(WORDS, scanReturn(scan.code, scan.setting as ReturnReason, scan.id), true)}
        undo={async (number) => {
          try {
            const { message } = await takeBackScan(number);
            await client.invalidateQueries();
            return { tone: 'good', word: '取り消しました', detail: message };
          } catch (error) {
            return { tone: 'bad', word: '取り消せません', detail: wordsOf(error) };
          }
        }}
        setting={reason}
        settings={
          <Select
            label="不着の理由（封筒の印）"
            chars={18}
            options={REASONS}
            value={reason}
            onChange={(event) => {
              setReason(event.target.value as ReturnReason);
              sessionStorage.setItem(REASON_KEPT, event.target.value);
              field.current?.focus();
            }}
          />
        }
      />
    </Page>
  );
}

export function CheckInPage(): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  return (
    <Page title="回収の受け入れ" lead="戻ってきた資格確認書を1枚ずつ読み取ります。" firstFocus={field}>
      <ScanStation
        name="check-ins"
        label="資格確認書の番号"
        support="QRコードを読むか、1 で始まる14桁を入れて Enter を押してください。"
        emptyText="戻ってきた資格確認書を読むと、受け入れた枚数がここに出ます。"
        unit="枚"
        parse={only('certificate')}
        show={show}
        field={field}
        send={(scan: Scan) => answerOf(WORDS, checkIn(scan.code, scan.id))}
      />
    </Page>
  );
}
