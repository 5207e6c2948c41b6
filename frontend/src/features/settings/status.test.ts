import { describe, expect, it } from 'vitest';
import { readReady } from './Status';

describe('what the hub says of its parts', () => {
  it('is read also when it is not ready', () => {
    expect(readReady({ ready: false, parts: { database: 'ok', bus: 'gone' } })).toEqual({ ready: false, parts: { database: 'ok', bus: 'gone' } });
  });

  it('is nothing when something else answers', () => {
    for (const odd of [null, 'ok', {}, { ready: 'yes', parts: {} }, { ready: true }]) expect(readReady(odd)).toBeNull();
  });
});
