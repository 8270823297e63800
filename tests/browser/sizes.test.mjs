// What each entry of the packed package may weigh after compression. A little more is a decision and not an accident.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { install } from './install.mjs';

// Bytes of brotli 11, two of a hundred above what was packed last.
const LIMITS = {
  'index.js': 19_030,
  'plain.js': 22_600,
  'verify.js': 1_800,
  'element.js': 7_240,
  'react.js': 750,
  'core.js': 439_000,
  'claims.wasm': 14_590,
};

let installed;

before(async () => {
  installed = await install();
});

after(() => installed?.remove());

for (const [name, limit] of Object.entries(LIMITS)) {
  test(`${name} weighs at most ${limit} bytes`, () => {
    const bytes = brotliCompressSync(readFileSync(join(installed.unpacked, 'dist', name))).length;
    assert.ok(bytes <= limit, `${name} weighs ${bytes} bytes after compression; its limit is ${limit}`);
    assert.ok(bytes > limit * 0.9, `${name} weighs only ${bytes} bytes; lower its limit`);
  });
}

test('what every page may load stands in the list', () => {
  const entries = readdirSync(join(installed.unpacked, 'dist')).filter((name) => /^[a-z]+\.js$/.test(name));
  // Entries that hold only what others load.
  const thin = ['auto.js', 'backend.js', 'preview.js'];
  assert.deepEqual(entries.filter((name) => !(name in LIMITS) && !thin.includes(name)), []);
  assert.ok(existsSync(join(installed.unpacked, 'dist/plain-engine.js')));
});
