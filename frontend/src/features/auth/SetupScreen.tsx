import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useForm } from 'react-hook-form';
import { useMutation } from 'urql';
import { CompleteSetupDocument } from '@/gql/auth';
import { say, sortProblems } from '@/shared/api/problems';
import { adopt } from '@/shared/api/tokens';
import { useViewer } from '@/shared/api/viewer';
import { Button } from '@/shared/ui/Button';
import { TextField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { AuthFrame } from './AuthFrame';
import { deviceName } from './device';

type Form = { token: string; name: string; password: string; again: string };
const route = getRouteApi('/setup');

/** First run: the token from the hub's log makes its bearer the owner. */
export function SetupScreen() {
  const { token } = route.useSearch();
  const { reload } = useViewer();
  const [, complete] = useMutation(CompleteSetupDocument);
  const { register, handleSubmit, setError, getValues, formState } = useForm<Form>({ defaultValues: { token: token ?? '', name: '', password: '', again: '' } });
  useEffect(() => {
    document.title = 'Set up · Game Djinn';
    // The token is a secret: it leaves the address bar and the history once it is in the form.
    if (token) window.history.replaceState(window.history.state, '', '/setup');
  }, [token]);
  const submit = handleSubmit(async ({ token, name, password }) => {
    const { data, error } = await complete({ input: { token: token.trim(), name: name.trim(), password, device: deviceName() } });
    const payload = data?.completeSetup;
    if (payload?.tokens) {
      adopt(payload.tokens);
      return reload();
    }
    const { fields, rest } = sortProblems(payload?.problems ?? [], ['token', 'name', 'password']);
    for (const [field, message] of Object.entries(fields)) setError(field as keyof Form, { message });
    if (rest.length || error) setError('root', { message: rest[0] ?? say(error) ?? 'The hub was not set up.' });
  });
  const { errors, isSubmitting } = formState;
  return (
    <AuthFrame title="Make it yours" intro="This hub is new. Whoever holds its setup token becomes its owner.">
      <form onSubmit={(event) => void submit(event)} noValidate className="space-y-5">
        {errors.root && <Fault>{errors.root.message}</Fault>}
        <TextField
          label="Setup token"
          help="Printed in the hub’s log at its first start."
          autoComplete="one-time-code"
          spellCheck={false}
          className="font-mono"
          required
          {...register('token', { required: 'Paste the token from the log.' })}
          fault={errors.token?.message}
        />
        <TextField label="Your name" autoComplete="username" required {...register('name', { required: 'Type a name.' })} fault={errors.name?.message} />
        <TextField label="Password" type="password" autoComplete="new-password" required {...register('password', { required: 'Choose a password.' })} fault={errors.password?.message} />
        <TextField
          label="Password again"
          type="password"
          autoComplete="new-password"
          required
          {...register('again', { validate: (again) => again === getValues('password') || 'The two are not the same.' })}
          fault={errors.again?.message}
        />
        <Button type="submit" look="primary" busy={isSubmitting} className="w-full">
          Become the owner
        </Button>
      </form>
    </AuthFrame>
  );
}
