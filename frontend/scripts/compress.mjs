// Replaces what compresses well under dist/assets by its gzip form, which the hub serves as it is:
// the binary carries a third of the bytes, and no request compresses anything.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const folder = join(import.meta.dirname, '../dist/assets');
let before = 0;
let after = 0;
for (const name of readdirSync(folder)) {
  const file = join(folder, name);
  if (!/\.(js|css|svg|json|ttf)$/.test(name)) continue;
  const plain = readFileSync(file);
  if (plain.length < 1024) continue;
  const packed = gzipSync(plain, { level: 9 });
  writeFileSync(`${file}.gz`, packed);
  rmSync(file);
  before += plain.length;
  after += packed.length;
}
console.log(`compressed ${(before / 1e6).toFixed(1)} MB to ${(after / 1e6).toFixed(1)} MB`);
