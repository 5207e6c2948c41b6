import type { AnyRouter } from '@tanstack/react-router';
import { beforeEach, describe, expect, it } from 'vitest';
import { keepFocus } from './focus';

let go: (event: { fromLocation?: object; pathChanged: boolean }) => void;
beforeEach(() => {
  document.body.innerHTML = '<a href="/" id="nav">Library</a><main id="content" tabindex="-1"></main>';
  keepFocus({ subscribe: (_kind: string, tell: typeof go) => (go = tell) } as unknown as AnyRouter);
});
const focused = () => document.activeElement?.id;

describe('the focus on the way to another screen', () => {
  it('goes into it when what had it is gone', () => {
    go({ fromLocation: {}, pathChanged: true });
    expect(focused()).toBe('content');
  });

  it('stays with what is still there, at the top of a page just opened, and while one types', () => {
    go({ pathChanged: true });
    expect(focused()).toBe('');
    go({ fromLocation: {}, pathChanged: false });
    expect(focused()).toBe('');
    document.getElementById('nav')?.focus();
    go({ fromLocation: {}, pathChanged: true });
    expect(focused()).toBe('nav');
  });
});
