import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { Columns } from './ImportColumns';

// Names that no code of ours knows: columns, fields and guesses are the hub's.
const look = {
  needsTitle: false,
  columns: [
    { name: 'Namn', field: 'zorp', mapped: false, samples: ['Kalle', 'Lisa'] },
    { name: 'Tid', field: null, mapped: false, samples: [] },
  ],
  fields: [
    { name: 'zorp', label: 'Zorp’s name' },
    { name: 'glim', label: 'Glim in minutes' },
  ],
};

describe('the columns of a file', () => {
  it('show what the hub reads them as, with samples', () => {
    render(<Columns look={look} mapping={{}} onChange={() => undefined} />);
    expect(screen.getByText('1 of 2 columns are read')).toBeInTheDocument();
    expect(screen.getByText('Kalle, Lisa')).toBeInTheDocument();
    expect(screen.getByLabelText('What Namn is')).toHaveDisplayValue('Zorp’s name');
    expect(screen.getByLabelText('What Tid is')).toHaveDisplayValue('Left out');
  });

  it('can be said to be something else, and be left to the hub again', async () => {
    const change = vi.fn();
    const { rerender } = render(<Columns look={look} mapping={{}} onChange={change} />);
    await userEvent.selectOptions(screen.getByLabelText('What Tid is'), 'Glim in minutes');
    expect(change).toHaveBeenLastCalledWith({ Tid: 'glim' });
    rerender(<Columns look={look} mapping={{ Tid: 'glim' }} onChange={change} />);
    await userEvent.selectOptions(screen.getByLabelText('What Tid is'), 'As the hub reads it');
    expect(change).toHaveBeenLastCalledWith({});
    await userEvent.selectOptions(screen.getByLabelText('What Namn is'), 'Leave it out');
    expect(change).toHaveBeenLastCalledWith({ Tid: 'glim', Namn: 'ignore' });
  });

  it('ask for the titles when nobody knows where they are', () => {
    render(<Columns look={{ ...look, needsTitle: true }} mapping={{}} onChange={() => undefined} />);
    expect(screen.getByText('Which column has the titles?').closest('details')).toHaveAttribute('open');
  });
});
