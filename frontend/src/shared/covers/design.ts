/**
 * A cover for every game that has none: the same title gives the same cover, on every device and
 * in every version of the page. Pure, so that it can be tested and drawn anywhere.
 */

export type Palette = { paper: string; ink: string; deep: string; mid: string; glow: string; dark: boolean };
export type Motif = 'sun' | 'arcs' | 'peaks' | 'orbit' | 'sprite' | 'waves' | 'rays' | 'tiles' | 'steps';
export type Lettering = { lines: string[]; size: number; sub: string[]; subSize: number };
export type Design = { palette: Palette; motif: Motif; lettering: Lettering; titleAtTop: boolean; seed: number };

const motifs: Motif[] = ['sun', 'arcs', 'peaks', 'orbit', 'sprite', 'waves', 'rays', 'tiles', 'steps'];

/** FNV-1a over the folded title, so that case and spacing make no other cover. */
export function hash(title: string): number {
  let value = 0x811c9dc5;
  for (const char of title.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, ' ')) {
    value ^= char.codePointAt(0) ?? 0;
    value = Math.imul(value, 0x01000193) >>> 0;
  }
  // A last mix: FNV alone leaves titles of one series next to each other.
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d) >>> 0;
  return (value ^ (value >>> 13)) >>> 0;
}

/** Numbers in 0..1 that follow from a seed (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const oklch = (l: number, c: number, h: number): string => `oklch(${l.toFixed(3)} ${c.toFixed(3)} ${Math.round(((h % 360) + 360) % 360)})`;

/** Ink and paper are far apart in lightness in each scheme, so that the title always reads. */
export function paletteOf(title: string): Palette {
  const roll = dice(hash(title));
  const hue = roll() * 360;
  const turn = [38, -42, 150, 185, 215][Math.floor(roll() * 5)] ?? 38;
  const scheme = roll();
  if (scheme < 0.5) {
    return { dark: true, paper: oklch(0.27, 0.062, hue), ink: oklch(0.965, 0.025, hue + turn), deep: oklch(0.2, 0.055, hue), mid: oklch(0.43, 0.1, hue + turn * 0.3), glow: oklch(0.78, 0.135, hue + turn) };
  }
  if (scheme < 0.78) {
    return { dark: true, paper: oklch(0.4, 0.105, hue), ink: oklch(0.975, 0.03, hue + 40), deep: oklch(0.31, 0.09, hue - 12), mid: oklch(0.53, 0.125, hue + 14), glow: oklch(0.845, 0.12, hue + turn) };
  }
  return { dark: false, paper: oklch(0.9, 0.045, hue), ink: oklch(0.25, 0.06, hue + turn), deep: oklch(0.82, 0.07, hue), mid: oklch(0.72, 0.115, hue + turn * 0.4), glow: oklch(0.58, 0.16, hue + turn) };
}

const wide = (char: string): boolean => (char.codePointAt(0) ?? 0) > 0x2e7f;

/** Width of a text in em, near enough for the condensed heavy face. */
export function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += wide(char) ? 1.02 : /[MWmw@%]/.test(char) ? 0.74 : /[ilIjt.,:'!|()\-1]/.test(char) ? 0.31 : /[A-Z0-9&]/.test(char) ? 0.55 : 0.475;
  return width;
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).flatMap((word) => ([...word].some(wide) ? [...word] : [word]));
}

/** How much wider the face of subtitles is than the condensed one. */
const SUBTITLE = 1.15;

function wrap(text: string, room: number): string[] | null {
  const lines: string[] = [];
  let line = '';
  for (const word of wordsOf(text)) {
    const glue = line && !(wide(word) && wide(line.at(-1) ?? '')) ? ' ' : '';
    if (line && widthOf(line + glue + word) > room) {
      lines.push(line);
      line = word;
    } else {
      line += glue + word;
    }
    if (widthOf(line) > room) return null;
  }
  return line ? [...lines, line] : lines;
}

function fit(text: string, sizes: readonly number[], maxLines: number, room: number, face = 1): { lines: string[]; size: number } {
  for (const size of sizes) {
    const lines = wrap(text, 83 / size / face);
    if (lines && lines.length <= maxLines && lines.length * size <= room) return { lines, size };
  }
  const size = sizes.at(-1) ?? 8;
  const chars = Math.floor(83 / size / face / 0.5);
  const lines: string[] = [];
  for (let at = 0; at < text.length && lines.length < maxLines; at += chars) lines.push(text.slice(at, at + chars));
  return { lines, size };
}

/** Breaks a title into lines and sizes (in hundredths of the cover's width); a subtitle is set smaller. */
export function letter(title: string): Lettering {
  const clean = title.replace(/[™®©]/g, '').trim() || '?';
  const cut = /^(.{2,}?)\s*(?::|\s[-–—])\s+(.{2,})$/.exec(clean);
  // The picture has the other half: title and subtitle keep to theirs.
  const sub = cut?.[2] ? fit(cut[2], [10.5, 9.5, 8.5, 7.5], 3, 24, SUBTITLE) : { lines: [], size: 0 };
  const main = fit(cut?.[1] ?? clean, [27, 24, 21.5, 19.5, 17.5, 16, 14.5, 13, 11.5, 10], cut ? 3 : 4, sub.lines.length ? 60 - sub.lines.length * sub.size * 1.15 : 60);
  return { ...main, sub: sub.lines, subSize: sub.size };
}

const kept = new Map<string, Design>();

/** The design of a title's cover. The last few hundred are kept, for grids that are drawn again while one types. */
export function design(title: string): Design {
  const known = kept.get(title);
  if (known) return known;
  if (kept.size > 600) kept.clear();
  const made = make(title);
  kept.set(title, made);
  return made;
}

function make(title: string): Design {
  const seed = hash(title);
  const roll = dice(seed ^ 0x9e3779b9);
  const motif = motifs[Math.floor(roll() * motifs.length)] ?? 'sun';
  // Mountains and stairs stand on the ground; the others may as well hang.
  const grounded = motif === 'peaks' || motif === 'steps';
  return {
    palette: paletteOf(title),
    motif,
    titleAtTop: grounded || roll() < 0.35,
    lettering: letter(title),
    seed,
  };
}
