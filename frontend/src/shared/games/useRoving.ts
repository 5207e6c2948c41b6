import { useState, type KeyboardEvent } from 'react';

/** One tab stop for the whole grid; arrows, Home, End and Page keys move inside of it. */
export function useRoving(total: number, columns: number, scrollTo: (index: number) => void) {
  const [at, setAt] = useState(0);
  const current = Math.min(at, Math.max(0, total - 1));
  const focus = (index: number) => {
    setAt(index);
    scrollTo(index);
    // The cell may have to be drawn first.
    const reach = (tries: number) => {
      const cell = document.querySelector<HTMLElement>(`[data-game-index="${index}"]`);
      if (cell) cell.focus({ preventScroll: true });
      else if (tries > 0) requestAnimationFrame(() => reach(tries - 1));
    };
    reach(10);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const steps: Record<string, number> = { ArrowRight: current + 1, ArrowLeft: current - 1, ArrowDown: current + columns, ArrowUp: current - columns, Home: 0, End: total - 1, PageDown: current + columns * 4, PageUp: current - columns * 4 };
    const wanted = steps[event.key];
    if (wanted === undefined || total === 0) return;
    event.preventDefault();
    if (event.key === 'ArrowUp' && wanted < 0) {
      document.querySelector<HTMLElement>('[data-search]')?.focus();
      return;
    }
    focus(Math.min(Math.max(wanted, 0), total - 1));
  };
  return { current, onKeyDown, onFocusIndex: setAt };
}
