import { useEffect } from 'react';
import { useForm } from 'react-hook-form';
import { useMutation } from 'urql';
import { LoginDocument } from '@/gql/auth';
import { say as inWords, sortProblems, told } from '@/shared/api/problems';
import { useSay } from '@/shared/content/Content';
import { adopt } from '@/shared/api/tokens';
import { useViewer } from '@/shared/api/viewer';
import { Button } from '@/shared/ui/Button';
import { TextField } from '@/shared/ui/Field';
import { Fault } from '@/shared/ui/Notice';
import { AuthFrame } from './AuthFrame';
import { deviceName } from './device';
import { t } from './texts';
import { useTitle } from '@/shared/content/useTitle';

type Form = { name: string; password: string };

export function LoginScreen() {
  const { reload } = useViewer();
  const say = useSay();
  const [, login] = useMutation(LoginDocument);
  const { register, handleSubmit, setError, setFocus, formState } = useForm<Form>({ defaultValues: { name: '', password: '' } });
  useTitle(t('auth.signIn'));
  useEffect(() => setFocus('name'), [setFocus]);
  const submit = handleSubmit(async ({ name, password }) => {
    const { data, error } = await login({ input: { name, password, device: deviceName() } });
    const payload = data?.login;
    if (payload?.tokens) {
      adopt(payload.tokens);
      return reload();
    }
    const { fields, rest } = sortProblems(payload?.problems ?? [], ['name', 'password'], (problem) => told(problem, ['problem.login', 'problem']));
    for (const [field, message] of Object.entries(fields)) setError(field as keyof Form, { message });
    if (rest.length || error) setError('root', { message: rest[0] ?? inWords(error) ?? t('auth.notSignedIn') });
  });
  const { errors, isSubmitting } = formState;
  return (
    <AuthFrame title={t('auth.welcomeBack')} intro={t('auth.signInToYourLibrary')}>
      <form onSubmit={(event) => void submit(event)} noValidate className="space-y-5">
        {errors.root && <Fault>{errors.root.message}</Fault>}
        <TextField label={say('login.name')} autoComplete="username" autoCapitalize="none" required {...register('name', { required: t('auth.typeYourName') })} fault={errors.name?.message} />
        <TextField label={say('login.password')} type="password" autoComplete="current-password" required {...register('password', { required: t('auth.typeYourPassword') })} fault={errors.password?.message} />
        <Button type="submit" look="primary" busy={isSubmitting} className="w-full">
          {say('login.submit')}
        </Button>
      </form>
    </AuthFrame>
  );
}
