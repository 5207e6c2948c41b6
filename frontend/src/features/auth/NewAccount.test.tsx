import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { NewTokensFragment } from '@/gql/auth';
import { sayer, speak } from '@/shared/content/texts';
import { NewAccount, type Account } from './NewAccount';

type Refused = NewTokensFragment['problems'][number];
const refused = (problem: Refused) => ({ payload: { tokens: null, problems: [problem] }, error: undefined });
const wrong = (field: string | null, message: string) => refused({ code: 'INVALID_INPUT', field, message, reason: null, values: [] });
afterEach(() => speak(sayer({}, 'en'), 'en'));

function show(given: string, answer = wrong(null, 'no')) {
  const create = vi.fn((_account: Account) => Promise.resolve(answer));
  const onDone = vi.fn(() => Promise.resolve());
  render(<NewAccount lock={{ field: 'rune', given, label: 'Rune', help: 'On the door.', missing: 'Read the door.', quiet: true }} create={create} onDone={onDone} submit="Come in" failed="The door stays shut." />);
  return { create, onDone };
}

const fill = async (again = 'a long password') => {
  await userEvent.type(screen.getByLabelText('Your name'), ' Ada ');
  await userEvent.type(screen.getByLabelText('Password'), 'a long password');
  await userEvent.type(screen.getByLabelText('Password again'), again);
  await userEvent.click(screen.getByRole('button', { name: 'Come in' }));
};

describe('a new account', () => {
  it('asks for the key only where it did not come along', async () => {
    const { create } = show('');
    await fill();
    expect(screen.getByLabelText('Rune')).toHaveAccessibleDescription(/Read the door/);
    expect(create).not.toHaveBeenCalled();
  });

  it('is made with the key that came along, and the key is seen when it is wrong', async () => {
    const { create, onDone } = show('fehu', wrong('input.rune', 'that rune is worn'));
    expect(screen.queryByLabelText('Rune')).not.toBeInTheDocument();
    await fill();
    expect(await screen.findByText('That rune is worn.')).toBeInTheDocument();
    expect(screen.getByLabelText('Rune')).toHaveValue('fehu');
    expect(create).toHaveBeenCalledWith({ key: 'fehu', name: 'Ada', password: 'a long password' });
    expect(onDone).not.toHaveBeenCalled();
  });

  it('lets a key that was wrong be typed anew to its end', async () => {
    const { create } = show('fehu', wrong('input.rune', 'that rune is worn'));
    await fill();
    const rune = await screen.findByLabelText('Rune');
    await userEvent.clear(rune);
    await userEvent.type(rune, 'uruz');
    expect(screen.queryByText('That rune is worn.')).not.toBeInTheDocument();
    expect(screen.getByLabelText('Rune')).toBe(rune);
    expect(rune).toHaveValue('uruz');
    expect(rune).toHaveFocus();
    await userEvent.click(screen.getByRole('button', { name: 'Come in' }));
    expect(create).toHaveBeenLastCalledWith({ key: 'uruz', name: 'Ada', password: 'a long password' });
  });

  it('says at the password what is wrong with it, in the language that is spoken', async () => {
    speak(sayer({ 'problem.WEAK_PASSWORD.length': 'Es hat {first} bis {second} Zeichen, nicht {third}.' }, 'de'), 'de');
    show('fehu', refused({ code: 'WEAK_PASSWORD', field: 'input.password', message: 'a password has 20 to 30 characters, not 15', reason: 'length', values: ['20', '30', '15'] }));
    await fill();
    expect(await screen.findByText('Es hat 20 bis 30 Zeichen, nicht 15.')).toBeInTheDocument();
    expect(screen.getByLabelText('Password')).toBeInvalid();
  });

  it('is not asked for while the two passwords differ', async () => {
    const { create } = show('fehu');
    await fill('another password');
    expect(await screen.findByText(/not the same/)).toBeInTheDocument();
    expect(create).not.toHaveBeenCalled();
  });
});
