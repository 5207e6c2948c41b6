import { afterEach, describe, expect, it } from 'vitest';
import { themeNow } from './theme';

afterEach(() => document.documentElement.removeAttribute('style'));

describe('the look of the playground', () => {
  it('is the one that was chosen in the app, and the device’s where none was', () => {
    expect(themeNow()).toBe('system');
    document.documentElement.style.setProperty('color-scheme', 'dark');
    expect(themeNow()).toBe('dark');
    document.documentElement.style.setProperty('color-scheme', 'light');
    expect(themeNow()).toBe('light');
    document.documentElement.style.setProperty('color-scheme', 'light dark');
    expect(themeNow()).toBe('system');
  });
});
