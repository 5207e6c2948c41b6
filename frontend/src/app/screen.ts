import { lazyRouteComponent } from '@tanstack/react-router';

/** The code of a screen did not come: the hub is down, or of another version by now. */
export class Unfetched extends Error {}

/** Whether it is for want of code, of a screen or of a part of one, that nothing can be shown. */
export const isUnfetched = (error: unknown): boolean =>
  error instanceof Unfetched || (error instanceof Error && /dynamically imported module|importing a module script|preload CSS/i.test(error.message));

/**
 * A screen that is fetched when it is needed. The router's own way would load the whole page again
 * where a file does not come, and while the hub is down that ends the app.
 */
export function screen<Name extends string>(fetch: () => Promise<Record<Name, () => React.ReactNode>>, name: Name) {
  return lazyRouteComponent(
    () =>
      fetch().catch((cause: unknown) => {
        throw new Unfetched(`The screen ${name} was not fetched.`, { cause });
      }),
    name,
  );
}
