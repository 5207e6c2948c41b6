import type { EsrbRating } from '@/gql/library';
import { named, t } from '@/shared/content/texts';

/** The ratings of the ESRB, from the mildest on. */
export const ratings: EsrbRating[] = ['EARLY_CHILDHOOD', 'EVERYONE', 'EVERYONE_10', 'TEEN', 'MATURE', 'ADULTS_ONLY'];

export const ratingName = (id: string): string => {
  const rating = ratings.find((one) => one === id);
  return rating ? t(`rating.${rating}`) : words(id);
};

/** What a value of the API is called; FAMILY_SHARED → Family shared, where nobody has said. */
export function words(value: string): string {
  const name = named(`value.${value.replaceAll(' ', '-')}`);
  if (name) return name;
  const text = value.toLowerCase().replaceAll('_', ' ').replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a status is called: the hub's own in the language that is spoken, those of one's own as they are. */
export const statusName = (status: { id: string; name: string }): string => named(`statusName.${status.id}`) ?? status.name;

/** What a platform is called, likewise: the brands as they are, a shelf in the language that is spoken. */
export const platformName = (platform: { id: string; name: string }): string => named(`platform.${platform.id}.name`) ?? platform.name;

/** What a theme is called, likewise. */
export const themeName = (theme: { id: string; name: string }): string => named(`themeName.${theme.id}`) ?? theme.name;

/** A short badge for any platform the API may name: GOG → GOG, Steam → St, Epic Games → EG. */
export function initials(name: string): string {
  const parts = name.split(/[\s-]+/).filter(Boolean);
  if (parts.length > 1) return parts.slice(0, 2).map((part) => part.charAt(0).toUpperCase()).join('');
  const only = parts[0] ?? '?';
  return only === only.toUpperCase() ? only.slice(0, 4) : only.slice(0, 2);
}

/** A title, or what stands for it while the part of the hub that knows it does not answer. */
export const titleOf = (game: { title: string | null }): string => game.title ?? t('common.aGame');

/** A name, likewise. */
export const nameOf = (player: { name: string | null }): string => player.name ?? t('common.somebody');
