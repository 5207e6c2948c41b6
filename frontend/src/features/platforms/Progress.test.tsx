import { readFileSync } from 'node:fs';
import { render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunFragment } from '@/gql/platforms';
import { sayer, speak } from '@/shared/content/texts';
import { Progress } from './Progress';

const run: RunFragment = { id: 'r1', state: 'WAITING', stage: 'ENRICHING', done: 3, total: 9, currentTitle: 'A Game', message: 'the store allows the next request.', rateLimitedUntil: '2001-01-01T00:00:00Z', error: null, attempt: 1, added: 0, updated: 0, removed: 0, startedAt: '2001-01-01T00:00:00Z', finishedAt: null, rev: 1 };

const shipped = (language: string): Record<string, string> => JSON.parse(readFileSync(`../subgraphs/metadata/src/content/text/${language}.json`, 'utf8')) as Record<string, string>;
afterEach(() => speak(sayer({}, 'en'), 'en'));

describe('a sync that waits', () => {
  it('says why and for how long in whole sentences, and cuts nothing short', () => {
    render(<Progress run={run} platform={{ id: 'zorp', name: 'Zorp' }} />);
    const said = screen.getByText(/^The store allows/);
    expect(said).toHaveTextContent('The store allows the next request. Goes on in 0:00.');
    expect(said.closest('.truncate')).toBeNull();
  });

  it('has the store asked for it where the hub says nothing else', () => {
    render(<Progress run={{ ...run, message: null }} platform={{ id: 'zorp', name: 'Zorp' }} />);
    expect(screen.getByText(/^The store asked/)).toHaveTextContent('The store asked for a pause. Goes on in 0:00.');
  });

  it.each(['en', 'de'])('says of pages only what waits for pages, in the words of the hub (%s)', (language) => {
    const texts = shipped(language);
    speak(sayer(texts, language), language);
    const platform = { id: 'zorp', name: 'Zorp' };
    const { rerender } = render(<Progress run={run} platform={platform} />);
    expect(screen.getByText((said) => said.startsWith(texts['problem.storePages'] ?? '?'))).toBeInTheDocument();
    // One that was started anew, by force, waits for the list and has no message.
    rerender(<Progress run={{ ...run, stage: 'LISTING', message: null }} platform={platform} />);
    expect(screen.getByText((said) => said.startsWith(texts['platforms.theStoreAskedForA'] ?? '?'))).toBeInTheDocument();
    expect(screen.queryByText((said) => said.startsWith(texts['problem.storePages'] ?? '?'))).not.toBeInTheDocument();
  });

  it.each(['en', 'de'])('says that the platform may not be asked yet, with the time counted, and that its answer was unreadable (%s)', (language) => {
    const texts = shipped(language);
    speak(sayer(texts, language), language);
    const platform = { id: 'zorp', name: 'Zorp' };
    const of = (code: string) => (texts[`problem.platform.${code}`] ?? '?').replace('{platform}', 'Zorp');
    const spent = { code: 'PROVIDER_RATE_LIMITED', message: 'Zorp may not be asked again before noon.', reason: 'platform.again', values: ['2001-01-01T00:00:00Z', 'Zorp'] };
    const { rerender } = render(<Progress run={{ ...run, message: spent.message, error: spent }} platform={platform} />);
    expect(screen.getByText((said) => said.startsWith(of('PROVIDER_RATE_LIMITED')))).toHaveTextContent(/0:00/);
    const torn = { code: 'PROVIDER_MALFORMED', message: 'Zorp’s answer cannot be read: it was cut short.', reason: 'answer.part', values: ['Zorp', 'it was cut short'] };
    const tornRun = { ...run, rateLimitedUntil: null, currentTitle: null, message: torn.message };
    rerender(<Progress run={{ ...tornRun, error: torn }} platform={platform} />);
    const part = (texts['problem.PROVIDER_MALFORMED.answer.part'] ?? '?').replace('{first}', 'Zorp').replace('{second}', 'it was cut short');
    expect(screen.getByText(part)).toHaveTextContent('it was cut short');
    // One from before the part was kept.
    rerender(<Progress run={{ ...tornRun, error: { ...torn, reason: null, values: [] } }} platform={platform} />);
    expect(screen.getByText(of('PROVIDER_MALFORMED'))).toBeInTheDocument();
  });
});
