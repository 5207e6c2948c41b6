import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useContent } from '@/shared/content/Content';
import { t } from '@/shared/content/texts';
import { Button } from '@/shared/ui/Button';
import { TextField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { Sheet } from '@/shared/ui/Sheet';
import type { LibrarySearch } from './filters';
import { useViews } from './useViews';

/** The views one has kept: a search with its filters, order and look, under a name. */
export default function ViewsDialog({ search, onChange, onClose }: { search: LibrarySearch; onChange: (next: LibrarySearch) => void; onClose: () => void }) {
  useContent();
  const { views, loading, fault, busy, save, forget } = useViews();
  const [name, setName] = useState('');
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={t('library.views')} description={t('library.viewsHelp')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) void save({ name: name.trim(), search }).then((kept) => kept && setName(''));
        }}
        className="flex items-end gap-3"
      >
        <div className="flex-1">
          <TextField label={t('library.keepWhatIsShownNow')} placeholder={t('library.shortAndUnplayed')} autoComplete="off" maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
        </div>
        <Button type="submit" look="primary" className="h-11" busy={busy} disabled={!name.trim()}>
          {t('library.keep')}
        </Button>
      </form>
      {fault && (
        <div className="mt-4">
          <Fault>{fault}</Fault>
        </div>
      )}
      <ul aria-label={t('library.keptViews')} className="mt-5 divide-y divide-line">
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
            <Button look="quiet" size="icon" disabled={busy} onClick={() => void forget(view.name)} aria-label={t('library.forget', { name: view.name })}>
              <Trash2 className="size-4" />
            </Button>
          </li>
        ))}
      </ul>
      {loading && <div role="status" aria-label={t('common.loading')} className="skeleton mt-5 h-10" />}
      {!loading && !fault && views.length === 0 && <p className="mt-5 text-muted">{t('library.noViewsYet')}</p>}
    </Sheet>
  );
}
