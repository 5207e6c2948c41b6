import { useEffect } from 'react';

/** The game that was opened last out of a list, the address of that list, and how far it was scrolled. */
let opened: { id: string; at: string; scrolled: number } | null = null;

export function noteOpened(id: string): void {
  opened = { id, at: location.pathname, scrolled: window.scrollY };
}

/** So many frames are waited for its cell: the list has its length once the first page is there. */
const FRAMES = 120;

/** Who comes back to a list goes on at the game that they opened, unless they went elsewhere in it meanwhile. */
export function useReturning(): void {
  useEffect(() => {
    const back = opened;
    opened = null;
    if (back?.at !== location.pathname) return undefined;
    let frame = 0;
    let scrolled = false;
    const reach = (left: number) => {
      const now = document.activeElement;
      if (now && now !== document.body && now.id !== 'content') return;
      // The router does so too, but before the list is as long as it was.
      if (!scrolled && document.documentElement.scrollHeight >= back.scrolled + window.innerHeight) {
        scrolled = true;
        if (window.scrollY !== back.scrolled) window.scrollTo(0, back.scrolled);
      }
      const cell = document.querySelector<HTMLElement>(`a[data-game-id="${CSS.escape(back.id)}"]`);
      if (cell) cell.focus({ preventScroll: true });
      else if (left > 0) frame = requestAnimationFrame(() => reach(left - 1));
    };
    frame = requestAnimationFrame(() => reach(FRAMES));
    return () => {
      cancelAnimationFrame(frame);
      opened ??= back;
    };
  }, []);
}
