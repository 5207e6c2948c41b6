import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Linked } from './Linked';

describe('a text with addresses', () => {
  it('is as it was, and its addresses can be followed', () => {
    const text = 'From steamcommunity.com/dev/apikey: 32 digits. Sign in at store.steampowered.com, or see https://zorp.test/a/b.';
    const { container } = render(<Linked text={text} />);
    expect(container).toHaveTextContent(text);
    expect(screen.getAllByRole('link').map((link) => [link.textContent, link.getAttribute('href')])).toEqual([
      ['steamcommunity.com/dev/apikey', 'https://steamcommunity.com/dev/apikey'],
      ['https://zorp.test/a/b', 'https://zorp.test/a/b'],
    ]);
  });

  it('leads nowhere by anything else', () => {
    render(<Linked text="javascript:alert(1) and/or http://zorp.test/x 1.5/2" />);
    expect(screen.queryAllByRole('link').map((link) => link.getAttribute('href'))).toEqual(['https://zorp.test/x']);
  });
});
