import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { Provider, type Client } from 'urql';
import { fromValue, merge, never } from 'wonka';
import { describe, expect, it, vi } from 'vitest';
import type { ChoosePictureMutation, MyTagsQuery, PictureChoicesQuery } from '@/gql/game';
import { ViewerValue, type ViewerContext } from '@/shared/api/viewer';
import { sayer, speak } from '@/shared/content/texts';
import { Copies } from './Copies';
import type { GameFull } from './Hero';
import { OwnTags } from './OwnTags';
import Pictures from './Pictures';

function show(part: ReactNode, query: MyTagsQuery | PictureChoicesQuery | null, mutation?: ChoosePictureMutation) {
  const executeQuery = vi.fn((_request: { variables: unknown }) => merge([fromValue({ data: query, stale: false, hasNext: false }), never]));
  const executeMutation = vi.fn((_request: { variables: unknown }) => fromValue({ data: mutation }));
  render(<Provider value={{ executeQuery, executeMutation } as unknown as Client}>{part}</Provider>);
  return { executeQuery, executeMutation };
}

describe('tags of one’s own', () => {
  const others: MyTagsQuery = { games: { facets: { myTags: [{ id: 'Gift', label: 'Gift', count: 3 }, { id: 'Couch co-op', label: 'Couch co-op', count: 2 }] } } };

  it('are added and taken away, each time all of them are sent, and the focus stays', async () => {
    const onChange = vi.fn(async () => null);
    show(<OwnTags tags={['Couch co-op']} locked={false} onChange={onChange} />, others);
    const input = screen.getByRole('combobox', { name: 'My tags' });
    await userEvent.type(input, ' Gift {Enter}');
    expect(onChange).toHaveBeenLastCalledWith(['Couch co-op', 'Gift']);
    expect(input).toHaveValue('');
    // In whatever case, each is there once.
    await userEvent.type(input, 'COUCH co-op{Enter}');
    expect(onChange).toHaveBeenCalledOnce();
    await userEvent.click(screen.getByRole('button', { name: 'Remove the tag Couch co-op' }));
    expect(onChange).toHaveBeenLastCalledWith([]);
    expect(input).toHaveFocus();
  });

  it('are suggested out of those of other games, once one is about to be written', async () => {
    const { executeQuery } = show(<OwnTags tags={['couch CO-OP']} locked={false} onChange={async () => null} />, others);
    expect(executeQuery).not.toHaveBeenCalled();
    const input = screen.getByRole('combobox', { name: 'My tags' });
    await userEvent.click(input);
    const offered = [...(document.getElementById(input.getAttribute('list') ?? '')?.children ?? [])].map((option) => option.getAttribute('value'));
    expect(offered).toEqual(['Gift']);
  });

  it('say at the field what is wrong with one, which stays to be mended', async () => {
    show(<OwnTags tags={[]} locked={false} onChange={async () => 'A tag has 1 to 50 characters.'} />, others);
    const input = screen.getByRole('combobox', { name: 'My tags' });
    await userEvent.type(input, 'x{Enter}');
    expect(await screen.findByRole('alert')).toHaveTextContent('A tag has 1 to 50 characters.');
    expect(input).toBeInvalid();
    expect(input).toHaveValue('x');
  });

  it('are not there for who may not have any', () => {
    show(<OwnTags tags={[]} locked onChange={async () => null} />, null);
    expect(screen.queryByText('My tags')).not.toBeInTheDocument();
  });
});

describe('where a game is had', () => {
  const held = (id: string, label: string, kind: 'MANUAL' | 'STORE'): NonNullable<GameFull['copies']>[number] => ({ id, title: 'Zorp', storeId: null, holding: 'OWNED', playtimeMinutes: 0, lastPlayedAt: null, addedAt: '2026-01-01T00:00:00Z', platform: { id: 'zorp', name: 'Zorp Arcade' }, library: { id: `l${id}`, label, platform: { id: 'zorp', kind } } });
  const seen = (scopes: ViewerContext['scopes']) => (
    <ViewerValue value={{ me: null, scopes, authMode: 'PASSWORD', setupNeeded: false, reload: async () => undefined }}>
      <Copies copies={[held('1', 'Attic', 'MANUAL'), held('2', 'Arcade', 'STORE')]} onGone={() => undefined} />
    </ViewerValue>
  );

  it('is changed by hand on a shelf of one’s own, and nowhere else', async () => {
    show(seen(['READ_LIBRARY', 'WRITE_LIBRARY']), null);
    expect(screen.getAllByRole('button').map((button) => button.getAttribute('aria-label'))).toEqual(['Change Zorp on Attic', 'Remove Zorp from Attic']);
    await userEvent.click(screen.getByRole('button', { name: 'Remove Zorp from Attic' }));
    expect(await screen.findByRole('dialog', { name: 'Remove Zorp from Attic?' })).toBeInTheDocument();
  });

  it('is only to be seen for who may change nothing', () => {
    show(seen(['READ_LIBRARY']), null);
    expect(screen.getByText('Attic')).toBeInTheDocument();
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });
});

