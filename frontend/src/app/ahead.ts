import type { AnyRouter } from '@tanstack/react-router';

/** The first screen is whole by then, also on a phone. */
const LATER = 4_000;

const idle = (): Promise<unknown> => new Promise((resume) => ('requestIdleCallback' in window ? requestIdleCallback(resume) : setTimeout(resume, 200)));

let begun = false;

/** Fetches the other screens one by one while there is nothing to do, so that they open at once, also without the hub. */
export function fetchAhead(router: AnyRouter): void {
  const line = (navigator as { connection?: { saveData?: boolean } }).connection;
  if (begun || line?.saveData) return;
  begun = true;
  setTimeout(async () => {
    const screens = Object.values<{ options: { component?: unknown } }>(router.routesById).map(({ options }) => (options.component as { preload?: () => Promise<unknown> } | undefined)?.preload);
    for (const fetch of [...screens, () => import('./Elsewhere')]) {
      await idle();
      // One that does not come is fetched when it is wanted.
      await fetch?.().catch(() => undefined);
    }
  }, LATER);
}
