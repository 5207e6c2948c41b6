import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Provider, type Client } from 'urql';
import { fromValue, merge, never } from 'wonka';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { OwnStatusesQuery, RenameStatusMutation } from '@/gql/statuses';
import { sayer, speak } from '@/shared/content/texts';
import { Statuses } from './Statuses';

const statuses: OwnStatusesQuery = { statuses: [{ id: 'zip', name: 'Zipped', own: false }, { id: 'o1', name: 'Shelf of shame', own: true }] };

afterEach(() => speak(sayer({}, 'en'), 'en'));

function show(answer: RenameStatusMutation['renameStatus']) {
  const executeQuery = () => merge([fromValue({ data: statuses, stale: false, hasNext: false }), never]);
  const executeMutation = vi.fn((_request: { variables: unknown }) => fromValue({ data: { renameStatus: answer } }));
  render(
    <Provider value={{ executeQuery, executeMutation } as unknown as Client}>
      <Statuses />
    </Provider>,
  );
  return executeMutation;
}

async function rename(name: string) {
  await userEvent.click(screen.getByRole('button', { name: 'Rename Shelf of shame' }));
  const field = screen.getByLabelText('Name');
  expect(field).toHaveValue('Shelf of shame');
  expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled();
  await userEvent.clear(field);
  await userEvent.type(field, `${name}{Enter}`);
}

describe('a status of one’s own', () => {
  it('is called otherwise; the hub’s are not', async () => {
    const sent = show({ status: { id: 'o1', name: 'Stack of glory', own: true }, problems: [] });
    expect(screen.getAllByRole('button', { name: /^Rename/ })).toHaveLength(1);
    await rename('Stack of glory');
    expect(sent.mock.calls[0]?.[0].variables).toEqual({ input: { id: 'o1', name: 'Stack of glory' } });
    expect(await screen.findByText('Shelf of shame is called Stack of glory now.')).toBeInTheDocument();
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });

  it('keeps its name where another has the new one, and says so at the field', async () => {
    speak(sayer({ 'problem.CONFLICT.status.taken': 'Es gibt schon einen Status, der „{first}“ heißt.' }, 'de'), 'de');
    show({ status: null, problems: [{ code: 'CONFLICT', field: 'input.name', message: 'there is a status called `Zipped` already', reason: 'status.taken', values: ['Zipped'] }] });
    await rename('Zipped');
    expect(await screen.findByText('Es gibt schon einen Status, der „Zipped“ heißt.')).toBeInTheDocument();
    expect(screen.getByLabelText('Name')).toBeInvalid();
  });
});
