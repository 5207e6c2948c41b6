import { Link } from '@tanstack/react-router';
import { Suspense, lazy, useEffect } from 'react';
import { useMutation, useQuery } from 'urql';
import { LogoutDocument } from '@/gql/auth';
import { SettingsPageDocument } from '@/gql/settings';
import { say } from '@/shared/api/problems';
import { forget } from '@/shared/api/tokens';
import { useViewer } from '@/shared/api/viewer';
import { nameOf, words } from '@/shared/format/words';
import { useSay } from '@/shared/content/Content';
import { Button } from '@/shared/ui/Button';
import { Fault } from '@/shared/ui/Notice';
import { ViewQuery } from '@/shared/ui/ViewQuery';
import { ApiKeys } from './ApiKeys';
import { Appearance } from './Appearance';
import { Export } from './Export';
import { Logins } from './Logins';
import { Profiles } from './Profiles';

const HomeAutomation = lazy(() => import('./HomeAutomation').then((module) => ({ default: module.HomeAutomation })));

/** The household, its keys and its devices. */
export function SettingsScreen() {
  const { me, authMode, scopes } = useViewer();
  const [{ data, error }, again] = useQuery({ query: SettingsPageDocument });
  const inWords = useSay();
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
          <h1 className="text-4xl font-extrabold">{inWords('nav.settings')}</h1>
          {me && (
            <p className="mt-2 text-muted">
              {nameOf(me)}{me.role && `, ${words(me.role).toLowerCase()}`}
              {authMode === 'OFF' && '. This hub asks for no password; keep it behind a door that does.'}
            </p>
          )}
        </div>
        {authMode === 'PASSWORD' && (
          <Button busy={leaving} onClick={() => void leave()}>
            {inWords('login.out')}
          </Button>
        )}
      </header>
      {error && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{say(error)}</Fault>}
      <Appearance />
      {scopes.includes('READ_LIBRARY') && <Export />}
      {data?.me && manages && <Profiles profiles={data.me.profiles ?? []} />}
      {manages && <ApiKeys profiles={data?.me?.profiles ?? []} />}
      {manages && (
        <Suspense fallback={<div className="skeleton h-64 rounded-xl" />}>
          <HomeAutomation />
        </Suspense>
      )}
      {manages && authMode === 'PASSWORD' && <Logins />}
      {!manages && <p className="text-muted">Profiles, keys and devices are for the owner of this account.</p>}
      <p className="text-muted">
        How the hub is, and what it is busy with:{' '}
        <Link to="/status" className="font-semibold text-lamp-text underline underline-offset-4">
          Status of the hub
        </Link>
      </p>
      <ViewQuery document={SettingsPageDocument} />
    </div>
  );
}
