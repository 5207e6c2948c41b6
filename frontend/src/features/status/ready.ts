import { useCallback, useEffect, useState } from 'react';

export type Ready = { ready: boolean; whole: boolean; parts: Record<string, string> };
export type Look = { state: Ready | null; version: string; at: number | null; failed: boolean };
export const EVERY = 10_000;

/** The parts that do not work. */
export const down = (parts: Record<string, string>): string[] => Object.keys(parts).filter((name) => parts[name] !== 'ok');

/** Reads what `/ready` answers, also when it says that the hub is not. */
export function readReady(value: unknown): Ready | null {
  if (typeof value !== 'object' || value === null) return null;
  const { ready, whole, parts } = value as { ready?: unknown; whole?: unknown; parts?: unknown };
  if (typeof ready !== 'boolean' || typeof parts !== 'object' || parts === null) return null;
  const said = Object.fromEntries(Object.entries(parts).map(([name, state]) => [name, String(state)]));
  return { ready, whole: typeof whole === 'boolean' ? whole : ready && down(said).length === 0, parts: said };
}

const ask = (path: string): Promise<unknown> => fetch(path, { cache: 'no-store' }).then((answer) => answer.json() as Promise<unknown>).catch(() => null);

/** Looks at the hub now and every ten seconds while the page is in sight. What was seen stays when it no longer answers. */
export function useReady(): [Look, () => void] {
  const [look, setLook] = useState<Look>({ state: null, version: '', at: null, failed: false });
  const once = useCallback(async () => {
    const [ready, health] = await Promise.all([ask('/ready'), ask('/health')]);
    const state = readReady(ready);
    const version = typeof health === 'object' && health !== null && 'version' in health ? String(health.version) : '';
    setLook((old) => (state ? { state, version: version || old.version, at: Date.now(), failed: false } : { ...old, failed: true }));
  }, []);
  useEffect(() => {
    const again = () => void (document.hidden || once());
    again();
    const timer = setInterval(again, EVERY);
    document.addEventListener('visibilitychange', again);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', again);
    };
  }, [once]);
  return [look, () => void once()];
}
