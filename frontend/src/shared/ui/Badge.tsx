import type { ReactNode } from 'react';
import { cx } from './classes';
import { initials } from '@/shared/format/words';

const tones = { plain: 'bg-chip text-muted', lamp: 'bg-lamp-wash text-lamp-text', good: 'bg-good-wash text-good', bad: 'bg-bad-wash text-bad' };

export function Badge({ tone = 'plain', children, className }: { tone?: keyof typeof tones; children: ReactNode; className?: string }) {
  return <span className={cx('inline-flex h-6 items-center gap-1.5 rounded-md px-2 text-xs font-semibold whitespace-nowrap', tones[tone], className)}>{children}</span>;
}

/** Where a game is owned, in as few letters as will do. */
export function PlatformMark({ name, className }: { name: string; className?: string }) {
  return (
    <span title={name} className={cx('inline-grid h-5 min-w-6 place-items-center rounded-[5px] px-1 text-[0.6875rem] font-bold leading-none', className ?? 'bg-chip text-muted')}>
      <span aria-hidden="true">{initials(name)}</span>
      <span className="sr-only">{name}</span>
    </span>
  );
}
