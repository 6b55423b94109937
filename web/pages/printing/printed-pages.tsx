// Pictures of the printed pages of a mailpiece.
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { pagePicture, pagesQuery } from '../../api/papers.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Fetched } from '../fetched.tsx';

/** Drawn when asked for: looking is recorded. */
export function PrintedPages({
  mailpieceNumber,
  none,
}: {
  readonly mailpieceNumber: string;
  /** Said where there is no page to show. */
  readonly none: string;
}): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <div className="mt-4">
      <Button size="sm" icon="file" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? '印刷したページを閉じる' : '印刷したページを見る'}
      </Button>
      {open && (
        <div className="mt-4">
          <PagePictures mailpieceNumber={mailpieceNumber} none={none} />
        </div>
      )}
    </div>
  );
}

/** The pages themselves, as soon as it stands on the screen. */
export function PagePictures({
  mailpieceNumber,
  none,
}: {
  readonly mailpieceNumber: string;
  /** Said where there is no page to show. */
  readonly none: string;
}): ReactNode {
  const query = useQuery(pagesQuery(mailpieceNumber));
  return (
    <Fetched query={query}>
      {({ pages }) =>
        pages.length === 0 ? (
          <p>{none}</p>
        ) : (
          <ul className="grid grid-cols-1 gap-4 desktop:grid-cols-2">
            {pages.map(({ n, label }) => (
              <li key={n}>
                <Picture address={pagePicture(mailpieceNumber, n)} label={`${n}ページ目　${label}`} />
              </li>
            ))}
          </ul>
        )
      }
    </Fetched>
  );
}

function Picture({ address, label }: { readonly address: string; readonly label: string }): ReactNode {
  const [failed, setFailed] = useState(false);
  return (
    <figure>
      <figcaption className="mb-1 text-dns-14N-130">{label}</figcaption>
      {failed ? (
        <Banner kind="warning" title="このページの画像を作れませんでした" live={false}>
          印刷ファイルがこのサーバーにないと、画像は作れません。
        </Banner>
      ) : (
        <a href={address} target="_blank" rel="noreferrer" className="block">
          <img
            src={address}
            alt={`${label}の画像（新しいタブで大きく開く）`}
            loading="lazy"
            className="w-full border border-solid-gray-420 bg-white"
            onError={() => setFailed(true)}
          />
        </a>
      )}
    </figure>
  );
}
