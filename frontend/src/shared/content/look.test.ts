import { describe, expect, it } from 'vitest';
import { sheetOf, wear, type Theme } from './look';

const theme = (id: string, scheme: Theme['scheme'], variables: Theme['variables']): Theme => ({ id, name: id, scheme, variables });
const light = theme('zirp', 'LIGHT', { bg: '#ffffff', ink: '#111111' });
const dark = theme('zorp', 'DARK', { bg: '#000000', ink: '#eeeeee' });
const neon = theme('neon', 'DARK', { bg: '#010203', 'lamp-text': '#ff00ff', shade: '#00000080' });

describe('a look from the API', () => {
  it('follows the device where nothing was chosen', () => {
    expect(sheetOf({ light, dark, chosen: null })).toBe(':root:root:root { color-scheme: light dark; --bg: light-dark(#ffffff, #000000); --ink: light-dark(#111111, #eeeeee); }');
  });

  it('is one theme where one was chosen', () => {
    expect(sheetOf({ light, dark, chosen: neon })).toBe(':root:root:root { color-scheme: dark; --bg: #010203; --lamp-text: #ff00ff; --shade: #00000080; }');
  });

  it('leaves the page’s own colours where there is none', () => {
    expect(sheetOf({ light: null, dark: null, chosen: null })).toBe('');
  });

  it('takes nothing that is no colour', () => {
    const odd = theme('odd', 'DARK', { bg: 'url(https://elsewhere.test)', 'ink;}body{display:none': '#000000', '--x': '#000000', ink: '#ABCDEF', chip: 'red' });
    expect(sheetOf({ light, dark, chosen: odd })).toBe(':root:root:root { color-scheme: dark; --ink: #ABCDEF; }');
  });

  it('is put on the page and kept for the next visit', () => {
    wear({ light, dark, chosen: neon, density: 'COMPACT', motion: 'REDUCED' });
    expect(document.querySelector('style[data-look]')?.textContent).toContain('--bg: #010203');
    expect(document.documentElement.dataset).toMatchObject({ density: 'compact', motion: 'reduced', theme: 'neon' });
    expect(JSON.parse(localStorage.getItem('djinn.look') ?? '')).toMatchObject({ theme: 'neon', density: 'compact' });
    wear({ light, dark, chosen: null, density: 'COMFORTABLE', motion: 'SYSTEM' });
    expect(document.documentElement.dataset.theme).toBeUndefined();
  });
});