describe('the picture of a game', () => {
  const choice = (id: string, source: string, chosen = false) => ({ id, chosen, picture: { url: `/art/${id}`, placeholder: null, source } });
  const offered = (...choices: ReturnType<typeof choice>[]): PictureChoicesQuery => ({ game: { id: 'g', pictureChoices: choices } });
  const took: ChoosePictureMutation = { choosePicture: { game: { id: 'g', coverUrl: '/art/p2', cover: null, headerUrl: null, hero: null }, problems: [] } };

  it('is one of those on offer, for the place it is meant for', async () => {
    const { executeQuery, executeMutation } = show(<Pictures gameId="g" onClose={() => undefined} />, offered(choice('p1', 'zorp-art'), choice('p2', 'zorp-art')), took);
    const list = screen.getByRole('list', { name: 'Pictures on offer' });
    expect(within(list).getAllByRole('button')).toHaveLength(2);
    expect(screen.queryByRole('button', { name: /Back to/ })).not.toBeInTheDocument();
    await userEvent.click(within(list).getByRole('button', { name: 'Picture 2, from Zorp art' }));
    expect(executeMutation.mock.lastCall?.[0].variables).toEqual({ input: { gameId: 'g', role: 'COVER', choice: 'p2' } });
    await userEvent.selectOptions(screen.getByLabelText('What for'), 'Large, behind the page');
    expect(executeQuery.mock.lastCall?.[0].variables).toEqual({ id: 'g', role: 'HERO' });
  });

  it('is the sources’ own again when the choice is taken back', async () => {
    const { executeMutation } = show(<Pictures gameId="g" onClose={() => undefined} />, offered(choice('p1', 'person', true), choice('p2', 'zorp-art')), took);
    expect(screen.getByRole('button', { name: /^Picture 1/ })).toHaveAttribute('aria-pressed', 'true');
    await userEvent.click(screen.getByRole('button', { name: 'Back to what providers offer' }));
    expect(executeMutation.mock.lastCall?.[0].variables).toEqual({ input: { gameId: 'g', role: 'COVER' } });
  });

  it('comes from an address, and what is wrong with that is said there', async () => {
    const { executeMutation } = show(<Pictures gameId="g" onClose={() => undefined} />, offered(), { choosePicture: { game: null, problems: [{ code: 'INVALID_INPUT', field: 'input.url', message: 'that is no picture' }] } });
    expect(screen.getByText('No source has one yet.')).toBeInTheDocument();
    const address = screen.getByLabelText('Address of a picture');
    await userEvent.type(address, 'https://zorp.test/one.png');
    await userEvent.click(screen.getByRole('button', { name: 'Use it' }));
    expect(executeMutation.mock.lastCall?.[0].variables).toEqual({ input: { gameId: 'g', role: 'COVER', url: 'https://zorp.test/one.png' } });
    expect(await screen.findByText('That is no picture.')).toBeInTheDocument();
    expect(address).toBeInvalid();
    expect(address).toHaveValue('https://zorp.test/one.png');
  });

  it('comes out of a file, and what is wrong with that is said there', async () => {
    const { executeMutation } = show(<Pictures gameId="g" onClose={() => undefined} />, offered(), { choosePicture: { game: null, problems: [{ code: 'INVALID_INPUT', field: 'input.content', message: 'that is no picture' }] } });
    const file = screen.getByLabelText('A picture out of a file');
    await userEvent.upload(file, new File(['zorp'], 'one.png', { type: 'image/png' }));
    expect(await screen.findByText('That is no picture.')).toBeInTheDocument();
    expect(executeMutation.mock.lastCall?.[0].variables).toEqual({ input: { gameId: 'g', role: 'COVER', content: 'em9ycA==' } });
    expect(file).toBeInvalid();
    expect(screen.getByLabelText('Address of a picture')).toBeValid();
  });

  it('is not sent out of a file that is larger than the hub takes', async () => {
    const { executeMutation } = show(<Pictures gameId="g" onClose={() => undefined} />, offered(), took);
    const file = screen.getByLabelText('A picture out of a file');
    expect(file).toHaveAccessibleDescription(/at most 5 MiB/);
    await userEvent.upload(file, new File([new Uint8Array(5 * 1024 * 1024 + 1)], 'vast.png', { type: 'image/png' }));
    expect(await screen.findByText('That file is larger than 5 MiB.')).toBeInTheDocument();
    expect(file).toBeInvalid();
    expect(executeMutation).not.toHaveBeenCalled();
    await userEvent.upload(file, new File(['zorp'], 'one.png', { type: 'image/png' }));
    await vi.waitFor(() => expect(executeMutation).toHaveBeenCalledOnce());
    await vi.waitFor(() => expect(file).toBeValid());
  });

  it('leaves the keyboard where it is while a file is on its way, and takes one at a time', async () => {
    const executeMutation = vi.fn(() => never);
    const executeQuery = () => merge([fromValue({ data: offered(), stale: false, hasNext: false }), never]);
    render(
      <Provider value={{ executeQuery, executeMutation } as unknown as Client}>
        <Pictures gameId="g" onClose={() => undefined} />
      </Provider>,
    );
    const file = screen.getByLabelText('A picture out of a file');
    const one = new File(['zorp'], 'one.png', { type: 'image/png' });
    await userEvent.upload(file, one);
    await vi.waitFor(() => expect(file).toHaveAttribute('aria-busy', 'true'));
    expect(file).toBeEnabled();
    expect(file).toHaveFocus();
    await userEvent.upload(file, one);
    await vi.waitFor(() => expect(executeMutation).toHaveBeenCalled());
    expect(executeMutation).toHaveBeenCalledOnce();
  });

  it('is refused in the hub’s own words, which say more than their code', async () => {
    speak(sayer({ 'problem.UNAVAILABLE': 'A part of the hub sleeps.' }, 'en'), 'en');
    show(<Pictures gameId="g" onClose={() => undefined} />, offered(choice('p1', 'zorp-art')), { choosePicture: { game: null, problems: [{ code: 'UNAVAILABLE', field: null, message: 'others are bringing pictures just now' }] } });
    await userEvent.click(screen.getByRole('button', { name: /^Picture 1/ }));
    expect(await screen.findByText('Others are bringing pictures just now.')).toBeInTheDocument();
    speak(sayer({}, 'en'), 'en');
  });
});
