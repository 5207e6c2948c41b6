import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useMutation, useQuery } from 'urql';
import { CreateProfileDocument, RatingScalesDocument, UpdateProfileDocument, UseProfileDocument, type RatingBoard, type RatingScalesQuery, type SettingsPageQuery, type UnratedPolicy } from '@/gql/settings';
import { refusal, say as inWords, sortProblems } from '@/shared/api/problems';
import { useSay } from '@/shared/content/Content';
import { adopt } from '@/shared/api/tokens';
import { useViewer } from '@/shared/api/viewer';
import { nameOf } from '@/shared/format/words';
import { Button } from '@/shared/ui/Button';
import { SelectField, TextField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { Sheet } from '@/shared/ui/Sheet';
import { named, t } from './texts';

export type Profile = NonNullable<NonNullable<SettingsPageQuery['me']>['profiles']>[number];
type Scale = NonNullable<RatingScalesQuery['ratingScales']>[number];
type Form = { name: string; board: RatingBoard; level: string; unrated: UnratedPolicy };

/** Children's profiles. The ceiling holds in the API, for every client, not only on this page. */
export function Profiles({ profiles }: { profiles: readonly Profile[] }) {
  const say = useSay();
  const [editing, setEditing] = useState<Profile | 'new' | null>(null);
  const [switching, setSwitching] = useState<Profile | null>(null);
  return (
    <section aria-labelledby="profiles">
      <div className="mb-3 flex items-center gap-4">
        <h2 id="profiles" className="flex-1 text-2xl">
          {say('settings.profiles')}
        </h2>
        <Button size="sm" onClick={() => setEditing('new')}>
          {t('settings.addAChild')}
        </Button>
      </div>
      {profiles.length === 0 && <p className="text-muted text-pretty">{t('settings.noChildrensProfilesEachGets')}</p>}
      <ul className="divide-y divide-line">
        {profiles.map((profile) => (
          <li key={profile.id} className="flex flex-wrap items-center gap-3 py-3">
            <span className="min-w-40 flex-1">
              <span className="block font-semibold">{nameOf(profile)}</span>
              <span className="block text-sm text-muted">{profile.family ? t(profile.family.unrated === 'HIDE' ? 'settings.upTo.hide' : 'settings.upTo.show', { rating: limitName(profile.family.limit) }) : t('settings.noCeiling')}</span>
            </span>
            <Button size="sm" onClick={() => setEditing(profile)} aria-label={t('settings.edit', { name: nameOf(profile) })}>
              {t('action.edit')}
            </Button>
            <Button size="sm" onClick={() => setSwitching(profile)} aria-label={t('settings.useThisDeviceAs', { name: nameOf(profile) })}>
              {t('settings.useHere')}
            </Button>
          </li>
        ))}
      </ul>
      {editing && <ProfileDialog profile={editing === 'new' ? null : editing} board={profiles[0]?.family?.limit.board} onClose={() => setEditing(null)} />}
      {switching && <SwitchDialog profile={switching} onClose={() => setSwitching(null)} />}
    </section>
  );
}

/** Where the options come from: the form is there once they are, so that it never has one too few. */
function ProfileDialog({ profile, board, onClose }: { profile: Profile | null; board: RatingBoard | undefined; onClose: () => void }) {
  const [{ data, error }, again] = useQuery({ query: RatingScalesDocument });
  const scales = data?.ratingScales;
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={profile ? nameOf(profile) : t('settings.addAChild')}>
      {error && !scales && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{inWords(error)}</Fault>}
      {!error && !scales && <div role="status" aria-label={t('common.loading')} className="skeleton h-64" />}
      {scales && <ProfileForm profile={profile} scales={scales} board={board} onClose={onClose} />}
    </Sheet>
  );
}

