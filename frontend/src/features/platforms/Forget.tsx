import { useState } from 'react';
import { useMutation } from 'urql';
import { ForgetLibraryDocument, type ForgetLibraryMutation } from '@/gql/platforms';
import { refusal } from '@/shared/api/problems';
import { plural } from '@/shared/format/time';
import { announce } from '@/shared/notices';
import { Button } from '@/shared/ui/Button';
import { Fault } from '@/shared/ui/Notice';
import { Sheet } from '@/shared/ui/Sheet';
import type { Linked } from './PlatformsScreen';

type Forgotten = NonNullable<ForgetLibraryMutation['forgetLibrary']['forgotten']>;

/** What went, in words. */
export function gone(what: Forgotten): string {
  const parts: [number, string, string?][] = [
    [what.copies, 'copy', 'copies'],
    [what.games, 'game with its notes and marks', 'games with their notes and marks'],
    [what.playDays, 'day of play', 'days of play'],
    [what.syncs, 'sync or import', 'syncs and imports'],
    [what.secrets, 'secret'],
    [what.waiting, 'entry that was waiting', 'entries that were waiting'],
  ];
  return parts.filter(([count]) => count > 0).map(([count, one, many]) => plural(count, one, many)).join(', ') || 'nothing was kept of it';
}

/** Asks once more before a library is forgotten for good, and says what goes. */
export function Forget({ library, onClose }: { library: Linked; onClose: () => void }) {
  const [{ fetching }, forget] = useMutation(ForgetLibraryDocument);
  const [sure, setSure] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const go = async () => {
    const { data, error } = await forget({ input: { library: library.id } });
    const problem = refusal(data?.forgetLibrary.problems, error);
    const forgotten = data?.forgetLibrary.forgotten;
    if (problem || !forgotten) return setFault(problem ?? 'Nothing was forgotten.');
    announce({ tone: 'good', text: `${library.label} is forgotten: ${gone(forgotten)}.` });
    return onClose();
  };
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={`Forget ${library.label} for good?`} description="This cannot be taken back, not even by linking it again.">
      <div className="space-y-5">
        {fault && <Fault>{fault}</Fault>}
        <div>
          <p className="mb-2 font-semibold">This goes:</p>
          <ul className="list-disc space-y-1 pl-5 text-muted marker:text-edge">
            <li>
              {plural(library.gamesCount, 'game')} of this library, with playtimes, achievements and days of play
            </li>
            <li>notes, ratings, favourites and history of games that you have nowhere else</li>
            <li>its sign-in, and the history of its syncs and imports</li>
            <li>files that you exported or uploaded</li>
          </ul>
        </div>
        <p className="text-sm text-muted text-pretty">An export in the settings keeps a copy of your own. Games that you also have elsewhere stay, with your notes.</p>
        <label className="flex items-start gap-3 rounded-lg border border-line p-3 font-semibold">
          <input type="checkbox" checked={sure} onChange={(event) => setSure(event.target.checked)} className="mt-0.5 size-4.5 shrink-0 accent-(--lamp-text)" />
          Yes, forget all of this
        </label>
        <div className="flex justify-end gap-3">
          <Button onClick={onClose}>Keep it</Button>
          <Button look="danger" busy={fetching} disabled={!sure} onClick={() => void go()}>
            Forget for good
          </Button>
        </div>
      </div>
    </Sheet>
  );
}
