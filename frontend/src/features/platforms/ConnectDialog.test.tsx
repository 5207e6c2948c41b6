import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Provider, type Client } from 'urql';
import { fromValue } from 'wonka';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LinkLibraryMutation } from '@/gql/platforms';
import { sayer, speak } from '@/shared/content/texts';
import { atMoment } from '@/shared/format/time';
import { ConnectDialog } from './ConnectDialog';
import type { Linked, Platform } from './PlatformsScreen';

// Names that no code of ours knows: the form is made of what the API says.
const platform: Platform = {
  id: 'zorp',
  name: 'Zorp Arcade',
  kind: 'STORE',
  canSync: true,
  help: 'Needs a glyph.',
  authorizeUrl: 'https://zorp.test/code',
  setupNeeded: null,
  limits: [{ requests: 7, seconds: 3600 }],
  connectFields: [
    { name: 'glyph', kind: 'TEXT', label: 'Glyph', help: 'Nine runes.', secret: true, required: true, pattern: null, placeholder: null },
    { name: 'orbit', kind: 'TEXT', label: 'Orbit', help: 'Leave empty for the inner one.', secret: false, required: false, pattern: null, placeholder: 'inner' },
  ],
};

/** Whose code says it all. */
const problem = (code: string, field: string | null, message: string) => ({ code, field, message, reason: null, values: [] });

function show(answer: LinkLibraryMutation['linkLibrary'], of: Platform = platform) {
  const executeMutation = vi.fn((_request: { variables: unknown }) => fromValue({ data: { linkLibrary: answer } }));
  const onLinked = vi.fn();
  render(
    <Provider value={{ executeMutation } as unknown as Client}>
      <ConnectDialog platform={of} onClose={() => undefined} onLinked={onLinked} />
    </Provider>,
  );
  return { executeMutation, onLinked };
}

