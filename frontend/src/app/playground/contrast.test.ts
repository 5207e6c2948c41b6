import { describe, expect, it } from 'vitest';
import { contrast, hex, readable } from './contrast';

describe('a colour in the editor', () => {
  it('has the contrast that the standard says', () => {
    expect(contrast(hex('#000000'), hex('#ffffff'))).toBeCloseTo(21);
    expect(contrast(hex('#777777'), hex('#ffffff'))).toBeCloseTo(4.48, 1);
  });

  it('stays as it is where it can be read, and is moved until it can', () => {
    expect(readable(hex('#ffffff'), hex('#212a3b'))).toEqual([255, 255, 255]);
    for (const paper of ['#212a3b', '#ffffff', '#808080']) {
      for (const colour of ['#608b4e', '#cc6666', '#494e59', '#0000ff', '#ffcc99']) {
        expect(contrast(readable(hex(colour), hex(paper)), hex(paper)), `${colour} on ${paper}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });
});
