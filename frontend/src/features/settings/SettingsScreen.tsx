import { useEffect } from 'react';
import { useMutation, useQuery } from 'urql';
import { LogoutDocument } from '@/gql/auth';
import { SettingsPageDocument } from '@/gql/settings';
import { say } from '@/shared/api/problems';
import { forget } from '@/shared/api/tokens';
import { useViewer } from '@/shared/api/viewer';
import { nameOf, words } from '@/shared/format/words';
import { setTheme, useTheme, type Theme } from '@/shared/theme';
import { Button } from '@/shared/ui/Button';
import { cx } from '@/shared/ui/classes';
import { Fault } from '@/shared/ui/Notice';
import { ViewQuery } from '@/shared/ui/ViewQuery';
import { ApiKeys } from './ApiKeys';
import { Logins } from './Logins';
import { Profiles } from './Profiles';

/** The household, its keys and its devices. */
export function SettingsScreen() {
  const { me, authMode, scopes } = useViewer();
  const [{ data, error }, again] = useQuery({ query: SettingsPageDocument });
  const [{ fetching: leaving }, logout] = useMutation(LogoutDocument);
  useEffect(() => {
    document.title = 'Settings · Game Djinn';
  }, []);
  const leave = async () => {
    await logout({});
    forget();
  };
  const manages = scopes.includes('MANAGE_ACCOUNT') || scopes.includes('ADMIN');
  return (
    <div className="mx-auto max-w-[900px] space-y-14 px-4 py-8 sm:px-6 lg:px-10 lg:py-12">
      <header className="flex flex-wrap items-end gap-4">
        <div className="flex-1">
          <h1 className="text-4xl font-extrabold">Settings</h1>
          {me && (
            <p className="mt-2 text-muted">
              {nameOf(me)}{me.role && `, ${words(me.role).toLowerCase()}`}
              {authMode === 'OFF' && '. This hub asks for no password; keep it behind a door that does.'}
            </p>
          )}
        </div>
        {authMode === 'PASSWORD' && (
          <Button busy={leaving} onClick={() => void leave()}>
            Sign out
          </Button>
        )}
      </header>
      {error && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{say(error)}</Fault>}
      <Appearance />
      {data?.me && manages && <Profiles profiles={data.me.profiles ?? []} />}
      {manages && <ApiKeys profiles={data?.me?.profiles ?? []} />}
      {manages && authMode === 'PASSWORD' && <Logins />}
      {!manages && <p className="text-muted">Profiles, keys and devices are for the owner of this account.</p>}
      <ViewQuery document={SettingsPageDocument} />
    </div>
  );
}

const themes: { id: Theme; name: string }[] = [
  { id: 'system', name: 'As the system' },
  { id: 'light', name: 'Light' },
  { id: 'dark', name: 'Dark' },
];

function Appearance() {
  const chosen = useTheme();
  return (
    <fieldset>
      <legend className="font-display mb-3 text-2xl font-bold">Appearance</legend>
      <div className="inline-flex rounded-xl border border-line bg-sunk p-1">
        {themes.map((theme) => (
          <label key={theme.id} className={cx('relative rounded-lg px-4 py-2 text-sm font-semibold has-focus-visible:outline-2 has-focus-visible:outline-lamp-text', chosen === theme.id ? 'bg-raised text-ink shadow-sm' : 'text-muted hover:text-ink')}>
            <input type="radio" name="theme" className="sr-only" checked={chosen === theme.id} onChange={() => setTheme(theme.id)} />
            {theme.name}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
