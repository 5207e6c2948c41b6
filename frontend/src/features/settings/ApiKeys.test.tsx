import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Provider, type Client } from 'urql';
import { fromValue } from 'wonka';
import { describe, expect, it, vi } from 'vitest';
import { ViewerValue, type ViewerContext } from '@/shared/api/viewer';
import { ApiKeys } from './ApiKeys';
import type { Profile } from './Profiles';

const mika: Profile = { id: 'p1', name: 'Mika', role: 'CHILD', family: { limit: { board: 'ESRB', level: 'E10+', label: 'ESRB E10+' }, unrated: 'HIDE' } };

function show() {
  const executeMutation = vi.fn((_request: { variables: unknown }) => fromValue({ data: { createApiKey: { apiKey: null, secret: 'gd_x', problems: [] } } }));
  const executeQuery = () => fromValue({ data: { apiKeys: { nodes: [], totalCount: 0 } }, stale: false, hasNext: false });
  const viewer = { me: null, scopes: ['READ_LIBRARY', 'WRITE_LIBRARY', 'READ_PLAY', 'ADMIN'], authMode: 'PASSWORD', setupNeeded: false, reload: async () => undefined } as unknown as ViewerContext;
  render(
    <Provider value={{ executeMutation, executeQuery } as unknown as Client}>
      <ViewerValue value={viewer}>
        <ApiKeys profiles={[mika]} />
      </ViewerValue>
    </Provider>,
  );
  return executeMutation;
}

describe('a new key', () => {
  it('says of each thing what it is', async () => {
    show();
    await userEvent.click(screen.getByRole('button', { name: 'New key' }));
    expect(screen.getByRole('checkbox', { name: /^Write library/ }).closest('label')).toHaveTextContent('Connect, import, mark and change');
  });

  it('for a child has nothing that a child may not do', async () => {
    const sent = show();
    await userEvent.click(screen.getByRole('button', { name: 'New key' }));
    await userEvent.type(screen.getByLabelText('What it is for'), 'Kiosk');
    await userEvent.click(screen.getByRole('checkbox', { name: /^Write library/ }));
    await userEvent.selectOptions(screen.getByLabelText('Acts as'), 'Mika');
    for (const name of [/^Write library/, /^Admin/]) {
      expect(screen.getByRole('checkbox', { name })).toBeDisabled();
      expect(screen.getByRole('checkbox', { name })).not.toBeChecked();
    }
    await userEvent.click(screen.getByRole('checkbox', { name: /^Read play/ }));
    await userEvent.click(screen.getByRole('button', { name: 'Make the key' }));
    await vi.waitFor(() => expect(sent.mock.calls[0]?.[0].variables).toEqual({ input: { name: 'Kiosk', profileId: 'p1', scopes: ['READ_LIBRARY', 'READ_PLAY'] } }));
  });
});
