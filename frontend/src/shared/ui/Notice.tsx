import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './Button';
import { t } from '@/shared/content/texts';

/** Something went wrong, said at the place where it did. */
export function Fault({ children, onRetry }: { children: ReactNode; onRetry?: () => void }) {
  return (
    <div role="alert" className="flex items-start gap-3 rounded-xl bg-bad-wash px-4 py-3 text-bad">
      <CircleAlert className="mt-0.5 size-5 shrink-0" aria-hidden="true" />
      <div className="min-w-0 flex-1 text-sm font-medium [overflow-wrap:anywhere]">{children}</div>
      {onRetry && (
        <Button size="sm" onClick={onRetry}>
          {t('action.retry')}
        </Button>
      )}
    </div>
  );
}

/** Nothing here yet, and what to do about it. */
export function Empty({ title, children, action, whole = false }: { title: string; children?: ReactNode; action?: ReactNode; whole?: boolean }) {
  // Where it is the whole page, its title is the page's.
  const Heading = whole ? 'h1' : 'h2';
  return (
    <div className="appear mx-auto flex max-w-md flex-col items-center px-6 py-16 text-center">
      <svg viewBox="0 0 132 96" className="mb-6 w-40" aria-hidden="true">
        <g fill="none" stroke="var(--edge)" strokeWidth="2" strokeDasharray="5 5" strokeLinecap="round">
          <rect x="18" y="22" width="44" height="66" rx="6" transform="rotate(-11 40 88)" />
          <rect x="70" y="22" width="44" height="66" rx="6" transform="rotate(11 92 88)" />
        </g>
        <rect x="42" y="12" width="48" height="72" rx="7" fill="var(--surface)" stroke="var(--edge)" strokeWidth="2" />
        <path d="M69 26c3 7-9 9-9 17 0 2 1 3.500 2.300 4.400h8.500c3.400-2 5.400-5.400 4.800-9.300 2.200 2.200 3.500 5.200 3.500 8.600 0 8.600-5.700 14.200-13 17.200-7.300-3-13-8.600-13-16.400C53.100 36 66.200 35.600 69 26Z" fill="var(--lamp)" />
        <path d="M64.200 47.500h4.300v3.600h3.600v4.300h-3.600V59h-4.300v-3.600h-3.600v-4.300h3.600z" fill="var(--surface)" />
      </svg>
      <Heading className="text-2xl">{title}</Heading>
      {children && <p className="mt-2 text-muted text-pretty">{children}</p>}
      {action && <div className="mt-6 flex flex-wrap justify-center gap-3">{action}</div>}
    </div>
  );
}
