import { render } from '@testing-library/react';
import { Provider, type Client } from 'urql';
import { fromValue } from 'wonka';
import { describe, expect, it } from 'vitest';
import type { HubWorkQuery } from '@/gql/work';
import { Work } from './Work';

const stores = [
  { id: 'zorp', name: 'Zorp Arcade', canSync: true, setupNeeded: null },
  { id: 'plink', name: 'Plink', canSync: true, setupNeeded: null },
  { id: 'quux', name: 'Quux', canSync: true, setupNeeded: 'Set quux.id first' },
];
const soon = new Date(Date.now() + 3 * 60_000 + 5_000).toISOString();
const data: HubWorkQuery = {
  libraryWork: {
    database: 'Stone tablets',
    queued: 2,
    running: 1,
    waiting: 3,
    unmatchedCopies: 1234,
    events: { waiting: 4, oldestAt: new Date(Date.now() - 2 * 60_000 - 5_000).toISOString() },
    platforms: [
      { platform: { id: 'zorp', name: 'Zorp Arcade' }, failures: 5, leftAloneUntil: soon, askedToWaitUntil: null, limits: [{ requests: 100_000, seconds: 86_400, used: 95_000 }] },
      { platform: { id: 'plink', name: 'Plink' }, failures: 0, leftAloneUntil: null, askedToWaitUntil: null, limits: [] },
    ],
  },
  sourceWork: {
    sources: [{ id: 'glyphs', name: 'Glyph base', setupNeeded: 'Set glyph.key', pausedUntil: null, failures: 0, waiting: 7, failed: 1, limits: [] }],
    events: { waiting: 1, oldestAt: null },
  },
};

describe('what the hub is at', () => {
  it('says what waits, who does not answer and how much of a limit is used', () => {
    render(
      <Provider value={{ executeQuery: () => fromValue({ data, stale: false, hasNext: false }) } as unknown as Client}>
        <Work stores={stores} />
      </Provider>,
    );
    const text = (id: string): string => document.getElementById(id)?.closest('section')?.textContent ?? '';
    expect(text('work')).toContain('copies without a game yet1,234');
    expect(text('work')).toContain('5, the oldest 2 minutes ago');
    expect(text('work')).toContain('Stone tablets');
    // Each store once: what it needs, and how it answers.
    const [zorp, plink, quux] = [...document.querySelectorAll('[aria-labelledby=providers] > ul > li')].map((store) => store.textContent);
    expect(zorp).toContain('Does not answer, asked again in 3 minutes');
    expect(zorp).toContain('did not answer 5 times in a row');
    expect(zorp).toContain('95,000 of 100,000 requests in a day');
    expect(plink).toContain('Answers');
    expect(quux).toContain('Needs setting up');
    expect(quux).toContain('Set quux.id first.');
    expect(text('sources')).toContain('Not asked');
    expect(text('sources')).toContain('Set glyph.key.');
    expect(text('sources')).toContain('7 games wait, 1 game given up for today');
  });
});
