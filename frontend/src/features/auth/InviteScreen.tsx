import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useMutation } from 'urql';
import { AcceptInviteDocument } from '@/gql/invite';
import { useViewer } from '@/shared/api/viewer';
import { useSay } from '@/shared/content/Content';
import { useTitle } from '@/shared/content/useTitle';
import { nameOf } from '@/shared/format/words';
import { buttonClass } from '@/shared/ui/Button';
import { AuthFrame } from './AuthFrame';
import { deviceName } from './device';
import { NewAccount } from './NewAccount';
import { t } from './texts';

/** The code of an invite's link is behind its #, which no browser sends to anybody. */
const codeOf = (hash: string): string => {
  try {
    return decodeURIComponent(hash.replace(/^#/, ''));
  } catch {
    return '';
  }
};

/** Who was invited makes an account of their own, and is in. */
export function InviteScreen() {
  useSay();
  const { me, reload } = useViewer();
  const navigate = useNavigate();
  const [, accept] = useMutation(AcceptInviteDocument);
  const [code] = useState(() => codeOf(location.hash));
  const [done, setDone] = useState(false);
  useTitle(t('auth.invite'));
  useEffect(() => {
    // The code is a secret: it leaves the address bar and the history once it is in the form.
    if (location.hash) window.history.replaceState(window.history.state, '', '/invite');
  }, []);
  const enter = async () => {
    setDone(true);
    await reload();
    await navigate({ to: '/', replace: true });
  };
  if (me && !done) {
    return (
      <AuthFrame title={t('auth.youAreInvited')} intro={t('auth.alreadyIn', { name: nameOf(me) })}>
        <Link to="/" className={buttonClass('primary', 'md', 'w-full')}>
          {t('app.toTheLibrary')}
        </Link>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title={t('auth.youAreInvited')} intro={t('auth.anAccountOfYourOwn')}>
      {/* Who has the link has the code already. */}
      <NewAccount
        lock={{ field: 'code', given: code, label: t('auth.inviteCode'), help: t('auth.fromWhoInvitedYou'), missing: t('auth.pasteTheCode'), quiet: true }}
        create={({ key, ...who }) => accept({ input: { code: key, ...who, device: deviceName() } }).then(({ data, error }) => ({ payload: data?.acceptInvite, error }))}
        onDone={enter}
        submit={t('auth.makeMyAccount')}
        failed={t('auth.noAccountWasMade')}
      />
    </AuthFrame>
  );
}
