import { Link, Outlet, useLocation, useNavigate, useRouter } from '@tanstack/react-router';
import { Activity, ChartColumn, Code, Copy, Ellipsis, Layers, Library, Moon, Plug, Settings, Sparkles, Sun, type LucideIcon } from 'lucide-react';
import { Suspense, lazy, useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useViewer } from '@/shared/api/viewer';
import { useContent } from '@/shared/content/Content';
import { cx } from '@/shared/ui/classes';
import { Mark } from '@/shared/ui/Mark';
import { ConnectionState } from './ConnectionState';
import { Notices } from './Notices';
import { useKeys } from './useKeys';
import { nameOf } from '@/shared/format/words';
import { t } from '@/shared/content/texts';

const Elsewhere = lazy(() => import('./Elsewhere'));
const KeysSheet = lazy(() => import('./KeysSheet'));
const SyncWatch = lazy(() => import('./SyncWatch'));

const ContentWatch = lazy(() => import('./SyncWatch').then((module) => ({ default: module.ContentWatch })));

/** The icons that the hub may name; an entry with another name has none. */
const icons: Record<string, LucideIcon> = { library: Library, sparkles: Sparkles, layers: Layers, chart: ChartColumn, copy: Copy, plug: Plug, settings: Settings, pulse: Activity };

export type Lead = { id: string; path: string; label: string; icon: LucideIcon | null };

const own = [
  ['library', '/', 'library'],
  ['tonight', '/tonight', 'sparkles'],
  ['collections', '/collections', 'layers'],
  ['insights', '/insights', 'chart'],
  ['duplicates', '/duplicates', 'copy'],
  ['platforms', '/platforms', 'plug'],
  ['settings', '/settings', 'settings'],
  ['status', '/status', 'pulse'],
].map(([id, path, icon]) => ({ id: id as string, path: path as string, icon: icon as string, text: `nav.${id}` }));

/** Where the navigation leads: the hub says so, and this build while it has not answered. */
function useLeads(): Lead[] {
  const { ui, say } = useContent();
  const places = ui?.navigation ?? own;
  // Only paths of this hub: an address from elsewhere is no place of it.
  return places.filter((place) => /^\/(?![/\\])/.test(place.path)).map((place) => ({ id: place.id, path: place.path, label: say(place.text), icon: icons[place.icon ?? ''] ?? null }));
}

const item = 'flex flex-col items-center justify-center gap-1 rounded-xl text-[0.6875rem] font-semibold transition-colors text-muted hover:text-ink hover:bg-surface [&[data-status=active]]:text-lamp-text [&[data-status=active]]:bg-lamp-wash';

/** At the thumb there is little room for a word: on a narrow phone it is smaller, and whole. */
const low = 'max-md:text-[clamp(0.5625rem,2.8vw,0.6875rem)]!';

/** Whether the page was opened at its plain address, so that the chosen beginning counts. */
const openedPlainly = location.pathname === '/' && !location.search;

function useBeginning(): void {
  const { ui, chosen } = useContent();
  const navigate = useNavigate();
  const begun = useRef(!openedPlainly);
  const path = ui?.navigation.find((place) => place.id === (chosen.startPage ?? ui.startPage))?.path;
  useEffect(() => {
    if (begun.current || !path) return;
    begun.current = true;
    if (path !== '/' && location.pathname === '/' && !location.search) void navigate({ to: path, replace: true });
  }, [path, navigate]);
}

