import { useState } from 'react';
import { useMutation } from 'urql';
import { ForgetLibraryDocument, type ForgetLibraryMutation } from '@/gql/platforms';
import { refusal } from '@/shared/api/problems';
import { announce } from '@/shared/notices';
import { Button } from '@/shared/ui/Button';
import { Fault } from '@/shared/ui/Notice';
import { Sheet } from '@/shared/ui/Sheet';
import type { Linked } from './PlatformsScreen';
import { t, type TextKey } from './texts';

type Forgotten = NonNullable<ForgetLibraryMutation['forgetLibrary']['forgotten']>;

/** What went, in words. */
export function gone(what: Forgotten): string {
  const parts: [number, TextKey][] = [
    [what.copies, 'platforms.goneCopies'],
    [what.games, 'platforms.goneGames'],
    [what.playDays, 'platforms.goneDays'],
    [what.syncs, 'platforms.goneSyncs'],
    [what.secrets, 'platforms.goneSecrets'],
    [what.waiting, 'platforms.goneEntries'],
  ];
  return parts.filter(([count]) => count > 0).map(([count, text]) => t(text, { count })).join(', ') || t('platforms.goneNothing');
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
    if (problem || !forgotten) return setFault(problem ?? t('platforms.nothingWasForgotten'));
    announce({ tone: 'good', text: t('platforms.isForgotten', { label: library.label, forgotten: gone(forgotten) }) });
    return onClose();
  };
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={t('platforms.forgetForGood', { label: library.label })} description={t('platforms.thisCannotBeTakenBack')}>
      <div className="space-y-5">
        {fault && <Fault>{fault}</Fault>}
        <div>
          <p className="mb-2 font-semibold">{t('platforms.thisGoes')}</p>
          <ul className="list-disc space-y-1 pl-5 text-muted marker:text-edge">
            <li>
              {t('platforms.gamesOfThisLibraryWith', { count: library.gamesCount })}
            </li>
            <li>{t('platforms.notesRatingsFavouritesAndHistory')}</li>
            <li>{t('platforms.itsSignInAndThe')}</li>
            <li>{t('platforms.filesThatYouExportedOr')}</li>
          </ul>
        </div>
        <p className="text-sm text-muted text-pretty">{t('platforms.anExportInTheSettings')}</p>
        <label className="flex items-start gap-3 rounded-lg border border-line p-3 font-semibold">
          <input type="checkbox" checked={sure} onChange={(event) => setSure(event.target.checked)} className="mt-0.5 size-4.5 shrink-0 accent-(--lamp-text)" />
          {t('platforms.yesForgetAllOfThis')}
        </label>
        <div className="flex justify-end gap-3">
          <Button onClick={onClose}>{t('platforms.keepIt')}</Button>
          <Button look="danger" busy={fetching} disabled={!sure} onClick={() => void go()}>
            {t('platforms.forgetForGood2')}
          </Button>
        </div>
      </div>
    </Sheet>
  );
}
