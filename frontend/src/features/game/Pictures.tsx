import { useState, type ChangeEvent, type FormEvent } from 'react';
import { useMutation, useQuery } from 'urql';
import { ChoosePictureDocument, PictureChoicesDocument, type ChoosePictureInput, type PictureRole } from '@/gql/game';
import { fieldOf, say, sentence } from '@/shared/api/problems';
import { ownUrl } from '@/shared/covers/Cover';
import { placeholderOf } from '@/shared/covers/placeholder';
import { words } from '@/shared/format/words';
import { Button } from '@/shared/ui/Button';
import { cx } from '@/shared/ui/classes';
import { SelectField, TextField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { Sheet, sheetFoot } from '@/shared/ui/Sheet';
import { t } from './texts';

const roles: PictureRole[] = ['COVER', 'HEADER', 'HERO'];
const shapes: Record<PictureRole, string> = { COVER: 'aspect-[2/3]', HEADER: 'aspect-[92/43]', HERO: 'aspect-video' };

/** As many bytes as the API takes. */
const MOST_BYTES = 5 * 1024 * 1024;

/** A file as the API takes it. */
const contentOf = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => resolve(String(reader.result).replace(/^[^,]*,/, '')));
    reader.addEventListener('error', () => reject(reader.error ?? new Error('unreadable')));
    reader.readAsDataURL(file);
  });

/** Chooses which picture of a game is shown: one that is offered, one by its address or out of a file, or the sources' own again. */
export default function Pictures({ gameId, onClose }: { gameId: string; onClose: () => void }) {
  const [role, setRole] = useState<PictureRole>('COVER');
  const [{ data, error, fetching }, again] = useQuery({ query: PictureChoicesDocument, variables: { id: gameId, role }, requestPolicy: 'cache-and-network' });
  const [{ fetching: choosing }, choose] = useMutation(ChoosePictureDocument);
  const [address, setAddress] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [wrong, setWrong] = useState<{ url?: string; content?: string }>({});
  const choices = data?.game?.pictureChoices;
  const pick = async (what: Pick<ChoosePictureInput, 'choice' | 'url' | 'content'>) => {
    setWrong({});
    const { data: answer, error: failed } = await choose({ input: { gameId, role, ...what } });
    const problem = answer?.choosePicture?.problems[0];
    const at = problem ? fieldOf(problem) : null;
    const atInput = at === 'url' || at === 'content';
    // The hub says what was wrong with the picture, or who else is at it; the code alone does not.
    const stopped = problem ? sentence(problem.message) : say(failed);
    if (stopped && atInput) setWrong({ [at]: stopped });
    setFault(atInput ? null : stopped);
    if (!stopped) setAddress('');
  };
  const fetch = (event: FormEvent) => {
    event.preventDefault();
    if (address.trim()) void pick({ url: address.trim() });
  };
  const take = async (event: ChangeEvent<HTMLInputElement>) => {
    const input = event.target;
    const [file] = input.files ?? [];
    if (!file) return;
    // The field stays enabled meanwhile, so that the keyboard's focus stays in it.
    if (!choosing) {
      const content = file.size > MOST_BYTES ? null : await contentOf(file).catch(() => null);
      if (content === null) setWrong({ content: t(file.size > MOST_BYTES ? 'game.pictureTooLarge' : 'game.pictureUnreadable') });
      else await pick({ content });
    }
    // The same file can be chosen once more.
    input.value = '';
  };
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} wide title={t('game.choosePicture')} description={t('game.choosePictureHelp')}>
      <form onSubmit={fetch} noValidate className="space-y-5">
        {fault && <Fault>{fault}</Fault>}
        <SelectField label={t('game.pictureFor')} value={role} onChange={(event) => setRole(event.target.value as PictureRole)}>
          {roles.map((one) => (
            <option key={one} value={one}>
              {t(`game.pictureRole.${one}`)}
            </option>
          ))}
        </SelectField>
        {error && !choices && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{say(error)}</Fault>}
        {fetching && !choices && <div role="status" aria-label={t('common.loading')} className="skeleton h-32" />}
        {choices && choices.length === 0 && <p className="text-muted">{t('game.noPictures')}</p>}
        {choices && choices.length > 0 && (
          <ul aria-label={t('game.pictures')} className={cx('grid gap-3', role === 'COVER' ? 'grid-cols-3 sm:grid-cols-5' : 'grid-cols-2 sm:grid-cols-3')}>
            {choices.map(({ id, chosen, picture }, index) => {
              const url = ownUrl(picture.url);
              const background = placeholderOf(picture.placeholder);
              return (
                <li key={id}>
                  <button
                    type="button"
                    aria-pressed={chosen}
                    disabled={choosing}
                    onClick={() => void pick({ choice: id })}
                    aria-label={t('game.pictureOffered', { number: index + 1, source: words(picture.source) })}
                    className={cx('block w-full overflow-hidden rounded-lg border-2 bg-sunk', shapes[role], chosen ? 'border-lamp-text' : 'border-transparent hover:border-edge')}
                    style={background ? { background } : undefined}
                  >
                    {url && <img src={url} alt="" loading="lazy" decoding="async" className="size-full object-cover" />}
                  </button>
                </li>
              );
            })}
          </ul>
        )}
        <div className="flex flex-wrap items-start gap-3">
          <div className="min-w-56 flex-1">
            <TextField label={t('game.pictureAddress')} help={t('game.pictureAddressHelp')} type="url" inputMode="url" autoComplete="off" spellCheck={false} value={address} onChange={(event) => setAddress(event.target.value)} fault={wrong.url} />
          </div>
          <Button type="submit" className="mt-6.5 h-11" busy={choosing} disabled={!address.trim()}>
            {t('game.usePicture')}
          </Button>
        </div>
        <TextField label={t('game.pictureFile')} help={t('game.pictureFileHelp')} type="file" accept="image/jpeg,image/png,image/webp" aria-busy={choosing} onChange={(event) => void take(event)} fault={wrong.content} className="py-2 text-sm file:mr-3 file:rounded-md file:border-0 file:bg-chip file:px-3 file:py-1 file:font-semibold file:text-ink" />
        <div className={sheetFoot}>
          {choices?.some(({ chosen }) => chosen) && (
            <Button className="mr-auto" disabled={choosing} onClick={() => void pick({})}>
              {t('game.backToProviders')}
            </Button>
          )}
          <Button onClick={onClose}>{t('action.close')}</Button>
        </div>
      </form>
    </Sheet>
  );
}
