// The English texts that the app carries along, out of the hub's own (`en.json` of the metadata
// subgraph): what is shown before the hub has answered, or when it does not. One file for each part
// of the app that is loaded by itself, so that nobody loads the texts of a screen they do not open.
// `--check` writes nothing and fails on a difference.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, '../../subgraphs/metadata/src/content/text/en.json');
const target = join(here, '../src/shared/content/english');
const checkOnly = process.argv.includes('--check');

/** The first word of a key says where it is shown; what is not named here is shown everywhere. */
const parts = {
  auth: ['auth'],
  byHand: ['byHand'],
  collections: ['collections', 'join'],
  duplicates: ['duplicates'],
  game: ['game'],
  insights: ['insights', 'block', 'period'],
  keys: ['keys'],
  platforms: ['platforms', 'stage'],
  playground: ['playground'],
  settings: ['settings', 'export', 'density', 'motion'],
  status: ['status'],
  tonight: ['tonight'],
};
/** What the hub's own answers say in English themselves: nobody carries it along. */
const answered = new Set(['evidence', 'field', 'importChange', 'importField', 'importReason', 'measure', 'operator', 'phrase', 'platform', 'problem', 'reason']);
const partOf = Object.fromEntries(Object.entries(parts).flatMap(([part, words]) => words.map((word) => [word, part])));

const files = { shared: {} };
for (const [key, text] of Object.entries(JSON.parse(readFileSync(source, 'utf8')))) {
  const [word] = key.split('.');
  if (answered.has(word)) continue;
  const part = partOf[word] ?? 'shared';
  (files[part] ??= {})[key] = text;
}
let stale = 0;
mkdirSync(target, { recursive: true });
for (const [part, texts] of Object.entries(files)) {
  const file = join(target, `${part}.json`);
  const text = `${JSON.stringify(texts, null, 2)}\n`;
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (checkOnly) {
    console.error(`texts: ${file} is not what en.json says; run \`npm run codegen\``);
    stale += 1;
  } else writeFileSync(file, text);
}
for (const file of readdirSync(target).filter((name) => !(name.replace('.json', '') in files))) {
  if (checkOnly) stale += 1;
  else rmSync(join(target, file));
}
if (stale) process.exit(1);
