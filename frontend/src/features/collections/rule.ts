import type { CollectionFieldName, CollectionOperator, CollectionRule, CollectionValue, CollectionValueType, RuleFieldsQuery } from '@/gql/collections';
import { t } from './texts';

/** What can be asked about, and how: all of it is the API's. */
export type RuleField = NonNullable<RuleFieldsQuery['collectionFields']>[number];
export type RuleOperator = RuleField['operators'][number];

export const joins = ['all', 'any', 'none'] as const;
export type Join = (typeof joins)[number];

/** A rule while somebody works on it: each part has a key of its own, and may be unfinished. */
export type Group = { kind: 'group'; key: string; join: Join; parts: Part[] };
export type Condition = { kind: 'condition'; key: string; field: CollectionFieldName; operator: CollectionOperator; value: CollectionValue };
export type Part = Group | Condition;

let made = 0;
const newKey = (): string => `part-${++made}`;

/** Nothing chosen yet, in the form that the kind of value has. */
export function emptyValue(type: CollectionValueType): CollectionValue {
  switch (type) {
    case 'TEXT':
      return { text: '' };
    case 'OPTION':
    case 'OPTIONS':
      return { options: [] };
    case 'NUMBERS':
      return { numbers: {} };
    case 'DATES':
      return { dates: {} };
    default:
      return {};
  }
}

const typeOf = (fields: readonly RuleField[], part: Pick<Condition, 'field' | 'operator'>): CollectionValueType =>
  fields.find((field) => field.name === part.field)?.operators.find((operator) => operator.name === part.operator)?.value ?? 'NONE';

/** A condition about a field, asked in the first way that the field offers. */
export function newCondition(field: RuleField): Condition {
  const operator = field.operators[0];
  return { kind: 'condition', key: newKey(), field: field.name, operator: operator?.name ?? ('IS_SET' as CollectionOperator), value: emptyValue(operator?.value ?? 'NONE') };
}

export const newGroup = (join: Join, parts: Part[] = []): Group => ({ kind: 'group', key: newKey(), join, parts });

/** Asks in another way. What was typed stays where the new way takes the same kind of value. */
export function asked(fields: readonly RuleField[], condition: Condition, operator: CollectionOperator): Condition {
  const before = typeOf(fields, condition);
  const after = typeOf(fields, { field: condition.field, operator });
  return { ...condition, operator, value: before === after ? condition.value : emptyValue(after) };
}

/** Reads a rule as the API gives it. */
export function read(rule: CollectionRule): Part {
  for (const join of joins) {
    const parts = rule[join];
    if (parts) return newGroup(join, parts.map(read));
  }
  return { kind: 'condition', key: newKey(), field: rule.field as CollectionFieldName, operator: rule.operator as CollectionOperator, value: rule.value ?? {} };
}

/** The rule as a group, which is what the editor begins with. */
export function readRule(rule: CollectionRule): Group {
  const part = read(rule);
  return part.kind === 'group' ? part : newGroup('all', [part]);
}

/** The rule as the API takes it. Whether it can be is the API's to say. */
export function write(part: Part, fields: readonly RuleField[]): CollectionRule {
  if (part.kind === 'group') return { [part.join]: part.parts.map((inner) => write(inner, fields)) };
  const type = typeOf(fields, part);
  return { field: part.field, operator: part.operator, ...(type === 'NONE' ? {} : { value: part.value }) };
}

const filled = (range: { from?: unknown; to?: unknown } | null | undefined): boolean => (range?.from ?? null) !== null || (range?.to ?? null) !== null;

/** Whether a value was given at all: a preview waits for it instead of showing a refusal while one types. */
function given(type: CollectionValueType, value: CollectionValue): boolean {
  switch (type) {
    case 'NONE':
      return true;
    case 'TEXT':
      return Boolean(value.text);
    case 'OPTION':
    case 'OPTIONS':
      return Boolean(value.options?.length);
    case 'NUMBERS':
      return filled(value.numbers);
    case 'DATES':
      return filled(value.dates);
    case 'NUMBER':
      return (value.number ?? null) !== null;
    case 'DATE':
      return Boolean(value.date);
    case 'DAYS':
      return (value.days ?? null) !== null;
  }
}

/** Whether every part has been filled in. */
export function complete(part: Part, fields: readonly RuleField[]): boolean {
  if (part.kind === 'group') return part.parts.length > 0 && part.parts.every((inner) => complete(inner, fields));
  return given(typeOf(fields, part), part.value);
}

/** Puts `next` in place of the part with its key; null takes the part away. */
export function replace(group: Group, key: string, next: Part | null): Group {
  const parts: Part[] = [];
  for (const part of group.parts) {
    if (part.key === key) {
      if (next) parts.push(next);
    } else parts.push(part.kind === 'group' ? replace(part, key, next) : part);
  }
  return { ...group, parts };
}

/** Where the API says that something is wrong: `rule.all[0].value.text` is of the part `rule.all[0]`. */
export const isAt = (path: string, fault: string | null): boolean => fault !== null && (fault === path || (fault.startsWith(`${path}.`) && !/^\.(all|any|none)\[/.test(fault.slice(path.length))));

/** How the parts of a group are joined, for people. */
export const joinName = (join: Join): string => t(`join.${join}`);
