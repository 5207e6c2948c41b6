import { Search, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { useSay } from '@/shared/content/Content';
import { t } from '@/shared/content/texts';

/** Searches while one types. The text is the address's; a change from elsewhere is taken over. */
export function SearchBox({ value, onSearch }: { value: string; onSearch: (text: string) => void }) {
  const say = useSay();
  const [text, setText] = useState(value);
  // What the address and this box last agreed on, in either direction.
  const [agreed, setAgreed] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  if (value !== agreed) {
    setAgreed(value);
    if (text === agreed) setText(value);
  }
  // Nothing waits here: a newer question takes the place of one that is still on its way.
  const type = (next: string) => {
    setText(next);
    onSearch(next);
  };
  return (
    <div className="relative min-w-0 flex-1 sm:min-w-32 lg:min-w-64">
      <Search className="pointer-events-none absolute top-1/2 left-3.5 size-5 -translate-y-1/2 text-muted" aria-hidden="true" />
      <input
        ref={input}
        data-search=""
        type="search"
        aria-label={say('library.search')}
        placeholder={say('library.search')}
        autoComplete="off"
        spellCheck={false}
        enterKeyHint="search"
        value={text}
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            if (text) type('');
            else input.current?.blur();
          } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
            event.preventDefault();
            document.querySelector<HTMLElement>('[data-game-index="0"]')?.focus();
          }
        }}
        className="h-11 w-full rounded-xl border border-edge/60 bg-raised pr-11 pl-11 text-base transition-colors hover:border-edge [&::-webkit-search-cancel-button]:hidden"
      />
      {text ? (
        <button type="button" aria-label={t('library.clearTheSearch')} onClick={() => type('')} className="absolute top-1/2 right-2 grid size-8 -translate-y-1/2 place-items-center rounded-md text-muted hover:text-ink">
          <X className="size-4.5" />
        </button>
      ) : (
        <kbd aria-hidden="true" className="pointer-events-none absolute top-1/2 right-3 hidden -translate-y-1/2 rounded-md border border-line bg-sunk px-2 font-sans text-xs font-semibold leading-5 text-muted sm:block">
          /
        </kbd>
      )}
    </div>
  );
}
