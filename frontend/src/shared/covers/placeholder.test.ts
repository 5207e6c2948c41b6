import { describe, expect, it } from 'vitest';
import { averageColour } from './placeholder';

/** The head of a ThumbHash as its encoder writes it: lightness, yellow against blue, red against green. */
function hashOf(r: number, g: number, b: number): string {
  const head = Math.round((63 * (r + g + b)) / 3) | (Math.round(31.5 + 31.5 * ((r + g) / 2 - b)) << 6) | (Math.round(31.5 + 31.5 * (r - g)) << 12);
  return btoa(String.fromCharCode(head & 255, (head >> 8) & 255, head >> 16, 0, 0));
}

describe('what stands in for a picture', () => {
  it('is its average colour', () => {
    const colours: [number, number, number][] = [[1, 0, 0], [0, 0, 1], [1, 1, 1], [0, 0, 0], [0.2, 0.5, 0.7]];
    for (const colour of colours) {
      const read = (averageColour(hashOf(...colour))?.match(/\d+/g) ?? []).map(Number);
      expect(read).toHaveLength(3);
      for (const [at, part] of colour.entries()) expect(Math.abs((read[at] ?? 0) - part * 255)).toBeLessThan(10);
    }
  });

  it('is nothing where there is no hash, or something else', () => {
    for (const odd of [null, undefined, '', 'AAA=', 'not base64 §']) expect(averageColour(odd)).toBeNull();
  });
});
