import { Lock, Pencil } from 'lucide-react';
import { Suspense, lazy, useState, type ReactNode } from 'react';
import type { GameField } from '@/gql/game';
import { useViewer } from '@/shared/api/viewer';
import { ago, onDay, playtime } from '@/shared/format/time';
import { ratingName, words } from '@/shared/format/words';
import type { GameFull } from './Hero';
import { t } from './texts';

const Correct = lazy(() => import('./Correct'));

/** Which of the shown facts a person may correct, and how the hub calls them. */
const fields: Record<string, GameField> = { releasedOn: 'RELEASED_ON', developers: 'DEVELOPERS', publishers: 'PUBLISHERS', genres: 'GENRES', tags: 'TAGS', criticScore: 'CRITIC_SCORE', kind: 'KIND', title: 'TITLE', summary: 'SUMMARY', mainStoryMinutes: 'MAIN_STORY_MINUTES' };

/** What is known, and who said it when. */
export function Facts({ game }: { game: GameFull }) {
  const sourceOf = (field: string) => game.facts?.find((fact) => fact.field.toLowerCase() === field.toLowerCase());
  const { scopes } = useViewer();
  const [correcting, setCorrecting] = useState<{ field: string; name: string } | null>(null);
  const values: Record<string, string> = {
    releasedOn: game.releasedOn ?? String(game.releaseYear ?? ''),
    developers: (game.developers ?? []).join('\n'),
    publishers: (game.publishers ?? []).join('\n'),
    genres: (game.genres ?? []).join('\n'),
    tags: (game.tags ?? []).join('\n'),
    criticScore: String(game.criticScore ?? ''),
    kind: game.kind ?? '',
    title: game.title ?? '',
    summary: game.summary ?? '',
    mainStoryMinutes: String(game.mainStoryMinutes ?? ''),
  };
  const rows: [string, string, ReactNode][] = [];
  const add = (field: string, name: string, value: ReactNode) => value && rows.push([field, name, value]);
  add('releasedOn', t('game.released'), game.releasedOn ? onDay(game.releasedOn) : game.releaseYear);
  add('developers', t('game.developedBy'), game.developers?.join(', '));
  add('publishers', t('game.publishedBy'), game.publishers?.join(', '));
  add('genres', t('game.genres'), game.genres?.join(', '));
  add('tags', t('game.tags'), game.tags?.slice(0, 14).join(', '));
  add('criticScore', t('game.criticsScore'), game.criticScore);
  add('mainStoryMinutes', t('game.mainStory'), game.mainStoryMinutes && playtime(game.mainStoryMinutes));
  const time = game.timeToBeat;
  if (time) add('timeToBeat', t('game.timeToBeat'), [time.hastily && t('game.inHaste', { hastily: playtime(time.hastily) }), time.normally && t('game.asUsual', { normally: playtime(time.normally) }), time.completely && t('game.forAllOfIt', { completely: playtime(time.completely) })].filter(Boolean).join(', '));
  add('title', t('game.title'), game.title);
  if (game.kind && game.kind !== 'GAME') add('kind', t('game.kind'), words(game.kind));
  const links = (game.storeLinks ?? []).filter((link) => link.url && /^https?:/.test(link.url));
  return (
    <section aria-labelledby="facts" className="space-y-8">
      <div>
        <h2 id="facts" className="mb-3 text-2xl">
          {t('game.facts')}
        </h2>
        <dl className="divide-y divide-line border-y border-line">
          {rows.map(([field, name, value]) => {
            const fact = sourceOf(field);
            return (
              <div key={field} className="grid gap-x-4 py-2.5 sm:grid-cols-[9rem_1fr_auto]">
                <dt className="text-sm text-muted">{name}</dt>
                <dd className="min-w-0">{value}</dd>
                <dd className="flex items-center gap-2 text-sm text-muted">
                  {fact?.locked && <Lock className="size-3.5" aria-label={t('game.corrected')} />}
                  {fact && `${fact.locked ? t('game.corrected') : words(fact.source)}, ${ago(fact.fetchedAt)}`}
                  {fields[field] && scopes.includes('WRITE_LIBRARY') && (
                    <button type="button" onClick={() => setCorrecting({ field, name })} aria-label={t('game.correct', { name })} className="-my-2 grid size-10 shrink-0 place-items-center rounded-md hover:bg-sunk hover:text-ink">
                      <Pencil className="size-3.5" />
                    </button>
                  )}
                </dd>
              </div>
            );
          })}
          {links.length > 0 && (
            <div className="grid gap-x-4 py-2.5 sm:grid-cols-[9rem_1fr]">
              <dt className="text-sm text-muted">{t('game.inTheStore')}</dt>
              <dd className="flex flex-wrap gap-x-4">
                {links.map((link) => (
                  <a key={link.platform + link.storeId} href={link.url ?? undefined} rel="noreferrer" target="_blank" className="font-semibold text-lamp-text underline-offset-4 hover:underline">
                    {words(link.platform)}
                  </a>
                ))}
              </dd>
            </div>
          )}
        </dl>
      </div>
      <Ratings game={game} />
      {correcting && fields[correcting.field] && (
        <Suspense fallback={null}>
          <Correct gameId={game.id} field={fields[correcting.field] as GameField} name={correcting.name} value={values[correcting.field] ?? ''} fact={sourceOf(correcting.field)} onClose={() => setCorrecting(null)} />
        </Suspense>
      )}
    </section>
  );
}

function Ratings({ game }: { game: GameFull }) {
  return (
    <div>
      <h3 className="mb-3 text-lg">{t('game.ageRatings')}</h3>
      {game.ageRatings?.length === 0 && <p className="text-muted">{t('game.noBoardHasRatedIt')}</p>}
      <ul className="grid gap-3 sm:grid-cols-2">
        {game.ageRatings?.map((rating) => (
          <li key={rating.board} className="flex gap-4 rounded-xl border border-line bg-surface p-4">
            <span className="font-display grid h-14 min-w-14 max-w-24 shrink-0 place-items-center rounded-lg bg-ink px-2 text-center text-sm font-extrabold leading-tight text-bg">{ratingName(rating.rating)}</span>
            <span className="min-w-0">
              <span className="block font-semibold">{rating.board}</span>
              <span className="block text-sm text-muted text-pretty">{[rating.descriptors.join(', '), t('game.from', { source: words(rating.source) })].filter(Boolean).join('; ')}</span>
            </span>
          </li>
        ))}
      </ul>
      {game.esrb && game.esrbSource && (
        <p className="mt-3 text-sm text-muted">
          {t('game.theFamilyCeilingGoesBy', { esrb: ratingName(game.esrb), esrbSource: words(game.esrbSource) })}
        </p>
      )}
    </div>
  );
}
