import type { CollectionValue, CollectionValueType } from '@/gql/collections';
import { cx } from '@/shared/ui/classes';
import { inputClass } from '@/shared/ui/Field';
import { OptionsInput } from './OptionsInput';
import type { RuleField } from './rule';
import { named, t } from './texts';

type Props = { field: RuleField; type: CollectionValueType; value: CollectionValue; onChange: (next: CollectionValue) => void; invalid: boolean };

const numberOf = (text: string): number | null => (text.trim() === '' || !Number.isFinite(Number(text)) ? null : Math.trunc(Number(text)));
const box = cx(inputClass, 'h-10');

/** What a condition compares with, in the form that the operator takes. */
export function ValueInput({ field, type, value, onChange, invalid }: Props) {
  const shared = { 'aria-invalid': invalid || undefined };
  const least = field.minimum ?? undefined;
  // A bound that no person would type is no hint.
  const most = field.maximum !== null && field.maximum < 1_000_000 ? field.maximum : undefined;
  switch (type) {
    case 'NONE':
      return null;
    case 'TEXT':
      return <input {...shared} aria-label={t('collections.text', { label: field.label })} value={value.text ?? ''} maxLength={200} autoComplete="off" onChange={(event) => onChange({ text: event.target.value })} className={box} />;
    case 'NUMBER':
      return (
        <Unit unit={field.unit}>
          <input {...shared} type="number" inputMode="numeric" aria-label={t('collections.number', { label: field.label })} min={least} max={most} value={value.number ?? ''} onChange={(event) => onChange({ number: numberOf(event.target.value) })} className={cx(box, 'numbers w-36!')} />
        </Unit>
      );
    case 'DAYS':
      return (
        <Unit unit={named('measure.days') ?? 'days'}>
          <input {...shared} type="number" inputMode="numeric" aria-label={t('collections.days', { label: field.label })} min={1} max={36_500} value={value.days ?? ''} onChange={(event) => onChange({ days: numberOf(event.target.value) })} className={cx(box, 'numbers w-36!')} />
        </Unit>
      );
    case 'NUMBERS': {
      const { from, to } = value.numbers ?? {};
      const change = (more: { from?: number | null; to?: number | null }) => onChange({ numbers: { from: from ?? null, to: to ?? null, ...more } });
      return (
        <Unit unit={field.unit}>
          <input {...shared} type="number" inputMode="numeric" aria-label={t('collections.from', { label: field.label })} min={least} max={most} value={from ?? ''} onChange={(event) => change({ from: numberOf(event.target.value) })} className={cx(box, 'numbers w-28!')} />
          <span className="text-sm text-muted">{t('collections.to')}</span>
          <input {...shared} type="number" inputMode="numeric" aria-label={t('collections.toOf', { label: field.label })} min={least} max={most} value={to ?? ''} onChange={(event) => change({ to: numberOf(event.target.value) })} className={cx(box, 'numbers w-28!')} />
        </Unit>
      );
    }
    case 'DATE':
      return <input {...shared} type="date" aria-label={t('collections.day', { label: field.label })} value={value.date ?? ''} onChange={(event) => onChange({ date: event.target.value || null })} className={cx(box, 'w-44!')} />;
    case 'DATES': {
      const { from, to } = value.dates ?? {};
      const change = (more: { from?: string | null; to?: string | null }) => onChange({ dates: { from: from ?? null, to: to ?? null, ...more } });
      return (
        <Unit unit={null}>
          <input {...shared} type="date" aria-label={t('collections.firstDay', { label: field.label })} value={from ?? ''} onChange={(event) => change({ from: event.target.value || null })} className={cx(box, 'w-40!')} />
          <span className="text-sm text-muted">{t('collections.to')}</span>
          <input {...shared} type="date" aria-label={t('collections.lastDay', { label: field.label })} value={to ?? ''} onChange={(event) => change({ to: event.target.value || null })} className={cx(box, 'w-40!')} />
        </Unit>
      );
    }
    case 'OPTION':
    case 'OPTIONS':
      return <OptionsInput field={field} value={value.options ?? []} single={type === 'OPTION'} invalid={invalid} onChange={(options) => onChange({ options })} />;
  }
}

function Unit({ unit, children }: { unit: string | null; children: React.ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-2.5">
      {children}
      {unit && <span className="text-sm text-muted">{unit}</span>}
    </div>
  );
}
