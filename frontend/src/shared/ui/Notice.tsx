import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './Button';

/** Something went wrong, said at the place where it did. */
export function Fault({ children, onRetry }: { children: ReactNode; onRetry?: () => void }) {
  return (
    <div role="alert" className="flex items-start gap-3 rounded-xl bg-bad-wash px-4 py-3 text-bad">
      <CircleAlert className="mt-0.5 size-5 shrink-0" aria-hidden="true" />
      <div className="min-w-0 flex-1 text-sm font-medium">{children}</div>
      {onRetry && (
        <Button size="sm" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

/** Nothing here yet, and what to do about it. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="appear mx-auto flex max-w-md flex-col items-center px-6 py-16 text-center">
      <svg viewBox="0 0 120 80" className="mb-6 w-36 text-lamp-text" aria-hidden="true">
        <path d="M62 6c6 14-18 18-18 32 0 6 4 10 8 12h18c9-5 13-12 11-21 6 5 8 11 7 17" fill="none" stroke="currentColor" strokeWidth="3" strokeLinecap="round" strokeDasharray="2 7" />
        <path d="M22 58h58c10 0 16-5 20-10 0 12-8 22-24 22H44c-10 0-18-4-22-12Z" fill="currentColor" opacity="0.9" />
        <path d="M22 60c-8-2-14-8-14-13 5 3 10 4 16 4" fill="none" stroke="currentColor" strokeWidth="3" strokeLinecap="round" />
      </svg>
      <h2 className="text-2xl">{title}</h2>
      {children && <p className="mt-2 text-muted text-pretty">{children}</p>}
      {action && <div className="mt-6 flex flex-wrap justify-center gap-3">{action}</div>}
    </div>
  );
}
