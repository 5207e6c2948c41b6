import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { useMutation } from 'urql';
import { CreateProfileDocument, UpdateProfileDocument, UseProfileDocument, type EsrbRating, type SettingsPageQuery, type UnratedPolicy } from '@/gql/settings';
import { refusal, say as inWords, sortProblems } from '@/shared/api/problems';
import { useSay } from '@/shared/content/Content';
import { adopt } from '@/shared/api/tokens';
import { useViewer } from '@/shared/api/viewer';
import { nameOf, ratingName, ratings } from '@/shared/format/words';
import { Button } from '@/shared/ui/Button';
import { SelectField, TextField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { Sheet } from '@/shared/ui/Sheet';

export type Profile = NonNullable<NonNullable<SettingsPageQuery['me']>['profiles']>[number];
type Form = { name: string; ceiling: EsrbRating; unrated: UnratedPolicy };

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
          Add a child
        </Button>
      </div>
      {profiles.length === 0 && <p className="text-muted text-pretty">No children’s profiles. Each gets a rating ceiling that every way into this hub keeps to; a game without a rating counts as not allowed unless you say otherwise.</p>}
      <ul className="divide-y divide-line">
        {profiles.map((profile) => (
          <li key={profile.id} className="flex flex-wrap items-center gap-3 py-3">
            <span className="min-w-40 flex-1">
              <span className="block font-semibold">{nameOf(profile)}</span>
              <span className="block text-sm text-muted">{profile.family ? `Up to ${ratingName(profile.family.ceiling)}, unrated games ${profile.family.unrated === 'HIDE' ? 'hidden' : 'shown'}` : 'No ceiling'}</span>
            </span>
            <Button size="sm" onClick={() => setEditing(profile)} aria-label={`Edit ${nameOf(profile)}`}>
              Edit
            </Button>
            <Button size="sm" onClick={() => setSwitching(profile)} aria-label={`Use this device as ${nameOf(profile)}`}>
              Use here
            </Button>
          </li>
        ))}
      </ul>
      {editing && <ProfileDialog profile={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
      {switching && <SwitchDialog profile={switching} onClose={() => setSwitching(null)} />}
    </section>
  );
}

function ProfileDialog({ profile, onClose }: { profile: Profile | null; onClose: () => void }) {
  const [, create] = useMutation(CreateProfileDocument);
  const [, update] = useMutation(UpdateProfileDocument);
  const { register, handleSubmit, setError, formState } = useForm<Form>({ defaultValues: { name: profile?.name ?? '', ceiling: profile?.family?.ceiling ?? 'EVERYONE', unrated: profile?.family?.unrated ?? 'HIDE' } });
  const submit = handleSubmit(async (input) => {
    const { data, error } = profile
      ? await update({ input: { id: profile.id, ...input } }).then((r) => ({ data: r.data?.updateProfile, error: r.error }))
      : await create({ input }).then((r) => ({ data: r.data?.createProfile, error: r.error }));
    if (data?.profile && data.problems.length === 0) return onClose();
    const { fields, rest } = sortProblems(data?.problems ?? [], ['name', 'ceiling', 'unrated']);
    for (const [field, message] of Object.entries(fields)) setError(field as keyof Form, { message });
    if (rest.length || error) setError('root', { message: rest[0] ?? inWords(error) ?? 'Not saved.' });
  });
  const { errors, isSubmitting } = formState;
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={profile ? nameOf(profile) : 'Add a child'}>
      <form onSubmit={(event) => void submit(event)} noValidate className="space-y-5">
        {errors.root && <Fault>{errors.root.message}</Fault>}
        <TextField label="Name" autoComplete="off" required {...register('name')} fault={errors.name?.message} />
        <SelectField label="Games up to" {...register('ceiling')} fault={errors.ceiling?.message}>
          {ratings.map((rating) => (
            <option key={rating.id} value={rating.id}>
              {rating.name}
            </option>
          ))}
        </SelectField>
        <SelectField label="Games without a rating" help="A game that no board has looked at is not safe by itself." {...register('unrated')} fault={errors.unrated?.message}>
          <option value="HIDE">Hide them</option>
          <option value="SHOW">Show them</option>
        </SelectField>
        <div className="flex justify-end gap-3">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={isSubmitting}>
            Save
          </Button>
        </div>
      </form>
    </Sheet>
  );
}

function SwitchDialog({ profile, onClose }: { profile: Profile; onClose: () => void }) {
  const { reload } = useViewer();
  const [{ fetching }, use] = useMutation(UseProfileDocument);
  const [fault, setFault] = useState<string | null>(null);
  const go = async () => {
    const { data, error } = await use({ profileId: profile.id });
    if (data?.useProfile.tokens) {
      adopt(data.useProfile.tokens);
      onClose();
      return reload();
    }
    setFault(refusal(data?.useProfile.problems, error));
  };
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={`Hand over to ${nameOf(profile)}?`} description="This browser acts as the child from then on. To come back, sign out and sign in with your own password.">
      {fault && <Fault>{fault}</Fault>}
      <div className="flex justify-end gap-3">
        <Button onClick={onClose}>Stay</Button>
        <Button look="primary" busy={fetching} onClick={() => void go()}>
          Hand over
        </Button>
      </div>
    </Sheet>
  );
}
