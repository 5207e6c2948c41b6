// Composes the router's test fixtures: every folder under router/tests/fixtures/federation has one
// SDL file for each subgraph, and gets a supergraph.graphql.
// `--check` writes nothing and fails when the committed files differ.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../router/tests/fixtures/federation');
const checkOnly = process.argv.includes('--check');
const faults = [];

for (const feature of readdirSync(root).sort()) {
  const folder = join(root, feature);
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.graphql') && file !== 'supergraph.graphql')
    .map((file) => file.replace(/\.graphql$/u, ''))
    .sort();
  const services = names.map((name) => ({
    name,
    url: `http://${name}.invalid/graphql`,
    typeDefs: parse(readFileSync(join(folder, `${name}.graphql`), 'utf8')),
  }));
  const result = composeServices(services);
  if (result.errors?.length) {
    faults.push(...result.errors.map((error) => `${feature}: ${error.message}`));
    continue;
  }
  const file = join(folder, 'supergraph.graphql');
  const text = `${result.supergraphSdl.trimEnd()}\n`;
  if (!checkOnly) writeFileSync(file, text);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    faults.push(`${feature}: supergraph.graphql is not what its subgraphs compose to. Run: npm run compose:fixtures`);
  }
}

if (faults.length) {
  console.error(faults.join('\n'));
  process.exit(1);
}
