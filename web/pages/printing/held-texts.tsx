// Why print has held a piece, and the texts of its papers: each may be corrected for print, with a reason. Looking is
// recorded, so it is asked for.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { wordsOf } from '../../api/client.ts';
import { useAction } from '../../api/action.ts';
import { correctHeld, heldPieceQuery } from '../../api/papers.ts';
import type { CorrectionRequest, HeldPiece } from '../../api/papers.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Confirm } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Fetched } from '../fetched.tsx';

type Text = HeldPiece['texts'][number];

export function HeldTexts({ mailpieceNumber }: { readonly mailpieceNumber: string }): ReactNode {
  const [open, setOpen] = useState(false);
  const query = useQuery({ ...heldPieceQuery(mailpieceNumber), enabled: open });
  return (
    <div className="mt-4">
      <Button size="sm" icon="warning" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? '止まっている理由を閉じる' : '止まっている理由を見て直す'}
      </Button>
      {open && (
        <div className="mt-4">
          <Fetched query={query}>{(piece) => <Held piece={piece} />}</Fetched>
        </div>
      )}
    </div>
  );
}

function Held({ piece }: { readonly piece: HeldPiece }): ReactNode {
  const [asked, setAsked] = useState<Text | null>(null);
  const [done, setDone] = useState<string | null>(null);
  return (
    <div className="flex flex-col gap-4">
      {done !== null && <Banner kind="success" title={done} onClose={() => setDone(null)} />}
      <ul aria-label="止まっている理由" className="list-inside list-disc">
        {linesOf(piece).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <ul aria-label="用紙に載る文字" className="flex flex-col gap-2">
        {piece.texts.map((text) => (
          <li
            key={`${text.subNumber}-${text.field}`}
            className="flex flex-wrap items-center gap-3 border-t border-solid-gray-200 pt-2"
          >
            <span className="min-w-40">
              枝番 {text.subNumber}　{text.label}
            </span>
            <span className="grow">
              {shown(text.source) || '（記録なし）'}
              {text.text !== null && <span className="block font-700">→ {shown(text.text)}</span>}
              {text.text === null && text.suggestion !== null && (
                <span className="block">ふつうの文字では {shown(text.suggestion)}</span>
              )}
            </span>
            <Button
              size="sm"
              onClick={() => {
                setDone(null);
                setAsked(text);
              }}
            >
              直す
              <span className="sr-only">
                （枝番 {text.subNumber}　{text.label}）
              </span>
            </Button>
          </li>
        ))}
      </ul>
      <p>
        正しいとき、または直し終えたら、「確認済みにする」を選びます。次の「確認済みの作り直し」で、新しい番号の用紙として印刷されます。
        新しい加入者・事業所のファイルで直したときは、直さずに確認済みにできます。
      </p>
      {asked && (
        <Correct
          key={`${asked.subNumber}-${asked.field}`}
          mailpieceNumber={piece.mailpieceNumber}
          text={asked}
          onClose={() => setAsked(null)}
          onDone={(message) => {
            setAsked(null);
            setDone(message);
          }}
        />
      )}
    </div>
  );
}

/** A line a paper and what is wrong there, however many of its fields say so. */
function linesOf({ reasons }: HeldPiece): string[] {
  const lines = reasons.map(({ subNumber, reasonLabel, codePoint }) => {
    const paper = subNumber === '' ? '送付書' : `枝番 ${subNumber}`;
    return `${paper}：${reasonLabel}${codePoint === '' ? '' : `（${codePoint}）`}`;
  });
  return [...new Set(lines)];
}

const shown = (text: string): string => text.trim().replaceAll('\n', '　');

function Correct({
  mailpieceNumber,
  text: { subNumber, field, label, source, text, suggestion },
  onClose,
  onDone,
}: {
  readonly mailpieceNumber: string;
  readonly text: Text;
  readonly onClose: () => void;
  readonly onDone: (message: string) => void;
}): ReactNode {
  const isAddress = field === 'address';
  const given = suggestion ?? source;
  const [first = '', second = '', third = ''] = (text ?? (isAddress ? `\n${given}` : given)).split('\n');
  const [line, setLine] = useState(isAddress ? second : first);
  const [postalCode, setPostalCode] = useState(isAddress ? first : '');
  const [building, setBuilding] = useState(isAddress ? third : '');
  const [reason, setReason] = useState('');
  const doing = useAction(
    (request: CorrectionRequest, key) => correctHeld(mailpieceNumber, request, key),
    ({ message }) => onDone(message),
  );
  const needs =
    line.trim() === '' ? `${label}を入れてください` : reason.trim() === '' ? '理由を入れてください' : undefined;
  return (
    <Confirm
      title={`枝番 ${subNumber} の${label}を、印刷のために直しますか`}
      verb="直す"
      open
      busy={doing.isPending}
      error={wordsOf(doing.error)}
      reason={needs}
      onConfirm={() => doing.mutate({ subNumber, field, text: line, postalCode, building, reason })}
      onClose={() => {
        if (!doing.isPending) onClose();
      }}
    >
      <p className="mb-4">
        加入者ファイルは変わりません。ファイルの文字が今のままのあいだ、この方の用紙にはここに入れた文字を印刷します。
      </p>
      <div className="flex flex-col gap-4">
        {isAddress && (
          <TextField
            label="郵便番号"
            inputMode="numeric"
            maxLength={10}
            value={postalCode}
            onChange={(event) => setPostalCode(event.target.value)}
          />
        )}
        <TextField
          label={label}
          required
          maxLength={100}
          value={line}
          onChange={(event) => setLine(event.target.value)}
        />
        {isAddress && (
          <TextField
            label="方書（建物・部屋）"
            maxLength={100}
            value={building}
            onChange={(event) => setBuilding(event.target.value)}
          />
        )}
        <TextField
          label="理由"
          support="記録に残り、あとで変えられません。個人番号は書かないでください。"
          required
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
    </Confirm>
  );
}
