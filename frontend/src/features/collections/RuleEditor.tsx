import { FolderPlus, Plus, Trash2 } from 'lucide-react';
import type { CollectionFieldName, CollectionOperator } from '@/gql/collections';
import { Button } from '@/shared/ui/Button';
import { cx } from '@/shared/ui/classes';
import { inputClass } from '@/shared/ui/Field';
import { asked, isAt, joinName, joins, newCondition, newGroup, replace, type Condition, type Group, type Join, type Part, type RuleField } from './rule';
import { ValueInput } from './ValueInput';
import { t } from './texts';

type Props = {
  group: Group;
  fields: readonly RuleField[];
  onChange: (next: Group) => void;
  /** Where the hub found something wrong, and what. */
  fault: { at: string; message: string } | null;
};

const selectClass = cx(inputClass, 'h-10 w-auto! max-w-full pr-8 font-semibold');

/** A rule as groups and conditions. What can be asked, and how, is the API's; so is what is wrong. */
export function RuleEditor({ group, fields, onChange, fault }: Props) {
  const change = (key: string, next: Part | null) => onChange(key === group.key ? (next as Group) : replace(group, key, next));
  return <GroupEditor group={group} path="rule" depth={1} fields={fields} fault={fault} onChange={change} />;
}

type Inner = { path: string; depth: number; fields: readonly RuleField[]; fault: Props['fault']; onChange: (key: string, next: Part | null) => void };

function GroupEditor({ group, path, depth, fields, fault, onChange }: Inner & { group: Group }) {
  const put = (part: Part) => onChange(group.key, { ...group, parts: [...group.parts, part] });
  const first = fields[0];
  const wrong = fault && (isAt(path, fault.at) || fault.at === `${path}.${group.join}`) ? fault.message : null;
  const name = depth === 1 ? t('collections.rule2') : t('collections.groupAt', { path: path.replace(/^rule\.?/, '') });
  return (
    <fieldset className={cx('min-w-0 rounded-2xl border p-3 sm:p-4', depth % 2 ? 'border-line bg-surface' : 'border-line bg-sunk')}>
      <legend className="sr-only">{name}</legend>
      <div className="flex flex-wrap items-center gap-2.5">
        <select aria-label={t('collections.howItsPartsAreJoined')} value={group.join} onChange={(event) => onChange(group.key, { ...group, join: event.target.value as Join })} className={selectClass}>
          {joins.map((join) => (
            <option key={join} value={join}>
              {joinName(join)}
            </option>
          ))}
        </select>
        {depth > 1 && (
          <Button size="sm" look="quiet" className="ml-auto" onClick={() => onChange(group.key, null)} aria-label={t('collections.takeThisGroupAway')}>
            <Trash2 className="size-4" aria-hidden="true" />
          </Button>
        )}
      </div>
      <ul className="mt-3 space-y-3 border-l-2 border-lamp/70 pl-3 sm:pl-4">
        {group.parts.map((part, index) => {
          const inner = `${path}.${group.join}[${index}]`;
          return (
            <li key={part.key}>
              {part.kind === 'group' ? (
                <GroupEditor group={part} path={inner} depth={depth + 1} fields={fields} fault={fault} onChange={onChange} />
              ) : (
                <ConditionEditor condition={part} path={inner} depth={depth} fields={fields} fault={fault} onChange={onChange} />
              )}
            </li>
          );
        })}
        <li className="flex flex-wrap gap-2">
          <Button size="sm" disabled={!first} onClick={() => first && put(newCondition(first))}>
            <Plus className="size-4" aria-hidden="true" />
            {t('collections.condition')}
          </Button>
          <Button size="sm" look="quiet" disabled={!first} onClick={() => first && put(newGroup(group.join === 'any' ? 'all' : 'any', [newCondition(first)]))}>
            <FolderPlus className="size-4" aria-hidden="true" />
            {t('collections.group')}
          </Button>
        </li>
      </ul>
      {wrong && (
        <p role="alert" className="mt-3 text-sm font-medium text-bad">
          {wrong}
        </p>
      )}
    </fieldset>
  );
}

function ConditionEditor({ condition, path, fields, fault, onChange }: Inner & { condition: Condition }) {
  const field = fields.find((one) => one.name === condition.field);
  const operator = field?.operators.find((one) => one.name === condition.operator);
  const wrong = fault && isAt(path, fault.at) ? fault.message : null;
  const choose = (name: CollectionFieldName) => {
    const next = fields.find((one) => one.name === name);
    if (next) onChange(condition.key, { ...newCondition(next), key: condition.key });
  };
  return (
    <div role="group" aria-label={t('collections.condition2', { value: field?.label ?? condition.field })} className="relative flex flex-wrap items-start gap-2.5 pr-12">
      <select aria-label={t('collections.whatItAsksAbout')} value={condition.field} onChange={(event) => choose(event.target.value as CollectionFieldName)} className={selectClass}>
        {!field && <option value={condition.field}>{condition.field}</option>}
        {fields.map((one) => (
          <option key={one.name} value={one.name}>
            {one.label}
          </option>
        ))}
      </select>
      <select aria-label={t('collections.howItAsks')} value={condition.operator} onChange={(event) => onChange(condition.key, asked(fields, condition, event.target.value as CollectionOperator))} className={cx(selectClass, 'font-normal')}>
        {!operator && <option value={condition.operator}>{condition.operator}</option>}
        {field?.operators.map((one) => (
          <option key={one.name} value={one.name}>
            {one.label}
          </option>
        ))}
      </select>
      <div className="min-w-48 flex-1">
        {field && operator && <ValueInput field={field} type={operator.value} value={condition.value} invalid={wrong !== null} onChange={(value) => onChange(condition.key, { ...condition, value })} />}
        {wrong && (
          <p role="alert" className="mt-1.5 text-sm font-medium text-bad">
            {wrong}
          </p>
        )}
      </div>
      <Button size="icon" look="quiet" className="absolute top-0 right-0" onClick={() => onChange(condition.key, null)} aria-label={t('collections.takeAway2', { value: field?.label ?? condition.field })}>
        <Trash2 className="size-4" aria-hidden="true" />
      </Button>
    </div>
  );
}
