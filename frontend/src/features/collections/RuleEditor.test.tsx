import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { Provider, type Client } from 'urql';
import { fromValue } from 'wonka';
import { describe, expect, it, vi } from 'vitest';
import { newCondition, newGroup, write, type Group, type RuleField } from './rule';
import { RuleEditor } from './RuleEditor';

const fields = [
  { name: 'ZORP', label: 'Zorpiness', unit: 'zorps', minimum: 3, maximum: 9, freeOptions: false, options: [], operators: [{ name: 'OVER', label: 'is over', value: 'NUMBER' }, { name: 'GONE', label: 'is gone', value: 'NONE' }] },
  { name: 'HUE', label: 'Hue', unit: null, minimum: null, maximum: null, freeOptions: true, options: [{ id: 'mv', label: 'Mauve', count: 4 }, { id: 'tl', label: 'Teal', count: 2 }], operators: [{ name: 'AMONG', label: 'is among', value: 'OPTIONS' }] },
  { name: 'MOOD', label: 'Mood', unit: null, minimum: null, maximum: null, freeOptions: false, options: [{ id: 'up', label: 'Merry', count: 1 }, { id: 'dn', label: 'Gloomy', count: 7 }], operators: [{ name: 'AMONG', label: 'is among', value: 'OPTIONS' }] },
] as unknown as RuleField[];

const found = { collectionFields: [{ name: 'HUE', options: [{ id: 'oc', label: 'Ochre', count: 9 }] }] };
const client = { executeQuery: () => fromValue({ data: found, stale: false, hasNext: false }) } as unknown as Client;

function show(start: Group, fault: { at: string; message: string } | null = null, known = fields) {
  const changed = vi.fn();
  function Held() {
    const [group, setGroup] = useState(start);
    return (
      <RuleEditor
        group={group}
        fields={known}
        fault={fault}
        onChange={(next) => {
          setGroup(next);
          changed(write(next, known));
        }}
      />
    );
  }
  render(
    <Provider value={client}>
      <Held />
    </Provider>,
  );
  return changed;
}
const last = (changed: ReturnType<typeof vi.fn>): unknown => changed.mock.calls.at(-1)?.[0];
const [zorp, hue, mood] = fields as [RuleField, RuleField, RuleField];

describe('the rule builder', () => {
  it('offers the fields and ways of asking that the API describes, and its unit', async () => {
    const changed = show(newGroup('all', [newCondition(zorp)]));
    expect(within(screen.getByLabelText('What it asks about')).getAllByRole('option').map((o) => o.textContent)).toEqual(['Zorpiness', 'Hue', 'Mood']);
    expect(within(screen.getByLabelText('How it asks')).getAllByRole('option').map((o) => o.textContent)).toEqual(['is over', 'is gone']);
    expect(screen.getByText('zorps')).toBeInTheDocument();
    await userEvent.type(screen.getByLabelText('Zorpiness: number'), '7');
    expect(last(changed)).toEqual({ all: [{ field: 'ZORP', operator: 'OVER', value: { number: 7 } }] });
    await userEvent.selectOptions(screen.getByLabelText('How it asks'), 'is gone');
    expect(last(changed)).toEqual({ all: [{ field: 'ZORP', operator: 'GONE' }] });
    expect(screen.queryByLabelText('Zorpiness: number')).not.toBeInTheDocument();
  });

  it('builds groups in groups, and takes them away', async () => {
    const changed = show(newGroup('all', [{ ...newCondition(zorp), operator: 'GONE' as never }]));
    await userEvent.click(screen.getByRole('button', { name: 'Group' }));
    await userEvent.selectOptions(screen.getAllByLabelText('How its parts are joined')[1] as HTMLElement, 'None of these');
    expect(last(changed)).toEqual({ all: [{ field: 'ZORP', operator: 'GONE' }, { none: [{ field: 'ZORP', operator: 'OVER', value: {} }] }] });
    await userEvent.click(screen.getByRole('button', { name: 'Take this group away' }));
    expect(last(changed)).toEqual({ all: [{ field: 'ZORP', operator: 'GONE' }] });
  });

  it('shows few options as chips, and finds others by keyboard alone', async () => {
    const changed = show(newGroup('any', [newCondition(mood), newCondition(hue)]));
    await userEvent.click(screen.getByRole('button', { name: /Gloomy/ }));
    const box = screen.getByRole('combobox', { name: 'Hue: add an option' });
    await userEvent.type(box, 'och{ArrowDown}{Enter}');
    expect(last(changed)).toEqual({ any: [{ field: 'MOOD', operator: 'AMONG', value: { options: ['dn'] } }, { field: 'HUE', operator: 'AMONG', value: { options: ['oc'] } }] });
    await userEvent.type(box, '{Backspace}');
    expect(last(changed)).toEqual({ any: [{ field: 'MOOD', operator: 'AMONG', value: { options: ['dn'] } }, { field: 'HUE', operator: 'AMONG', value: { options: [] } }] });
  });

  it('finds options by the label that is shown as well as by the hub’s, each once', async () => {
    // The hub knows these by other words: what it finds for the letters is not what is shown for them.
    const shown = ['Amber', 'Azure', 'Beige', 'Coral', 'Ebony', 'Hazel', 'Ivory', 'Khaki', 'Lilac', 'Ochre', 'Olive'];
    const many = { ...hue, freeOptions: false, options: shown.map((label) => ({ id: label.slice(0, 2).toLowerCase(), label, count: 1 })) };
    show(newGroup('all', [newCondition(many)]), null, [many]);
    const box = screen.getByRole('combobox', { name: 'Hue: add an option' });
    await userEvent.type(box, 'o');
    const offered = within(screen.getByRole('listbox')).getAllByRole('option').map((option) => option.firstChild?.textContent);
    expect(offered).toEqual(['Coral', 'Ebony', 'Ivory', 'Ochre', 'Olive']);
    await userEvent.clear(box);
    await userEvent.type(box, 'haz');
    expect(within(screen.getByRole('listbox')).getAllByRole('option').map((option) => option.firstChild?.textContent)).toEqual(['Hazel', 'Ochre']);
  });

  it('says what the hub refused at the part it is about', () => {
    show(newGroup('all', [newCondition(zorp), newCondition(mood)]), { at: 'rule.all[0].value.number', message: 'Three zorps at least.' });
    const condition = screen.getByRole('group', { name: 'Condition: Zorpiness' });
    expect(within(condition).getByRole('alert')).toHaveTextContent('Three zorps at least.');
    expect(screen.getByLabelText('Zorpiness: number')).toBeInvalid();
    expect(within(screen.getByRole('group', { name: 'Condition: Mood' })).queryByRole('alert')).not.toBeInTheDocument();
  });
});
