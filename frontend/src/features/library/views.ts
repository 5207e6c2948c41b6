import { readSearch, type LibrarySearch } from './filters';

/** An address of the library that was given a name. */
export type SavedView = { name: string; search: LibrarySearch };

const MOST = 30;
const keyOf = (playerId: string): string => `djinn.views.${playerId}`;

/** Reads what may have been written by an older page, or by hand. */
export function readViews(text: string | null): SavedView[] {
  try {
    const raw = JSON.parse(text ?? '[]') as unknown;
    if (!Array.isArray(raw)) return [];
    return raw
      .filter((view): view is { name: string; search: Record<string, unknown> } => typeof view?.name === 'string' && view.name !== '' && typeof view.search === 'object' && view.search !== null)
      .map(({ name, search }) => ({ name, search: readSearch(search) }))
      .slice(0, MOST);
  } catch {
    return [];
  }
}

/** The views of a player on this device. */
export function loadViews(playerId: string): SavedView[] {
  try {
    return readViews(localStorage.getItem(keyOf(playerId)));
  } catch {
    return [];
  }
}

export function storeViews(playerId: string, views: readonly SavedView[]): void {
  try {
    localStorage.setItem(keyOf(playerId), JSON.stringify(views));
  } catch {
    // They last as long as the page does.
  }
}

/** Puts a view in: one of the same name gives way. */
export const withView = (views: readonly SavedView[], view: SavedView): SavedView[] => [view, ...views.filter((other) => other.name !== view.name)].slice(0, MOST);
