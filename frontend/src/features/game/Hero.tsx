import type { ReactNode } from 'react';
import type { GamePageQuery } from '@/gql/game';
import { Cover, ownUrl } from '@/shared/covers/Cover';
import { paletteOf } from '@/shared/covers/design';
import { playtime } from '@/shared/format/time';
import { ratingName, titleOf } from '@/shared/format/words';
import { t } from './texts';

export type GameFull = NonNullable<GamePageQuery['game']>;

/** The game's name in its cover's own colours. */
export function Hero({ game, back }: { game: GameFull; back: ReactNode }) {
  const { deep, paper, ink, mid, dark } = paletteOf(titleOf(game));
  const header = ownUrl(game.hero?.url ?? game.headerUrl);
  const line = [game.releaseYear, game.developers?.[0], game.genres?.slice(0, 3).join(', ')].filter(Boolean).join(', ');
  const numbers: [string, string][] = [];
  if (game.criticScore !== null) numbers.push([String(game.criticScore), t('game.critics')]);
  numbers.push([game.playtimeMinutes ? playtime(game.playtimeMinutes) : '–', game.playtimeMinutes ? t('game.hasPlayed') : t('game.notPlayed')]);
  if (game.mainStoryMinutes) numbers.push([playtime(game.mainStoryMinutes), t('game.theMainStory')]);
  numbers.push([game.esrb ? ratingName(game.esrb) : t('game.unrated'), t('game.ageRating')]);
  return (
    <header className="relative overflow-hidden" style={dark ? { background: `linear-gradient(100deg, ${deep}, ${paper})`, color: ink } : { background: `light-dark(${paper}, ${ink})`, color: `light-dark(${ink}, ${paper})` }}>
      {header && <img src={header} alt="" className="absolute inset-0 size-full object-cover opacity-15 blur-sm" />}
      <div className="absolute -top-24 -right-24 size-96 rounded-full opacity-40" style={{ background: mid }} aria-hidden="true" />
      <div className="relative mx-auto max-w-[1200px] px-4 pt-4 sm:px-6 lg:px-10">
        {back}
        <div className="mt-3 flex items-end gap-5 pb-6 sm:gap-10 sm:pb-10">
          <Cover title={titleOf(game)} url={game.coverUrl} picture={game.cover} eager className="w-28 shrink-0 rounded-xl shadow-float sm:w-52" />
          <div className="min-w-0 flex-1">
            <h1 className="text-[clamp(1.75rem,5.2vw,4rem)] font-extrabold leading-[0.98] break-words hyphens-auto">{titleOf(game)}</h1>
            {line && <p className="mt-2 text-sm font-medium sm:mt-4 sm:text-base">{line}</p>}
            <dl className="mt-6 hidden flex-wrap gap-x-10 gap-y-4 sm:flex">
              {numbers.map(([value, name]) => (
                <Fact key={name} value={value} name={name} />
              ))}
            </dl>
          </div>
        </div>
        <dl className="grid grid-cols-2 gap-x-6 gap-y-3 pb-6 sm:hidden">
          {numbers.map(([value, name]) => (
            <Fact key={name} value={value} name={name} />
          ))}
        </dl>
      </div>
    </header>
  );
}

function Fact({ value, name }: { value: string; name: string }) {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-sm">{name}</dt>
      <dd className="font-display numbers text-xl font-bold sm:text-2xl">{value}</dd>
    </div>
  );
}
