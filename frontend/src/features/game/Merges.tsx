import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { GameMergesDocument, UndoMergeDocument } from '@/gql/game';
import { refusal, say } from '@/shared/api/problems';
import { useViewer } from '@/shared/api/viewer';
import { evidenceText } from '@/shared/format/evidence';
import { onDay } from '@/shared/format/time';
import { words } from '@/shared/format/words';
import { Badge } from '@/shared/ui/Badge';
import { Button } from '@/shared/ui/Button';
import { Fault } from '@/shared/ui/Notice';
import { t } from './texts';

/** Why these copies are one game, and how to take that back. */
export function Merges({ id }: { id: string }) {
  const { scopes } = useViewer();
  const [{ data, error, fetching: looking }, again] = useQuery({ query: GameMergesDocument, variables: { id } });
  const [{ fetching }, undo] = useMutation(UndoMergeDocument);
  const [fault, setFault] = useState<string | null>(null);
  const merges = data?.game?.merges ?? [];
  if (!merges.length) return error && !looking ? <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{t('game.whyItIsOneGame', { error: say(error) })}</Fault> : null;
  const back = async (entry: string) => {
    const { data: answer, error } = await undo({ id: entry });
    setFault(refusal(answer?.undoMerge.problems, error));
    again({ requestPolicy: 'network-only' });
  };
  return (
    <section aria-labelledby="merges">
      <h2 id="merges" className="mb-3 text-2xl">
        {t('game.whyItIsOneGame2')}
      </h2>
      {fault && <Fault>{fault}</Fault>}
      <ul className="divide-y divide-line border-y border-line">
        {merges.map((entry) => (
          <li key={entry.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
            <Badge tone={entry.undoneAt ? 'plain' : entry.action === 'MATCHED' ? 'good' : 'lamp'}>{entry.undoneAt ? t('game.takenBack') : words(entry.action)}</Badge>
            <span className="min-w-52 flex-1">
              <span className="block font-semibold">{entry.titles.join(', ')}</span>
              {entry.evidence.map((proof) => (
                <span key={proof.kind + proof.text} className="block text-sm text-muted">
                  {evidenceText(proof)}
                </span>
              ))}
            </span>
            <span className="text-sm text-muted">{onDay(entry.undoneAt ?? entry.at)}</span>
            {entry.undoable && scopes.includes('WRITE_LIBRARY') && (
              <Button size="sm" disabled={fetching} onClick={() => void back(entry.id)} aria-label={`${entry.action === 'MATCHED' ? t('game.splitOff') : t('action.undo')}: ${entry.titles.join(', ')}`}>
                {entry.action === 'MATCHED' ? t('game.splitOff') : t('action.undo')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