function ProfileForm({ profile, scales, board, onClose }: { profile: Profile | null; scales: readonly Scale[]; board: RatingBoard | undefined; onClose: () => void }) {
  const [, create] = useMutation(CreateProfileDocument);
  const [, update] = useMutation(UpdateProfileDocument);
  const levelsOf = (of: string) => scales.find((scale) => scale.board === of)?.levels ?? [];
  const first = profile?.family?.limit ?? mild(scales, board);
  const { register, handleSubmit, setError, setValue, watch, formState } = useForm<Form>({
    defaultValues: { name: profile?.name ?? '', board: first.board, level: first.level, unrated: profile?.family?.unrated ?? 'HIDE' },
  });
  const chosen = watch('board');
  const submit = handleSubmit(async ({ name, unrated, ...limit }) => {
    const input = { name, limit, unrated };
    const { data, error } = profile
      ? await update({ input: { id: profile.id, ...input } }).then((r) => ({ data: r.data?.updateProfile, error: r.error }))
      : await create({ input }).then((r) => ({ data: r.data?.createProfile, error: r.error }));
    if (data?.profile && data.problems.length === 0) return onClose();
    const { fields, rest } = sortProblems(data?.problems ?? [], ['name', 'board', 'level', 'unrated']);
    for (const [field, message] of Object.entries(fields)) setError(field as keyof Form, { message });
    if (rest.length || error) setError('root', { message: rest[0] ?? inWords(error) ?? t('settings.notSaved') });
  });
  const { errors, isSubmitting } = formState;
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="space-y-5">
      {errors.root && <Fault>{errors.root.message}</Fault>}
      <TextField label={t('settings.name')} autoComplete="off" required {...register('name')} fault={errors.name?.message} />
      <SelectField
        label={t('settings.ratingsBy')}
        help={t('settings.ratingsByHelp')}
        {...register('board', { onChange: (event: { target: { value: RatingBoard } }) => setValue('level', mild(scales, event.target.value).level) })}
        fault={errors.board?.message}
      >
        {scales.map((scale) => (
          <option key={scale.board} value={scale.board}>
            {named(`settings.board.${scale.board}`) ?? scale.name}
          </option>
        ))}
      </SelectField>
      {/* Another board has other levels: another field, so that none is chosen that it does not have. */}
      <SelectField key={chosen} label={t('settings.gamesUpTo')} {...register('level')} fault={errors.level?.message}>
        {levelsOf(chosen).map((level) => (
          <option key={level} value={level}>
            {levelName(chosen, level)}
          </option>
        ))}
      </SelectField>
      <SelectField label={t('settings.gamesWithoutARating')} help={t('settings.aGameThatNoBoard')} {...register('unrated')} fault={errors.unrated?.message}>
        <option value="HIDE">{t('settings.hideThem')}</option>
        <option value="SHOW">{t('settings.showThem')}</option>
      </SelectField>
      <div className="flex justify-end gap-3">
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button type="submit" look="primary" busy={isSubmitting}>
          {t('action.save')}
        </Button>
      </div>
    </form>
  );
}

/** What a new limit begins at: the second level of the board, which is for children. */
function mild(scales: readonly Scale[], board: RatingBoard | undefined): { board: RatingBoard; level: string } {
  const scale = scales.find((one) => one.board === board) ?? scales[0];
  return { board: scale?.board ?? 'ESRB', level: scale?.levels[1] ?? scale?.levels[0] ?? '' };
}

/** What a level is called, where its letters say little. */
const levelName = (board: string, level: string): string => named(`settings.level.${board}.${level.replace(/[^A-Za-z0-9]/g, '')}`) ?? level;

/** A limit in few words. */
function limitName({ board, level, label }: NonNullable<Profile['family']>['limit']): string {
  const name = levelName(board, level);
  return name === level ? label : name;
}

function SwitchDialog({ profile, onClose }: { profile: Profile; onClose: () => void }) {
  const { reload } = useViewer();
  const navigate = useNavigate();
  const [{ fetching }, use] = useMutation(UseProfileDocument);
  const [fault, setFault] = useState<string | null>(null);
  const go = async () => {
    const { data, error } = await use({ profileId: profile.id });
    if (data?.useProfile.tokens) {
      adopt(data.useProfile.tokens);
      onClose();
      await reload();
      // Who takes over begins where everybody does.
      return navigate({ to: '/' });
    }
    setFault(refusal(data?.useProfile.problems, error));
  };
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={t('settings.handOverTo', { name: nameOf(profile) })} description={t('settings.thisBrowserActsAsThe')}>
      {fault && <Fault>{fault}</Fault>}
      <div className="flex justify-end gap-3">
        <Button onClick={onClose}>{t('settings.stay')}</Button>
        <Button look="primary" busy={fetching} onClick={() => void go()}>
          {t('settings.handOver')}
        </Button>
      </div>
    </Sheet>
  );
}
