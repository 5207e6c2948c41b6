import { cx } from '@/shared/ui/classes';
import type { Look } from './ImportDialog';
import { named, t } from './texts';

type Props = { look: Pick<Look, 'columns' | 'fields' | 'needsTitle'>; mapping: Record<string, string>; onChange: (next: Record<string, string>) => void };

const fieldName = (field: { name: string; label: string }): string => named(`importField.${field.name}`) ?? field.label;

/** What the columns of a file mean: the hub's guess, which a person may correct. What a column can be is the hub's to say. */
export function Columns({ look, mapping, onChange }: Props) {
  const left = look.columns.filter((column) => !column.field).length;
  const set = (column: string, field: string) => {
    const { [column]: _old, ...rest } = mapping;
    onChange(field === '' ? rest : { ...rest, [column]: field });
  };
  return (
    <details open={look.needsTitle || undefined} className="rounded-xl border border-line">
      <summary className="rounded-xl px-4 py-2.5 text-sm font-semibold hover:bg-sunk">
        {look.needsTitle ? t('platforms.whichColumnHasTheTitles') : t('platforms.ofColumnsAreRead', { value: look.columns.length - left, length: look.columns.length })}
      </summary>
      <ul className="divide-y divide-line border-t border-line">
        {look.columns.map((column) => (
          <li key={column.name} className="grid grid-cols-[minmax(0,1fr)] items-center gap-x-4 gap-y-1 px-4 py-2 sm:grid-cols-[minmax(0,1fr)_14rem]">
            <span className="min-w-0">
              <span className="block truncate font-semibold">{column.name || t('platforms.noName')}</span>
              <span className="block truncate text-sm text-muted">{column.samples.join(', ') || t('platforms.empty')}</span>
            </span>
            <select
              aria-label={t('platforms.whatColumnIs', { column: column.name || t('platforms.namelessColumn') })}
              value={mapping[column.name] ?? ''}
              onChange={(event) => set(column.name, event.target.value)}
              className={cx('h-9 w-full min-w-0 rounded-lg border border-edge/60 bg-raised px-2.5 text-sm', column.field && 'font-semibold')}
            >
              <option value="">{mapping[column.name] ? t('platforms.asTheHubReadsIt') : column.field ? fieldName(look.fields.find((field) => field.name === column.field) ?? { name: column.field, label: column.field }) : t('platforms.leftOut')}</option>
              {look.fields.map((field) => (
                <option key={field.name} value={field.name}>
                  {fieldName(field)}
                </option>
              ))}
              <option value="ignore">{t('platforms.leaveItOut')}</option>
            </select>
          </li>
        ))}
      </ul>
    </details>
  );
}
