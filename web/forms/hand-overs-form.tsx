// Many envelopes handed over at once: each is reported on its own, and what could not be is named.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { wordsOf } from '../api/client.ts';
import { useDeed } from '../api/deed.ts';
import { reportHandOver } from '../api/workplaces.ts';
import type { WorkplacePage } from '../api/workplaces.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { ProgressBar } from '../ui/progress.tsx';

type Piece = WorkplacePage['pieces'][number];

export interface HandedOver {
  readonly done: number;
  /** Whose could not be reported, and why. */
  readonly refused: readonly { readonly whom: string; readonly why: string }[];
}

export function HandOversForm({
  symbol,
  pieces,
  onDone,
}: {
  readonly symbol: string;
  readonly pieces: readonly Piece[];
  readonly onDone: (outcome: HandedOver) => void;
}): ReactNode {
  const [open, setOpen] = useState(false);
  const [sent, setSent] = useState(0);
  const reporting = useDeed(
    async (wish: readonly Piece[], key): Promise<HandedOver> => {
      let done = 0;
      const refused: { whom: string; why: string }[] = [];
      for (const piece of wish) {
        const { mailpieceNumber } = piece;
        try {
          await reportHandOver(
            symbol,
            { mailpieceNumber, event: 'hand-over', reason: '' },
            `${key}-${mailpieceNumber}`,
          );
          done++;
        } catch (error) {
          refused.push({ whom: piece.names.join('、'), why: wordsOf(error) ?? '' });
        }
        setSent((n) => n + 1);
      }
      return { done, refused };
    },
    (outcome) => {
      setOpen(false);
      onDone(outcome);
    },
  );
  const [first] = pieces;
  return (
    <>
      <Button
        look="filled"
        size="sm"
        icon="check"
        onClick={() => {
          setSent(0);
          setOpen(true);
        }}
      >
        {pieces.length}通を渡した
      </Button>
      <Confirm
        title={`${pieces.length}通の封筒を本人に渡しましたか`}
        verb="渡したと報告する"
        open={open}
        busy={reporting.isPending}
        onConfirm={() => reporting.mutate(pieces)}
        onClose={() => {
          if (!reporting.isPending) setOpen(false);
        }}
      >
        {reporting.isPending ? (
          <ProgressBar label="報告しています" done={sent} total={pieces.length} unit="通" />
        ) : (
          <>
            {first && `${first.names.join('さん、')}さん`}
            {pieces.length > 1 && ` ほか${pieces.length - 1}通`}
            の封筒です。渡した日時とあなたの名前が記録に残ります。
          </>
        )}
      </Confirm>
    </>
  );
}
