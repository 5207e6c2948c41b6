import { useSyncExternalStore } from 'react';

/** From here on the filters stand beside the list (`xl` in its classes). */
const room = matchMedia('(min-width: 80rem)');
const watch = (tell: () => void) => {
  room.addEventListener('change', tell);
  return () => room.removeEventListener('change', tell);
};

/** Whether there is room for the filters beside the list. */
export const useWide = (): boolean => useSyncExternalStore(watch, () => room.matches);
