/**
 * A made cover as the inside of an SVG on a sheet of 60 × 90. A text and no elements: the browser
 * reads it in a fraction of the time in which its shapes would be made one by one. All that has one
 * colour is one path, because each letter of a search has the browser style every element of a screen
 * of covers. The title is drawn as well, so that nothing has to be measured.
 */
import { design, dice, type Design, type Motif } from './design';

type Colours = Design['palette'];
type Picture = (colours: Colours, roll: () => number, upright: boolean) => string;

const n = (value: number): string => String(Math.round(value * 100) / 100);
const rect = (x: number, y: number, width: number, height: number): string => `M${n(x)} ${n(y)}h${n(width)}v${n(height)}h${n(-width)}z`;
const round = (x: number, y: number, r: number): string => `M${n(x - r)} ${n(y)}a${n(r)} ${n(r)} 0 1 1 ${n(r * 2)} 0a${n(r)} ${n(r)} 0 1 1 ${n(-r * 2)} 0z`;
const path = (d: string, fill: string, more = ''): string => (d ? `<path d="${d}" fill="${fill}"${more}/>` : '');
const circle = (x: number, y: number, r: number, fill: string): string => `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" fill="${fill}"/>`;
const polygon = (points: string, fill: string, more = ''): string => `<polygon points="${points}" fill="${fill}"${more}/>`;
const times = (count: number, draw: (i: number) => string): string => Array.from({ length: count }, (_, i) => draw(i)).join('');

// Each picture puts its weight into the lower half; the sheet is flipped when the title is below.
const pictures: Record<Motif, Picture> = {
  sun: (c, roll) => {
    const x = 20 + roll() * 24;
    const r = 17 + roll() * 6;
    return circle(x, 60, r, c.glow) + path(times(6, (i) => rect(0, 60 + i * 5.2, 60, 1 + i * 0.85)), c.paper) + path(rect(0, 86, 60, 4), c.mid);
  },
  arcs: (c, roll) => {
    const x = roll() < 0.5 ? 0 : 60;
    const fills = [c.deep, c.mid, c.paper, c.glow, c.deep, c.glow];
    return fills.map((fill, i) => circle(x, 90, 54 - i * 9, fill)).join('');
  },
  peaks: (c, roll) => {
    const ridge = (base: number, height: number) => `0,90 ${times(7, (i) => `${i * 10},${n(base - (i % 2 ? roll() * height : height * 0.25 * roll()))} `)}60,90`;
    return (
      circle(12 + roll() * 36, 48 + roll() * 6, 5 + roll() * 4, c.glow) +
      polygon(ridge(68, 22), c.mid) +
      polygon(ridge(78, 18), c.dark ? c.deep : c.glow) +
      polygon(ridge(88, 12), c.dark ? c.glow : c.ink, ' opacity=".9"')
    );
  },
  orbit: (c, roll) => {
    const tilt = -35 + roll() * 70;
    const at = roll() * Math.PI * 2;
    const rings = [22, 28, 34].map((r, i) => `<ellipse rx="${r}" ry="${n(r * 0.32)}" fill="none" stroke="${i ? c.mid : c.glow}" stroke-width="${i ? 0.6 : 1.6}"/>`).join('');
    return `<g transform="translate(30 62) rotate(${n(tilt)})">${circle(0, 0, 15, c.mid)}<path d="M-15 0A15 15 0 0 0 15 0Z" fill="${c.deep}" opacity=".55"/>${rings}<path d="M-15 -1A15 15 0 0 1 15 -1Z" fill="${c.mid}"/>${circle(Math.cos(at) * 28, Math.sin(at) * 9, 2.6, c.glow)}</g>`;
  },
  sprite: (c, roll, upright) => {
    const cells = { ink: '', mid: '', glow: '' };
    for (let y = 0; y < 8; y += 1) {
      for (let x = 0; x < 4; x += 1) {
        const centre = 1 - (Math.abs(3.5 - y) / 8 + (3 - x) / 9);
        if (roll() > centre * 0.92) continue;
        const fill = roll() < 0.24 ? 'ink' : roll() < 0.3 ? 'mid' : 'glow';
        for (const column of [x, 7 - x]) cells[fill] += rect(10 + column * 5, 42 + (upright ? y : 7 - y) * 5, 5.05, 5.05);
      }
    }
    return path(rect(0, 38, 60, 52), c.deep) + path(cells.glow, c.glow) + path(cells.mid, c.mid) + path(cells.ink, c.ink);
  },
  waves: (c, roll) => {
    const shift = roll() * 6;
    const wave = (y: number, swing: number, by: number) => `0,92 ${times(13, (i) => `${i * 5},${n(y + Math.sin(i * 0.9 + by) * swing)} `)}60,92`;
    return [c.deep, c.mid, c.glow, c.deep, c.mid].map((fill, i) => polygon(wave(48 + i * 9.5, 4 - i * 0.5, shift + i * 1.3), fill, i === 2 ? '' : ' opacity=".92"')).join('');
  },
  rays: (c, roll) => {
    const x = 16 + roll() * 28;
    const turn = roll() * 0.4;
    const at = (i: number) => `${n(x + Math.cos((i / 16) * Math.PI * 2 + turn) * 120)},${n(70 + Math.sin((i / 16) * Math.PI * 2 + turn) * 120)}`;
    return `${path(times(8, (i) => `M${n(x)},70L${at(i * 2)} ${at(i * 2 + 1)}z`), c.deep, ' opacity=".75"')}${circle(x, 70, 13, c.glow)}${circle(x, 70, 7.5, c.mid)}`;
  },
  tiles: (c, roll) => {
    const tiles = { deep: '', mid: '', glow: '' };
    for (let y = 0; y < 4; y += 1) {
      for (let x = 0; x < 5; x += 1) {
        const fill = (['glow', 'mid', 'deep', 'glow'] as const)[Math.floor(roll() * 4)] ?? 'glow';
        const turn = Math.floor(roll() * 4);
        if (roll() < 0.08 + (3 - y) * 0.07) continue;
        // A point of the tile, turned about its middle by so many quarters.
        const at = (px: number, py: number): string => {
          for (let i = 0; i < turn; i += 1) [px, py] = [12 - py, px];
          return `${n(x * 12 + px)} ${n(42 + y * 12 + py)}`;
        };
        // A hair more than its twelfth, so that no seam shows between two of one colour.
        tiles[fill] += roll() < 0.72 ? `M${at(-0.1, -0.1)}L${at(12.1, -0.1)}A12.1 12.1 0 0 1 ${at(-0.1, 12.1)}Z` : round(x * 12 + 6, 48 + y * 12, 6);
      }
    }
    return path(tiles.deep, c.deep) + path(tiles.mid, c.mid) + path(tiles.glow, c.glow);
  },
  steps: (c, roll) => {
    const flip = roll() < 0.5;
    const heights = Array.from({ length: 6 }, (_, i) => 6 + i * 7.5 + roll() * 3);
    const stairs = (rest: number) => heights.map((height, i) => (i % 2 === rest ? rect(i * 10, 90 - height, 10.05, height) : '')).join('');
    const edges = heights.map((height, i) => rect(i * 10, 90 - height, 10.05, 2)).join('');
    return `<g${flip ? ' transform="matrix(-1 0 0 1 60 0)"' : ''}>${path(stairs(0), c.deep)}${path(stairs(1), c.mid)}${path(edges + round(14, 56, 5), c.glow)}</g>`;
  },
};

