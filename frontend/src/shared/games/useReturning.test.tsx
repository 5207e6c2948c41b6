import { render, screen, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { noteOpened, useReturning } from './useReturning';

function List() {
  useReturning();
  return (
    <>
      <a href="/games/a" data-game-id="a">
        Amber
      </a>
      <a href="/games/b" data-game-id="b">
        Birch
      </a>
    </>
  );
}

describe('coming back to a list of games', () => {
  it('goes on at the game that was opened, and does so once', async () => {
    const first = render(<List />);
    expect(document.body).toHaveFocus();
    noteOpened('b');
    first.unmount();
    const second = render(<List />);
    await waitFor(() => expect(screen.getByText('Birch')).toHaveFocus());
    second.unmount();
    // Somebody who is elsewhere by then stays there.
    noteOpened('a');
    const box = document.body.appendChild(document.createElement('input'));
    box.focus();
    render(<List />);
    await new Promise(requestAnimationFrame);
    expect(box).toHaveFocus();
  });
});
