// Composes the five subgraphs into schema/supergraph.graphql (for routers) and derives
// schema/api.graphql (for people and clients): what is @inaccessible and what belongs to
// federation is left out, descriptions stay, everything is sorted so that a diff is readable.
// `--check` writes nothing and fails when the committed files differ.
import { readFileSync, writeFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeServices, transformSupergraphToPublicSchema } from '@theguild/federation-composition';
import { buildASTSchema, parse, print, validateSchema, visit } from 'graphql';

const here = dirname(fileURLToPath(import.meta.url));
const checkOnly = process.argv.includes('--check');
const folderArg = process.argv.slice(2).find((argument) => !argument.startsWith('--'));
const folder = folderArg ?? join(here, '../../schema');
const names = ['library', 'metadata', 'ai', 'session', 'leaderboard'];

function stop(message) {
  console.error(message);
  process.exit(1);
}

const services = names.map((name) => {
  const file = join(folder, `${name}.graphql`);
  if (!existsSync(file)) stop(`compose: ${file} is missing. Write the subgraphs' SDL first (djinn schema).`);
  try {
    return { name, url: `http://${name}.invalid/graphql`, typeDefs: parse(readFileSync(file, 'utf8')) };
  } catch (error) {
    const at = error.locations?.[0];
    return stop(`compose: ${name}.graphql${at ? `:${at.line}:${at.column}` : ''}: ${error.message}`);
  }
});

const result = composeServices(services);
if (result.errors?.length) {
  const lines = result.errors.map((error) => {
    const code = error.extensions?.code;
    return `  - ${code ? `${code}: ` : ''}${error.message}`;
  });
  stop(`compose: the subgraphs do not fit together (${lines.length}):\n${lines.join('\n')}`);
}

/** Sorts the document itself: graphql-js cannot print a schema in which a free-form scalar has an object default. */
function sorted(document) {
  const byName = (a, b) => (a.name?.value ?? '').localeCompare(b.name?.value ?? '', 'en');
  const lists = ['definitions', 'fields', 'arguments', 'values', 'types', 'interfaces', 'locations'];
  const clientDirectives = new Set(['deprecated', 'specifiedBy', 'oneOf']);
  return visit(document, {
    leave(node) {
      const copy = { ...node };
      for (const key of lists) {
        // Object values inside a default keep the order in which they were written.
        if (Array.isArray(copy[key]) && copy.kind !== 'Directive') copy[key] = [...copy[key]].sort(byName);
      }
      if (copy.directives) copy.directives = copy.directives.filter((d) => clientDirectives.has(d.name.value));
      return copy;
    },
  });
}

const publicAst = sorted(transformSupergraphToPublicSchema(parse(result.supergraphSdl)));
const faults = validateSchema(buildASTSchema(publicAst));
if (faults.length) stop(`compose: the public schema is not valid:\n${faults.map((f) => `  - ${f.message}`).join('\n')}`);
const api = `${print(publicAst)}\n`;
const outputs = { 'supergraph.graphql': `${result.supergraphSdl.trimEnd()}\n`, 'api.graphql': api };

for (const [name, text] of Object.entries(outputs)) {
  const file = join(folder, name);
  if (checkOnly) {
    const committed = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (committed !== text) stop(`compose: schema/${name} is not what the subgraphs compose to. Run: make schema`);
  } else {
    writeFileSync(file, text);
  }
  console.log(`${checkOnly ? 'checked' : 'wrote'} schema/${name} (${text.length} characters)`);
}
