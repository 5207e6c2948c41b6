import { useConnection } from '@/shared/api/connection';
import { cx } from '@/shared/ui/classes';

const looks = {
  online: { dot: 'bg-good', text: 'text-muted', label: 'Live' },
  connecting: { dot: 'bg-lamp animate-pulse', text: 'text-muted', label: 'Joining' },
  lost: { dot: 'bg-bad animate-pulse', text: 'text-bad', label: 'Offline' },
};

/** Whether the hub is there, always in sight. */
export function ConnectionState() {
  const look = looks[useConnection()];
  return (
    <p role="status" aria-label={`Connection to the hub: ${look.label}`} className={cx('flex items-center gap-1.5 px-2 text-xs font-semibold', look.text)}>
      <span className={cx('size-2 rounded-full', look.dot)} aria-hidden="true" />
      {look.label}
    </p>
  );
}
