import { useSyncExternalStore } from 'react';

/** Something that happened elsewhere, said in a corner of the screen. */
export type Notice = { id: number; text: string; tone: 'good' | 'bad' | 'plain'; to?: string };

const SHOWN = 8_000;
let notices: readonly Notice[] = [];
let made = 0;
const watchers = new Set<() => void>();
const set = (next: readonly Notice[]): void => {
  notices = next;
  for (const tell of watchers) tell();
};

export const dismiss = (id: number): void => set(notices.filter((notice) => notice.id !== id));

/** Says something; it goes away by itself, unless it is bad news. */
export function announce(notice: Omit<Notice, 'id'>): void {
  const id = ++made;
  set([...notices.slice(-3), { ...notice, id }]);
  if (notice.tone !== 'bad') setTimeout(() => dismiss(id), SHOWN);
  // Outside of the page as well, where the person wanted it and is not looking.
  // oxlint-disable-next-line no-new -- the browser shows it; there is nothing to keep
  if (document.hidden && typeof Notification !== 'undefined' && Notification.permission === 'granted') new Notification('Game Djinn', { body: notice.text, icon: '/icon.svg' });
}

export const useNotices = (): readonly Notice[] =>
  useSyncExternalStore(
    (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    () => notices,
  );
