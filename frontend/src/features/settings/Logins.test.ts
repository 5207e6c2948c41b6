import { afterEach, describe, expect, it } from 'vitest';
import { sayer, speak } from '@/shared/content/texts';
import { deviceText } from './Logins';

afterEach(() => speak(sayer({}, 'en'), 'en'));

describe('the name of a device', () => {
  it('is said in the language that is spoken where the sign-in made it, and is left alone where a person did', () => {
    expect(deviceText('Chrome on Linux')).toBe('Chrome on Linux');
    speak(sayer({ 'settings.deviceOn': '{browser} unter {system}' }, 'de'), 'de');
    expect(deviceText('Chrome on Linux')).toBe('Chrome unter Linux');
    expect(deviceText('Browser on unknown system')).toBe('Browser');
    expect(deviceText('Sofa on wheels')).toBe('Sofa on wheels');
  });
});
