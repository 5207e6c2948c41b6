import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { Provider, type Client } from 'urql';
import { fromValue, merge, never } from 'wonka';
import { describe, expect, it, vi } from 'vitest';
import type { AddGameMutation, ByHandStatusesQuery, RemoveCopyMutation, UpdateCopyMutation } from '@/gql/byHand';
import AddGame from './AddGame';
import EditCopy, { type OwnCopy } from './EditCopy';
import RemoveCopy from './RemoveCopy';
import { hoursOf, minutesOf, typed } from './entry';

const statuses: ByHandStatusesQuery = { statuses: [{ id: 'zip', name: 'Zipped' }, { id: 'zap', name: 'Zapped' }] };

function show(dialog: ReactNode, answer: AddGameMutation | UpdateCopyMutation | RemoveCopyMutation) {
  const executeMutation = vi.fn((_request: { variables: unknown }) => fromValue({ data: answer }));
  const executeQuery = () => merge([fromValue({ data: statuses, stale: false, hasNext: false }), never]);
  render(<Provider value={{ executeMutation, executeQuery } as unknown as Client}>{dialog}</Provider>);
  return executeMutation;
}
const field = (name: string) => screen.getByLabelText(new RegExp(`^${name}`));

describe('a game entered by hand', () => {
  const attic = { id: 'l1', label: 'Attic' };
  const added = (more: Partial<AddGameMutation['addGame']> = {}): AddGameMutation => ({ addGame: { copy: { id: 'c1', title: 'Zorp' }, problems: [], ...more } });

  it('needs a title and nothing else', async () => {
    const onClose = vi.fn();
    const sent = show(<AddGame library={attic} onClose={onClose} />, added());
    await userEvent.type(field('Title'), ' Zorp ');
    await userEvent.click(screen.getByRole('button', { name: 'Add' }));
    expect(sent.mock.calls[0]?.[0].variables).toEqual({ input: { libraryId: 'l1', title: 'Zorp', holding: 'OWNED' } });
    await vi.waitFor(() => expect(onClose).toHaveBeenCalled());
  });

  it('takes all that is known of it, and goes on with the next of the same console', async () => {
    const onClose = vi.fn();
    const sent = show(<AddGame library={attic} onClose={onClose} />, added());
    await userEvent.type(field('Title'), 'Zorp');
    await userEvent.type(field('Store or console'), 'Zorp Station');
    await userEvent.click(screen.getByText('More about it'));
    await userEvent.type(field('Year of release'), '1998');
    await userEvent.type(field('Hours played'), '1.5');
    await userEvent.selectOptions(field('How you have it'), 'Played only');
    await userEvent.selectOptions(field('Status'), 'Zapped');
    await userEvent.selectOptions(field('Age rating'), 'Teen');
    await userEvent.click(screen.getByRole('button', { name: 'Add, and another' }));
    expect(sent.mock.calls[0]?.[0].variables).toEqual({ input: { libraryId: 'l1', title: 'Zorp', platform: 'Zorp Station', year: 1998, playtimeMinutes: 90, holding: 'PLAYED_ONLY', status: 'zap', esrb: 'TEEN' } });
    expect(await screen.findByText('Zorp is on Attic.')).toBeInTheDocument();
    expect(field('Title')).toHaveValue('');
    await vi.waitFor(() => expect(field('Title')).toHaveFocus());
    expect(field('Store or console')).toHaveValue('Zorp Station');
    expect(field('Year of release')).toHaveValue(null);
    expect(onClose).not.toHaveBeenCalled();
  });

  it('is told at the field what is wrong, also at one that is folded away', async () => {
    const onClose = vi.fn();
    show(
      <AddGame library={attic} onClose={onClose} />,
      added({
        copy: null,
        problems: [
          { code: 'CONFLICT', field: 'input.title', message: 'the shelf has it already', reason: 'shelf.exists', values: [] },
          { code: 'INVALID_INPUT', field: 'input.playtimeMinutes', message: 'minutes are 0 to 9', reason: null, values: [] },
        ],
      }),
    );
    await userEvent.type(field('Title'), 'Zorp');
    await userEvent.click(screen.getByRole('button', { name: 'Add' }));
    expect(await screen.findByText('The shelf has it already.')).toBeInTheDocument();
    expect(field('Title')).toBeInvalid();
    expect(field('Hours played')).toHaveAccessibleDescription(/Minutes are 0 to 9/);
    expect(field('Hours played').closest('details')).toHaveAttribute('open');
    expect(onClose).not.toHaveBeenCalled();
  });

  it('says of the whole what belongs to no field: the shelf is gone', async () => {
    show(<AddGame library={attic} onClose={() => undefined} />, added({ copy: null, problems: [{ code: 'NOT_FOUND', field: 'input.libraryId', message: 'you have no library of that id', reason: null, values: [] }] }));
    await userEvent.type(field('Title'), 'Zorp');
    await userEvent.click(screen.getByRole('button', { name: 'Add' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('You have no library of that id.');
  });
});

const copy: OwnCopy = { id: 'c1', title: 'Zorp', holding: 'OWNED', playtimeMinutes: 620, platform: { id: 'shelf', name: 'Shelf' }, library: { label: 'Attic', platform: { id: 'shelf' } } };

describe('a copy on a shelf of one’s own', () => {
  it('is changed in what was changed, and in nothing else', async () => {
    const onClose = vi.fn();
    const sent = show(<EditCopy copy={copy} onClose={onClose} />, { updateCopy: { copy: { ...copy, title: 'Zorp II' }, problems: [] } });
    // What is just on the shelf names no console.
    expect(field('Store or console')).toHaveValue('');
    await userEvent.type(field('Title'), ' II');
    await userEvent.type(field('Year of release'), '2001');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(sent.mock.calls[0]?.[0].variables).toEqual({ input: { id: 'c1', title: 'Zorp II', year: 2001 } });
    await vi.waitFor(() => expect(onClose).toHaveBeenCalled());
  });

  it('says at the title that the shelf has another of it', async () => {
    const onClose = vi.fn();
    show(<EditCopy copy={copy} onClose={onClose} />, { updateCopy: { copy: null, problems: [{ code: 'CONFLICT', field: 'input.title', message: 'the shelf has it already', reason: 'shelf.exists', values: [] }] } });
    await userEvent.type(field('Title'), ' II');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('The shelf has it already.')).toBeInTheDocument();
    expect(field('Title')).toHaveFocus();
    expect(onClose).not.toHaveBeenCalled();
  });

  it('is removed after a second question, and stays where it cannot be', async () => {
    const gone = vi.fn();
    const onClose = vi.fn();
    const sent = show(<RemoveCopy copy={copy} onClose={onClose} onRemoved={gone} />, { removeCopy: { ok: true, problems: [] } });
    expect(screen.getByRole('dialog', { name: 'Remove Zorp from Attic?' })).toBeInTheDocument();
    expect(sent).not.toHaveBeenCalled();
    await userEvent.click(screen.getByRole('button', { name: 'Remove' }));
    expect(sent.mock.calls[0]?.[0].variables).toEqual({ id: 'c1' });
    expect(gone).toHaveBeenCalledOnce();
    expect(onClose).toHaveBeenCalledOnce();
  });

  it('says why it was not removed', async () => {
    const gone = vi.fn();
    show(<RemoveCopy copy={copy} onClose={() => undefined} onRemoved={gone} />, { removeCopy: { ok: false, problems: [{ code: 'NOT_FOUND', field: 'id', message: 'you have no copy of that id' }] } });
    await userEvent.click(screen.getByRole('button', { name: 'Remove' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('You have no copy of that id.');
    expect(gone).not.toHaveBeenCalled();
  });
});

describe('numbers as they are typed', () => {
  it('come back as they were, and nothing is nothing', () => {
    for (const minutes of [0, 1, 7, 45, 59, 90, 620, 12_345]) expect(minutesOf(hoursOf(minutes))).toBe(minutes);
    expect([typed(''), typed('x'), typed('1998'), minutesOf(' '), minutesOf('0.5')]).toEqual([undefined, undefined, 1998, undefined, 30]);
    // What no number of the API holds is still one, so that the hub can say its limit.
    expect(typed('99999999999')).toBe(2_147_483_647);
  });
});
