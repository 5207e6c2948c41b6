import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useMutation } from 'urql';
import { CompleteSetupDocument } from '@/gql/auth';
import { useViewer } from '@/shared/api/viewer';
import { useSay } from '@/shared/content/Content';
import { useTitle } from '@/shared/content/useTitle';
import { AuthFrame } from './AuthFrame';
import { deviceName } from './device';
import { NewAccount } from './NewAccount';
import { t } from './texts';

const route = getRouteApi('/setup');

/** First run: the token from the hub's log makes its bearer the owner. */
export function SetupScreen() {
  useSay();
  const { token } = route.useSearch();
  const { reload } = useViewer();
  const [, complete] = useMutation(CompleteSetupDocument);
  useTitle(t('auth.setUp'));
  useEffect(() => {
    // The token is a secret: it leaves the address bar and the history once it is in the form.
    if (token) window.history.replaceState(window.history.state, '', '/setup');
  }, [token]);
  return (
    <AuthFrame title={t('auth.makeItYours')} intro={t('auth.thisHubIsNewWhoever')}>
      <NewAccount
        lock={{ field: 'token', given: token ?? '', label: t('auth.setupToken'), help: t('auth.printedInTheHubsLog'), missing: t('auth.pasteTheTokenFromThe'), quiet: false }}
        create={({ key, ...who }) => complete({ input: { token: key, ...who, device: deviceName() } }).then(({ data, error }) => ({ payload: data?.completeSetup, error }))}
        onDone={reload}
        submit={t('auth.becomeTheOwner')}
        failed={t('auth.theHubWasNotSet')}
      />
    </AuthFrame>
  );
}
