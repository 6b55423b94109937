// Room: web/ui. Fields with a label above, 「必須」 in words, help between label and field, the error beneath. No
// placeholder stands for a label or an example.
import { useId } from 'react';
import type { ComponentProps, ReactNode } from 'react';
import { Icon } from './icons.tsx';

export interface FieldWords {
  readonly label: string;
  /** Help, and an example, between label and field. */
  readonly support?: ReactNode;
  /** What is wrong and how to mend it. */
  readonly error?: string | undefined;
  readonly required?: boolean;
}

export function Required(): ReactNode {
  return <span className="ml-2 text-oln-14N-100 whitespace-nowrap text-red-900">※必須</span>;
}

export function FieldError({ id, children }: { readonly id: string; readonly children: ReactNode }): ReactNode {
  return (
    <p id={id} className="flex items-start gap-1 text-dns-16N-130 text-error-2">
      <Icon name="error" className="size-5" />
      <span>{children}</span>
    </p>
  );
}

/** Ids that tie a control to its help and its error. */
interface Ties {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
  readonly 'aria-required': true | undefined;
}

function Field({
  label,
  support,
  error,
  required = false,
  children,
}: FieldWords & { readonly children: (ties: Ties) => ReactNode }): ReactNode {
  const id = useId();
  const described = [support && `${id}-support`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className="flex flex-col items-stretch gap-2">
      <label htmlFor={id} className="text-std-16B-170 text-solid-gray-900">
        {label}
        {required && <Required />}
      </label>
      {support && (
        <div id={`${id}-support`} className="-mt-1 text-dns-16N-130 text-solid-gray-600">
          {support}
        </div>
      )}
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined,
        'aria-required': required || undefined,
      })}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  );
}

export const BOX =
  'rounded-8 border border-solid-gray-600 bg-white px-4 text-oln-16N-100 text-solid-gray-900 hover:border-black aria-invalid:border-error-1';

const HEIGHTS = { lg: 'h-14', md: 'h-12', sm: 'h-10' } as const;

interface BoxVariant {
  readonly box?: keyof typeof HEIGHTS;
  /** Width in full-width characters, as long as what is expected; the whole width where left out. */
  readonly chars?: number;
}

export function TextField({
  label,
  support,
  error,
  required,
  box = 'md',
  chars,
  className = '',
  ...rest
}: FieldWords & BoxVariant & Omit<ComponentProps<'input'>, 'id' | 'placeholder'>): ReactNode {
  return (
    <Field label={label} support={support} error={error} {...(required && { required })}>
      {(ties) => (
        <input
          autoComplete="off"
          {...rest}
          {...ties}
          className={`w-full read-only:border-dashed ${BOX} ${HEIGHTS[box]} ${className}`}
          style={chars === undefined ? undefined : { maxWidth: `${chars + 2.5}em` }}
        />
      )}
    </Field>
  );
}

export function TextArea({
  label,
  support,
  error,
  required,
  ...rest
}: FieldWords & Omit<ComponentProps<'textarea'>, 'id' | 'placeholder'>): ReactNode {
  return (
    <Field label={label} support={support} error={error} {...(required && { required })}>
      {(ties) => (
        <textarea rows={4} {...rest} {...ties} className={`w-full py-3 ${rest.className ?? ''} leading-[1.7] ${BOX}`} />
      )}
    </Field>
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

export function Select({
  label,
  support,
  error,
  required,
  box = 'md',
  chars,
  options,
  ...rest
}: FieldWords &
  BoxVariant & { readonly options: readonly Option[] } & Omit<ComponentProps<'select'>, 'id' | 'size'>): ReactNode {
  return (
    <Field label={label} support={support} error={error} {...(required && { required })}>
      {(ties) => (
        <span
          className="relative block w-full"
          style={chars === undefined ? undefined : { maxWidth: `${chars + 4.5}em` }}
        >
          <select {...rest} {...ties} className={`w-full appearance-none truncate pr-10 ${BOX} ${HEIGHTS[box]}`}>
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
          <Icon
            name="chevron-down"
            className="pointer-events-none absolute top-1/2 right-3 size-5 -translate-y-1/2 text-solid-gray-900"
          />
        </span>
      )}
    </Field>
  );
}
