import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Provider, type Client } from 'urql';
import { fromValue } from 'wonka';
import { describe, expect, it, vi } from 'vitest';
import type { DuplicatesPageQuery, MergeGamesMutation } from '@/gql/duplicates';
import { ViewerValue, type ViewerContext } from '@/shared/api/viewer';
import { DuplicatesScreen } from './DuplicatesScreen';

type Pair = NonNullable<DuplicatesPageQuery['duplicateGames']>['nodes'][number];
const game = (id: string, title: string, playtimeMinutes: number): Pair['games'][number] => ({ id, title, coverUrl: null, cover: null, releaseYear: 2001, playtimeMinutes, favourite: false, esrb: null, criticScore: null, lastPlayedAt: null, status: null, genres: [], developers: ['Zorp Works'], copies: [{ id: `c-${id}`, title, platform: { id: 'zorp', name: 'Zorp Arcade' } }] });
const pair: Pair = { id: 'p1', confidence: 0.84, evidence: [{ kind: 'TITLE', code: null, values: [], text: 'Both are called glim' }], games: [game('g1', 'Glim', 5), game('g2', 'Glim Gold', 90)] };
const viewer = { me: null, scopes: ['READ_LIBRARY', 'WRITE_LIBRARY'], authMode: 'PASSWORD', setupNeeded: false, reload: async () => undefined } as unknown as ViewerContext;

function show(answer: MergeGamesMutation['mergeGames']) {
  const executeMutation = vi.fn((_request: { variables: unknown }) => fromValue({ data: { mergeGames: answer, dismissDuplicate: { game: { id: 'g1' }, problems: [] }, undoMerge: { game: { id: 'g2' }, problems: [] } } }));
  const executeQuery = () => fromValue({ data: { duplicateGames: { nodes: [pair], pageInfo: { hasNextPage: false, endCursor: null }, totalCount: 1 } }, stale: false, hasNext: false });
  const router = createRouter({ routeTree: createRootRoute({ component: DuplicatesScreen }), history: createMemoryHistory() });
  render(
    <Provider value={{ executeMutation, executeQuery } as unknown as Client}>
      <ViewerValue value={viewer}>
        <RouterProvider router={router as never} />
      </ViewerValue>
    </Provider>,
  );
  return executeMutation;
}

describe('two games that may be one', () => {
  it('are shown with what speaks for it, and the one that is played more stays', async () => {
    show({ game: null, problems: [] });
    const article = await screen.findByRole('article', { name: 'Glim and Glim Gold' });
    expect(within(article).getByText('Both are called glim')).toBeInTheDocument();
    expect(within(article).getByText('84')).toBeInTheDocument();
    expect(within(article).getAllByRole('radio').map((radio) => (radio as HTMLInputElement).checked)).toEqual([false, true]);
  });

  it('are merged into the one that was chosen, and apart again by the id that the hub gave', async () => {
    const mutate = show({ game: { id: 'g1', title: 'Glim', merges: [{ id: 'm0', undoable: true, action: 'MATCHED' }, { id: 'm1', undoable: true, action: 'MERGED' }] }, problems: [] });
    const article = await screen.findByRole('article', { name: 'Glim and Glim Gold' });
    await userEvent.click(within(article).getAllByRole('radio')[0] as HTMLElement);
    await userEvent.click(within(article).getByRole('button', { name: 'Merge' }));
    expect(mutate.mock.calls[0]?.[0].variables).toEqual({ input: { into: 'g1', games: ['g2'] } });
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    expect(mutate.mock.calls[1]?.[0].variables).toEqual({ id: 'm1' });
    expect(await screen.findByText('Taken back.')).toBeInTheDocument();
  });

  it('stay as they are when the hub refuses, and it says why', async () => {
    show({ game: null, problems: [{ code: 'CONFLICT', field: null, message: 'somebody split them' }] });
    await userEvent.click(await screen.findByRole('button', { name: 'Merge' }));
    expect(await screen.findByText('Somebody split them.')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Undo' })).not.toBeInTheDocument();
  });
});
