// Room: web/ui. Check boxes and radio buttons: the browser's own, drawn at the design system's size; the whole line is
// the target.
import { useEffect, useId, useRef } from 'react';
import type { ComponentProps, ReactNode } from 'react';
import { FieldError, Required } from './field.tsx';
import type { FieldWords, Option } from './field.tsx';
import { Icon } from './icons.tsx';

const BOX =
  'peer size-6 shrink-0 cursor-pointer appearance-none border-2 border-solid-gray-600 bg-white hover:border-black checked:border-blue-900 aria-invalid:border-error-1';

/** A box alone, for a table's first column; named by `aria-label` or `aria-labelledby`. */
export function CheckBox({
  indeterminate = false,
  ...rest
}: { readonly indeterminate?: boolean } & Omit<ComponentProps<'input'>, 'type' | 'ref'>): ReactNode {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = indeterminate;
  }, [indeterminate]);
  return (
    <span className="relative inline-grid size-6 place-items-center">
      <input
        ref={box}
        type="checkbox"
        {...rest}
        className={`${BOX} rounded-[0.25rem] checked:bg-blue-900 indeterminate:border-blue-900 indeterminate:bg-blue-900`}
      />
      {indeterminate ? (
        <span className="pointer-events-none absolute h-[3px] w-3 bg-white forced-colors:bg-[CanvasText]" />
      ) : (
        <Icon
          name="check"
          className="pointer-events-none absolute size-5 text-white opacity-0 peer-checked:opacity-100 forced-colors:text-[CanvasText]"
        />
      )}
    </span>
  );
}

export function Checkbox({
  label,
  support,
  ...rest
}: { readonly label: ReactNode; readonly support?: string } & Omit<ComponentProps<'input'>, 'type'>): ReactNode {
  const id = useId();
  return (
    <div>
      <label className="inline-flex min-h-11 cursor-pointer items-start gap-2 py-2 pr-2 text-std-16N-170">
        <CheckBox {...rest} {...(support && { 'aria-describedby': id })} />
        <span className="-mt-0.5">{label}</span>
      </label>
      {support && (
        <p id={id} className="-mt-1 ml-8 text-dns-16N-130 text-solid-gray-600">
          {support}
        </p>
      )}
    </div>
  );
}

export function RadioGroup({
  label,
  support,
  error,
  required = false,
  name,
  value,
  options,
  onChange,
}: FieldWords & {
  readonly name: string;
  readonly value: string | null;
  readonly options: readonly (Option & { readonly support?: string })[];
  readonly onChange: (value: string) => void;
}): ReactNode {
  const id = useId();
  return (
    <fieldset
      aria-describedby={[support && `${id}-support`, error && `${id}-error`].filter(Boolean).join(' ') || undefined}
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
      <div className="mt-1 flex flex-col items-start">
        {options.map((option) => (
          <label
            key={option.value}
            className="inline-flex min-h-11 cursor-pointer items-start gap-2 py-2 pr-2 text-std-16N-170"
          >
            <span className="relative inline-grid size-6 place-items-center">
              <input
                type="radio"
                name={name}
                value={option.value}
                checked={value === option.value}
                onChange={() => onChange(option.value)}
                aria-labelledby={`${id}-${option.value}`}
                aria-describedby={option.support ? `${id}-${option.value}-support` : undefined}
                aria-invalid={error ? true : undefined}
                className={`${BOX} rounded-full [--focus-radius:50%]`}
              />
              <span className="pointer-events-none absolute size-3 rounded-full bg-blue-900 opacity-0 peer-checked:opacity-100 forced-colors:bg-[CanvasText]" />
            </span>
            <span className="-mt-0.5">
              <span id={`${id}-${option.value}`}>{option.label}</span>
              {option.support && (
                <span id={`${id}-${option.value}-support`} className="block text-dns-14N-130 text-solid-gray-600">
                  {option.support}
                </span>
              )}
            </span>
          </label>
        ))}
      </div>
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </fieldset>
  );
}
