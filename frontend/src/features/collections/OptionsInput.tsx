import { X } from 'lucide-react';
import { useDeferredValue, useId, useRef, useState, type KeyboardEvent } from 'react';
import { useQuery } from 'urql';
import { RuleOptionsDocument } from '@/gql/collections';
import { count } from '@/shared/format/time';
import { cx } from '@/shared/ui/classes';
import { inputClass } from '@/shared/ui/Field';
import type { RuleField } from './rule';
import { t } from './texts';
import { spokenOptions } from './words';

type Props = { field: RuleField; value: readonly string[]; onChange: (next: string[]) => void; single: boolean; invalid: boolean };

/** Options out of the API's list: chips when there are few, a box to search in when there are many. */
export function OptionsInput({ field, value, onChange, single, invalid }: Props) {
  if (field.options.length <= 10 && !field.freeOptions) return <Chips field={field} value={value} onChange={onChange} single={single} />;
  return <Search field={field} value={value} onChange={onChange} single={single} invalid={invalid} />;
}

function Chips({ field, value, onChange, single }: Omit<Props, 'invalid'>) {
  const toggle = (id: string) => {
    if (single) onChange([id]);
    else onChange(value.includes(id) ? value.filter((one) => one !== id) : [...value, id]);
  };
  return (
    <div role="group" aria-label={t('collections.options', { label: field.label })} className="flex flex-wrap gap-1.5">
      {field.options.map((option) => (
        <button
          key={option.id}
          type="button"
          aria-pressed={value.includes(option.id)}
          onClick={() => toggle(option.id)}
          className={cx('numbers flex h-9 items-center gap-2 rounded-full border px-3.5 text-sm font-semibold transition-colors', value.includes(option.id) ? 'border-transparent bg-lamp text-lamp-ink' : 'border-line bg-raised text-muted hover:border-edge hover:text-ink')}
        >
          {option.label}
          <span className="text-xs font-medium">{count(option.count)}</span>
        </button>
      ))}
    </div>
  );
}

function Search({ field, value, onChange, single, invalid }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const asked = useDeferredValue(text.trim());
  // What the list that came along does not have may still be among the others.
  const [{ data }] = useQuery({ query: RuleOptionsDocument, variables: { query: asked }, pause: asked.length === 0 });
  const answered = data?.collectionFields?.find((one) => one.name === field.name)?.options;
  const here = field.options.filter((option) => option.label.toLowerCase().includes(asked.toLowerCase()));
  // The hub looks through its own labels, and those that are spoken are only known here.
  const others = spokenOptions(field.name, answered ?? []).filter((option) => !here.some((one) => one.id === option.id));
  const found = asked ? [...here, ...others] : field.options;
  const shown = found.filter((option) => !value.includes(option.id)).slice(0, 20);
  const own = field.freeOptions && asked && !found.some((option) => option.label.toLowerCase() === asked.toLowerCase()) ? asked : null;
  const choices = [...shown.map((option) => ({ ...option, own: false })), ...(own ? [{ id: own, label: own, count: 0, own: true }] : [])];
  const add = (choice: string) => {
    onChange(single ? [choice] : [...value, choice]);
    setText('');
    setAt(-1);
    // What is below can be reached again; a letter, an arrow or a click opens the list anew.
    input.current?.focus();
    setOpen(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setAt((old) => (choices.length ? (old + step + choices.length) % choices.length : -1));
    } else if (event.key === 'Enter') {
      const chosen = choices[at] ?? (text ? choices[0] : undefined);
      if (chosen && open) {
        event.preventDefault();
        add(chosen.id);
      }
    } else if (event.key === 'Escape' && open) {
      event.stopPropagation();
      setOpen(false);
    } else if (event.key === 'Backspace' && !text && value.length) onChange(value.slice(0, -1));
  };
  const labelOf = (one: string) => field.options.find((option) => option.id === one)?.label ?? one;
  return (
    <div className="relative">
      {value.length > 0 && (
        <ul aria-label={t('collections.chosen', { label: field.label })} className="mb-1.5 flex flex-wrap gap-1.5">
          {value.map((one) => (
            <li key={one}>
              <button type="button" onClick={() => onChange(value.filter((other) => other !== one))} className="flex h-8 items-center gap-1.5 rounded-full bg-lamp-wash pr-2 pl-3 text-sm font-semibold text-lamp-text hover:brightness-97 dark:hover:brightness-115">
                {labelOf(one)}
                <X className="size-3.5" aria-hidden="true" />
                <span className="sr-only">{t('collections.takeAway')}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        ref={input}
        role="combobox"
        aria-label={t('collections.addAnOption', { label: field.label })}
        aria-expanded={open && choices.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={at >= 0 && open ? `${id}-${at}` : undefined}
        aria-invalid={invalid || undefined}
        autoComplete="off"
        spellCheck={false}
        value={text}
        placeholder={value.length && !single ? t('collections.another') : t('collections.typeToSearch')}
        onChange={(event) => {
          setText(event.target.value);
          setOpen(true);
          setAt(-1);
        }}
        onFocus={() => setOpen(true)}
        onClick={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
        className={cx(inputClass, 'h-10')}
      />
      <div id={`${id}-list`} role="listbox" aria-label={t('collections.options', { label: field.label })} className={cx('absolute z-20 mt-1 max-h-64 w-full min-w-56 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-float', !(open && choices.length) && 'hidden')}>
        {choices.map((choice, index) => (
          // The keyboard goes through the box above (aria-activedescendant).
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
          <div
            key={`${choice.own}-${choice.id}`}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => add(choice.id)}
            className={cx('numbers flex cursor-pointer items-center gap-3 rounded-md px-3 py-1.5 text-sm', index === at ? 'bg-lamp-wash font-semibold text-lamp-text' : 'hover:bg-sunk')}
          >
            <span className="min-w-0 flex-1 truncate">{choice.own ? `“${choice.label}”` : choice.label}</span>
            <span className="text-xs">{choice.own ? t('collections.asTyped') : count(choice.count)}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
