import { memo, useState, type ReactNode } from 'react';
import { count } from '@/shared/format/time';
import { platformName, ratingName, statusName } from '@/shared/format/words';
import { cx } from '@/shared/ui/classes';
import { toggle, type LibrarySearch, type ListFilter } from './filters';
import type { Facets } from './useFacets';
import { t } from '@/shared/content/texts';

type Props = { facets: Facets | null; search: LibrarySearch; onChange: (next: LibrarySearch) => void };
type Entry = Facets['platforms'][number];

/** The ways to narrow the list, with what each would leave. All of it comes from the API. */
export const FacetPanel = memo(function FacetPanel({ facets, search, onChange }: Props) {
  if (!facets) return <PanelSkeleton />;
  const set = (more: Partial<LibrarySearch>) => onChange(Object.fromEntries(Object.entries({ ...search, ...more }).filter(([, v]) => v !== undefined)));
  const several = (title: string, key: ListFilter, entries: Entry[]) => (
    <Group title={title} entries={entries} selected={search[key] ?? []} onToggle={(id) => onChange(toggle(search, key, id))} />
  );
  return (
    <div className="space-y-7">
      <fieldset>
        <Legend>{t('library.show')}</Legend>
        <Row on={search.played === 'no'} onToggle={() => set({ played: search.played === 'no' ? undefined : 'no' })} label={t('library.neverPlayed')} />
        <Row on={search.played === 'yes'} onToggle={() => set({ played: search.played === 'yes' ? undefined : 'yes' })} label={t('library.played')} />
        <Row on={search.favourite === 'yes'} onToggle={() => set({ favourite: search.favourite ? undefined : 'yes' })} label={t('library.favourites')} />
        <Row on={search.hidden === 'yes'} onToggle={() => set({ hidden: search.hidden ? undefined : 'yes' })} label={t('library.hiddenGames')} />
      </fieldset>
      {several(t('library.platform'), 'platform', facets.platforms.map((one) => ({ ...one, label: platformName({ id: one.id, name: one.label }) })))}
      {several(t('library.status'), 'status', facets.statuses.map((one) => ({ ...one, label: statusName({ id: one.id, name: one.label }) })))}
      {several(t('library.genre'), 'genre', facets.genres)}
      {several(t('library.myTags'), 'tag', facets.myTags)}
      <Group
        title={t('library.ageRatingAtMost')}
        entries={facets.ratings.filter((r) => r.id !== 'UNRATED').map((r) => ({ ...r, label: ratingName(r.id) }))}
        selected={search.rating ? [search.rating] : []}
        onToggle={(id) => set({ rating: search.rating === id ? undefined : (id as LibrarySearch['rating']) })}
      >
        <Row on={search.rated === 'yes'} onToggle={() => set({ rated: search.rated ? undefined : 'yes' })} label={t('library.leaveOutUnrated')} amount={facets.ratings.find((r) => r.id === 'UNRATED')?.count} />
      </Group>
      <Group title={t('library.decade')} entries={facets.decades} selected={search.decade ? [search.decade] : []} onToggle={(id) => set({ decade: search.decade === id ? undefined : id })} />
    </div>
  );
});

const Legend = ({ children }: { children: ReactNode }) => <legend className="mb-1.5 px-2 text-sm font-semibold">{children}</legend>;

const SHORT = 7;
function Group({ title, entries, selected, onToggle, children }: { title: string; entries: Entry[]; selected: string[]; onToggle: (id: string) => void; children?: ReactNode }) {
  const [all, setAll] = useState(false);
  // A chosen value stays in sight although nothing is left of it.
  const missing = selected.filter((id) => !entries.some((e) => e.id === id)).map((id) => ({ id, label: id, count: 0 }));
  const shown = [...missing, ...(all ? entries : entries.slice(0, SHORT))];
  if (!shown.length && !children) return null;
  return (
    <fieldset>
      <Legend>{title}</Legend>
      {shown.map((entry) => (
        <Row key={entry.id} on={selected.includes(entry.id)} onToggle={() => onToggle(entry.id)} label={entry.label} amount={entry.count} />
      ))}
      {children}
      {entries.length > SHORT && (
        <button type="button" aria-expanded={all} onClick={() => setAll(!all)} className="mt-1 rounded-md px-2 py-1 text-sm font-semibold text-lamp-text hover:underline">
          {all ? t('library.fewer') : t('library.more', { value: entries.length - SHORT })}
        </button>
      )}
    </fieldset>
  );
}

function Row({ on, onToggle, label, amount }: { on: boolean; onToggle: () => void; label: string; amount?: number | undefined }) {
  return (
    <label className={cx('flex min-h-8 items-center gap-2.5 rounded-md px-2 text-sm transition-colors', on ? 'bg-lamp-wash font-semibold text-lamp-text' : 'hover:bg-sunk')}>
      <input type="checkbox" checked={on} onChange={onToggle} className="size-4 shrink-0 accent-(--lamp-text)" />
      <span className="min-w-0 flex-1 truncate">{label}</span>
      {amount !== undefined && <span className={cx('numbers text-xs', on ? '' : 'text-muted')}>{count(amount)}</span>}
    </label>
  );
}

function PanelSkeleton() {
  return (
    <div aria-hidden="true" className="space-y-2">
      {Array.from({ length: 12 }, (_, i) => (
        <div key={i} className="skeleton h-6" style={{ width: `${60 + ((i * 37) % 40)}%` }} />
      ))}
    </div>
  );
}
