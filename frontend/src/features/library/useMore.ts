import { useEffect } from 'react';
import { lookAgain } from '@/shared/api/again';

const FIRST = 2_000;
const LONGEST = 30_000;

/** While there is not one game, looks for the first, ever less often: they may come by any way. */
export function useMore(none: boolean): void {
  useEffect(() => {
    if (!none) return undefined;
    let pause = FIRST;
    let timer = setTimeout(function look() {
      // Also the runs that bring them, so that their end is heard of.
      if (document.visibilityState === 'visible') lookAgain(['games', 'recentlyPlayed', 'libraries']);
      pause = Math.min(pause * 1.25, LONGEST);
      timer = setTimeout(look, pause);
    }, pause);
    return () => clearTimeout(timer);
  }, [none]);
}
