import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { CombinedError, Provider, type Client } from 'urql';
import { fromValue, merge, never } from 'wonka';
import { describe, expect, it, vi } from 'vitest';
import type { GameAchievementsQuery, GameAchievementsQueryVariables, GamePlayDaysQuery, GameStatusHistoryQuery } from '@/gql/game';
import { Achievements } from './Achievements';
import { PlayDays } from './PlayDays';
import { StatusHistory } from './StatusHistory';

type Answer = { data?: unknown; error?: CombinedError };
type Asked = { variables: Record<string, unknown> };

function show(screen: ReactNode, answer: (asked: Asked) => Answer) {
  // A question stays open, as with the real client.
  const executeQuery = vi.fn((asked: Asked) => merge([fromValue({ stale: false, hasNext: false, ...answer(asked) }), never]));
  render(<Provider value={{ executeQuery } as unknown as Client}>{screen}</Provider>);
  return executeQuery;
}
const unreachable = () => ({ error: new CombinedError({ networkError: new Error('gone') }) });

type Feat = NonNullable<NonNullable<GameAchievementsQuery['game']>['achievements']>['nodes'][number];
const feat = (id: number, more: Partial<Feat> = {}): Feat => ({ id: `a${id}`, name: `Feat ${id}`, description: `Do it ${id} times`, hidden: false, unlocked: false, unlockedAt: null, rarityPercent: null, points: null, platform: { id: 'zorp', name: 'Zorp Arcade' }, ...more });
const all = [feat(1, { unlocked: true, unlockedAt: '2025-03-04T12:00:00Z', rarityPercent: 12.34 }), ...Array.from({ length: 7 }, (_, at) => feat(at + 2)), feat(9), feat(10, { name: 'Secret achievement', description: null, hidden: true })];

describe('achievements', () => {
  const pages = ({ variables }: Asked): Answer => {
    const { first, after } = variables as GameAchievementsQueryVariables;
    const from = after ? Number(after) : 0;
    const nodes = all.slice(from, from + first);
    const data: GameAchievementsQuery = { game: { id: 'g', achievements: { nodes, pageInfo: { hasNextPage: from + nodes.length < all.length, endCursor: String(from + nodes.length) }, unlocked: 1, total: all.length } } };
    return { data };
  };

  it('come page by page, what was shown stays, and nothing is asked twice over', async () => {
    const asked = show(<Achievements id="g" />, pages);
    expect(screen.getAllByRole('listitem')).toHaveLength(8);
    expect(screen.getByText('1 of 10')).toBeInTheDocument();
    expect(screen.getByText('12.3 % have it')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Show more achievements' }));
    expect(screen.getAllByRole('listitem').map((item) => within(item).getByText(/Feat \d+|Secret achievement/).textContent)).toEqual(all.map((one) => one.name));
    expect(screen.queryByRole('button', { name: 'Show more achievements' })).not.toBeInTheDocument();
    expect(new Set(asked.mock.calls.map(([{ variables }]) => variables.after))).toEqual(new Set([null, '8']));
  });

  it('say nothing where there are none, and say so where the hub cannot be asked', () => {
    show(<Achievements id="g" />, () => ({ data: { game: { id: 'g', achievements: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null }, unlocked: 0, total: 0 } } } }));
    expect(screen.queryByText('Achievements')).not.toBeInTheDocument();
    show(<Achievements id="g" />, unreachable);
    expect(screen.getByRole('alert')).toHaveTextContent('The hub cannot be reached');
    expect(screen.getByRole('button', { name: 'Try again' })).toBeInTheDocument();
  });
});

describe('the days of play', () => {
  it('are bars of equal steps with a name for who cannot see them, and a table of UTC’s days', async () => {
    const data: GamePlayDaysQuery = { game: { id: 'g', playByDay: { nodes: [{ day: '2025-03-04', minutes: 90 }, { day: '2025-03-01', minutes: 30 }], totalCount: 2 } } };
    show(<PlayDays id="g" />, () => ({ data }));
    const chart = screen.getByRole('img', { name: /^2 h on 2 days, by day, from Mar 1, 2025 to Mar 4, 2025\. The most in a day: 1\.5 h\.$/ });
    expect(chart.children).toHaveLength(4);
    expect(chart.querySelectorAll('[data-bar]')).toHaveLength(2);
    await userEvent.click(screen.getByText('The days'));
    // The table has a name of its own: two regions of one name cannot be told apart.
    expect(screen.getAllByRole('region').map((region) => document.getElementById(region.getAttribute('aria-labelledby') ?? '')?.textContent)).toEqual(['When you played', 'The days']);
    expect(screen.getAllByRole('row').map((row) => row.textContent)).toEqual(['Day (UTC)Played', 'Mar 4, 20251.5 h', 'Mar 1, 202530 min']);
  });

  it('say when there are more than are shown', () => {
    const nodes = Array.from({ length: 100 }, (_, at) => ({ day: new Date(Date.UTC(2025, 5, 1) - at * 86_400_000).toISOString().slice(0, 10), minutes: 60 }));
    show(<PlayDays id="g" />, () => ({ data: { game: { id: 'g', playByDay: { nodes, totalCount: 321 } } } satisfies GamePlayDaysQuery }));
    expect(screen.getByText('100 h on the latest 100 of 321 days')).toBeInTheDocument();
  });

  it('are left out for a game that was not played', () => {
    show(<PlayDays id="g" />, () => ({ data: { game: { id: 'g', playByDay: { nodes: [], totalCount: 0 } } } satisfies GamePlayDaysQuery }));
    expect(screen.queryByRole('heading')).not.toBeInTheDocument();
  });
});

describe('how one stood with a game', () => {
  it('is told with statuses as the hub names them, and who said so', async () => {
    const change = (id: number, by: 'PERSON' | 'RULE' | 'IMPORT') => ({ id: `s${id}`, at: '2025-03-04T12:00:00Z', by, from: { id: 'zip', name: 'Zipped' }, to: { id: 'zap', name: `Zapped ${id}` } });
    const changes = [change(1, 'PERSON'), change(2, 'RULE'), ...[3, 4, 5, 6, 7].map((id) => change(id, 'IMPORT'))];
    const asked = show(<StatusHistory id="g" />, ({ variables }) => ({ data: { game: { id: 'g', statusHistory: { nodes: changes.slice(0, Number(variables.first)), totalCount: changes.length } } } satisfies GameStatusHistoryQuery }));
    const items = screen.getAllByRole('listitem');
    expect(items).toHaveLength(6);
    expect(items[0]).toHaveTextContent(/Zipped.*Zapped 1.*Mar 4, 2025.*by hand/);
    expect(items[1]).toHaveTextContent('by the hub');
    expect(items[2]).toHaveTextContent('from a file');
    await userEvent.click(screen.getByRole('button', { name: 'Show earlier' }));
    expect(screen.getAllByRole('listitem')).toHaveLength(7);
    expect(asked.mock.lastCall?.[0].variables.first).toBe(100);
  });
});