describe('connecting a platform', () => {
  it('asks for exactly what the platform describes, secrets hidden', () => {
    show({ library: null, problems: [] });
    expect(screen.getByLabelText('Glyph')).toHaveAttribute('type', 'password');
    expect(screen.getByLabelText(/Orbit/)).toHaveAttribute('placeholder', 'inner');
    expect(screen.getByText(/7 requests in an hour/)).toBeInTheDocument();
    expect(screen.getByRole('link', { name: /Sign in at Zorp Arcade/ })).toHaveAttribute('href', 'https://zorp.test/code');
  });

  it('says what the owner has to set first, and opens the store’s page apart from ours', () => {
    show({ library: null, problems: [] }, { ...platform, setupNeeded: 'Set zorp.rune first.' });
    expect(screen.getByRole('button', { name: 'Connect' })).toBeDisabled();
    expect(screen.getByRole('alert')).toHaveTextContent('Set zorp.rune first.');
    const link = screen.getByRole('link', { name: /Sign in at Zorp Arcade/ });
    expect(link).toHaveAttribute('target', '_blank');
    expect(link.getAttribute('rel')?.split(' ')).toEqual(expect.arrayContaining(['noopener', 'noreferrer']));
  });

  it('follows no address that is not a page of the web', () => {
    show({ library: null, problems: [] }, { ...platform, authorizeUrl: 'javascript:alert(1)' });
    expect(screen.queryByRole('link')).not.toBeInTheDocument();
  });

  it('shows what the hub refused at the field it is about', async () => {
    show({ library: null, problems: [problem('FIELD_INVALID', 'fields.glyph', 'That is not a glyph.')] });
    await userEvent.type(screen.getByLabelText('Glyph'), 'xx');
    await userEvent.click(screen.getByRole('button', { name: 'Connect' }));
    expect(await screen.findByText('That is not a glyph.')).toBeInTheDocument();
    expect(screen.getByLabelText('Glyph')).toHaveAccessibleDescription(/That is not a glyph/);
    expect(screen.getByLabelText('Glyph')).toBeInvalid();
  });

  it('sends the filled fields by name and hands over the new library', async () => {
    const library: Linked = { id: 'l1', label: 'Zorp', account: null, connected: true, gamesCount: 0, createdAt: '2026-01-01T00:00:00Z', platform: { id: 'zorp', name: 'Zorp Arcade', kind: 'STORE', canSync: true }, lastSync: null, lastError: null, nextSyncAt: null, syncEveryHours: 24 };
    const { executeMutation, onLinked } = show({ library, problems: [] });
    await userEvent.type(screen.getByLabelText('Glyph'), ' runes ');
    await userEvent.click(screen.getByRole('button', { name: 'Connect' }));
    await vi.waitFor(() => expect(onLinked).toHaveBeenCalledWith('l1'));
    expect(executeMutation.mock.calls[0]?.[0].variables).toEqual({ input: { platform: 'zorp', label: 'Zorp Arcade', fields: [{ name: 'glyph', value: 'runes' }] } });
  });

  it('asks for what is on or off by a switch, and sends it when it is on', async () => {
    const moons = { name: 'moons', kind: 'SWITCH', label: 'Moons', help: 'Count them too.', secret: false, required: false, pattern: null, placeholder: null } as const;
    const { executeMutation } = show({ library: null, problems: [problem('INVALID_INPUT', 'input.fields.moons', 'there are none')] }, { ...platform, connectFields: [moons] });
    const moon = screen.getByRole('checkbox', { name: 'Moons' });
    expect(moon).not.toBeChecked();
    expect(moon).toHaveAccessibleDescription('Count them too.');
    await userEvent.click(screen.getByRole('button', { name: 'Connect' }));
    await userEvent.click(moon);
    await userEvent.click(screen.getByRole('button', { name: 'Connect' }));
    const sent = executeMutation.mock.calls.map(([request]) => (request.variables as { input: { fields: unknown } }).input.fields);
    expect(sent).toEqual([[], [{ name: 'moons', value: 'true' }]]);
    expect(await screen.findByText('There are none.')).toBeInTheDocument();
    expect(moon).toBeInvalid();
  });

  describe('in a language that has the platform’s words', () => {
    afterEach(() => speak(sayer({}, 'en'), 'en'));
    const spoken = { 'platform.zorp.help': 'Braucht ein Zeichen.', 'platform.zorp.glyph.label': 'Zeichen', 'platform.zorp.glyph.help': 'Neun Runen.', 'platform.zorp.glyph.CREDENTIALS_REJECTED': 'Das gilt nicht.', 'problem.platform.PROVIDER_DOWN': '{platform} schweigt.' };

    it('says them, what was wrong as well, and the hub’s own where it has none', async () => {
      speak(sayer(spoken, 'de'), 'de');
      const problems = [
        problem('CREDENTIALS_REJECTED', 'input.fields.glyph', 'no good'),
        problem('PROVIDER_DOWN', null, 'no answer'),
        problem('INVALID_INPUT', 'input.fields.orbit', 'no such orbit'),
      ];
      show({ library: null, problems });
      expect(screen.getByText('Braucht ein Zeichen.')).toBeInTheDocument();
      expect(screen.getByLabelText('Zeichen')).toHaveAccessibleDescription('Neun Runen.');
      expect(screen.getByLabelText(/Orbit/)).toHaveAccessibleDescription('Leave empty for the inner one.');
      await userEvent.type(screen.getByLabelText('Zeichen'), 'xx');
      await userEvent.click(screen.getByRole('button', { name: 'Connect' }));
      expect(await screen.findByText('Zorp Arcade schweigt.')).toBeInTheDocument();
      expect(screen.getByText('Das gilt nicht.')).toBeInTheDocument();
      expect(screen.getByText('No such orbit.')).toBeInTheDocument();
    });

    it('says when the platform may be asked again, as its reader writes a moment', async () => {
      speak(sayer({ 'problem.platform.PROVIDER_RATE_LIMITED': '{platform} noch nicht.', 'problem.PROVIDER_RATE_LIMITED.platform.again': '{second} nicht vor dem {until}.' }, 'de'), 'de');
      const until = '2026-07-31T12:30:00Z';
      show({ library: null, problems: [{ ...problem('PROVIDER_RATE_LIMITED', null, `Zorp Arcade may not be asked again before ${until}.`), reason: 'platform.again', values: [until, 'Zorp Arcade'] }] });
      await userEvent.type(screen.getByLabelText('Glyph'), 'xx');
      await userEvent.click(screen.getByRole('button', { name: 'Connect' }));
      expect(await screen.findByText(`Zorp Arcade nicht vor dem ${atMoment(until)}.`)).toHaveTextContent(/31\.07\.2026/);
    });
  });

  it('asks of a shelf of one’s own for nothing but a name', async () => {
    const { executeMutation } = show({ library: null, problems: [problem('CONFLICT', 'input.label', 'there is one of that name')] }, { ...platform, id: 'attic', name: 'Attic', kind: 'MANUAL', canSync: false, authorizeUrl: null, connectFields: [], limits: [] });
    const name = screen.getByRole('textbox');
    await userEvent.clear(name);
    await userEvent.type(name, 'Cellar');
    await userEvent.click(screen.getByRole('button', { name: 'Make a shelf' }));
    expect(executeMutation.mock.calls[0]?.[0].variables).toEqual({ input: { platform: 'attic', label: 'Cellar', fields: [] } });
    expect(await screen.findByText('There is one of that name.')).toBeInTheDocument();
    expect(name).toBeInvalid();
  });
});
