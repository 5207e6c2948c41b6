import { EyeOff, Heart } from 'lucide-react';
import { useState } from 'react';
import { useMutation } from 'urql';
import { UpdateGameDocument, type GamePageQuery, type UpdateGameInput } from '@/gql/game';
import { refusal } from '@/shared/api/problems';
import { useViewer } from '@/shared/api/viewer';
import { Button } from '@/shared/ui/Button';
import { cx } from '@/shared/ui/classes';
import { Field, SelectField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import type { GameFull } from './Hero';

type Change = Omit<UpdateGameInput, 'gameId'>;

/** What the household says about the game. Each change is saved at once. */
export function Mine({ game, statuses }: { game: GameFull; statuses: GamePageQuery['statuses'] }) {
  const { scopes } = useViewer();
  const [{ fetching }, update] = useMutation(UpdateGameDocument);
  const [fault, setFault] = useState<string | null>(null);
  const [saved, setSaved] = useState('');
  const [notes, setNotes] = useState(game.notes ?? '');
  const [rating, setRating] = useState(game.myRating);
  const locked = !scopes.includes('WRITE_LIBRARY');
  const save = async (change: Change, what: string) => {
    setSaved('');
    const { data, error } = await update({ input: { gameId: game.id, ...change } });
    const problem = refusal(data?.updateGame.problems, error);
    setFault(problem);
    if (!problem) setSaved(`${what} saved.`);
  };
  return (
    <div className="space-y-5 rounded-2xl border border-line bg-surface p-5 shadow-card lg:sticky lg:top-8">
      {fault && <Fault>{fault}</Fault>}
      <SelectField label="Status" value={game.status?.id ?? ''} disabled={locked} onChange={(event) => void save({ status: event.target.value }, 'Status')}>
        {!game.status && <option value="">None yet</option>}
        {statuses?.map((status) => (
          <option key={status.id} value={status.id}>
            {status.name}
          </option>
        ))}
      </SelectField>
      <div className="grid grid-cols-2 gap-2.5">
        <Button aria-pressed={game.favourite ?? false} disabled={locked} onClick={() => void save({ favourite: !game.favourite }, 'Favourite')} className={cx('px-2', game.favourite && 'border-transparent! bg-bad-wash! text-bad!')}>
          <Heart className={cx('size-4.5', game.favourite && 'fill-current')} aria-hidden="true" />
          Favourite
        </Button>
        <Button aria-pressed={game.hidden ?? false} disabled={locked} onClick={() => void save({ hidden: !game.hidden }, 'Hidden')} className={cx('px-2', game.hidden && 'border-transparent! bg-lamp-wash! text-lamp-text!')}>
          <EyeOff className="size-4.5" aria-hidden="true" />
          {game.hidden ? 'Hidden' : 'Hide'}
        </Button>
      </div>
      <Field label="My rating">
        {({ id }) => (
          <div className="flex items-center gap-4">
            <input
              id={id}
              type="range"
              min={0}
              max={100}
              step={5}
              disabled={locked}
              value={rating ?? 50}
              aria-valuetext={rating === null ? 'Not rated' : `${rating} of 100`}
              onChange={(event) => setRating(Number(event.target.value))}
              onPointerUp={() => rating !== null && rating !== game.myRating && void save({ myRating: rating }, 'Rating')}
              onKeyUp={() => rating !== null && rating !== game.myRating && void save({ myRating: rating }, 'Rating')}
              className={cx('h-6 w-full accent-(--lamp-text)', rating === null && 'opacity-60')}
            />
            <output htmlFor={id} className="font-display numbers w-9 text-right text-xl font-bold">
              {rating ?? '–'}
            </output>
            {rating !== null && !locked && (
              <Button
                size="sm"
                look="quiet"
                aria-label="Clear my rating"
                onClick={() => {
                  setRating(null);
                  if (game.myRating !== null) void save({ myRating: null }, 'Rating');
                }}
              >
                Clear
              </Button>
            )}
          </div>
        )}
      </Field>
      <Field label="Notes">
        {({ id }) => (
          <textarea
            id={id}
            rows={4}
            value={notes}
            disabled={locked}
            placeholder="Where you stopped, what to try next"
            onChange={(event) => setNotes(event.target.value)}
            onBlur={() => notes !== (game.notes ?? '') && void save({ notes }, 'Notes')}
            className="w-full resize-y rounded-lg border border-edge/60 bg-raised px-3.5 py-2.5 hover:border-edge"
          />
        )}
      </Field>
      <p role="status" className="min-h-5 text-sm text-muted">
        {fetching ? 'Saving…' : saved}
      </p>
    </div>
  );
}
