import { Button } from '@/shared/ui/Button';
import { Empty } from '@/shared/ui/Notice';
import { t } from '@/shared/content/texts';

/** The hub did not answer at all. It is asked again every few seconds. */
export function Unreachable({ onRetry }: { onRetry: () => void }) {
  return (
    <main className="grid min-h-dvh place-items-center">
      <Empty
        whole
        title={t('app.theHubDoesNotAnswer')}
        action={
          <Button look="primary" onClick={onRetry}>
            {t('app.tryNow')}
          </Button>
        }
      >
        {t('app.itMayBeStartingThis')}
      </Empty>
    </main>
  );
}
