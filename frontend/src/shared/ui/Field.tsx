import { useId, type InputHTMLAttributes, type ReactNode, type Ref, type SelectHTMLAttributes } from 'react';
import { cx } from './classes';
import { t } from '@/shared/content/texts';

export const inputClass =
  'w-full h-11 rounded-lg border border-edge/60 bg-raised px-3.5 text-ink transition-colors hover:border-edge aria-[invalid=true]:border-bad';

type Base = { label: string; help?: ReactNode; fault?: string | undefined };

/** Label, control, help and what the server found wrong, tied together for screen readers. */
export function Field({ label, help, fault, optional, children }: Base & { optional?: boolean; children: (ids: { id: string; describedBy: string | undefined }) => ReactNode }) {
  const id = useId();
  const describedBy = [help && `${id}-help`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined;
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-semibold">
        {label} {optional && <span className="font-normal text-muted">{t('common.optional')}</span>}
      </label>
      {children({ id, describedBy })}
      <Notes id={id} help={help} fault={fault} />
    </div>
  );
}

function Notes({ id, help, fault }: { id: string } & Pick<Base, 'help' | 'fault'>) {
  return (
    <>
      {fault && (
        <p id={`${id}-fault`} role="alert" className="mt-1.5 text-sm font-medium text-bad">
          {fault}
        </p>
      )}
      {help && (
        <p id={`${id}-help`} className="mt-1.5 text-sm text-muted text-pretty [overflow-wrap:anywhere]">
          {help}
        </p>
      )}
    </>
  );
}

export function TextField({ label, help, fault, className, ref, ...rest }: Base & InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }) {
  return (
    <Field label={label} help={help} fault={fault} optional={rest.required === false}>
      {({ id, describedBy }) => (
        <input {...rest} ref={ref} id={id} aria-describedby={describedBy} aria-invalid={fault ? true : undefined} className={cx(inputClass, className)} />
      )}
    </Field>
  );
}

export function SwitchField({ label, help, fault, ref, ...rest }: Base & InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }) {
  const id = useId();
  const describedBy = [help && `${id}-help`, fault && `${id}-fault`].filter(Boolean).join(' ') || undefined;
  return (
    <div>
      <label className="flex min-h-8 items-center gap-2.5 text-sm font-semibold">
        <input {...rest} ref={ref} type="checkbox" aria-describedby={describedBy} aria-invalid={fault ? true : undefined} className="size-4.5 shrink-0 accent-(--lamp-text)" />
        {label}
      </label>
      <Notes id={id} help={help} fault={fault} />
    </div>
  );
}

export function SelectField({ label, help, fault, className, children, ref, ...rest }: Base & SelectHTMLAttributes<HTMLSelectElement> & { ref?: Ref<HTMLSelectElement> }) {
  return (
    <Field label={label} help={help} fault={fault}>
      {({ id, describedBy }) => (
        <select {...rest} ref={ref} id={id} aria-describedby={describedBy} aria-invalid={fault ? true : undefined} className={cx(inputClass, className)}>
          {children}
        </select>
      )}
    </Field>
  );
}
