// Prints what each route costs in JavaScript over the wire, and fails when one is over budget.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = join(dirname(fileURLToPath(import.meta.url)), '../dist');
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
// The page's first script has the app fetched, which no import of its own says.
const APP = ['index.html', 'src/app/main.tsx'];
const budgets = [
  ['library', [...APP, 'src/features/library/LibraryScreen.tsx', 'src/app/live.ts', 'src/app/SyncWatch.tsx'], 160],
  ['game', [...APP, 'src/features/game/GameScreen.tsx', 'src/app/live.ts'], 175],
  ['platforms', [...APP, 'src/features/platforms/PlatformsScreen.tsx', 'src/app/live.ts'], 190],
  ['collections', [...APP, 'src/features/collections/CollectionsScreen.tsx', 'src/app/live.ts'], 175],
  ['rule', [...APP, 'src/features/collections/RuleScreen.tsx', 'src/app/live.ts'], 175],
  ['tonight', [...APP, 'src/features/tonight/TonightScreen.tsx', 'src/app/live.ts'], 175],
  ['insights', [...APP, 'src/features/insights/InsightsScreen.tsx', 'src/features/insights/Charts.tsx', 'src/features/insights/Year.tsx', 'src/app/live.ts'], 275],
  ['duplicates', [...APP, 'src/features/duplicates/DuplicatesScreen.tsx', 'src/app/live.ts'], 175],
  ['settings', [...APP, 'src/features/settings/SettingsScreen.tsx', 'src/app/live.ts'], 190],
  ['status', [...APP, 'src/features/status/StatusScreen.tsx', 'src/app/live.ts'], 175],
  ['collection', [...APP, 'src/features/collections/CollectionScreen.tsx', 'src/app/live.ts'], 175],
  ['setup', [...APP, 'src/features/auth/SetupScreen.tsx'], 175],
  ['login', [...APP, 'src/features/auth/LoginScreen.tsx'], 175],
  ['invite', [...APP, 'src/features/auth/InviteScreen.tsx'], 175],
  ['playground', ['playground.html'], 900],
];
const size = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length / 1000;

function filesOf(entries) {
  const files = { js: new Set(), css: new Set() };
  const seen = new Set();
  const visit = (key) => {
    if (seen.has(key)) return;
    seen.add(key);
    const chunk = manifest[key];
    if (!chunk) throw new Error(`budget: no chunk ${key} in the manifest`);
    if (chunk.file.endsWith('.js')) files.js.add(chunk.file);
    for (const css of chunk.css ?? []) files.css.add(css);
    for (const key of chunk.imports ?? []) visit(key);
  };
  entries.forEach(visit);
  return files;
}

// A screen that nobody gave a budget to would grow unseen.
const screens = readFileSync(join(dist, '../src/app/router.tsx'), 'utf8').matchAll(/import\('@\/(features\/[^']+)'\)/g);
const listed = new Set(budgets.flatMap(([, entries]) => entries));
const forgotten = [...screens].map(([, path]) => `src/${path}.tsx`).filter((path) => !listed.has(path));
if (forgotten.length) {
  console.error(`budget: no budget for ${forgotten.join(', ')}`);
  process.exit(1);
}

let over = false;
console.log('\nroute        JS kB gzip   budget   CSS kB gzip');
for (const [name, entries, budget] of budgets) {
  const files = filesOf(entries);
  const js = [...files.js].reduce((sum, file) => sum + size(file), 0);
  const css = [...files.css].reduce((sum, file) => sum + size(file), 0);
  over ||= js > budget;
  console.log(`${name.padEnd(12)} ${js.toFixed(1).padStart(10)} ${String(budget).padStart(8)} ${css.toFixed(1).padStart(13)} ${js > budget ? '  OVER' : ''}`);
}
const fonts = readdirSync(join(dist, 'assets')).filter((file) => /\.(woff2?|ttf)$/.test(file));
console.log(`fonts: ${fonts.join(', ')}`);
if (over) process.exit(1);
