import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { sayer, speak } from '@/shared/content/texts';
import type { RuleField } from './rule';
import { spokenFields, spokenOptions, spokenPhrases } from './words';

const german = JSON.parse(readFileSync('../subgraphs/metadata/src/content/text/de.json', 'utf8')) as Record<string, string>;
const field = (name: string, more: Partial<RuleField> = {}): RuleField => ({ name: name as RuleField['name'], label: 'Of the hub', unit: null, minimum: null, maximum: null, freeOptions: false, operators: [{ name: 'AT_LEAST', label: 'is at least', value: 'NUMBER' }], options: [], ...more });
afterEach(() => speak(sayer({}, 'en'), 'en'));

describe('what a rule can ask', () => {
  it('is said in the language that is spoken', () => {
    speak(sayer(german, 'de'), 'de');
    expect(spokenFields([field('PLAYTIME', { unit: 'minutes' })])[0]).toMatchObject({ name: 'PLAYTIME', label: 'Spielzeit', unit: 'Minuten', operators: [{ name: 'AT_LEAST', label: 'ist mindestens' }] });
    expect(spokenOptions('STATUS', [{ id: 'playing', label: 'Playing' }, { id: 'own-1', label: 'Lent' }]).map((one) => one.label)).toEqual(['Dabei', 'Lent']);
    expect(spokenOptions('GENRE', [{ id: 'OWNED', label: 'OWNED' }])[0]?.label).toBe('OWNED');
  });

  it('is read out piece by piece in it', () => {
    const pieces = [{ text: 'Genre', key: 'field.GENRE' }, { text: ' ', key: null }, { text: 'is one of', key: 'operator.ONE_OF' }, { text: ' ', key: null }, { text: 'RPG', key: null }, { text: ' or ', key: 'of.another.day' }];
    expect(spokenPhrases(pieces)).toBe('Genre is one of RPG or ');
    speak(sayer(german, 'de'), 'de');
    expect(spokenPhrases(pieces)).toBe('Genre ist eins von RPG or ');
    expect(spokenPhrases(null)).toBeNull();
  });

  it('is the hub’s own word for what this app has never heard of', () => {
    expect(spokenFields([field('MOON_PHASE', { unit: 'moons' })])[0]).toMatchObject({ label: 'Of the hub', unit: 'moons', operators: [{ label: 'is at least' }] });
  });
});
