import { readSearch, type LibrarySearch } from './filters';

/** A search of the library that was given a name. */
export type SavedView = { name: string; search: LibrarySearch };

/** Where a device kept views before the hub did. */
const leftBehind = (playerId: string): string => `djinn.views.${playerId}`;
/** What the hub last answered, for when it does not. */
const copyOf = (playerId: string): string => `djinn.views-copy.${playerId}`;

/** Reads what may have been written by another client, an older page, or by hand. */
export function readViews(raw: unknown): SavedView[] {
  if (!Array.isArray(raw)) return [];
  return raw
    .filter((view): view is { name: string; search: Record<string, unknown> } => typeof view?.name === 'string' && view.name !== '' && typeof view.search === 'object' && view.search !== null && !Array.isArray(view.search))
    .map(({ name, search }) => ({ name, search: readSearch(search) }));
}

function load(key: string): SavedView[] {
  try {
    return readViews(JSON.parse(localStorage.getItem(key) ?? '[]'));
  } catch {
    return [];
  }
}

/** Views that are on this device alone. */
export const loadLeftBehind = (playerId: string): SavedView[] => load(leftBehind(playerId));

/** Keeps only those on this device that the hub did not take. */
export function leave(playerId: string, views: readonly SavedView[]): void {
  try {
    if (views.length) localStorage.setItem(leftBehind(playerId), JSON.stringify(views));
    else localStorage.removeItem(leftBehind(playerId));
  } catch {
    // Then there were none either.
  }
}

export const loadCopy = (playerId: string): SavedView[] => load(copyOf(playerId));

export function storeCopy(playerId: string, views: readonly SavedView[]): void {
  try {
    localStorage.setItem(copyOf(playerId), JSON.stringify(views));
  } catch {
    // They are asked for again next time.
  }
}

/** Those of the device that the hub has none of the same name of. */
export const missing = (here: readonly SavedView[], there: readonly SavedView[]): SavedView[] => {
  const names = new Set(there.map((view) => view.name.toLowerCase()));
  return here.filter((view) => !names.has(view.name.toLowerCase()));
};
