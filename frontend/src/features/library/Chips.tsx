import { X } from 'lucide-react';
import { t } from '@/shared/content/texts';
import { platformName, ratingName, statusName } from '@/shared/format/words';
import { listFilters, toggle, type LibrarySearch, type ListFilter } from './filters';
import type { Facets } from './useFacets';

type Props = { search: LibrarySearch; onChange: (next: LibrarySearch) => void; facets: Facets | null };

/** What the list is narrowed by, each to be taken off. */
export default function Chips({ search, facets, onChange }: Props) {
  const labelOf = (key: ListFilter, id: string) => {
    const entries = { platform: facets?.platforms, status: facets?.statuses, genre: facets?.genres, tag: facets?.myTags }[key];
    const label = entries?.find((entry) => entry.id === id)?.label ?? id;
    return key === 'status' ? statusName({ id, name: label }) : key === 'platform' ? platformName({ id, name: label }) : label;
  };
  const without = (key: keyof LibrarySearch): LibrarySearch => {
    const { [key]: _gone, ...rest } = search;
    return rest;
  };
  const chips: { key: string; label: string; next: LibrarySearch }[] = [];
  for (const key of listFilters) {
    for (const id of search[key] ?? []) chips.push({ key: `${key}-${id}`, label: labelOf(key, id), next: toggle(search, key, id) });
  }
  if (search.rating) chips.push({ key: 'rating', label: t('library.atMost', { rating: ratingName(search.rating) }), next: without('rating') });
  if (search.rated) chips.push({ key: 'rated', label: t('library.ratedOnly'), next: without('rated') });
  if (search.decade) chips.push({ key: 'decade', label: facets?.decades.find((d) => d.id === search.decade)?.label ?? search.decade, next: without('decade') });
  if (search.played) chips.push({ key: 'played', label: search.played === 'yes' ? t('library.played') : t('library.neverPlayed'), next: without('played') });
  if (search.favourite) chips.push({ key: 'favourite', label: t('library.favourites'), next: without('favourite') });
  if (search.hidden) chips.push({ key: 'hidden', label: t('library.hiddenGames'), next: without('hidden') });
  if (!chips.length) return null;
  return (
    <ul aria-label={t('library.activeFilters')} className="order-last flex w-full flex-wrap gap-2 sm:order-none sm:w-auto">
      {chips.map((chip) => (
        <li key={chip.key}>
          <button type="button" onClick={() => onChange(chip.next)} className="flex h-8 items-center gap-1.5 rounded-full bg-lamp-wash pr-2 pl-3 text-sm font-semibold text-lamp-text hover:brightness-97 dark:hover:brightness-115">
            {chip.label}
            <X className="size-3.5" aria-hidden="true" />
            <span className="sr-only">{t('library.removeThisFilter')}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
