import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { asCurl, asHomeAssistant, asNodeRed, playgroundPath, type Question } from './copies';

const question: Question = {
  origin: 'http://hub.test:8000',
  document: 'query FindThem($q: String!) {\n  found: searchGames(query: $q, first: 3) {\n    totalCount\n  }\n}',
  variables: { q: `it's "odd"; $(echo no) \`x\` — ü` },
};
const body = { query: question.document, variables: question.variables };

describe('a question that is copied', () => {
  it('reaches curl as it is, whatever is in its variables', () => {
    // The shell's own reading, with a printer in place of curl.
    const script = `curl() { for word in "$@"; do last=$word; done; printf %s "$last"; }; GAME_DJINN_KEY=k; ${asCurl(question)}`;
    expect(JSON.parse(execFileSync('bash', ['-c', script], { encoding: 'utf8' }))).toEqual(body);
  });

  it('carries no key, only the place for one', () => {
    for (const copy of [asCurl(question), asHomeAssistant(question), asNodeRed(question)]) {
      expect(copy).not.toMatch(/gd_\w/);
      expect(copy).toMatch(/GAME_DJINN_KEY|!secret game_djinn_bearer/);
      expect(copy).toContain('http://hub.test:8000/graphql');
    }
  });

  it('is a sensor whose payload is the question and whose state is the count', () => {
    const text = asHomeAssistant(question);
    const payload = /payload: (".*")/.exec(text)?.[1] ?? '';
    expect(JSON.parse(JSON.parse(payload) as string)).toEqual(body);
    expect(text).toContain('value_json.data.found.totalCount');
    expect(text).toContain('unique_id: game_djinn_query_find_them');
  });

  it('is a flow that Node-RED can import', () => {
    const flow = JSON.parse(asNodeRed(question)) as { id: string; type: string; wires: string[][]; rules?: { p: string; to: string }[] }[];
    const ids = flow.map((node) => node.id);
    for (const node of flow) for (const wire of node.wires.flat()) expect(ids).toContain(wire);
    expect(JSON.parse(flow.find((node) => node.type === 'change')?.rules?.find((rule) => rule.p === 'payload')?.to ?? '')).toEqual(body);
  });

  it('goes to the playground in the fragment', () => {
    const hash = new URLSearchParams(playgroundPath(question).split('#')[1]);
    expect(hash.get('query')).toBe(question.document);
    expect(JSON.parse(hash.get('variables') ?? '')).toEqual(question.variables);
  });
});
