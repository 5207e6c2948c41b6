/**
 * GraphiQL's theme for the look that was chosen in the app, which `public/theme.js` has put on; that
 * of the device where none was. Forced, so that GraphiQL remembers no other.
 */
export function themeNow(): 'light' | 'dark' | 'system' {
  const scheme = getComputedStyle(document.documentElement).colorScheme;
  return scheme === 'light' || scheme === 'dark' ? scheme : 'system';
}
