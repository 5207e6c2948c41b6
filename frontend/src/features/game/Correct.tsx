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

type Fact = NonNullable<GameFull['facts']>[number];
type Props = { gameId: string; field: GameField; name: string; value: string; fact: Fact | undefined; onClose: () => void };

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
    <Sheet open onOpenChange={(open) => !open && onClose()} title={`Correct: ${name}`} description="It holds for everybody on this hub, and no source changes it until the correction is taken back.">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save(text);
        }}
        className="space-y-5"
      >
        {fault && <Fault>{fault}</Fault>}
        <Field label={name} help="Of a list, one a line.">
          {({ id, describedBy }) => <textarea id={id} aria-describedby={describedBy} rows={field === 'SUMMARY' ? 6 : 3} value={text} onChange={(event) => setText(event.target.value)} className="w-full resize-y rounded-lg border border-edge/60 bg-raised px-3.5 py-2.5 hover:border-edge" />}
        </Field>
        {fact && fact.others.length > 0 && (
          <div>
            <p className="mb-1.5 text-sm font-semibold">What others say</p>
            <ul className="space-y-1 text-sm">
              {fact.others.map((claim) => (
                <li key={claim.source} className="flex flex-wrap items-center gap-x-3">
                  <span className="min-w-0 flex-1 truncate">{claim.value ?? 'nothing'}</span>
                  <span className="text-muted">
                    {words(claim.source)}, {ago(claim.fetchedAt)}
                  </span>
                  {claim.value && (
                    <Button size="sm" look="quiet" onClick={() => setText(claim.value ?? '')} aria-label={`Take what ${words(claim.source)} says`}>
                      Take it
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
              Take the correction back
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={fetching}>
            Save
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
