import { Button } from '@/shared/ui/Button';
import { Sheet } from '@/shared/ui/Sheet';
import { FacetPanel } from './FacetPanel';
import { clear, type LibrarySearch } from './filters';
import type { Facets } from './useFacets';
import { t } from '@/shared/content/texts';

type Props = { onClose: () => void; facets: Facets | null; stale: boolean; total: number | null; search: LibrarySearch; onChange: (next: LibrarySearch) => void };

/** The filters on a small screen. */
export default function FilterDrawer({ onClose, facets, stale, total, search, onChange }: Props) {
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={t('library.filters')}>
      <div aria-busy={stale}>
        <FacetPanel facets={facets} search={search} onChange={onChange} />
      </div>
      <div className="sticky -bottom-5 -mx-5 mt-6 -mb-5 flex gap-3 border-t border-line bg-surface px-5 py-3 sm:-mx-6 sm:px-6">
        <Button onClick={() => onChange({ ...clear(search), ...(search.q ? { q: search.q } : {}) })}>{t('library.clear')}</Button>
        <Button look="primary" className="flex-1" onClick={onClose}>
          {total === null ? t('library.showGames') : t('library.showGames', { count: total })}
        </Button>
      </div>
    </Sheet>
  );
}
