import { useEffect } from 'react';
import type { Row } from './useRows';

const REST = 300;

/**
 * Has games asked for before they are in sight, so that whoever scrolls meets no grey boxes. At the
 * top nobody has scrolled yet, and somebody may be typing: there only what is in sight is asked for
 * at once, and the rest when they have rested.
 */
export function useAheadOf(rows: readonly Row[], columns: number, ahead: number, onWant: (index: number) => void): void {
  const top = rows[0]?.index === 0;
  const seen = (rows.findLast((row) => row.inSight)?.index ?? 0) * columns + columns - 1;
  const drawn = (rows.at(-1)?.index ?? 0) * columns + columns - 1 + ahead;
  useEffect(() => {
    onWant(top ? seen : drawn);
    if (!top) return undefined;
    const timer = setTimeout(() => onWant(drawn), REST);
    return () => clearTimeout(timer);
  }, [onWant, top, seen, drawn]);
}
