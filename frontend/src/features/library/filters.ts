import type { EsrbRating, GameFilter, GameSort } from '@/gql/library';
import type { TextKey } from '@/shared/content/texts';

/** What the address says about the list: a link is a saved view. Nothing is set that is not needed. */
export type LibrarySearch = {
  q?: string;
  platform?: string[];
  status?: string[];
  genre?: string[];
  tag?: string[];
  rating?: EsrbRating;
  rated?: 'yes';
  decade?: string;
  played?: 'yes' | 'no';
  favourite?: 'yes';
  hidden?: 'yes';
  sort?: GameSort;
  view?: 'list';
};

export type ListFilter = (typeof listFilters)[number];

/** The filters that take several values, in the order they are shown. */
export const listFilters = ['platform', 'status', 'genre', 'tag'] as const;

export const sorts: { id: GameSort; text: TextKey }[] = [
  { id: 'TITLE', text: 'sort.TITLE' },
  { id: 'LAST_PLAYED', text: 'sort.LAST_PLAYED' },
  { id: 'PLAYTIME', text: 'sort.PLAYTIME' },
  { id: 'RELEASED', text: 'sort.RELEASED' },
  { id: 'ADDED', text: 'sort.ADDED' },
  { id: 'CRITIC_SCORE', text: 'sort.CRITIC_SCORE' },
];
const ratingIds: EsrbRating[] = ['EARLY_CHILDHOOD', 'EVERYONE', 'EVERYONE_10', 'TEEN', 'MATURE', 'ADULTS_ONLY'];

const list = (value: unknown): string[] | undefined => {
  const values = (Array.isArray(value) ? value : [value]).filter((v) => typeof v === 'string' || typeof v === 'number').map(String).filter(Boolean);
  return values.length ? [...new Set(values)] : undefined;
};
const oneOf = <T extends string>(value: unknown, allowed: readonly T[]): T | undefined => allowed.find((option) => option === value);
const text = (value: unknown): string | undefined => {
  const trimmed = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return trimmed || undefined;
};

/** Reads an address that anyone may have typed: what is not understood is left out. */
export function readSearch(raw: Record<string, unknown>): LibrarySearch {
  const read: LibrarySearch = {
    q: text(raw.q),
    platform: list(raw.platform),
    status: list(raw.status),
    genre: list(raw.genre),
    tag: list(raw.tag),
    rating: oneOf(raw.rating, ratingIds),
    rated: oneOf(raw.rated, ['yes']),
    decade: text(raw.decade),
    played: oneOf(raw.played, ['yes', 'no']),
    favourite: oneOf(raw.favourite, ['yes']),
    hidden: oneOf(raw.hidden, ['yes']),
    sort: oneOf(raw.sort, ['RELEVANCE', ...sorts.map((s) => s.id)]),
    view: oneOf(raw.view, ['list']),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

/** The years of a decade facet, whichever way the API names it: `1990`, `1990s`, `1990-1999`. */
export function yearsOf(decade: string): { from: number; to: number } | undefined {
  const from = Number(/\d{4}/.exec(decade)?.[0]);
  return Number.isFinite(from) && from > 0 ? { from, to: from + 9 } : undefined;
}

export type LibraryQuery = { query: string; filter: GameFilter; sort: GameSort };

export function toQuery(search: LibrarySearch): LibraryQuery {
  const query = search.q?.trim() ?? '';
  const filter: GameFilter = {};
  if (search.platform) filter.platforms = search.platform;
  if (search.status) filter.statuses = search.status;
  if (search.genre) filter.genres = search.genre;
  if (search.tag) filter.myTags = search.tag;
  if (search.rating) filter.ratingAtMost = search.rating;
  if (search.rated) filter.includeUnrated = false;
  if (search.decade) filter.releasedBetween = yearsOf(search.decade);
  if (search.played) filter.played = search.played === 'yes';
  if (search.favourite) filter.favourite = true;
  if (search.hidden) filter.hidden = true;
  return { query, filter, sort: search.sort ?? (query ? 'RELEVANCE' : 'TITLE') };
}

/** Adds or takes away one value of a list filter. */
export function toggle(search: LibrarySearch, key: ListFilter, id: string): LibrarySearch {
  const now = search[key] ?? [];
  const next = now.includes(id) ? now.filter((value) => value !== id) : [...now, id];
  const { [key]: _gone, ...rest } = search;
  return next.length ? { ...rest, [key]: next } : rest;
}

/** Everything but how the list is shown. */
export const clear = ({ sort, view }: LibrarySearch): LibrarySearch => ({ ...(sort ? { sort } : {}), ...(view ? { view } : {}) });

export function activeCount(search: LibrarySearch): number {
  const { q: _q, sort: _sort, view: _view, platform = [], status = [], genre = [], tag = [], ...single } = search;
  return platform.length + status.length + genre.length + tag.length + Object.keys(single).length;
}
