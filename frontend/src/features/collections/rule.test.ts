import { describe, expect, it } from 'vitest';
import type { CollectionRule } from '@/gql/collections';
import { asked, complete, isAt, newCondition, newGroup, readRule, replace, write, type RuleField } from './rule';

// Fields that no code of ours knows: everything follows from what the API describes.
const fields = [
  { name: 'ZORP', label: 'Zorpiness', unit: 'zorps', minimum: 3, maximum: 9, freeOptions: false, options: [], operators: [{ name: 'OVER', label: 'is over', value: 'NUMBER' }, { name: 'WITHIN', label: 'is within', value: 'NUMBERS' }, { name: 'UNDER', label: 'is under', value: 'NUMBER' }, { name: 'GONE', label: 'is gone', value: 'NONE' }] },
  { name: 'HUE', label: 'Hue', unit: null, minimum: null, maximum: null, freeOptions: true, options: [{ id: 'mauve', label: 'Mauve', count: 4 }], operators: [{ name: 'AMONG', label: 'is among', value: 'OPTIONS' }] },
] as unknown as RuleField[];
const [zorp, hue] = fields as [RuleField, RuleField];

describe('a rule in the editor', () => {
  it('goes to the API as it came from there', () => {
    const rule = { any: [{ all: [{ field: 'ZORP', operator: 'OVER', value: { number: 4 } }, { none: [{ field: 'HUE', operator: 'AMONG', value: { options: ['mauve'] } }] }] }, { field: 'ZORP', operator: 'GONE' }] } as unknown as CollectionRule;
    expect(write(readRule(rule), fields)).toEqual(rule);
  });

  it('begins with a group also where the rule is one condition', () => {
    const rule = { field: 'ZORP', operator: 'GONE' } as unknown as CollectionRule;
    expect(write(readRule(rule), fields)).toEqual({ all: [rule] });
  });

  it('asks about a field in the first way it offers, with an empty value of its kind', () => {
    expect(newCondition(zorp)).toMatchObject({ field: 'ZORP', operator: 'OVER', value: {} });
    expect(newCondition(hue)).toMatchObject({ operator: 'AMONG', value: { options: [] } });
  });

  it('keeps what was typed where the new way takes the same kind of value', () => {
    const condition = { ...newCondition(zorp), value: { number: 5 } };
    expect(asked(fields, condition, 'UNDER' as never).value).toEqual({ number: 5 });
    expect(asked(fields, condition, 'WITHIN' as never).value).toEqual({ numbers: {} });
  });

  it('is complete once every part is filled in', () => {
    const condition = newCondition(zorp);
    expect(complete(newGroup('all'), fields)).toBe(false);
    expect(complete(newGroup('all', [condition]), fields)).toBe(false);
    expect(complete(newGroup('all', [{ ...condition, value: { number: 0 } }]), fields)).toBe(true);
    expect(complete(newGroup('all', [newGroup('any', [{ ...condition, operator: 'GONE' as never }])]), fields)).toBe(true);
  });

  it('changes and takes away a part however deep it stands', () => {
    const deep = newCondition(hue);
    const rule = newGroup('all', [newGroup('any', [newGroup('none', [deep])])]);
    expect(JSON.stringify(replace(rule, deep.key, { ...deep, value: { options: ['mauve'] } }))).toContain('mauve');
    expect(JSON.stringify(replace(rule, deep.key, null))).not.toContain('HUE');
  });

  it('shows what is wrong at the very part that the API names', () => {
    expect(isAt('rule.all[0]', 'rule.all[0].value.text')).toBe(true);
    expect(isAt('rule.all[0]', 'rule.all[0]')).toBe(true);
    expect(isAt('rule', 'rule.all[0].value')).toBe(false);
    expect(isAt('rule.all[0]', 'rule.all[0].any[2].value')).toBe(false);
    expect(isAt('rule.all[1]', 'rule.all[10]')).toBe(false);
    expect(isAt('rule', null)).toBe(false);
  });
});
