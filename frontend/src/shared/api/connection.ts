import { useSyncExternalStore } from 'react';

/** What the person sees about the line to the hub. */
export type Connection = 'connecting' | 'online' | 'lost';

let current: Connection = 'connecting';
const watchers = new Set<() => void>();

export function setConnection(next: Connection): void {
  if (next === current) return;
  current = next;
  for (const tell of watchers) tell();
}

export const connection = (): Connection => current;

export function watchConnection(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

export const useConnection = (): Connection => useSyncExternalStore(watchConnection, connection);
