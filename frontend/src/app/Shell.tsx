import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { Code, Library, Moon, Plug, Settings, Sparkles, Sun } from 'lucide-react';
import { useEffect } from 'react';
import { useViewer } from '@/shared/api/viewer';
import { setTheme, useTheme } from '@/shared/theme';
import { cx } from '@/shared/ui/classes';
import { Mark } from '@/shared/ui/Mark';
import { ConnectionState } from './ConnectionState';
import { nameOf } from '@/shared/format/words';

const places = [
  { to: '/', label: 'Library', icon: Library },
  { to: '/tonight', label: 'Tonight', icon: Sparkles },
  { to: '/platforms', label: 'Platforms', icon: Plug },
  { to: '/settings', label: 'Settings', icon: Settings },
] as const;

const item = 'flex flex-col items-center justify-center gap-1 rounded-xl text-[0.6875rem] font-semibold transition-colors text-muted hover:text-ink hover:bg-surface [&[data-status=active]]:text-lamp-text [&[data-status=active]]:bg-lamp-wash';

/** The frame around every screen: a rail on wide screens, a bar at the thumb on a phone. */
export function Shell() {
  const { me } = useViewer();
  useSlash();
  return (
    <div className="min-h-dvh md:pl-[88px]">
      <a href="#content" className="sr-only focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-50 focus:rounded-lg focus:bg-lamp focus:px-4 focus:py-2 focus:font-semibold focus:text-lamp-ink">
        Skip to content
      </a>
      <header className="fixed inset-y-0 left-0 z-30 hidden w-[88px] flex-col items-center border-r border-line bg-sunk py-4 md:flex">
        <Link to="/" aria-label="Game Djinn, to the library" className="mb-6 rounded-2xl">
          <Mark className="size-11" />
        </Link>
        <nav aria-label="Main" className="flex w-full flex-col gap-1.5 px-2">
          {places.map(({ to, label, icon: Icon }) => (
            <Link key={to} to={to} activeOptions={{ exact: to === '/', includeSearch: false }} className={`${item} h-16`}>
              <Icon className="size-5.5" aria-hidden="true" />
              {label}
            </Link>
          ))}
        </nav>
        <div className="mt-auto flex w-full flex-col items-center gap-1.5 px-2">
          <a href="/playground" className={`${item} h-14 w-full`}>
            <Code className="size-5" aria-hidden="true" />
            Playground
          </a>
          <ThemeButton className="size-10" />
          <ConnectionState />
          {me && (
            <p className="mt-1 w-full truncate text-center text-xs text-muted" title={nameOf(me)}>
              {nameOf(me)}
            </p>
          )}
        </div>
      </header>
      <header className="flex h-14 items-center gap-2.5 border-b border-line bg-sunk px-4 md:hidden">
        <Mark className="size-8" />
        <span className="font-display text-lg font-bold">Game Djinn</span>
        <span className="ml-auto flex items-center gap-1">
          <ConnectionState />
          <ThemeButton className="size-10" />
          <a href="/playground" aria-label="Playground" className="grid size-10 place-items-center rounded-lg text-muted">
            <Code className="size-5" />
          </a>
        </span>
      </header>
      <main id="content" tabIndex={-1} className="pb-[calc(4.5rem+env(safe-area-inset-bottom))] outline-none md:pb-0">
        <Outlet />
      </main>
      <nav aria-label="Main" className="fixed inset-x-0 bottom-0 z-30 grid grid-cols-4 gap-1 border-t border-line bg-sunk/95 px-2 pt-1.5 pb-[calc(0.375rem+env(safe-area-inset-bottom))] backdrop-blur md:hidden">
        {places.map(({ to, label, icon: Icon }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === '/', includeSearch: false }} className={`${item} h-13`}>
            <Icon className="size-5.5" aria-hidden="true" />
            {label}
          </Link>
        ))}
      </nav>
    </div>
  );
}

function ThemeButton({ className }: { className: string }) {
  const theme = useTheme();
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  const Icon = dark ? Sun : Moon;
  return (
    <button type="button" aria-label={dark ? 'Light theme' : 'Dark theme'} onClick={() => setTheme(dark ? 'light' : 'dark')} className={cx('grid place-items-center rounded-lg text-muted hover:bg-surface hover:text-ink', className)}>
      <Icon className="size-5" />
    </button>
  );
}

/** `/` goes to the search from wherever one is. */
function useSlash() {
  const navigate = useNavigate();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || target.closest('input, textarea, select, [contenteditable], [role=dialog]')) return;
      event.preventDefault();
      const focus = (tries: number) => {
        const box = document.querySelector<HTMLInputElement>('[data-search]');
        if (box) {
          box.focus();
          box.select();
        } else if (tries > 0) setTimeout(() => focus(tries - 1), 50);
      };
      if (!document.querySelector('[data-search]')) void navigate({ to: '/' });
      focus(20);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [navigate]);
}
