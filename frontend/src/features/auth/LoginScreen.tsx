import { useEffect } from 'react';
import { useForm } from 'react-hook-form';
import { useMutation } from 'urql';
import { LoginDocument } from '@/gql/auth';
import { say as inWords, sortProblems } from '@/shared/api/problems';
import { useSay } from '@/shared/content/Content';
import { adopt } from '@/shared/api/tokens';
import { useViewer } from '@/shared/api/viewer';
import { Button } from '@/shared/ui/Button';
import { TextField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { AuthFrame } from './AuthFrame';
import { deviceName } from './device';

type Form = { name: string; password: string };

export function LoginScreen() {
  const { reload } = useViewer();
  const say = useSay();
  const [, login] = useMutation(LoginDocument);
  const { register, handleSubmit, setError, formState } = useForm<Form>({ defaultValues: { name: '', password: '' } });
  useEffect(() => {
    document.title = 'Sign in · Game Djinn';
  }, []);
  const submit = handleSubmit(async ({ name, password }) => {
    const { data, error } = await login({ input: { name, password, device: deviceName() } });
    const payload = data?.login;
    if (payload?.tokens) {
      adopt(payload.tokens);
      return reload();
    }
    const { fields, rest } = sortProblems(payload?.problems ?? [], ['name', 'password']);
    for (const [field, message] of Object.entries(fields)) setError(field as keyof Form, { message });
    if (rest.length || error) setError('root', { message: rest[0] ?? inWords(error) ?? 'Not signed in.' });
  });
  const { errors, isSubmitting } = formState;
  return (
    <AuthFrame title="Welcome back" intro="Sign in to your library. Your account lives on this hub and nowhere else.">
      <form onSubmit={(event) => void submit(event)} noValidate className="space-y-5">
        {errors.root && <Fault>{errors.root.message}</Fault>}
        <TextField label={say('login.name')} autoComplete="username" autoCapitalize="none" required {...register('name', { required: 'Type your name.' })} fault={errors.name?.message} />
        <TextField label={say('login.password')} type="password" autoComplete="current-password" required {...register('password', { required: 'Type your password.' })} fault={errors.password?.message} />
        <Button type="submit" look="primary" busy={isSubmitting} className="w-full">
          {say('login.submit')}
        </Button>
      </form>
    </AuthFrame>
  );
}
