import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Provider, type Client } from 'urql';
import { afterEach, describe, expect, it } from 'vitest';
import { sayer, speak } from '@/shared/content/texts';
import { ImportDialog, type Look } from './ImportDialog';

const row = (line: number, title: string, status: string | null): Look['nodes'][number] => ({ line, column: null, title, status, action: 'ADD', field: null, reason: null, reasonCode: null, reasonValues: [], changes: [] });
const look: Look = { format: 'CSV', needsTitle: false, rows: 2, added: 2, updated: 0, unchanged: 0, skipped: 0, rejected: 0, newStatuses: ['Shelf of shame', 'Lent'], columns: [], fields: [], nodes: [row(2, 'Zorp', 'Lent'), row(3, 'Zorp II', null)], totalCount: 2 };

afterEach(() => speak(sayer({}, 'en'), 'en'));

async function show(answer: Look) {
  const query = () => ({ toPromise: async () => ({ data: { previewImport: answer } }) });
  render(
    <Provider value={{ query } as unknown as Client}>
      <ImportDialog onClose={() => undefined} />
    </Provider>,
  );
  await userEvent.upload(screen.getByLabelText('File to import'), new File(['title\nZorp'], 'shelf.csv', { type: 'text/csv' }));
}

describe('a look at a file before it is imported', () => {
  it('names the statuses that it would make, and the status of each game that has one', async () => {
    await show(look);
    expect(await screen.findByText('Makes these statuses: Shelf of shame, Lent.')).toBeInTheDocument();
    expect(screen.getByRole('cell', { name: /^Zorp\s*Status: Lent$/ })).toBeInTheDocument();
    expect(screen.getByRole('cell', { name: 'Zorp II' })).toBeInTheDocument();
  });

  it('says nothing of statuses where there are no new ones', async () => {
    await show({ ...look, newStatuses: [] });
    expect(await screen.findByRole('cell', { name: 'Zorp II' })).toBeInTheDocument();
    expect(screen.queryByText(/Makes/)).not.toBeInTheDocument();
  });

  it('says in the language that is spoken why a game cannot be read, and in the hub’s words what it has no text for', async () => {
    speak(sayer({ 'importReason.moons': '„{first}“ ist kein Mond von 1 bis {second}' }, 'de'), 'de');
    const bad = (line: number, reasonCode: string | null): Look['nodes'][number] => ({ ...row(line, 'Zorp', null), action: 'REJECT', field: 'Moons', reason: '"x" is not a moon', reasonCode, reasonValues: reasonCode ? ['x', '9'] : [] });
    await show({ ...look, rejected: 3, nodes: [bad(2, 'moons'), bad(3, null), bad(4, 'suns')] });
    expect(await screen.findByText('Moons: „x“ ist kein Mond von 1 bis 9')).toBeInTheDocument();
    expect(screen.getAllByText('Moons: "x" is not a moon')).toHaveLength(2);
  });
});
