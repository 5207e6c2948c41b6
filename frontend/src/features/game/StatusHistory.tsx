import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { GameStatusHistoryDocument, type GameStatusHistoryQuery } from '@/gql/game';
import { say } from '@/shared/api/problems';
import { atMoment, onDay } from '@/shared/format/time';
import { Button } from '@/shared/ui/Button';
import { Fault } from '@/shared/ui/Notice';
import { t } from './texts';
import { statusName } from '@/shared/format/words';

type Change = NonNullable<NonNullable<GameStatusHistoryQuery['game']>['statusHistory']>['nodes'][number];
const by: Record<Change['by'], string> = { PERSON: t('game.byHand'), RULE: t('game.byTheHub'), IMPORT: t('game.fromAFile') };
const FEW = 6;
const MOST = 100;

/** How one stood with the game, the latest change first. */
export function StatusHistory({ id }: { id: string }) {
  const [first, setFirst] = useState(FEW);
  const [{ data, error, fetching }, again] = useQuery({ query: GameStatusHistoryDocument, variables: { id, first }, requestPolicy: 'cache-and-network' });
  const history = data?.game?.statusHistory;
  if (!history?.nodes.length) return error && !fetching ? <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{t('game.howYouStoodWithIt', { error: say(error) })}</Fault> : null;
  return (
    <section aria-labelledby="stood">
      <h2 id="stood" className="mb-3 text-2xl">
        {t('game.howYouStoodWithIt2')}
      </h2>
      <ol className="divide-y divide-line border-y border-line">
        {history.nodes.map((change) => (
          <li key={change.id} className="flex flex-wrap items-center gap-x-4 gap-y-0.5 py-2.5">
            <span className="flex min-w-52 flex-1 items-center gap-2">
              <span className="text-muted">{statusName(change.from)}</span>
              <ArrowRight className="size-4 shrink-0 text-muted" role="img" aria-label={t('game.to')} />
              <span className="font-semibold">{statusName(change.to)}</span>
            </span>
            <span className="numbers text-sm text-muted">
              <time dateTime={change.at} title={atMoment(change.at)}>
                {onDay(change.at)}
              </time>
              , {by[change.by]}
            </span>
          </li>
        ))}
      </ol>
      {history.totalCount > history.nodes.length && first < MOST && (
        <Button size="sm" className="mt-3" busy={fetching} onClick={() => setFirst(MOST)}>
          {t('game.showEarlier')}
        </Button>
      )}
      {history.totalCount > MOST && first === MOST && <p className="mt-2 text-sm text-muted">{t('game.theLatestOf', { MOST, totalCount: history.totalCount })}</p>}
    </section>
  );
}
