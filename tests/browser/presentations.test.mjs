// Every vector of presentations in every engine of the packed package: in Node and in Chromium.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { register } from 'node:module';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { install } from './install.mjs';
import { hold, run } from './presentations.mjs';
import { serve } from './serve.mjs';
import { launch } from './visit.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const vectors = join(here, '../vectors/presentations');
const files = readdirSync(vectors).map((name) => JSON.parse(readFileSync(join(vectors, name), 'utf8')));
const ENGINES = ['index', 'plain', 'auto'];
const LEAST = 100;

let installed;
let server;
let browser;

before(async () => {
  installed = await install();
  server = await serve({
    '/pkg/': { directory: installed.unpacked },
    '/vectors/': { directory: vectors },
    '/': { directory: here },
  });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.close();
  installed?.remove();
});

const entry = (name) => pathToFileURL(join(installed.unpacked, 'dist', `${name}.js`)).href;

function holds({ wrong, count }) {
  assert.deepEqual(wrong, []);
  assert.ok(count > LEAST, `only ${count} cases`);
}

for (const name of ENGINES) {
  test(`node: ${name}`, async () => {
    const api = await import(entry(name));
    if (name === 'auto') assert.equal(await api.ready(), 'wasm');
    holds(run(api, files));
  });

  test(`chromium: ${name}`, async () => {
    const page = await browser.newPage();
    await page.goto(`${server.url}/pages/blank.html`);
    holds(
      await page.evaluate(
        async ({ name, files }) => {
          const api = await import(`/pkg/dist/${name}.js`);
          await api.ready?.();
          return (await import('/presentations.mjs')).run(api, files);
        },
        { name, files },
      ),
    );
    await page.close();
  });
}

test('node: the module that a runtime compiles ahead of time', async () => {
  // Stands for runtimes that give the compiled module for an import of its file.
  const source = `
    import { readFileSync } from 'node:fs';
    import { fileURLToPath } from 'node:url';
    export async function load(url, context, next) {
      if (!url.endsWith('.wasm')) return next(url, context);
      const bytes = JSON.stringify([...readFileSync(fileURLToPath(url))]);
      return { format: 'module', shortCircuit: true, source: 'export default new WebAssembly.Module(new Uint8Array(' + bytes + '));' };
    }`;
  register(`data:text/javascript,${encodeURIComponent(source)}`);
  holds(run(await import(entry('index.module')), files));
});

for (const name of ['index', 'plain']) {
  test(`node: the memory of ${name} stays as it is over 100,000 calls`, { timeout: 120_000 }, async () => {
    const api = await import(entry(name));
    const small = files.map(({ about, cases }) => ({ about, cases: cases.filter((vector) => !/large/.test(vector.name)) }));
    hold(api, small, 10_000);
    const settled = process.memoryUsage();
    assert.ok(hold(api, small, 100_000) >= 100_000);
    const { arrayBuffers, external } = process.memoryUsage();
    assert.ok(arrayBuffers <= settled.arrayBuffers + 2 ** 20, `${arrayBuffers - settled.arrayBuffers} bytes more of memory`);
    assert.ok(external <= settled.external + 2 ** 20, `${external - settled.external} bytes more outside of the heap`);
  });
}
