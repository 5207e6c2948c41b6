import { describe, expect, it } from 'vitest';
import { drawingOf } from './drawing';

const parse = (title: string, bare = false): Document => new DOMParser().parseFromString(`<svg xmlns="http://www.w3.org/2000/svg">${drawingOf(title, bare)}</svg>`, 'image/svg+xml');
const titles = ['The Witcher 3: Wild Hunt', 'Hades', '黑神话：悟空', 'N++', 'A', '™', '', 'Salt & Iron', '"Quoted" <Game>'];

describe('the drawing of a made cover', () => {
  it.each(titles)('of “%s” is well formed', (title) => {
    for (const bare of [false, true]) expect(parse(title, bare).querySelector('parsererror')).toBeNull();
  });

  it('says the title, whatever is in it', () => {
    expect(parse('Salt & Iron').documentElement.textContent).toContain('&');
    const odd = parse('<img src=x onerror=alert(1)> & "more"');
    expect(odd.querySelector('img, script')).toBeNull();
    expect(odd.documentElement.textContent?.replace(/\s/g, '')).toContain('<imgsrc=x');
  });

  it('leaves the title out where it stands beside', () => {
    for (const title of titles) expect(parse(title, true).querySelector('text')).toBeNull();
  });

  it('is the same each time, and another for another title', () => {
    expect(drawingOf('Hades', false)).toBe(drawingOf('Hades', false));
    expect(new Set(Array.from({ length: 50 }, (_, i) => drawingOf(`Game ${i}`, true))).size).toBeGreaterThan(45);
  });
});
