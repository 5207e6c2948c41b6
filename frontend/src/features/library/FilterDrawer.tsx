import { Button } from '@/shared/ui/Button';
import { Sheet } from '@/shared/ui/Sheet';
import { plural } from '@/shared/format/time';
import { FacetPanel } from './FacetPanel';
import { clear, type LibrarySearch } from './filters';
import type { Facets } from './listing';

type Props = { onClose: () => void; facets: Facets | null; total: number | null; search: LibrarySearch; onChange: (next: LibrarySearch) => void };

/** The filters on a small screen. */
export default function FilterDrawer({ onClose, facets, total, search, onChange }: Props) {
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title="Filters">
      <FacetPanel facets={facets} search={search} onChange={onChange} />
      <div className="sticky -bottom-5 -mx-5 mt-6 -mb-5 flex gap-3 border-t border-line bg-surface px-5 py-3 sm:-mx-6 sm:px-6">
        <Button onClick={() => onChange({ ...clear(search), ...(search.q ? { q: search.q } : {}) })}>Clear</Button>
        <Button look="primary" className="flex-1" onClick={onClose}>
          {total === null ? 'Show games' : `Show ${plural(total, 'game')}`}
        </Button>
      </div>
    </Sheet>
  );
}
