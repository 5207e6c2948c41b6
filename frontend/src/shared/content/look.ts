/**
 * How the page looks: colours from the API's themes, density and motion. What was chosen last is
 * kept on the device, and `public/theme.js` puts it on before the first paint.
 */
export type Colours = Record<string, string>;
export type Theme = { id: string; name: string; scheme: 'LIGHT' | 'DARK'; variables: Colours };
export type Look = {
  /** The themes for bright and dark devices. */
  light: Theme | null;
  dark: Theme | null;
  /** A theme chosen whatever the device says. */
  chosen: Theme | null;
  density: 'COMFORTABLE' | 'COMPACT';
  motion: 'SYSTEM' | 'REDUCED' | 'FULL';
};

const KEY = 'djinn.look';

/** Only what is a colour by name goes into the style sheet, whoever sent it. */
const safe = (colours: Colours): [string, string][] => Object.entries(colours).filter(([name, value]) => /^[a-z][a-z-]{0,30}$/.test(name) && /^#[0-9a-f]{6}([0-9a-f]{2})?$/i.test(value));

/** It stands before the page's own style sheet, so it has to weigh more. */
const ROOT = ':root:root:root';

/** The style sheet of a look; empty where the page's own colours stand. */
export function sheetOf({ light, dark, chosen }: Pick<Look, 'light' | 'dark' | 'chosen'>): string {
  if (chosen) return `${ROOT} { color-scheme: ${chosen.scheme === 'DARK' ? 'dark' : 'light'}; ${safe(chosen.variables).map(([name, value]) => `--${name}: ${value};`).join(' ')} }`;
  if (!light || !dark) return '';
  const bright = new Map(safe(light.variables));
  const pairs = safe(dark.variables).flatMap(([name, value]) => (bright.has(name) ? [`--${name}: light-dark(${bright.get(name)}, ${value});`] : []));
  return `${ROOT} { color-scheme: light dark; ${pairs.join(' ')} }`;
}

/** Puts a look on the page, and keeps it for the next visit. */
export function wear(look: Look): void {
  const root = document.documentElement;
  const css = sheetOf(look);
  let style = document.querySelector<HTMLStyleElement>('style[data-look]');
  if (!style) {
    style = document.createElement('style');
    style.dataset.look = '';
    document.head.append(style);
  }
  if (style.textContent !== css) style.textContent = css;
  root.dataset.density = look.density.toLowerCase();
  root.dataset.motion = look.motion.toLowerCase();
  if (look.chosen) root.dataset.theme = look.chosen.id;
  else delete root.dataset.theme;
  try {
    localStorage.setItem(KEY, JSON.stringify({ css, density: root.dataset.density, motion: root.dataset.motion, ...(look.chosen ? { theme: look.chosen.id } : {}) }));
  } catch {
    // It is put on again after the hub has answered then.
  }
}
