import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { sayer, speak } from '@/shared/content/texts';
import { evidenceText } from './evidence';
import { reasonText, type Reason } from './reasons';

const shipped = (language: string): Record<string, string> => JSON.parse(readFileSync(`../subgraphs/metadata/src/content/text/${language}.json`, 'utf8')) as Record<string, string>;
const reason = (code: string, more: Partial<Reason> = {}): Reason => ({ code, text: 'Because it is so.', title: null, names: [], minutes: null, score: null, ...more });
afterEach(() => speak(sayer({}, 'en'), 'en'));

describe('a reason', () => {
  it('is said in the language that is spoken, with its names, times and scores', () => {
    speak(sayer(shipped('de'), 'de'), 'de');
    expect(reasonText(reason('shares.played.you', { title: 'Portal', names: ['Puzzle', 'Weltraum', 'Koop'], minutes: 41 * 60 }))).toBe('Weil du 41 Stunden Portal gespielt hast: Gemeinsam haben sie Puzzle, Weltraum und Koop.');
    expect(reasonText(reason('made.rated.family', { title: 'Portal', names: ['Valve'], score: 90 }))).toBe('Weil deine Familie Portal mit 90 von 100 bewertet hat: Beide sind von Valve.');
    expect(reasonText(reason('length.short', { minutes: 45 }))).toContain('45 Minuten');
    expect(reasonText(reason('length.short', { minutes: 60 }))).toContain('1 Stunde.');
  });

  it('reads in English as the hub says it', () => {
    speak(sayer(shipped('en'), 'en'), 'en');
    expect(reasonText(reason('shares.played.you', { title: 'Portal', names: ['Puzzle', 'Space'], minutes: 41 * 60 }))).toBe('Because you played Portal for 41 hours: they share Puzzle and Space.');
  });

  it('is the hub’s own sentence where nobody has written another', () => {
    expect(reasonText(reason('of.some.day'))).toBe('Because it is so.');
  });
});

describe('evidence', () => {
  it('is said likewise; what was decided before there were codes stays as it was', () => {
    speak(sayer(shipped('de'), 'de'), 'de');
    expect(evidenceText({ code: 'called.same', text: 'Both are called “doom”', values: ['doom', 'doom'] })).toBe('Beide heißen „doom“');
    expect(evidenceText({ code: null, text: 'Somebody said so', values: [] })).toBe('Somebody said so');
  });
});
