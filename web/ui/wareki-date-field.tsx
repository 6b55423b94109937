// Room: web/ui. A date as people here write it: era, year, month, day. A whole date pasted or typed into the year
// (「R7.4.1」「2025/4/1」「令和7年4月1日」) fills all boxes; what was understood stands beneath.
import { useId, useState } from 'react';
import type { ChangeEvent, ReactNode } from 'react';
import { ERAS, localDate, parseDate, partsOf } from '../../src/rules/words/calendar.ts';
import { toAsciiDigits } from '../../src/rules/words/check-digits.ts';
import type { LocalDate } from '../../src/rules/words/local-date.ts';
import { BOX, FieldError, Required } from './field.tsx';
import type { FieldWords } from './field.tsx';
import { Icon } from './icons.tsx';
import { DateText } from './text.tsx';

interface Boxes {
  readonly era: string;
  readonly year: string;
  readonly month: string;
  readonly day: string;
}

const WESTERN = '西暦';
const ERA_NAMES = [...ERAS.map((era) => era.name).reverse(), WESTERN];

function boxesOf(date: LocalDate): Boxes {
  const { year, month, day } = partsOf(date);
  const era = ERAS.findLast((candidate) => candidate.from <= date);
  return {
    era: era?.name ?? WESTERN,
    year: String(era ? year - era.firstYear + 1 : year),
    month: String(month),
    day: String(day),
  };
}

function dateOf({ era, year, month, day }: Boxes): LocalDate | null {
  if (era === WESTERN) return localDate(Number(year), Number(month), Number(day));
  return parseDate(`${era}${year}年${month}月${day}日`);
}

/** What a form gets while the boxes hold something that is no date. */
export const NO_DATE = '?';

const NOTHING: Boxes = { era: '令和', year: '', month: '', day: '' };

export function WarekiDateField({
  label,
  support,
  error,
  required = false,
  name,
  defaultValue,
  onChange,
}: FieldWords & {
  readonly name?: string;
  readonly defaultValue?: LocalDate;
  /** The date, or null while the boxes hold none. */
  readonly onChange?: (date: LocalDate | null) => void;
}): ReactNode {
  const id = useId();
  const [boxes, setBoxes] = useState<Boxes>(defaultValue ? boxesOf(defaultValue) : NOTHING);
  const [left, setLeft] = useState(false);

  const isEmpty = boxes.year === '' && boxes.month === '' && boxes.day === '';
  const date = isEmpty ? null : dateOf(boxes);
  const wrong =
    error ?? (left && !isEmpty && date === null ? 'この日付はありません。年・月・日を確かめてください。' : undefined);

  const put = (next: Boxes): void => {
    setBoxes(next);
    onChange?.(dateOf(next));
  };
  const change = (part: keyof Boxes) => (event: ChangeEvent<HTMLInputElement | HTMLSelectElement>) => {
    const text = event.target.value;
    const whole = part === 'year' && text.length > 5 ? parseDate(text.normalize('NFKC')) : null;
    if (whole) put(boxesOf(whole));
    else put({ ...boxes, [part]: part === 'era' ? text : toAsciiDigits(text) });
  };

  const box = (part: 'year' | 'month' | 'day', word: string, width: string): ReactNode => (
    <span className="flex items-center gap-1.5">
      <input
        aria-label={word}
        inputMode="numeric"
        autoComplete="off"
        value={boxes[part]}
        onChange={change(part)}
        aria-invalid={wrong ? true : undefined}
        className={`${BOX} figures h-12 px-2 text-center ${width}`}
      />
      <span aria-hidden>{word}</span>
    </span>
  );

  return (
    <fieldset
      aria-describedby={[support && `${id}-support`, wrong && `${id}-error`].filter(Boolean).join(' ') || undefined}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setLeft(true);
      }}
    >
      <legend className="text-std-16B-170 text-solid-gray-900">
        {label}
        {required && <Required />}
      </legend>
      {support && (
        <div id={`${id}-support`} className="mt-1 text-dns-16N-130 text-solid-gray-600">
          {support}
        </div>
      )}
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <span className="relative">
          <select
            aria-label="元号"
            value={boxes.era}
            onChange={change('era')}
            className={`${BOX} h-12 appearance-none pr-9`}
          >
            {ERA_NAMES.map((era) => (
              <option key={era}>{era}</option>
            ))}
          </select>
          <Icon
            name="chevron-down"
            className="pointer-events-none absolute top-1/2 right-2.5 size-5 -translate-y-1/2 text-solid-gray-900"
          />
        </span>
        {box('year', '年', boxes.era === WESTERN ? 'w-18' : 'w-14')}
        {box('month', '月', 'w-14')}
        {box('day', '日', 'w-14')}
      </div>
      {name && <input type="hidden" name={name} value={date ?? (isEmpty ? '' : NO_DATE)} />}
      <div className="mt-1 min-h-6 text-dns-14N-130 text-solid-gray-600" aria-live="polite">
        {date && (
          <>
            {date.replaceAll('-', '/')}・<DateText date={date} weekday />
          </>
        )}
      </div>
      {wrong && <FieldError id={`${id}-error`}>{wrong}</FieldError>}
    </fieldset>
  );
}
