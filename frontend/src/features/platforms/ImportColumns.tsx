import { cx } from '@/shared/ui/classes';
import type { Look } from './ImportDialog';

type Props = { look: Pick<Look, 'columns' | 'fields' | 'needsTitle'>; mapping: Record<string, string>; onChange: (next: Record<string, string>) => void };

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
        {look.needsTitle ? 'Which column has the titles?' : `${look.columns.length - left} of ${look.columns.length} columns are read`}
      </summary>
      <ul className="divide-y divide-line border-t border-line">
        {look.columns.map((column) => (
          <li key={column.name} className="grid items-center gap-x-4 gap-y-1 px-4 py-2 sm:grid-cols-[minmax(0,1fr)_14rem]">
            <span className="min-w-0">
              <span className="block truncate font-semibold">{column.name || '(no name)'}</span>
              <span className="block truncate text-sm text-muted">{column.samples.join(', ') || 'empty'}</span>
            </span>
            <select
              aria-label={`What ${column.name || 'the column without a name'} is`}
              value={mapping[column.name] ?? ''}
              onChange={(event) => set(column.name, event.target.value)}
              className={cx('h-9 rounded-lg border border-edge/60 bg-raised px-2.5 text-sm', column.field && 'font-semibold')}
            >
              <option value="">{mapping[column.name] ? 'As the hub reads it' : column.field ? (look.fields.find((field) => field.name === column.field)?.label ?? column.field) : 'Left out'}</option>
              {look.fields.map((field) => (
                <option key={field.name} value={field.name}>
                  {field.label}
                </option>
              ))}
              <option value="ignore">Leave it out</option>
            </select>
          </li>
        ))}
      </ul>
    </details>
  );
}
