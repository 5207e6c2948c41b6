import { useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { EndLoginDocument, LoginsPageDocument } from '@/gql/settings';
import { refusal, say as inWords } from '@/shared/api/problems';
import { useSay } from '@/shared/content/Content';
import { ago, onDay } from '@/shared/format/time';
import { Badge } from '@/shared/ui/Badge';
import { Button } from '@/shared/ui/Button';
import { Fault } from '@/shared/ui/Notice';
import { t } from './texts';

/** A name as the sign-in makes it (features/auth/device.ts), in the language that is spoken. */
const made = /^(Firefox|Edge|Opera|Chrome|Safari|Browser) on (Android|iPhone|iPad|Windows|macOS|ChromeOS|Linux|unknown system)$/;

export function deviceText(device: string): string {
  const [, browser, system] = made.exec(device) ?? [];
  if (!browser || !system) return device;
  return system === 'unknown system' ? browser : t('settings.deviceOn', { browser, system });
}

/** Every device that is signed in. */
export function Logins() {
  const say = useSay();
  const [{ data, error, fetching }, again] = useQuery({ query: LoginsPageDocument, requestPolicy: 'cache-and-network' });
  const [, end] = useMutation(EndLoginDocument);
  const [fault, setFault] = useState<string | null>(null);
  const stop = async (id: string) => {
    const { data: answer, error: failed } = await end({ id });
    setFault(refusal(answer?.endLogin.problems, failed));
  };
  return (
    <section aria-labelledby="logins">
      <h2 id="logins" className="mb-3 text-2xl">
        {say('settings.devices')}
      </h2>
      {error && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{inWords(error)}</Fault>}
      {fault && <Fault>{fault}</Fault>}
      {fetching && !data && <div className="skeleton h-16" />}
      <ul className="divide-y divide-line">
        {data?.logins?.nodes.map((login) => (
          <li key={login.id} className="flex flex-wrap items-center gap-3 py-3">
            <span className="min-w-48 flex-1">
              <span className="font-semibold">{deviceText(login.device)}</span> {login.current && <Badge tone="good">{t('settings.thisOne')}</Badge>}
              <span className="block text-sm text-muted">
                {t('settings.sinceLastSeen', { when: onDay(login.createdAt), when2: ago(login.lastUsedAt) })}
              </span>
            </span>
            {!login.current && (
              <Button size="sm" onClick={() => void stop(login.id)} aria-label={t('settings.signOut', { device: deviceText(login.device) })}>
                {t('settings.signOut2')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
