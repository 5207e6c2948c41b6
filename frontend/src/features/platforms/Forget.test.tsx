import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Provider, type Client } from 'urql';
import { fromValue } from 'wonka';
import { describe, expect, it, vi } from 'vitest';
import type { ForgetLibraryMutation } from '@/gql/platforms';
import { Forget, gone } from './Forget';
import type { Linked } from './PlatformsScreen';

const library: Linked = { id: 'l1', label: 'Zorp', account: null, connected: true, gamesCount: 12, createdAt: '2026-01-01T00:00:00Z', platform: { id: 'zorp', name: 'Zorp Arcade', kind: 'STORE', canSync: true }, lastSync: null, lastError: null, nextSyncAt: null, syncEveryHours: 24 };

function show(answer: ForgetLibraryMutation['forgetLibrary']) {
  const executeMutation = vi.fn((_request: { variables: unknown }) => fromValue({ data: { forgetLibrary: answer } }));
  const onClose = vi.fn();
  render(
    <Provider value={{ executeMutation } as unknown as Client}>
      <Forget library={library} onClose={onClose} />
    </Provider>,
  );
  return { executeMutation, onClose };
}

describe('forgetting a library', () => {
  it('says what goes and waits for a second yes', async () => {
    const { executeMutation, onClose } = show({ forgotten: { copies: 12, games: 3, playDays: 0, secrets: 1, syncs: 2, waiting: 0 }, problems: [] });
    expect(screen.getByText(/12 games of this library/)).toBeInTheDocument();
    const go = screen.getByRole('button', { name: 'Forget for good' });
    expect(go).toBeDisabled();
    await userEvent.click(screen.getByRole('checkbox', { name: 'Yes, forget all of this' }));
    await userEvent.click(go);
    expect(executeMutation.mock.calls[0]?.[0].variables).toEqual({ input: { library: 'l1' } });
    expect(onClose).toHaveBeenCalled();
  });

  it('says why nothing was forgotten, and stays open', async () => {
    const { onClose } = show({ forgotten: null, problems: [{ code: 'CONFLICT', field: null, message: 'a sync is running' }] });
    await userEvent.click(screen.getByRole('checkbox'));
    await userEvent.click(screen.getByRole('button', { name: 'Forget for good' }));
    expect(await screen.findByText('A sync is running.')).toBeInTheDocument();
    expect(onClose).not.toHaveBeenCalled();
  });

  it('tells what went in words, and leaves out what there was none of', () => {
    expect(gone({ copies: 1, games: 2, playDays: 0, secrets: 1, syncs: 0, waiting: 0 })).toBe('1 copy, 2 games with their notes and marks, 1 secret');
    expect(gone({ copies: 0, games: 0, playDays: 0, secrets: 0, syncs: 0, waiting: 0 })).toBe('nothing was kept of it');
  });
});
