import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState, type CSSProperties } from 'react';
import { ownUrl } from '@/shared/covers/Cover';
import { averageColour } from '@/shared/covers/placeholder';
import { Button } from '@/shared/ui/Button';
import { Sheet } from '@/shared/ui/Sheet';
import type { GameFull } from './Hero';

type Picture = NonNullable<GameFull['screenshots']>[number];
/** Its shape and colour, before it is there. */
function shapeOf({ width, height, placeholder }: Picture): CSSProperties {
  const colour = averageColour(placeholder);
  return { aspectRatio: width && height ? `${width} / ${height}` : '16 / 9', ...(colour ? { background: colour } : {}) };
}

/** Pictures from the game, from this hub only. */
export function Screenshots({ pictures, title }: { pictures: NonNullable<GameFull['screenshots']>; title: string }) {
  const [at, setAt] = useState<number | null>(null);
  const shown = pictures.filter((picture) => ownUrl(picture.url) && ownUrl(picture.thumbnailUrl));
  const open = at === null ? undefined : shown[at];
  if (!shown.length) return null;
  const step = (by: number) => setAt((old) => (old === null ? null : (old + by + shown.length) % shown.length));
  return (
    <section aria-labelledby="screenshots">
      <h2 id="screenshots" className="mb-3 text-2xl">
        Screenshots
      </h2>
      <ul className="-mx-4 flex gap-3 overflow-x-auto px-4 pb-3 [scrollbar-width:thin] sm:mx-0 sm:px-0">
        {shown.map((picture, index) => (
          <li key={picture.url} className="shrink-0">
            <button type="button" onClick={() => setAt(index)} aria-label={`Screenshot ${index + 1} of ${shown.length}`} className="block h-28 overflow-hidden rounded-lg bg-sunk sm:h-36" style={shapeOf(picture)}>
              <img src={picture.thumbnailUrl} alt="" loading="lazy" decoding="async" className="size-full object-cover" />
            </button>
          </li>
        ))}
      </ul>
      {open && (
        <Sheet open onOpenChange={() => setAt(null)} wide title={`${title}, screenshot ${(at ?? 0) + 1} of ${shown.length}`}>
          <img src={open.url} alt={`${title}, as it looks`} className="w-full rounded-lg bg-sunk" style={shapeOf(open)} />
          {shown.length > 1 && (
            <div className="mt-4 flex justify-between">
              <Button onClick={() => step(-1)}>
                <ChevronLeft className="size-4" aria-hidden="true" />
                Before
              </Button>
              <Button onClick={() => step(1)}>
                Next
                <ChevronRight className="size-4" aria-hidden="true" />
              </Button>
            </div>
          )}
        </Sheet>
      )}
    </section>
  );
}
