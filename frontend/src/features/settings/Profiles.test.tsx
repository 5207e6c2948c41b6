import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Provider, type Client } from 'urql';
import { fromValue, merge, never } from 'wonka';
import { describe, expect, it, vi } from 'vitest';
import type { RatingScalesQuery } from '@/gql/settings';
import { Profiles, type Profile } from './Profiles';

const scales: RatingScalesQuery = {
  ratingScales: [
    { board: 'ESRB', name: 'ESRB', levels: ['EC', 'E', 'E10+', 'T'] },
    { board: 'USK', name: 'USK', levels: ['0', '6', '12'] },
  ],
};
const mika: Profile = { id: 'p1', name: 'Mika', role: 'CHILD', family: { limit: { board: 'USK', level: '12', label: 'USK 12' }, unrated: 'HIDE' } };

function show(profiles: Profile[]) {
  const executeQuery = () => merge([fromValue({ data: scales, stale: false, hasNext: false }), never]);
  const executeMutation = vi.fn((_request: { variables: unknown }) => fromValue({ data: { createProfile: { profile: mika, problems: [] }, updateProfile: { profile: mika, problems: [] } } }));
  render(
    <Provider value={{ executeQuery, executeMutation } as unknown as Client}>
      <Profiles profiles={profiles} />
    </Provider>,
  );
  return executeMutation;
}

const levels = () => within(screen.getByLabelText('Games up to')).getAllByRole('option').map((option) => option.textContent);

describe('a child’s limit', () => {
  it('is set by a board and one of its levels', async () => {
    const sent = show([]);
    await userEvent.click(screen.getByRole('button', { name: 'Add a child' }));
    await userEvent.type(screen.getByLabelText('Name'), 'Mika');
    expect(levels()).toEqual(['Early childhood', 'Everyone', 'Everyone 10+', 'Teen']);
    expect(screen.getByLabelText('Games up to')).toHaveValue('E');
    await userEvent.selectOptions(screen.getByLabelText('Ratings by'), 'USK (Germany)');
    expect(levels()).toEqual(['0', '6', '12']);
    expect(screen.getByLabelText('Games up to')).toHaveValue('6');
    await userEvent.selectOptions(screen.getByLabelText('Games up to'), '12');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(sent.mock.calls[0]?.[0].variables).toEqual({ input: { name: 'Mika', limit: { board: 'USK', level: '12' }, unrated: 'HIDE' } });
  });

  it('is shown as it is, and a sibling’s begins with the same board', async () => {
    show([mika]);
    expect(screen.getByText('Up to USK 12, unrated games hidden')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Edit Mika' }));
    expect(screen.getByLabelText('Ratings by')).toHaveValue('USK');
    expect(screen.getByLabelText('Games up to')).toHaveValue('12');
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    await userEvent.click(screen.getByRole('button', { name: 'Add a child' }));
    expect(screen.getByLabelText('Ratings by')).toHaveValue('USK');
  });
});
