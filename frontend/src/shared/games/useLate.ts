import { useEffect, useState } from 'react';

/** Whether something has been so for a while: what ends at once need not be shown at all. */
export function useLate(on: boolean, after = 300): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!on) return undefined;
    const timer = setTimeout(() => setLate(true), after);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [on, after]);
  return on && late;
}
