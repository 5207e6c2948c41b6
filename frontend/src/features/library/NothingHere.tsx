import { Link } from '@tanstack/react-router';
import { t } from '@/shared/content/texts';
import { Button, buttonClass } from '@/shared/ui/Button';
import { Empty } from '@/shared/ui/Notice';

/** In the place of games, where there are none, or none that fit. */
export default function NothingHere({ narrowed, query, onClear }: { narrowed: boolean; query: string; onClear: () => void }) {
  if (narrowed) {
    return (
      <Empty title={query ? t('library.nothingCalled', { query }) : t('library.nothingFitsAllOfThese')} action={<Button look="primary" onClick={onClear}>{t('library.clearSearchAndFilters')}</Button>}>
        {t('library.tryFewerLettersOrTake')}
      </Empty>
    );
  }
  return (
    <Empty
      title={t('library.anEmptyShelfForNow')}
      action={
        <Link to="/platforms" className={buttonClass('primary')}>
          {t('library.connectAPlatform')}
        </Link>
      }
    >
      {t('library.connectAStoreAndIts')}
    </Empty>
  );
}
