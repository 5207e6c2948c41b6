import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useViewer } from '@/shared/api/viewer';
import { Button } from '@/shared/ui/Button';
import { TextField } from '@/shared/ui/Field';
import { Sheet } from '@/shared/ui/Sheet';
import type { LibrarySearch } from './filters';
import { loadViews, storeViews, withView, type SavedView } from './views';

/** The views one has kept: a search with its filters, order and look, under a name. */
export default function ViewsDialog({ search, onChange, onClose }: { search: LibrarySearch; onChange: (next: LibrarySearch) => void; onClose: () => void }) {
  const { me } = useViewer();
  const player = me?.id ?? '';
  const [views, setViews] = useState(() => loadViews(player));
  const [name, setName] = useState('');
  const keep = (next: SavedView[]) => {
    setViews(next);
    storeViews(player, next);
  };
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title="Views" description="A view is what the list shows now: search, filters, order and look. Its address can be shared as well.">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!name.trim()) return;
          keep(withView(views, { name: name.trim(), search }));
          setName('');
        }}
        className="flex items-end gap-3"
      >
        <div className="flex-1">
          <TextField label="Keep what is shown now as" placeholder="Short and unplayed" autoComplete="off" maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
        </div>
        <Button type="submit" look="primary" className="h-11" disabled={!name.trim()}>
          Keep
        </Button>
      </form>
      <ul aria-label="Kept views" className="mt-5 divide-y divide-line">
        {views.map((view) => (
          <li key={view.name} className="flex items-center gap-2 py-1.5">
            <button
              type="button"
              onClick={() => {
                onChange(view.search);
                onClose();
              }}
              className="min-h-10 flex-1 truncate rounded-md px-2 text-left font-semibold hover:bg-sunk"
            >
              {view.name}
            </button>
            <Button look="quiet" size="icon" onClick={() => keep(views.filter((other) => other !== view))} aria-label={`Forget ${view.name}`}>
              <Trash2 className="size-4" />
            </Button>
          </li>
        ))}
      </ul>
      {views.length === 0 && <p className="mt-5 text-muted">No views yet.</p>}
    </Sheet>
  );
}
