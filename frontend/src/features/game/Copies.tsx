import { ago, onDay, playtime } from '@/shared/format/time';
import { words } from '@/shared/format/words';
import { Badge, PlatformMark } from '@/shared/ui/Badge';
import type { GameFull } from './Hero';

/** Where the game is had, with the time spent there. */
export function Copies({ copies }: { copies: NonNullable<GameFull['copies']> }) {
  if (!copies.length) return null;
  return (
    <section aria-labelledby="copies">
      <h2 id="copies" className="mb-3 text-2xl">
        Where you have it
      </h2>
      <ul className="divide-y divide-line border-y border-line">
        {copies.map((copy) => (
          <li key={copy.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3">
            <PlatformMark name={copy.platform.name} className="h-8 min-w-10 bg-chip text-sm text-ink" />
            <span className="min-w-40 flex-1">
              <span className="block font-semibold">{copy.library.label}</span>
              <span className="block text-sm text-muted">
                {copy.title}, since {onDay(copy.addedAt)}
              </span>
            </span>
            <Badge>{words(copy.holding)}</Badge>
            <span className="numbers ml-auto w-36 text-right text-sm">
              <span className="block font-semibold">{playtime(copy.playtimeMinutes)}</span>
              {copy.lastPlayedAt && <span className="block text-muted">{ago(copy.lastPlayedAt)}</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
