import { ChevronLeft, ChevronRight, ImageOff } from 'lucide-react';
import { useState, type CSSProperties } from 'react';
import { ownUrl } from '@/shared/covers/Cover';
import { placeholderOf } from '@/shared/covers/placeholder';
import { Button } from '@/shared/ui/Button';
import { Sheet } from '@/shared/ui/Sheet';
import type { GameFull } from './Hero';
import { t } from './texts';
import { reveal } from '@/shared/ui/reveal';
import { cx } from '@/shared/ui/classes';

type Picture = NonNullable<GameFull['screenshots']>[number];
/** Its shape and what it looks like from afar, before it is there. */
function shapeOf({ width, height, placeholder }: Picture): CSSProperties {
  const background = placeholderOf(placeholder);
  return { aspectRatio: width && height ? `${width} / ${height}` : '16 / 9', ...(background ? { background } : {}) };
}

type ShownProps = { url: string; alt: string; className: string; style?: CSSProperties; lazy?: boolean };

/** A picture, or that it is not to be had just now: its store may not answer. */
function Shown({ url, alt, className, style, lazy = false }: ShownProps) {
  const [broken, setBroken] = useState(false);
  if (!broken) return <img src={url} alt={alt} {...(lazy ? { loading: 'lazy', decoding: 'async' } : {})} className={className} {...(style ? { style } : {})} onError={() => setBroken(true)} />;
  return (
    <span className={cx(className, 'relative grid place-items-center text-muted')} style={style}>
      <span className="grid justify-items-center gap-2 p-2 text-center text-sm">
        <ImageOff className="size-6" aria-hidden="true" />
        {/* On a small one its sign is enough to see. */}
        <span className={lazy ? 'sr-only' : undefined}>{t('game.pictureMissing')}</span>
      </span>
    </span>
  );
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
        {t('game.screenshots')}
      </h2>
      <ul className="-mx-4 flex gap-3 overflow-x-auto px-4 pb-3 [scrollbar-width:thin] sm:mx-0 sm:px-0">
        {shown.map((picture, index) => (
          <li key={picture.url} className="shrink-0">
            <button type="button" onFocus={reveal} onClick={() => setAt(index)} aria-label={t('game.screenshotOf', { value: index + 1, length: shown.length })} className="block h-28 overflow-hidden rounded-lg bg-sunk sm:h-36" style={shapeOf(picture)}>
              <Shown url={picture.thumbnailUrl} alt="" className="size-full object-cover" lazy />
            </button>
          </li>
        ))}
      </ul>
      {open && (
        <Sheet open onOpenChange={() => setAt(null)} wide title={t('game.shot', { title, number: (at ?? 0) + 1, total: shown.length })}>
          <Shown key={open.url} url={open.url} alt={t('game.asItLooks', { title })} className="w-full rounded-lg bg-sunk" style={shapeOf(open)} />
          {shown.length > 1 && (
            <div className="mt-4 flex justify-between">
              <Button onClick={() => step(-1)}>
                <ChevronLeft className="size-4" aria-hidden="true" />
                {t('game.before')}
              </Button>
              <Button onClick={() => step(1)}>
                {t('game.next')}
                <ChevronRight className="size-4" aria-hidden="true" />
              </Button>
            </div>
          )}
        </Sheet>
      )}
    </section>
  );
}
