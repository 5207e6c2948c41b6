import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { cx } from './classes';
import { Spinner } from './Spinner';

export type Look = 'primary' | 'plain' | 'quiet' | 'danger';
const looks: Record<Look, string> = {
  primary: 'bg-lamp text-lamp-ink hover:bg-lamp-strong shadow-sm',
  plain: 'bg-surface text-ink border border-line hover:border-edge shadow-sm',
  quiet: 'text-muted hover:text-ink hover:bg-sunk',
  danger: 'bg-bad-wash text-bad hover:brightness-95 dark:hover:brightness-110',
};

/** How a button looks; also for links that act as one. */
export const buttonClass = (look: Look = 'plain', size: 'md' | 'sm' | 'icon' = 'md', more?: string): string =>
  cx(
    'inline-flex items-center justify-center gap-2 rounded-lg font-semibold whitespace-nowrap transition-colors duration-150 select-none disabled:opacity-55',
    size === 'md' && 'h-10 px-4',
    size === 'sm' && 'h-8 px-3 text-sm rounded-md',
    size === 'icon' && 'size-10 shrink-0',
    looks[look],
    more,
  );

type Props = ButtonHTMLAttributes<HTMLButtonElement> & { look?: Look; size?: 'md' | 'sm' | 'icon'; busy?: boolean; children: ReactNode };

export function Button({ look = 'plain', size = 'md', busy = false, className, children, disabled, type = 'button', ...rest }: Props) {
  return (
    // oxlint-disable-next-line react/button-has-type -- the type is a prop with a safe default
    <button type={type} className={buttonClass(look, size, className)} disabled={disabled || busy} aria-busy={busy || undefined} {...rest}>
      {busy && <Spinner />}
      {children}
    </button>
  );
}
