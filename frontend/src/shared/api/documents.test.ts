import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DocumentNode } from 'graphql';
import { createRequest, formatDocument, stringifyDocument } from 'urql';
import { afterEach, describe, expect, it, vi } from 'vitest';
import manifest from '@/gql/documents.json';

const frontend = join(import.meta.dirname, '../../..');
const modules = import.meta.glob<Record<string, DocumentNode & { documentId?: string }>>('../../gql/*.ts', { eager: true });
const documents = Object.entries(modules).flatMap(([, module]) => Object.entries(module).filter(([name]) => name.endsWith('Document')));

describe('the documents of this app', () => {
  it('are sent as exactly the texts that the hub was told of', () => {
    expect(documents.length).toBe(manifest.operations.length);
    for (const [name, document] of documents) {
      const text = stringifyDocument(formatDocument(createRequest(document, {}).query));
      const hash = createHash('sha256').update(text).digest('hex');
      expect(document.documentId, name).toBe(`sha256:${hash}`);
      expect(manifest.operations.find((operation) => operation.id === hash)?.body, name).toBe(text);
    }
  });

  it('have the one that renews a login', () => {
    expect(manifest.operations.map((operation) => operation.name)).toContain('RefreshLogin');
  });

  it('are refused by file and line when they do not fit the schema', () => {
    const folder = mkdtempSync(join(tmpdir(), 'documents-'));
    try {
      for (const [text, place] of [
        ['query Typo {\n  me { nam }\n}\n', 'typo.graphql:2: Cannot query field "nam"'],
        ['query Broken {\n  me {\n', 'typo.graphql:3: Syntax Error'],
      ] as const) {
        writeFileSync(join(folder, 'typo.graphql'), text);
        const ran = spawnSync('node', ['scripts/codegen.mjs', '--check'], { cwd: frontend, env: { ...process.env, DOCUMENTS: folder }, encoding: 'utf8' });
        expect(ran.status).toBe(1);
        expect(ran.stderr).toContain(place);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the client', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('sends the hash alone, and the text only to a hub that asks for it', async () => {
    const sent: { query?: string; extensions?: { persistedQuery?: { sha256Hash: string } } }[] = [];
    const missing = { errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] };
    const found = { data: { __typename: 'Query', setup: { __typename: 'SetupState', needed: false, authMode: 'PASSWORD' }, me: null, myScopes: [] } };
    vi.stubGlobal('fetch', async (_url: unknown, init: RequestInit) => {
      sent.push(JSON.parse(String(init.body)));
      return new Response(JSON.stringify(sent.length === 2 ? missing : found), { headers: { 'content-type': 'application/json' } });
    });
    const { makeClient } = await import('./client');
    const { WelcomeDocument } = await import('@/gql/auth');
    const hash = manifest.operations.find((operation) => operation.name === 'Welcome')?.id;

    expect((await makeClient().query(WelcomeDocument, {})).error).toBeUndefined();
    expect(sent[0]?.query).toBeUndefined();
    expect(sent[0]?.extensions?.persistedQuery?.sha256Hash).toBe(hash);

    expect((await makeClient().query(WelcomeDocument, {})).data?.setup?.needed).toBe(false);
    expect(sent.length).toBe(3);
    const text = sent[2]?.query ?? '';
    expect(createHash('sha256').update(text).digest('hex')).toBe(hash);
  });
});

describe('the description of the REST endpoints', () => {
  it('is OpenAPI 3.1 to a validator that others wrote', async () => {
    const { Validator } = await import('@seriousme/openapi-schema-validator');
    const description = JSON.parse(readFileSync(join(frontend, '../schema/openapi.json'), 'utf8')) as Record<string, unknown>;
    const result = await new Validator().validate(description);
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
    expect(description.openapi).toBe('3.1.0');
  });
});
