import { Link } from '@tanstack/react-router';
import { Button, buttonClass } from '@/shared/ui/Button';
import { Empty } from '@/shared/ui/Notice';
import { t } from '@/shared/content/texts';

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

/** A screen that could not be shown; mostly a new version of the hub whose files have other names. */
export function RouteFault() {
  return (
    <div className="grid min-h-[70dvh] place-items-center" role="alert">
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
    </div>
  );
}
