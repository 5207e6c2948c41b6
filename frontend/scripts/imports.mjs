// Who may import whom: shared → nothing of ours but generated types; features → shared (and
// their own folder); app → all. A stranger fails the check.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../src');
const walk = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? walk(join(folder, e.name)) : [join(folder, e.name)]));
const layer = (path) => path.split('/')[0];
const feature = (path) => (layer(path) === 'features' ? path.split('/')[1] : null);
const allowed = { shared: ['shared', 'gql'], features: ['shared', 'gql', 'features'], app: ['shared', 'gql', 'features', 'app'], gql: ['shared'] };
const faults = [];
for (const file of walk(root).filter((f) => /\.tsx?$/.test(f))) {
  const from = relative(root, file);
  if (!(layer(from) in allowed)) continue;
  for (const [, target] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'((?:@\/|\.)[^']+)'/g)) {
    const to = target.startsWith('@/') ? target.slice(2) : relative(root, join(dirname(file), target));
    if (!allowed[layer(from)].includes(layer(to))) faults.push(`${from} imports ${to}: ${layer(from)} may not import ${layer(to)}`);
    else if (feature(from) && feature(to) && feature(from) !== feature(to)) faults.push(`${from} imports ${to}: a feature may not import another feature`);
  }
}
if (faults.length) {
  console.error(faults.join('\n'));
  process.exit(1);
}
