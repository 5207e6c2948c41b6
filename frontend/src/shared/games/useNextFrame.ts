import { startTransition, useEffect, useState } from 'react';

/** A value as it was until what shows it has been painted: what is out of sight comes a frame later. */
export function useNextFrame<T>(value: T): T {
  const [later, setLater] = useState(value);
  useEffect(() => {
    if (later === value) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // The frame is drawn after its callbacks have run, and before the next task.
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => startTransition(() => setLater(value)));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [later, value]);
  return later;
}
