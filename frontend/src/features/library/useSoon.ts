import { useCallback, useEffect, useRef } from 'react';

/** Does what it was given last in a task of its own, so that what goes on now is over first. */
export function useSoon(): (work: () => void) => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback((work) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(work);
  }, []);
}
