import { useConnection } from '@/shared/api/connection';
import { cx } from '@/shared/ui/classes';
import { t } from '@/shared/content/texts';

const looks = {
  online: { dot: 'bg-good', text: 'text-muted', label: 'app.live' },
  connecting: { dot: 'bg-lamp animate-pulse', text: 'text-muted', label: 'app.joining' },
  lost: { dot: 'bg-bad animate-pulse', text: 'text-bad', label: 'app.offline' },
} as const;

/** Whether the hub is there, always in sight. */
export function ConnectionState() {
  const look = looks[useConnection()];
  return (
    <p role="status" aria-label={t('app.connectionToTheHub', { label: t(look.label) })} className={cx('flex items-center gap-1.5 px-2 text-xs font-semibold', look.text)}>
      <span className={cx('size-2 rounded-full', look.dot)} aria-hidden="true" />
      {t(look.label)}
    </p>
  );
}
