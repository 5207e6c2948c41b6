import { Link } from '@tanstack/react-router';
import { useCallback, useEffect } from 'react';
import { Button, buttonClass } from '@/shared/ui/Button';
import { Empty } from '@/shared/ui/Notice';
import { t } from '@/shared/content/texts';
import { isUnfetched } from './screen';

/** `framed`: inside of the frame, for who is signed in; it has the page's `main` already. */
export function NotFound({ framed = false }: { framed?: boolean }) {
  const Box = framed ? 'div' : 'main';
  return (
    <Box className={framed ? 'grid min-h-[70dvh] place-items-center' : 'grid min-h-dvh place-items-center'}>
      <Empty
        whole
        title={t('app.thereIsNothingAtThis')}
        action={
          <Link to="/" className={buttonClass('primary')}>
            {t('app.toTheLibrary')}
          </Link>
        }
      >
        {t('app.theLinkMayBeOld')}
      </Empty>
    </Box>
  );
}

const RELOADED = 'djinn.reloaded';
/** So soon after a page was loaded again, doing so once more helps no one. */
const SPARE = 30_000;

/** Loads the page again once the hub answers: only a fresh page fetches again what once did not come. */
function useReturn(): () => void {
  const look = useCallback(async () => {
    const answer = await fetch('/health', { cache: 'no-store', signal: AbortSignal.timeout(5_000) }).catch(() => null);
    if (!answer?.ok) return;
    sessionStorage.setItem(RELOADED, String(Date.now()));
    location.reload();
  }, []);
  useEffect(() => {
    const again = () => {
      if (Date.now() - Number(sessionStorage.getItem(RELOADED)) > SPARE) void look();
    };
    again();
    const timer = setInterval(again, 3_000);
    return () => clearInterval(timer);
  }, [look]);
  return useCallback(() => void look(), [look]);
}

/** A screen whose code did not come. */
function Waiting() {
  const look = useReturn();
  return (
    <Empty
      whole
      title={t('app.theHubDoesNotAnswer')}
      action={
        <Button look="primary" onClick={look}>
          {t('app.tryNow')}
        </Button>
      }
    >
      {t('app.itMayBeStartingThis')}
    </Empty>
  );
}

/** A screen that could not be shown. */
export function RouteFault({ error }: { error?: unknown }) {
  return (
    <div className="grid min-h-[70dvh] place-items-center" role="alert">
      {isUnfetched(error) ? (
        <Waiting />
      ) : (
        <Empty
          whole
          title={t('app.thisScreenCouldNotBe')}
          action={
            <Button look="primary" onClick={() => location.reload()}>
              {t('app.loadThePageAgain')}
            </Button>
          }
        >
          {t('app.theHubMayHaveBeen')}
        </Empty>
      )}
    </div>
  );
}
