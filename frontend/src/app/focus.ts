import type { AnyRouter } from '@tanstack/react-router';

/**
 * Who goes to another screen by the keyboard goes on in it: what had the focus may be gone with the
 * screen before. Where it is still there, as in the navigation, it keeps it; and a page that was just
 * opened begins at its top.
 */
export function keepFocus(router: Pick<AnyRouter, 'subscribe'>): void {
  router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
    if (!fromLocation || !pathChanged || document.activeElement !== document.body) return;
    document.getElementById('content')?.focus({ preventScroll: true });
  });
}
