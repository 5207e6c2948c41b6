import type { EsrbRating } from '@/gql/library';

/** The ladder that the family ceiling goes by, from the mildest on. */
export const ratings: { id: EsrbRating; name: string }[] = [
  { id: 'EARLY_CHILDHOOD', name: 'Early childhood' },
  { id: 'EVERYONE', name: 'Everyone' },
  { id: 'EVERYONE_10', name: 'Everyone 10+' },
  { id: 'TEEN', name: 'Teen' },
  { id: 'MATURE', name: 'Mature 17+' },
  { id: 'ADULTS_ONLY', name: 'Adults only' },
];

export const ratingName = (id: string): string => ratings.find((rating) => rating.id === id)?.name ?? words(id);

/** FAMILY_SHARED → Family shared: for values that carry no label of their own. */
export function words(value: string): string {
  const text = value.toLowerCase().replaceAll('_', ' ').replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A short badge for any platform the API may name: GOG → GOG, Steam → St, Epic Games → EG. */
export function initials(name: string): string {
  const parts = name.split(/[\s-]+/).filter(Boolean);
  if (parts.length > 1) return parts.slice(0, 2).map((part) => part.charAt(0).toUpperCase()).join('');
  const only = parts[0] ?? '?';
  return only === only.toUpperCase() ? only.slice(0, 4) : only.slice(0, 2);
}

/** A title, or what stands for it while the part of the hub that knows it does not answer. */
export const titleOf = (game: { title: string | null }): string => game.title ?? 'A game';

/** A name, likewise. */
export const nameOf = (player: { name: string | null }): string => player.name ?? 'Somebody';
