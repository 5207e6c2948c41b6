import { EyeOff, Heart, ImageIcon } from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import { useMutation } from 'urql';
import { UpdateGameDocument, type GamePageQuery, type UpdateGameInput } from '@/gql/game';
import { refusal } from '@/shared/api/problems';
import { useViewer } from '@/shared/api/viewer';
import { Button } from '@/shared/ui/Button';
import { cx } from '@/shared/ui/classes';
import { Field, SelectField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import type { GameFull } from './Hero';
import { OwnTags } from './OwnTags';
import { t } from './texts';
import { statusName } from '@/shared/format/words';

const Pictures = lazy(() => import('./Pictures'));

type Change = Omit<UpdateGameInput, 'gameId'>;

/** What the household says about the game. Each change is saved at once. */
export function Mine({ game, statuses }: { game: GameFull; statuses: GamePageQuery['statuses'] }) {
  const { scopes } = useViewer();
  const [{ fetching }, update] = useMutation(UpdateGameDocument);
  const [fault, setFault] = useState<string | null>(null);
  const [saved, setSaved] = useState('');
  const [notes, setNotes] = useState(game.notes ?? '');
  const [rating, setRating] = useState(game.myRating);
  const [pictures, setPictures] = useState(false);
  const locked = !scopes.includes('WRITE_LIBRARY');
  /** Answers with what stopped it, if anything did. */
  const tell = async (change: Change, what: string): Promise<string | null> => {
    setSaved('');
    const { data, error } = await update({ input: { gameId: game.id, ...change } });
    const problem = refusal(data?.updateGame.problems, error);
    if (!problem) setSaved(t('game.saved', { what }));
    return problem;
  };
  const save = async (change: Change, what: string) => setFault(await tell(change, what));
  return (
    <div className="space-y-5 rounded-2xl border border-line bg-surface p-5 shadow-card lg:sticky lg:top-8">
      {fault && <Fault>{fault}</Fault>}
      <SelectField label={t('game.status')} value={game.status?.id ?? ''} disabled={locked} onChange={(event) => void save({ status: event.target.value }, t('game.status'))}>
        {!game.status && <option value="">{t('game.noneYet')}</option>}
        {statuses?.map((status) => (
          <option key={status.id} value={status.id}>
            {statusName(status)}
          </option>
        ))}
      </SelectField>
      <div className="grid grid-cols-2 gap-2.5">
        <Button aria-pressed={game.favourite ?? false} disabled={locked} onClick={() => void save({ favourite: !game.favourite }, t('game.favourite'))} className={cx('px-2', game.favourite && 'border-transparent! bg-bad-wash! text-bad!')}>
          <Heart className={cx('size-4.5', game.favourite && 'fill-current')} aria-hidden="true" />
          {t('game.favourite')}
        </Button>
        <Button aria-pressed={game.hidden ?? false} disabled={locked} onClick={() => void save({ hidden: !game.hidden }, t('game.hidden'))} className={cx('px-2', game.hidden && 'border-transparent! bg-lamp-wash! text-lamp-text!')}>
          <EyeOff className="size-4.5" aria-hidden="true" />
          {game.hidden ? t('game.hidden') : t('game.hide')}
        </Button>
      </div>
      <Field label={t('game.myRating')}>
        {({ id }) => (
          <div className="flex items-center gap-4">
            <input
              id={id}
              type="range"
              min={0}
              max={100}
              step={5}
              disabled={locked}
              value={rating ?? 0}
              aria-valuetext={rating === null ? t('game.notRated') : t('game.of100', { rating })}
              onChange={(event) => setRating(Number(event.target.value))}
              onPointerUp={() => rating !== null && rating !== game.myRating && void save({ myRating: rating }, t('game.rating'))}
              onKeyUp={() => rating !== null && rating !== game.myRating && void save({ myRating: rating }, t('game.rating'))}
              className={cx('h-10 w-full accent-(--lamp-text)', rating === null && 'opacity-60')}
            />
            <output htmlFor={id} className={cx('shrink-0 text-right whitespace-nowrap', rating === null ? 'text-sm text-muted' : 'font-display numbers w-9 text-xl font-bold')}>
              {rating ?? t('game.notRated')}
            </output>
            {rating !== null && !locked && (
              <Button
                size="sm"
                look="quiet"
                aria-label={t('game.clearMyRating')}
                onClick={() => {
                  setRating(null);
                  if (game.myRating !== null) void save({ myRating: null }, t('game.rating'));
                }}
              >
                {t('game.clear')}
              </Button>
            )}
          </div>
        )}
      </Field>
      <OwnTags tags={game.myTags ?? []} locked={locked} onChange={(tags) => tell({ tags }, t('game.myTags'))} />
      <Field label={t('game.notes')}>
        {({ id }) => (
          <textarea
            id={id}
            rows={4}
            value={notes}
            disabled={locked}
            placeholder={t('game.whereYouStoppedWhatTo')}
            onChange={(event) => setNotes(event.target.value)}
            onBlur={() => notes !== (game.notes ?? '') && void save({ notes }, t('game.notes'))}
            className="w-full resize-y rounded-lg border border-edge/60 bg-raised px-3.5 py-2.5 hover:border-edge"
          />
        )}
      </Field>
      <p role="status" className="min-h-5 text-sm text-muted">
        {fetching ? t('game.saving') : saved}
      </p>
      {!locked && (
        <Button size="sm" look="quiet" className="-ml-3" aria-haspopup="dialog" onClick={() => setPictures(true)}>
          <ImageIcon className="size-4" aria-hidden="true" />
          {t('game.choosePicture')}
        </Button>
      )}
      {pictures && (
        <Suspense fallback={null}>
          <Pictures gameId={game.id} onClose={() => setPictures(false)} />
        </Suspense>
      )}
    </div>
  );
}
