import type { Client } from 'urql';
import { UploadImportDocument } from '@/gql/platforms';
import { refusal } from '@/shared/api/problems';
import { t } from './texts';

/** The part of an import's input that is the file: its text, or where it was sent. */
export type Sent = { content: string } | { upload: string };

/** More text than this is sent in parts. */
const WHOLE = 6_000_000;
/** How many bytes a part has: in base64 it stays below the hub's bound. */
const PART = 700_000;

/** The text of a file; null where it is none, such as an archive or a database. */
export function textOf(bytes: Uint8Array): string | null {
  if (bytes.length > WHOLE) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(text);
}

/** Sends a file to the hub, whole where it is a text of usual size. */
export async function sendFile(client: Client, name: string, bytes: Uint8Array, onPart: (share: number) => void): Promise<{ sent: Sent } | { fault: string }> {
  const text = textOf(bytes);
  if (text !== null) return { sent: { content: text } };
  let upload: string | null = null;
  for (let at = 0; at < bytes.length || at === 0; at += PART) {
    const { data, error } = await client.mutation(UploadImportDocument, { input: { upload, name, content: base64(bytes.subarray(at, at + PART)), offset: at } }).toPromise();
    const fault = refusal(data?.uploadImport.problems, error);
    if (fault) return { fault };
    upload = data?.uploadImport.upload ?? null;
    onPart(Math.min(1, (at + PART) / bytes.length));
  }
  return upload ? { sent: { upload } } : { fault: t('platforms.notSent') };
}
