// Room: web/ui. Files by the button or by dropping them; the list says what was taken, what was not, and why.
import { useId, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { FieldError, Required } from './field.tsx';
import type { FieldWords } from './field.tsx';
import { Icon } from './icons.tsx';
import { formatNumber } from './text.tsx';

/** 「1.2MB」, powers of 1,024, one decimal from KB on. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${formatNumber(bytes)}バイト`;
  const units = ['KB', 'MB', 'GB'];
  let size = bytes / 1024;
  let i = 0;
  while (size >= 1024 && i < units.length - 1) {
    size /= 1024;
    i++;
  }
  return `${size.toFixed(1)}${units[i]}`;
}

export function FileDrop({
  label,
  support,
  error,
  required = false,
  accept,
  multiple = false,
  maxBytes,
  files,
  onChange,
  extra,
}: FieldWords & {
  /** As of `<input accept>`: `.csv,.zip`. Dropped files are held to the same. */
  readonly accept?: string;
  readonly multiple?: boolean;
  readonly maxBytes: number;
  readonly files: readonly File[];
  readonly onChange: (files: readonly File[]) => void;
  /** What is asked of each file. */
  readonly extra?: (file: File) => ReactNode;
}): ReactNode {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [refused, setRefused] = useState<readonly string[]>([]);

  const take = (list: FileList | null): void => {
    const endings = accept?.split(',').map((ending) => ending.trim().toLowerCase());
    const problems: string[] = [];
    const taken: File[] = [];
    for (const file of list ?? []) {
      if (endings && !endings.some((ending) => file.name.toLowerCase().endsWith(ending))) {
        problems.push(`「${file.name}」は ${accept} ではありません。`);
      } else if (file.size > maxBytes) {
        problems.push(`「${file.name}」は ${formatBytes(file.size)} です。${formatBytes(maxBytes)} までです。`);
      } else if (file.size === 0) problems.push(`「${file.name}」は空のファイルです。`);
      else taken.push(file);
    }
    setRefused(problems);
    if (taken.length > 0) onChange(multiple ? [...files, ...taken] : taken.slice(0, 1));
  };

  const described = [support && `${id}-support`, (error || refused.length > 0) && `${id}-error`]
    .filter(Boolean)
    .join(' ');
  return (
    <div role="group" aria-labelledby={`${id}-label`} className="flex flex-col gap-2">
      <div id={`${id}-label`} className="text-std-16B-170 text-solid-gray-900">
        {label}
        {required && <Required />}
      </div>
      {support && (
        <div id={`${id}-support`} className="-mt-1 text-dns-16N-130 text-solid-gray-600">
          {support}
        </div>
      )}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer.files);
        }}
        className={`flex flex-wrap items-center gap-x-4 gap-y-2 rounded-8 border-2 border-dashed p-4 desktop:p-6 ${over ? 'border-blue-900 bg-blue-50' : 'border-solid-gray-536 bg-solid-gray-50'}`}
      >
        <Button icon="upload" aria-describedby={described || undefined} onClick={() => input.current?.click()}>
          ファイルを選ぶ
        </Button>
        <span className="text-dns-16N-130 text-solid-gray-800">または、ここにファイルを置いてください</span>
        <input
          ref={input}
          type="file"
          accept={accept}
          multiple={multiple}
          tabIndex={-1}
          aria-label={label}
          className="sr-only"
          onChange={(event) => {
            take(event.target.files);
            event.target.value = '';
          }}
        />
      </div>
      <div aria-live="polite">
        {files.length > 0 && (
          <ul className="flex flex-col gap-2">
            {files.map((file, index) => (
              <li
                key={`${file.name}-${file.lastModified}`}
                className="rounded-8 border border-solid-gray-200 py-1 pr-1 pl-3"
              >
                <div className="flex items-center gap-3">
                  <Icon name="file" className="size-5 text-solid-gray-600" />
                  <span className="min-w-0 grow">
                    {file.name} <span className="whole text-solid-gray-600">（{formatBytes(file.size)}）</span>
                  </span>
                  <button
                    type="button"
                    aria-label={`${file.name}を外す`}
                    onClick={() => onChange(files.filter((_, i) => i !== index))}
                    className="grid size-11 shrink-0 place-items-center rounded-8 hover:bg-solid-gray-50"
                  >
                    <Icon name="close" className="size-5" />
                  </button>
                </div>
                {extra && <div className="pr-2 pb-3">{extra(file)}</div>}
              </li>
            ))}
          </ul>
        )}
      </div>
      {(error || refused.length > 0) && (
        <div role="alert">
          <FieldError id={`${id}-error`}>{error ?? refused.join(' ')}</FieldError>
        </div>
      )}
    </div>
  );
}
