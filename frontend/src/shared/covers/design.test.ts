import { describe, expect, it } from 'vitest';
import { design, hash, letter, paletteOf, widthOf } from './design';

const titles = ['The Witcher 3: Wild Hunt', 'Hades', 'Planescape: Torment', 'Amnesia: The Dark Descent', '黑神话：悟空', 'シュタインズ・ゲート', 'N++', 'S.T.A.L.K.E.R.: Shadow of Chernobyl', 'A', 'Pneumonoultramicroscopicsilicovolcanoconiosis', 'Sid Meier’s Civilization VI: Gathering Storm and Rise and Fall Complete Anthology', '™', ''];

const lightness = (colour: string): number => Number(/oklch\(([\d.]+)/.exec(colour)?.[1]);

describe('a made cover', () => {
  it('is the same for the same title, whatever its case and spacing', () => {
    expect(design('  HADES ')).toMatchObject({ seed: design('Hades').seed, motif: design('hades').motif, palette: paletteOf('hades') });
  });

  it('differs between the parts of a series', () => {
    const seeds = ['Halo', 'Halo 2', 'Halo 3', 'Halo 4', 'Halo 5'].map(hash);
    expect(new Set(seeds).size).toBe(5);
    expect(new Set(['DOOM', 'DOOM II', 'DOOM 3', 'DOOM Eternal', 'DOOM 64'].map((t) => JSON.stringify(paletteOf(t)))).size).toBe(5);
  });

  it.each(titles)('sets “%s” within the width of the cover', (title) => {
    const { lines, size, sub, subSize } = letter(title);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(widthOf(line) * size).toBeLessThanOrEqual(100);
    // The face of subtitles is wider than the one that is measured.
    for (const line of sub) expect(widthOf(line) * subSize * 1.1).toBeLessThanOrEqual(84);
    expect(lines.length * size + sub.length * subSize * 1.15).toBeLessThanOrEqual(64);
  });

  it('sets a subtitle smaller than its title', () => {
    const made = letter('Ori and the Will: A Tale of Wisps');
    expect(made.sub.join(' ')).toBe('A Tale of Wisps');
    expect(made.subSize).toBeLessThan(made.size);
  });

  it('keeps ink and paper far apart for any title', () => {
    for (let i = 0; i < 500; i += 1) {
      const { ink, paper } = paletteOf(`Game ${i}`);
      expect(Math.abs(lightness(ink) - lightness(paper))).toBeGreaterThan(0.5);
    }
  });
});
