import { X } from 'lucide-react';
import { useRef, useState, type FormEvent } from 'react';
import { useQuery } from 'urql';
import { MyTagsDocument } from '@/gql/game';
import { Button } from '@/shared/ui/Button';
import { Field, inputClass } from '@/shared/ui/Field';
import { t } from './texts';

/** `onChange` answers with what stopped it, if anything did. */
type Props = { tags: readonly string[]; locked: boolean; onChange: (tags: string[]) => Promise<string | null> };

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Words of one's own for a game, beside those of providers. Each change is saved at once. */
export function OwnTags({ tags, locked, onChange }: Props) {
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [wanted, setWanted] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  // Tags of other games are only asked for when one is about to be written.
  const [{ data }] = useQuery({ query: MyTagsDocument, pause: !wanted });
  const others = (data?.games?.facets?.myTags ?? []).filter(({ label }) => !tags.some((tag) => same(tag, label)));
  const save = async (next: string[]): Promise<boolean> => {
    const problem = await onChange(next);
    setFault(problem);
    return !problem;
  };
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const tag = text.trim();
    if (tag && (tags.some((one) => same(one, tag)) || (await save([...tags, tag])))) setText('');
    input.current?.focus();
  };
  const drop = async (tag: string) => {
    // The button goes with its tag; the focus stays here.
    if (await save(tags.filter((one) => one !== tag))) input.current?.focus();
  };
  if (locked && !tags.length) return null;
  return (
    <form onSubmit={(event) => void add(event)}>
      <Field label={t('game.myTags')} fault={fault ?? undefined}>
        {({ id, describedBy }) => (
          <>
            {tags.length > 0 && (
              <ul aria-label={t('game.myTags')} className="mb-2 flex flex-wrap gap-2">
                {tags.map((tag) => (
                  <li key={tag} className="flex min-h-8 max-w-full items-center gap-1 rounded-full bg-chip px-3 text-sm font-semibold">
                    <span className="truncate">{tag}</span>
                    {!locked && (
                      <Button look="quiet" size="icon" className="-mr-2.5 size-8!" onClick={() => void drop(tag)} aria-label={t('game.removeTag', { tag })}>
                        <X className="size-3.5" aria-hidden="true" />
                      </Button>
                    )}
                  </li>
                ))}
              </ul>
            )}
            <div className="flex gap-2">
              <input
                ref={input}
                id={id}
                aria-describedby={describedBy}
                aria-invalid={fault ? true : undefined}
                list={`${id}-others`}
                autoComplete="off"
                disabled={locked}
                placeholder={t('game.tagExample')}
                value={text}
                onFocus={() => setWanted(true)}
                onChange={(event) => {
                  setText(event.target.value);
                  setFault(null);
                }}
                className={inputClass}
              />
              <Button type="submit" className="h-11" disabled={locked || !text.trim()}>
                {t('game.addTag')}
              </Button>
            </div>
            <datalist id={`${id}-others`}>
              {others.map(({ id: tag, label }) => (
                <option key={tag} value={label}>
                  {label}
                </option>
              ))}
            </datalist>
          </>
        )}
      </Field>
    </form>
  );
}
