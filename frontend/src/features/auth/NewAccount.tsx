import { useState } from 'react';
import { useForm } from 'react-hook-form';
import type { CombinedError } from 'urql';
import type { NewTokensFragment } from '@/gql/auth';
import { say, sortProblems } from '@/shared/api/problems';
import { adopt } from '@/shared/api/tokens';
import { Button } from '@/shared/ui/Button';
import { TextField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { t } from './texts';

/** What lets somebody in (a setup token, the code of an invite), and who they will be. */
export type Account = { key: string; name: string; password: string };
type Form = Account & { again: string };
type Answer = { payload: NewTokensFragment | null | undefined; error: CombinedError | undefined };
type Props = {
  /** The key: what the API calls it, how it is asked for, and as it came with the address, if it did. */
  lock: { field: string; given: string; label: string; help: string; missing: string; /** Whether it is asked for only where it did not come along, or is wrong. */ quiet: boolean };
  create: (account: Account) => Promise<Answer>;
  onDone: () => Promise<unknown>;
  submit: string;
  /** What to say when the hub says nothing. */
  failed: string;
};

/** Somebody gets an account of their own, and is in. */
export function NewAccount({ lock, create, onDone, submit, failed }: Props) {
  const { register, handleSubmit, setError, getValues, formState } = useForm<Form>({ defaultValues: { key: lock.given, name: '', password: '', again: '' } });
  const { errors, isSubmitting } = formState;
  // Its fault goes with the first letter that is typed; the field does not.
  const [refused, setRefused] = useState(false);
  const send = handleSubmit(async ({ key, name, password }) => {
    const { payload, error } = await create({ key: key.trim(), name: name.trim(), password });
    if (payload?.tokens) {
      adopt(payload.tokens);
      return onDone();
    }
    const { fields, rest } = sortProblems(payload?.problems ?? [], [lock.field, 'name', 'password']);
    if (fields[lock.field]) setRefused(true);
    for (const [name, message] of Object.entries(fields)) setError(name === lock.field ? 'key' : (name as keyof Form), { message });
    if (rest.length || error) setError('root', { message: rest[0] ?? say(error) ?? failed });
    return undefined;
  });
  return (
    <form onSubmit={(event) => void send(event)} noValidate className="space-y-5">
      {errors.root && <Fault>{errors.root.message}</Fault>}
      {(!lock.quiet || !lock.given || refused) && (
        <TextField label={lock.label} help={lock.help} autoComplete="one-time-code" spellCheck={false} className="font-mono" required {...register('key', { required: lock.missing })} fault={errors.key?.message} />
      )}
      <TextField label={t('auth.yourName')} autoComplete="username" required {...register('name', { required: t('auth.typeAName') })} fault={errors.name?.message} />
      <TextField label={t('auth.password')} type="password" autoComplete="new-password" required {...register('password', { required: t('auth.chooseAPassword') })} fault={errors.password?.message} />
      <TextField
        label={t('auth.passwordAgain')}
        type="password"
        autoComplete="new-password"
        required
        {...register('again', { validate: (again) => again === getValues('password') || t('auth.theTwoAreNotThe') })}
        fault={errors.again?.message}
      />
      <Button type="submit" look="primary" busy={isSubmitting} className="w-full">
        {submit}
      </Button>
    </form>
  );
}