/** The frame around every screen: a rail on wide screens, a bar at the thumb on a phone. */
export function Shell({ children }: { children?: ReactNode }) {
  const { me, scopes } = useViewer();
  const [more, setMore] = useState(false);
  const { help, setHelp } = useKeys();
  useBeginning();
  const router = useRouter();
  useEffect(() => void import('./ahead').then(({ fetchAhead }) => fetchAhead(router)).catch(() => undefined), [router]);
  const { ui, say } = useContent();
  const leads = useLeads();
  const further = leads.slice(4);
  const pathname = useLocation({ select: (location) => location.pathname });
  const name = ui?.name ?? say('app.name');
  return (
    <div className="min-h-dvh md:pl-[88px]">
      <a href="#content" className="sr-only focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-50 focus:rounded-lg focus:bg-lamp focus:px-4 focus:py-2 focus:font-semibold focus:text-lamp-ink">
        {say('nav.skip')}
      </a>
      <header className="fixed inset-y-0 left-0 z-30 hidden w-[88px] flex-col items-center overflow-y-auto border-r border-line bg-sunk py-4 [scrollbar-width:none] md:flex">
        <Link to="/" aria-label={`${name}, ${say('nav.library')}`} className="mb-4 shrink-0 rounded-2xl">
          <Mark className="size-11" />
        </Link>
        <nav aria-label={say('nav.main')} className="flex w-full flex-col gap-1.5 px-1">
          {leads.map(({ id, path, label, icon: Icon }) => (
            <Link key={id} to={path as '/'} activeOptions={{ exact: path === '/', includeSearch: false }} className={`${item} h-14 shrink-0`}>
              {Icon && <Icon className="size-5.5" aria-hidden="true" />}
              <span className="max-w-full truncate">{label}</span>
            </Link>
          ))}
        </nav>
        <div className="mt-auto flex w-full flex-col items-center gap-1.5 px-2">
          <a href="/playground" className={`${item} h-14 w-full`}>
            <Code className="size-5" aria-hidden="true" />
            {say('nav.playground')}
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
        <span className="font-display truncate text-lg font-bold">{name}</span>
        <span className="ml-auto flex items-center gap-1">
          <ConnectionState />
          <ThemeButton className="size-10" />
          <a href="/playground" aria-label={say('nav.playground')} className="grid size-10 place-items-center rounded-lg text-muted">
            <Code className="size-5" />
          </a>
        </span>
      </header>
      <main id="content" tabIndex={-1} className="pb-[calc(4.5rem+env(safe-area-inset-bottom))] outline-none md:pb-0">
        {children ?? <Outlet />}
      </main>
      <nav aria-label={say('nav.main')} className="fixed inset-x-0 bottom-0 z-30 grid grid-cols-5 border-t border-line bg-sunk px-1 pt-1.5 pb-[calc(0.375rem+env(safe-area-inset-bottom))] md:hidden">
        {leads.slice(0, 4).map(({ id, path, label, icon: Icon }) => (
          <Link key={id} to={path as '/'} activeOptions={{ exact: path === '/', includeSearch: false }} className={`${item} ${low} h-13 min-w-0`}>
              {Icon && <Icon className="size-5.5" aria-hidden="true" />}
              <span className="max-w-full truncate">{label}</span>
            </Link>
        ))}
        <button type="button" aria-haspopup="dialog" onClick={() => setMore(true)} data-status={further.some((lead) => pathname.startsWith(lead.path)) ? 'active' : undefined} className={`${item} ${low} h-13`}>
          <Ellipsis className="size-5.5" aria-hidden="true" />
          {say('nav.more')}
        </button>
      </nav>
      <Notices />
      <Suspense fallback={null}>
        {scopes.includes('READ_LIBRARY') && <SyncWatch />}
        {ui && <ContentWatch since={ui.rev} />}
        {more && <Elsewhere leads={further} onClose={() => setMore(false)} />}
        {help && <KeysSheet onClose={() => setHelp(false)} />}
      </Suspense>
    </div>
  );
}

/** The device may turn dark in the evening, while one looks. */
const asked = () => matchMedia('(prefers-color-scheme: dark)');
const isDark = () => asked().matches;
function onScheme(tell: () => void): () => void {
  const query = asked();
  query.addEventListener('change', tell);
  return () => query.removeEventListener('change', tell);
}

function ThemeButton({ className }: { className: string }) {
  const { ui, theme, themes, choose } = useContent();
  const scheme = themes.find((one) => one.id === theme)?.scheme;
  const device = useSyncExternalStore(onScheme, isDark);
  const dark = scheme ? scheme === 'DARK' : device;
  const Icon = dark ? Sun : Moon;
  const other = dark ? ui?.lightTheme : ui?.darkTheme;
  return (
    <button type="button" aria-label={dark ? t('app.lightTheme') : t('app.darkTheme')} disabled={!other} onClick={() => other && void choose({ theme: other.id })} className={cx('grid shrink-0 place-items-center rounded-lg text-muted hover:bg-surface hover:text-ink', className)}>
      <Icon className="size-5" />
    </button>
  );
}
