import { describe, expect, it } from 'vitest';
import type { RunFragment } from '@/gql/platforms';
import { ago, countdown, playtime } from '@/shared/format/time';
import { initials, words } from '@/shared/format/words';
import { fraction, newer, outcome, running } from './progress';

const run = (more: Partial<RunFragment>): RunFragment => ({ id: 'r1', state: 'RUNNING', stage: 'MATCHING', done: 0, total: null, currentTitle: null, message: null, rateLimitedUntil: null, error: null, attempt: 1, added: 0, updated: 0, removed: 0, startedAt: '2026-01-01T00:00:00Z', finishedAt: null, rev: 1, ...more });

describe('a sync run', () => {
  it('has no fraction while the hub does not know the total', () => {
    expect(fraction(run({}))).toBeNull();
    expect(fraction(run({ done: 5, total: 20 }))).toBe(0.25);
    expect(fraction(run({ done: 30, total: 20 }))).toBe(1);
    expect(fraction(run({ state: 'SUCCEEDED' }))).toBe(1);
  });

  it('is running also while it waits for a limit', () => {
    expect(['QUEUED', 'RUNNING', 'WAITING', 'SUCCEEDED', 'FAILED', 'SUPERSEDED'].map((state) => running(run({ state: state as RunFragment['state'] })))).toEqual([true, true, true, false, false, false]);
    expect(running(null)).toBe(false);
  });

  it('is shown in its newest revision, and a later run wins', () => {
    const old = run({ rev: 3 });
    const fresh = run({ rev: 4, done: 9 });
    expect(newer(old, fresh)).toBe(fresh);
    expect(newer(fresh, old)).toBe(fresh);
    expect(newer(null, old)).toBe(old);
    const next = run({ id: 'r2', rev: 1, startedAt: '2026-01-02T00:00:00Z' });
    expect(newer(next, fresh)).toBe(next);
  });

  it('says in words what it changed', () => {
    expect(outcome({ added: 1, updated: 3, removed: 0 })).toBe('1 game added, 3 updated');
    expect(outcome({ added: 0, updated: 0, removed: 0 })).toBe('Nothing had changed');
  });
});

describe('times and words', () => {
  it('counts down to a deadline and never below zero', () => {
    expect(countdown('2026-01-01T00:00:42Z', Date.parse('2026-01-01T00:00:00Z'))).toBe('0:42');
    expect(countdown('2026-01-01T01:03:07Z', Date.parse('2026-01-01T00:00:00Z'))).toBe('1:03:07');
    expect(countdown('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:00:09Z'))).toBe('0:00');
  });

  it('says playtime as people do', () => {
    expect([0, 1, 59, 60, 95, 599, 6000].map(playtime)).toEqual(['Not played', '1 min', '59 min', '1 h', '1.6 h', '10 h', '100 h']);
  });

  it('says how long ago', () => {
    const now = Date.parse('2026-01-10T12:00:00Z');
    expect(ago('2026-01-10T11:59:40Z', now)).toBe('just now');
    expect(ago('2026-01-10T09:00:00Z', now)).toBe('3 hours ago');
    expect(ago('2026-01-09T12:00:00Z', now)).toBe('yesterday');
  });

  it('makes short marks and plain words of any name', () => {
    expect(['Steam', 'GOG', 'Epic Games', 'By hand', 'itch.io', ''].map(initials)).toEqual(['St', 'GOG', 'EG', 'BH', 'it', '?']);
    expect(words('FAMILY_SHARED')).toBe('Family shared');
  });
});
