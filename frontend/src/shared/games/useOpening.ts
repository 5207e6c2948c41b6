import { useRouter } from '@tanstack/react-router';
import { useMemo, type MouseEvent, type SyntheticEvent } from 'react';
import { noteOpened, useReturning } from './useReturning';

export const gameHref = (id: string): string => `/games/${encodeURIComponent(id)}`;

const idAt = (event: SyntheticEvent): string | undefined => (event.target as HTMLElement).closest<HTMLElement>('a[data-game-id]')?.dataset.gameId;

/** All games are shown by the same screen, so it is fetched once, when somebody comes near one of them. */
class Near {
  private fetched = false;
  fetch(load: () => Promise<unknown>): void {
    if (this.fetched) return;
    this.fetched = true;
    load().catch(() => {
      this.fetched = false;
    });
  }
}

/**
 * Opens games for a whole list of links at once. The router's own link listens to the address, and
 * each letter of a search changes that: a screen of them cost more than what the search found.
 */
export function useOpening() {
  const router = useRouter();
  useReturning();
  return useMemo(() => {
    const near = new Near();
    const come = (event: SyntheticEvent) => {
      const gameId = idAt(event);
      if (gameId) near.fetch(() => router.preloadRoute({ to: '/games/$gameId', params: { gameId } }));
    };
    const onClick = (event: MouseEvent) => {
      if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const gameId = idAt(event);
      if (!gameId) return;
      event.preventDefault();
      noteOpened(gameId);
      void router.navigate({ to: '/games/$gameId', params: { gameId } });
    };
    return { onClick, onPointerOver: come, onFocus: come, onTouchStart: come };
  }, [router]);
}
