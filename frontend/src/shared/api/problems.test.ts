import { CombinedError } from 'urql';
import { afterEach, describe, expect, it } from 'vitest';
import { sayer, speak } from '@/shared/content/texts';
import { atMoment } from '@/shared/format/time';
import { isNoId, platformFault, refusal, say, sortProblems } from './problems';

const problem = (code: string, message: string, field: string | null = null) => ({ code, message, field });
afterEach(() => speak(sayer({}, 'en'), 'en'));

describe('what went wrong', () => {
  it('is said by its code in the language that is spoken, and in the hub’s words where the code does not say it all', () => {
    speak(sayer({ 'problem.SYNC_RUNNING': 'Läuft schon.' }, 'de'), 'de');
    expect(refusal([problem('SYNC_RUNNING', 'it runs already')], undefined)).toBe('Läuft schon.');
    expect(refusal([problem('INVALID_INPUT', 'at most 80 characters')], undefined)).toBe('At most 80 characters.');
    const error = new CombinedError({ graphQLErrors: [{ message: 'busy', extensions: { code: 'SYNC_RUNNING' } }] });
    expect(say(error)).toBe('Läuft schon.');
    expect(sortProblems([problem('SYNC_RUNNING', 'x', 'input.name'), problem('CONFLICT', 'y')], ['name'])).toEqual({ fields: { name: 'Läuft schon.' }, rest: ['Y.'] });
  });

  it('is nothing at all where the address has no id: there is nothing by that name', () => {
    expect(isNoId(new CombinedError({ graphQLErrors: [{ message: 'not a game id', extensions: { code: 'INVALID_ID' } }] }))).toBe(true);
    expect(isNoId(new CombinedError({ graphQLErrors: [{ message: 'busy', extensions: { code: 'UNAVAILABLE' } }] }))).toBe(false);
    expect(isNoId(undefined)).toBe(false);
  });

  it('is said by its sentence where the code has several, with what stands in it', () => {
    const taken = { ...problem('CONFLICT', 'there is a status called `Zip` already'), reason: 'status.taken', values: ['Zip'] };
    expect(refusal([taken], undefined)).toBe('There is a status called `Zip` already.');
    speak(sayer({ 'problem.CONFLICT.status.taken': 'Es gibt schon {first}.', 'problem.RATE_LIMITED': 'Zu viel.' }, 'de'), 'de');
    expect(refusal([taken], undefined)).toBe('Es gibt schon Zip.');
    // A sentence that nobody has written is still one of its code.
    expect(refusal([{ ...problem('RATE_LIMITED', 'too many moons'), reason: 'moons', values: ['7'] }], undefined)).toBe('Zu viel.');
    expect(refusal([problem('CONFLICT', 'two of a kind')], undefined)).toBe('Two of a kind.');
  });

  it('says an instant as its reader writes one, and leaves alone what is none', () => {
    const until = '2026-07-31T12:30:00Z';
    const waits = { ...problem('PROVIDER_RATE_LIMITED', `wait until ${until}`), reason: 'sync.waits', values: [until] };
    const texts = { 'problem.PROVIDER_RATE_LIMITED.sync.waits': 'Bis zum {until}.', 'problem.CONFLICT.status.taken': 'Es gibt schon {first}.' };
    speak(sayer(texts, 'de'), 'de');
    expect(refusal([waits], undefined)).toBe(`Bis zum ${atMoment(until)}.`);
    expect(refusal([waits], undefined)).toMatch(/31\.07\.2026/);
    expect(refusal([{ ...problem('CONFLICT', 'x'), reason: 'status.taken', values: [until] }], undefined)).toBe(`Es gibt schon ${until}.`);
    expect(refusal([{ ...waits, values: ['soon'] }], undefined)).toBe('Bis zum soon.');
  });

  it('with a platform is said of that platform first', () => {
    const down = problem('PROVIDER_DOWN', 'Zorp does not answer.');
    expect(platformFault(down, { id: 'zorp', name: 'Zorp' })).toBe('Zorp does not answer.');
    const texts = { 'problem.platform.PROVIDER_DOWN': '{platform} schweigt.' };
    speak(sayer(texts, 'de'), 'de');
    expect(platformFault(down, { id: 'zorp', name: 'Zorp' })).toBe('Zorp schweigt.');
    speak(sayer({ ...texts, 'platform.zorp.PROVIDER_DOWN': 'Zorp schläft.' }, 'de'), 'de');
    expect(platformFault(down, { id: 'zorp', name: 'Zorp' })).toBe('Zorp schläft.');
  });
});
