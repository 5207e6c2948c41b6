import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useQuery } from 'urql';
import { PickGameDocument } from '@/gql/collections';
import { Cover } from '@/shared/covers/Cover';
import { titleOf } from '@/shared/format/words';
import { Button } from '@/shared/ui/Button';
import { cx } from '@/shared/ui/classes';
import { inputClass } from '@/shared/ui/Field';
import { t } from './texts';

type Found = { id: string; title: string | null; coverUrl: string | null; releaseYear: number | null };

type Props = { label: string; /** What can be done with each that is found. */ verb: string; onPick: (game: Found) => void; disabled?: boolean };

/** Finds games of one's own while one types. */
export function GamePicker({ label, verb, onPick, disabled }: Props) {
  const [text, setText] = useState('');
  const query = useDeferredValue(text.trim());
  const [{ data }] = useQuery({ query: PickGameDocument, variables: { query }, pause: query === '' });
  const found = query ? (data?.searchGames?.nodes ?? []) : [];
  return (
    <div>
      <div className="relative">
        <Search className="pointer-events-none absolute top-1/2 left-3.5 size-4.5 -translate-y-1/2 text-muted" aria-hidden="true" />
        <input type="search" aria-label={label} placeholder={label} autoComplete="off" spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} className={cx(inputClass, 'pl-10')} />
      </div>
      <ul className="mt-2 divide-y divide-line">
        {found.map((game) => (
          <li key={game.id} className="flex items-center gap-3 py-2">
            <Cover title={titleOf(game)} url={game.coverUrl} bare className="w-8 shrink-0 rounded" />
            <span className="min-w-0 flex-1 truncate">
              <span className="font-semibold">{titleOf(game)}</span> {game.releaseYear && <span className="text-sm text-muted">{game.releaseYear}</span>}
            </span>
            <Button size="sm" disabled={disabled} onClick={() => onPick(game)} aria-label={`${verb} ${titleOf(game)}`}>
              {verb}
            </Button>
          </li>
        ))}
      </ul>
      {query && data && found.length === 0 && <p className="py-2 text-sm text-muted">{t('collections.nothingCalled', { query })}</p>}
    </div>
  );
}
