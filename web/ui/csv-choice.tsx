// Room: web/ui. A list as a file: the choice is named by what it is for, not by its encoding.
import type { ReactNode } from 'react';
import { Disclosure } from './disclosure.tsx';

export function CsvChoice({
  label = 'CSVで受け取る',
  href,
}: {
  /** Where a page has more than one. */
  readonly label?: string;
  /** Address of the file in an encoding. */
  readonly href: (encoding: 'excel' | 'cp932' | 'plain') => string;
}): ReactNode {
  const link = 'flex min-h-11 items-center rounded-8 px-3 hover:bg-solid-gray-50 visited:text-blue-1000';
  return (
    <Disclosure label={label} icon="download" wordFrom="always" at="start">
      <div className="flex flex-col p-2">
        <a download href={href('excel')} className={link}>
          Excelで開く（UTF-8・BOM付き）
        </a>
        <a download href={href('cp932')} className={link}>
          業者・年金機構向け（Shift_JIS）
        </a>
        <a download href={href('plain')} className={link}>
          機械処理（UTF-8）
        </a>
        <p className="px-3 py-2 text-dns-14N-130 text-solid-gray-700">
          条件に合うすべての行が入ります。受け取りは記録に残ります。
        </p>
      </div>
    </Disclosure>
  );
}
