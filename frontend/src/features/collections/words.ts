import { named } from '@/shared/content/texts';
import type { RuleField } from './rule';

type Phrase = { text: string; key: string | null };

/** What is said of a rule, in the language that is spoken: piece by piece, each in the hub's own words where nobody has written it. */
export const spokenPhrases = (phrases: readonly Phrase[] | null): string | null => phrases && phrases.map(({ text, key }) => (key && named(key)) ?? text).join('');

type Option = { id: string; label: string };

/** Where the texts of options stand that the hub itself has named; what games and people bring along is called what it is. */
const options: Record<string, (id: string) => string> = {
  STATUS: (id) => `statusName.${id}`,
  PLATFORM: (id) => `platform.${id}.name`,
  HELD_AS: (id) => `value.${id}`,
  KIND: (id) => `value.${id}`,
  AGE_RATING: (id) => `rating.${id}`,
};

/** Options of a field in the language that is spoken. */
export function spokenOptions<T extends Option>(field: string, list: readonly T[]): T[] {
  const key = options[field];
  return list.map((option) => ({ ...option, label: (key && named(key(option.id))) ?? option.label }));
}

/** What can be asked about, and how, in the language that is spoken; in the hub's own words where nobody has written it. */
export function spokenFields(fields: readonly RuleField[]): RuleField[] {
  return fields.map((field) => ({
    ...field,
    label: named(`field.${field.name}`) ?? field.label,
    unit: field.unit && (named(`measure.${field.unit}`) ?? field.unit),
    operators: field.operators.map((operator) => ({ ...operator, label: named(`operator.${operator.name}`) ?? operator.label })),
    options: spokenOptions(field.name, field.options),
  }));
}
