import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { dismiss, useNotices } from '@/shared/notices';
import { cx } from '@/shared/ui/classes';
import { t } from '@/shared/content/texts';

const tones = { good: 'text-good', bad: 'text-bad', plain: 'text-ink' };

/** What happened meanwhile, in the corner. The region is always there, so that screen readers hear of it. */
export function Notices() {
  const notices = useNotices();
  return (
    <div role="status" aria-label={t('app.notifications')} className="pointer-events-none fixed inset-x-3 bottom-[calc(5rem+env(safe-area-inset-bottom))] z-50 flex flex-col items-end gap-2 md:right-5 md:bottom-5 md:left-auto">
      {notices.map((notice) => (
        <div key={notice.id} className="appear pointer-events-auto flex w-full items-center gap-3 rounded-xl border border-line bg-raised py-2 pr-2 pl-4 shadow-float sm:w-auto sm:max-w-md">
          <span className={cx('text-sm font-semibold text-pretty', tones[notice.tone])}>
            {notice.to ? (
              <Link to={notice.to} onClick={() => dismiss(notice.id)} className="hover:underline">
                {notice.text}
              </Link>
            ) : (
              notice.text
            )}
          </span>
          <button type="button" onClick={() => dismiss(notice.id)} aria-label={t('app.dismiss')} className="grid size-8 shrink-0 place-items-center rounded-md text-muted hover:bg-sunk hover:text-ink">
            <X className="size-4" />
          </button>
        </div>
      ))}
    </div>
  );
}
