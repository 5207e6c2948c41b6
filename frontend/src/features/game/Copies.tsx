import { Pencil, Trash2 } from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import { useViewer } from '@/shared/api/viewer';
import { ago, onDay, playtime } from '@/shared/format/time';
import { platformName, words } from '@/shared/format/words';
import { Badge, PlatformMark } from '@/shared/ui/Badge';
import { Button } from '@/shared/ui/Button';
import type { GameFull } from './Hero';
import { t } from './texts';

const EditCopy = lazy(() => import('@/shared/byHand/EditCopy'));
const RemoveCopy = lazy(() => import('@/shared/byHand/RemoveCopy'));

type Held = NonNullable<GameFull['copies']>[number];
/** `onGone`: the last copy was taken away, and with it the game. */
type Props = { copies: Held[]; onGone: () => void };

/** Where the game is had, with the time spent there. What is on a shelf of one's own can be changed. */
export function Copies({ copies, onGone }: Props) {
  const { scopes } = useViewer();
  const [open, setOpen] = useState<{ copy: Held; how: 'edit' | 'remove' } | null>(null);
  const close = () => setOpen(null);
  const mayWrite = scopes.includes('WRITE_LIBRARY');
  if (!copies.length) return null;
  return (
    <section aria-labelledby="copies">
      <h2 id="copies" className="mb-3 text-2xl">
        {t('game.whereYouHaveIt')}
      </h2>
      <ul className="divide-y divide-line border-y border-line">
        {copies.map((copy) => (
          <li key={copy.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3">
            <PlatformMark name={platformName(copy.platform)} className="h-8 min-w-10 bg-chip text-sm text-ink" />
            <span className="min-w-40 flex-1">
              <span className="block font-semibold">{copy.library.label}</span>
              <span className="block text-sm text-muted">
                {t('game.since', { title: copy.title, when: onDay(copy.addedAt) })}
              </span>
            </span>
            <Badge>{words(copy.holding)}</Badge>
            <span className="numbers ml-auto w-36 text-right text-sm">
              <span className="block font-semibold">{playtime(copy.playtimeMinutes)}</span>
              {copy.lastPlayedAt && <span className="block text-muted">{ago(copy.lastPlayedAt)}</span>}
            </span>
            {mayWrite && copy.library.platform.kind === 'MANUAL' && (
              <span className="flex max-sm:w-full max-sm:justify-end">
                <Button size="icon" look="quiet" onClick={() => setOpen({ copy, how: 'edit' })} aria-label={t('game.changeCopy', { title: copy.title, label: copy.library.label })}>
                  <Pencil className="size-4" aria-hidden="true" />
                </Button>
                <Button size="icon" look="quiet" onClick={() => setOpen({ copy, how: 'remove' })} aria-label={t('game.removeCopy', { title: copy.title, label: copy.library.label })}>
                  <Trash2 className="size-4" aria-hidden="true" />
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {open && (
        <Suspense fallback={null}>
          {open.how === 'edit' ? <EditCopy copy={open.copy} onClose={close} /> : <RemoveCopy copy={open.copy} onClose={close} onRemoved={() => copies.length === 1 && onGone()} />}
        </Suspense>
      )}
    </section>
  );
}
