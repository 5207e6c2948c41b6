// Completes package-lock.json with the optional packages of other platforms. An npm that cannot see
// a platform's package leaves it out of the lock, and `npm ci` then refuses the lock everywhere.
// Run after every `npm install` that changes a dependency: `npm run lock`.
import { readFileSync, writeFileSync } from 'node:fs';

const file = 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];
let added = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${path}/node_modules/${name}`;
    const place = `node_modules/${name}`;
    if (lock.packages[place] || lock.packages[nested]) continue;
    const words = name.split(/[-/]/);
    const os = systems.find((system) => words.includes(system)) ?? (words.includes('wasm32') || words.includes('wasi') ? 'wasi' : undefined);
    const cpu = words.some((word) => word.startsWith('arm') && word !== 'arm64') ? 'arm' : processors.find((processor) => words.includes(processor));
    if (!os) continue;
    lock.packages[place] = { version: version.replace(/^[^0-9]*/, ''), ...(entry.dev && { dev: true }), optional: true, os: [os], ...(cpu && { cpu: [cpu] }) };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages of other platforms noted`);
