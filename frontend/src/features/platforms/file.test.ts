import type { Client } from 'urql';
import { describe, expect, it, vi } from 'vitest';
import { base64, sendFile, textOf } from './file';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a file to import', () => {
  it('is sent as text where it is one', async () => {
    expect(await sendFile({} as Client, 'a.csv', bytes('title\nÖrd'), () => undefined)).toEqual({ sent: { content: 'title\nÖrd' } });
  });

  it('is no text with a zero in it, or in another encoding', () => {
    expect(textOf(bytes('SQLite format 3\0'))).toBeNull();
    expect(textOf(new Uint8Array([0x50, 0x4b, 0xff, 0xfe]))).toBeNull();
  });

  it('is sent in parts that follow one another where it is none', async () => {
    const whole = new Uint8Array(1_500_000).map((_, i) => i % 251);
    const parts: { upload: string | null; content: string; offset: number }[] = [];
    const mutation = vi.fn((_document: unknown, { input }: { input: (typeof parts)[number] }) => ({
      toPromise: async () => {
        parts.push(input);
        return { data: { uploadImport: { upload: 'u1', bytes: 0, problems: [] } } };
      },
    }));
    expect(await sendFile({ mutation } as unknown as Client, 'galaxy.db', whole, () => undefined)).toEqual({ sent: { upload: 'u1' } });
    expect(parts.map((part) => [part.upload, part.offset])).toEqual([[null, 0], ['u1', 700_000], ['u1', 1_400_000]]);
    const joined = parts.flatMap((part) => [...atob(part.content)].map((char) => char.charCodeAt(0)));
    expect(joined.length).toBe(whole.length);
    expect(joined.every((byte, i) => byte === whole[i])).toBe(true);
    expect(base64(bytes('ab'))).toBe('YWI=');
  });

  it('says why the hub did not take it', async () => {
    const mutation = () => ({ toPromise: async () => ({ data: { uploadImport: { upload: null, bytes: 0, problems: [{ code: 'LIMIT', field: null, message: 'at most 20 MiB' }] } } }) });
    expect(await sendFile({ mutation } as unknown as Client, 'x.zip', new Uint8Array([0]), () => undefined)).toEqual({ fault: 'At most 20 MiB.' });
  });
});
