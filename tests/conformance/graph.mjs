// The fixtures' graph: plain resolvers, over HTTP and server-sent events. `startGraph(folder)` takes
// the folder of operation files, which `change` writes into, and answers with its address.
import { createServer } from 'node:http';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GraphQLError } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';

const typeDefs = readFileSync(new URL('./fixtures/api.graphql', import.meta.url), 'utf8');
// A red dot, and a WAV without a sample.
const image = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==';
const audio = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=';
const document = { uri: 'test://embedded-resource', type: 'text/plain', text: 'This is an embedded resource content.' };
const later = (ms) => new Promise((resume) => setTimeout(resume, ms));

async function* work() {
  const notes = ['Tool execution started', 'Tool processing data', 'Tool execution completed'];
  for (const [step, note] of notes.entries()) {
    const finished = step === 2;
    yield { work: { done: step * 50, total: 100, note, finished, result: finished ? 'All done.' : null } };
    // More often than ten times a second nobody is told; and one of the suite's checks waits for half
    // a second, no longer.
    await later(120);
  }
}

function changed(folder, { what }) {
  const stamp = Date.now();
  const text =
    what === 'TOOL'
      ? `# Changed at ${stamp}.\nquery Changed @mcpTool(name: "changed") { text }\n`
      : `# Changed at ${stamp}.\nquery ChangedPrompt @mcpPrompt(name: "changed_prompt", template: "Changed at ${stamp}.") { text }\n`;
  writeFileSync(join(folder, what === 'TOOL' ? 'changed_tool.graphql' : 'changed_prompt.graphql'), text);
  return 'changed';
}

export async function startGraph(folder) {
  const schema = createSchema({
    typeDefs,
    resolvers: {
      Query: {
        text: () => 'This is a simple text response for testing.',
        fails: () => {
          throw new GraphQLError('This tool intentionally returns an error for testing', { extensions: { code: 'INTERNAL' } });
        },
        image: () => image,
        audio: () => audio,
        document: () => document,
        mixed: () => ({ text: 'Multiple content types test:', image, document: { ...document, text: '{"test":"data","value":123}' } }),
        echo: (_, { text, ...rest }) => text ?? JSON.stringify(rest),
        item: (_, { id }) => ({ id, templateTest: true, data: `Data for ID: ${id}` }),
        names: () => ['paris', 'park', 'party'],
        greet: (_, given) => `state-ok: ${JSON.stringify(given)}`,
      },
      Mutation: { change: (_, given) => changed(folder, given) },
      Subscription: {
        work: { subscribe: work },
        changes: {
          subscribe: async function* () {
            yield { changes: 0 };
            await new Promise(() => {});
          },
        },
      },
    },
  });
  const server = createServer(createYoga({ schema, logging: false, maskedErrors: false })).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}/graphql`, stop };
}
