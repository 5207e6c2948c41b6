import { Link } from '@tanstack/react-router';
import { Suspense, lazy } from 'react';
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
import { Backup } from './Backup';
import { Appearance } from './Appearance';
import { Days } from './Days';
import { Export } from './Export';
import { Invites } from './Invites';
import { Logins } from './Logins';
import { Profiles } from './Profiles';
import { Statuses } from './Statuses';
import { named, t } from './texts';
import { useTitle } from '@/shared/content/useTitle';

const HomeAutomation = lazy(() => import('./HomeAutomation').then((module) => ({ default: module.HomeAutomation })));

/** The household, its keys and its devices. */
export function SettingsScreen() {
  const { me, authMode, scopes } = useViewer();
  const [{ data, error }, again] = useQuery({ query: SettingsPageDocument });
  const inWords = useSay();
  const [{ fetching: leaving }, logout] = useMutation(LogoutDocument);
  useTitle(t('nav.settings'));
  const leave = async () => {
    await logout({});
    forget();
  };
  const manages = scopes.includes('MANAGE_ACCOUNT') || scopes.includes('ADMIN');
  const writes = scopes.includes('WRITE_LIBRARY');
  const runs = scopes.includes('ADMIN');
  const all: [string, string, boolean][] = [
    ['appearance', inWords('settings.theme'), true],
    ['days', t('settings.days'), writes],
    ['statuses', t('settings.statuses'), writes],
    ['export', t('settings.export'), scopes.includes('READ_LIBRARY')],
    ['backup', t('settings.backup'), runs],
    ['profiles', t('settings.profiles'), manages],
    ['invites', t('settings.invites'), runs && authMode === 'PASSWORD'],
    ['keys', inWords('settings.keys'), manages],
    ['automation', t('settings.homeAutomation'), manages],
    ['logins', inWords('settings.devices'), manages && authMode === 'PASSWORD'],
  ];
  const places = all.filter(([, , shown]) => shown);
  return (
    <div className="mx-auto max-w-[900px] space-y-14 px-4 py-8 sm:px-6 lg:px-10 lg:py-12">
      <header className="flex flex-wrap items-end gap-4">
        <div className="flex-1">
          <h1 className="text-4xl font-extrabold">{inWords('nav.settings')}</h1>
          {me && (
            <p className="mt-2 text-muted">
              {nameOf(me)}{me.role && `, ${named(`role.${me.role}`) ?? words(me.role)}`}
              {authMode === 'OFF' && t('settings.noPassword')}
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
      <nav aria-label={t('settings.onThisPage')}>
        <ul className="flex flex-wrap gap-x-5 gap-y-1.5 text-sm">
          {places.map(([id, name]) => (
            <li key={id}>
              <a href={`#${id}`} className="inline-block min-h-6 font-semibold text-lamp-text underline underline-offset-4">
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <Appearance />
      {scopes.includes('WRITE_LIBRARY') && <Days />}
      {scopes.includes('WRITE_LIBRARY') && <Statuses />}
      {scopes.includes('READ_LIBRARY') && <Export />}
      {scopes.includes('ADMIN') && <Backup />}
      {data?.me && manages && <Profiles profiles={data.me.profiles ?? []} />}
      {scopes.includes('ADMIN') && authMode === 'PASSWORD' && <Invites />}
      {manages && <ApiKeys profiles={data?.me?.profiles ?? []} />}
      {manages && (
        <Suspense fallback={<div className="skeleton h-64 rounded-xl" />}>
          <HomeAutomation />
        </Suspense>
      )}
      {manages && authMode === 'PASSWORD' && <Logins />}
      {!manages && <p className="text-muted">{t('settings.profilesKeysAndDevicesAre')}</p>}
      <p className="text-muted">
        {t('settings.howTheHubIsAnd')}{' '}
        <Link to="/status" className="font-semibold text-lamp-text underline underline-offset-4">
          {t('settings.statusOfTheHub')}
        </Link>
      </p>
      <ViewQuery document={SettingsPageDocument} />
    </div>
  );
}
