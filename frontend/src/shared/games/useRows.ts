import { useCallback, useSyncExternalStore } from 'react';

/** Which rows of one height lie within a stretch of the page, with some more on either side. */
export function rowsWithin(scrolled: number, height: number, top: number, size: number, count: number, over: number): { from: number; to: number } {
  if (size <= 0 || count <= 0) return { from: 0, to: 0 };
  const from = Math.floor((scrolled - top) / size) - over;
  const to = Math.ceil((scrolled + height - top) / size) + over;
  return { from: Math.min(Math.max(from, 0), count), to: Math.min(Math.max(to, 0), count) };
}

/** A row that is drawn, and whether it is in sight or only about to be. */
export type Row = { index: number; start: number; inSight: boolean };

/** What stands fixed over the list's edges: the search above, a phone's bar below. */
const ABOVE = 92;
const BELOW = 84;
const STEP = 2 ** 26;

/**
 * Where the page stands, as its last event said. Asking the page itself while a list is drawn makes
 * the browser lay everything out on the spot, several times for each letter of a search.
 */
let view = { scrolled: 0, height: 0 };
let watched = 0;
const look = (): void => {
  view = { scrolled: window.scrollY, height: window.innerHeight };
};

function watch(tell: () => void): () => void {
  const onMove = () => {
    look();
    tell();
  };
  look();
  watched += 1;
  window.addEventListener('scroll', onMove, { passive: true });
  window.addEventListener('resize', onMove);
  return () => {
    watched -= 1;
    window.removeEventListener('scroll', onMove);
    window.removeEventListener('resize', onMove);
  };
}

/**
 * The rows that are in sight of a list as long as the page. All rows are of one height, so that
 * nothing is ever measured: where a row is follows from its number.
 */
export function useRows(count: number, size: number, top: number, over: number) {
  // Both ends in one number: a scroll that changes neither draws nothing.
  const read = () => {
    // Before anybody watches, there was no event to say it.
    if (!watched) look();
    const { from, to } = rowsWithin(view.scrolled, view.height, top, size, count, over);
    return from * STEP + to;
  };
  const both = useSyncExternalStore(watch, read);
  const from = Math.floor(both / STEP);
  const sight = rowsWithin(view.scrolled, view.height, top, size, count, 0);
  const rows: Row[] = Array.from({ length: (both % STEP) - from }, (_, i) => ({ index: from + i, start: (from + i) * size, inSight: from + i >= sight.from && from + i < sight.to }));
  const scrollTo = useCallback(
    (index: number) => {
      const start = top + index * size;
      if (start < window.scrollY + ABOVE) window.scrollTo({ top: start - ABOVE });
      else if (start + size > window.scrollY + window.innerHeight - BELOW) window.scrollTo({ top: start + size - window.innerHeight + BELOW });
    },
    [top, size],
  );
  return { rows, scrollTo };
}
