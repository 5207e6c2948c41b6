import { createRequest, type TypedDocumentNode } from 'urql';

/** A document of this app: its text, read once, and the id by which the hub knows it. */
export function document<Data, Variables>(id: string, text: string): TypedDocumentNode<Data, Variables> {
  return Object.assign(createRequest(text, undefined as never).query, { documentId: id }) as TypedDocumentNode<Data, Variables>;
}
