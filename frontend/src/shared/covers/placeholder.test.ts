import { describe, expect, it } from 'vitest';
import { placeholderOf } from './placeholder';

type Colour = [number, number, number];

/** The points of a background: their colours, row by row. */
function pointsOf(background: string | null): Colour[] {
  const bytes = Buffer.from(/base64,([^"]+)/.exec(background ?? '')?.[1] ?? '', 'base64');
  expect(bytes.subarray(0, 2).toString()).toBe('BM');
  expect(bytes.readUInt32LE(2)).toBe(bytes.length);
  return Array.from({ length: (bytes.length - 54) / 3 }, (_, at) => [bytes[54 + at * 3 + 2], bytes[54 + at * 3 + 1], bytes[54 + at * 3]] as Colour);
}

/** The head of a ThumbHash as its encoder writes it, with nothing behind: one colour everywhere. */
function hashOf(r: number, g: number, b: number): string {
  const head = Math.round((63 * (r + g + b)) / 3) | (Math.round(31.5 + 31.5 * ((r + g) / 2 - b)) << 6) | (Math.round(31.5 + 31.5 * (r - g)) << 12);
  return btoa(String.fromCharCode(head & 255, (head >> 8) & 255, head >> 16, 0, 0));
}

describe('what stands in for a picture', () => {
  it('is drawn as the hash’s own makers draw it', () => {
    // The example of their page, upright, and its colours at five places as their decoder has them.
    const points = pointsOf(placeholderOf('1QcSHQRnh493V4dIh4eXh1h4kJUI'));
    expect(points).toHaveLength(64);
    const theirs: [number, Colour][] = [[0, [69, 80, 112]], [7, [84, 105, 133]], [27, [188, 157, 137]], [56, [0, 10, 39]], [63, [0, 7, 41]]];
    for (const [at, colour] of theirs) for (const [part, value] of colour.entries()) expect(Math.abs((points[at]?.[part] ?? 999) - value)).toBeLessThan(13);
  });

  it('is its one colour where it has one', () => {
    for (const colour of [[1, 0, 0], [0, 0, 1], [1, 1, 1], [0, 0, 0], [0.2, 0.5, 0.7]] as Colour[]) {
      for (const point of pointsOf(placeholderOf(hashOf(...colour)))) for (const [at, part] of colour.entries()) expect(Math.abs((point[at] ?? 999) - part * 255)).toBeLessThan(10);
    }
  });

  it('is nothing where there is no hash, or something else', () => {
    for (const odd of [null, undefined, '', 'AAA=', 'not base64 §']) expect(placeholderOf(odd)).toBeNull();
  });
});