const safe: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (char) => safe[char] ?? char);

/** Lines and sizes are in hundredths of the sheet's width. */
function titleOf({ lettering, palette, titleAtTop }: Design): string {
  const unit = 0.6;
  const { lines, size, sub, subSize } = lettering;
  const high = (lines.length * size * 0.96 + (sub.length ? 3 + sub.length * subSize * 1.12 : 0)) * unit;
  const top = titleAtTop ? 8 * unit : 90 - 9 * unit - high;
  const texts = (list: string[], from: number, step: number, base: number, size: number) => list.map((line, i) => `<text x="4.8" y="${n(from + (base + i * step) * size * unit)}" font-size="${n(size * unit)}">${escape(line)}</text>`).join('');
  const main = `<g class="made-title">${texts(lines, top, 0.96, 0.81, size)}</g>`;
  return `<g fill="${palette.ink}">${main}${sub.length ? `<g class="made-subtitle">${texts(sub, top + (lines.length * size * 0.96 + 3) * unit, 1.12, 0.92, subSize)}</g>` : ''}</g>`;
}

// The face of the titles is fetched with this file, and not when the first of them is drawn.
if (typeof document !== 'undefined') void document.fonts?.load('800 condensed 1em "Bricolage Grotesque"');

const kept = new Map<string, string>();

/** The drawing of a title's cover; `bare` leaves the title out. The last few hundred are kept, for grids that are drawn again while one types. */
export function drawingOf(title: string, bare: boolean): string {
  const key = `${bare}${title}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (kept.size > 600) kept.clear();
  const made = design(title);
  const picture = pictures[made.motif](made.palette, dice(made.seed ^ 0x51ed270b), made.titleAtTop || bare);
  const upright = made.titleAtTop || bare;
  const drawing = `${upright ? picture : `<g transform="matrix(1 0 0 -1 0 90)">${picture}</g>`}${bare ? '' : titleOf(made)}`;
  kept.set(key, drawing);
  return drawing;
}
