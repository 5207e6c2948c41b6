import { hubFetch } from '@/shared/api/fetch';
import { keep, sayer, speak } from './texts';

/** Turns to the language of who is signed in. Until the hub has answered, and when it does not, it is that of the last visit. */
export async function findLanguage(): Promise<void> {
  const response = await hubFetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
    body: JSON.stringify({ query: '{ texts { language values } }' }),
  });
  const { data } = (await response.json()) as { data?: { texts?: { language: string; values: Record<string, unknown> } | null } | null };
  if (!data?.texts) return;
  const { language, values } = data.texts;
  speak(sayer(values, language), language);
  keep(values, language);
}
