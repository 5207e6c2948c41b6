import type { Fetcher } from '@graphiql/toolkit';
import { createClient, type Client } from 'graphql-ws';
import { Kind, parse, type OperationDefinitionNode } from 'graphql';
import { hubFetch } from '@/shared/api/fetch';
import { accessToken } from '@/shared/api/tokens';
import { t } from './texts';

let socket: Client | null = null;

/**
 * Which operation to run. GraphiQL reads the names of a document a moment after it was typed, so one
 * that is run at once comes with the name of the document before; then it is the first, as it would be.
 */
function operationOf(query: string, name: string | null | undefined): OperationDefinitionNode | undefined {
  const operations = parse(query).definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return operations.find((operation) => operation.name?.value === name) ?? operations[0];
}

/**
 * Our own fetcher: the toolkit's decides by a debounced parse whether a document is a
 * subscription, so one that is typed and run at once goes out by HTTP and fails.
 */
export const fetcher: Fetcher = async (params, options) => {
  const headers = options?.headers ?? {};
  const operation = operationOf(params.query, params.operationName);
  const operationName = operation?.name?.value ?? null;
  if (operation?.operation === 'subscription') {
    // A header that was typed by hand wins over the page's own login.
    const typed = Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1];
    await socket?.dispose();
    socket = createClient({
      url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
      connectionParams: async () => {
        const authorization = typed ?? (await accessToken().then((token) => (token ? `Bearer ${token}` : null)));
        return authorization ? { authorization } : {};
      },
    });
    return socket.iterate({ query: params.query, variables: params.variables as Record<string, unknown> | null, operationName }) as never;
  }
  const response = await hubFetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json', ...headers },
    body: JSON.stringify({ ...params, operationName }),
  });
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return { errors: [{ message: t('playground.noJson', { status: response.status, text: text.slice(0, 200) }) }] };
  }
};
