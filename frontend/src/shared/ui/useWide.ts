import { useCallback, useSyncExternalStore } from 'react';

/** Whether the page is at least so wide, as a class with `lg` or `xl` sees it: what is not shown need not be made. */
export function useWide(at: 'lg' | 'xl'): boolean {
  const query = at === 'lg' ? '(min-width: 64rem)' : '(min-width: 80rem)';
  const watch = useCallback(
    (tell: () => void) => {
      const room = matchMedia(query);
      room.addEventListener('change', tell);
      return () => room.removeEventListener('change', tell);
    },
    [query],
  );
  return useSyncExternalStore(watch, () => matchMedia(query).matches);
}
