import { useState } from 'react';
import { useMutation } from 'urql';
import { CorrectGameDocument, type GameField } from '@/gql/game';
import { refusal } from '@/shared/api/problems';
import { ago } from '@/shared/format/time';
import { words } from '@/shared/format/words';
import { Button } from '@/shared/ui/Button';
import { Field } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { Sheet } from '@/shared/ui/Sheet';
import type { GameFull } from './Hero';
import { t } from './texts';

type Fact = NonNullable<GameFull['facts']>[number];
type Props = { gameId: string; field: GameField; name: string; value: string; fact: Fact | undefined; onClose: () => void };

const lists: ReadonlySet<GameField> = new Set(['DEVELOPERS', 'GENRES', 'PUBLISHERS', 'TAGS']);
const forms: ReadonlySet<GameField> = new Set(['AGE_RATINGS', 'CRITIC_SCORE', 'KIND', 'MAIN_STORY_MINUTES', 'RELEASED_ON']);
/** How a value is written; a text is written as one likes. */
const helpOf = (field: GameField): string | undefined => (lists.has(field) ? t('game.oneALine') : forms.has(field) ? t(`game.form.${field as 'KIND'}`) : undefined);

/** Says what is right about a game. The hub reads the value, and says what is wrong with it. */
export default function Correct({ gameId, field, name, value, fact, onClose }: Props) {
  const [{ fetching }, correct] = useMutation(CorrectGameDocument);
  const [text, setText] = useState(value);
  const [fault, setFault] = useState<string | null>(null);
  const save = async (next: string | null) => {
    const { data, error } = await correct({ input: { id: gameId, field, value: next } });
    const problem = refusal(data?.correctGame?.problems, error);
    setFault(problem);
    if (!problem) onClose();
  };
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={t('game.correct', { name })} description={t('game.itHoldsForEverybodyOn')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save(text);
        }}
        className="space-y-5"
      >
        {fault && <Fault>{fault}</Fault>}
        <Field label={name} help={helpOf(field)}>
          {({ id, describedBy }) => <textarea id={id} aria-describedby={describedBy} rows={field === 'SUMMARY' ? 6 : 3} value={text} onChange={(event) => setText(event.target.value)} className="w-full resize-y rounded-lg border border-edge/60 bg-raised px-3.5 py-2.5 hover:border-edge" />}
        </Field>
        {fact && fact.others.length > 0 && (
          <div>
            <p className="mb-1.5 text-sm font-semibold">{t('game.whatOthersSay')}</p>
            <ul className="space-y-1 text-sm">
              {fact.others.map((claim) => (
                <li key={claim.source} className="flex flex-wrap items-center gap-x-3">
                  <span className="min-w-0 flex-1 truncate">{claim.value ?? t('game.nothing')}</span>
                  <span className="text-muted">
                    {words(claim.source)}, {ago(claim.fetchedAt)}
                  </span>
                  {claim.value && (
                    <Button size="sm" look="quiet" onClick={() => setText(claim.value ?? '')} aria-label={t('game.takeWhatSays', { source: words(claim.source) })}>
                      {t('game.takeIt')}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          </div>
        )}
        <div className="flex justify-end gap-3">
          {fact?.locked && (
            <Button className="mr-auto" disabled={fetching} onClick={() => void save(null)}>
              {t('game.takeTheCorrectionBack')}
            </Button>
          )}
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" look="primary" busy={fetching}>
            {t('action.save')}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
