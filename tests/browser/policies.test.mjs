// The packed package under the policies that pages set.
// PACKAGE is the tarball's path, CHROMIUM the browser's.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { install, need } from './install.mjs';
import { serve } from './serve.mjs';
import { launch, visit } from './visit.mjs';

const SELF = "default-src 'none'; script-src 'self'";
const WASM = `${SELF} 'wasm-unsafe-eval'`;
const POLICIES = {
  none: undefined,
  strict: SELF,
  wasm: WASM,
  'trusted-types': `${WASM}; require-trusted-types-for 'script'; trusted-types 'none'`,
  'strict-trusted-types': `${SELF}; require-trusted-types-for 'script'; trusted-types 'none'`,
  'connect-none': "connect-src 'none'",
};

const installed = await install();
const directory = await installed.consumer('policies');
const { build } = await need('esbuild');
await build({
  absWorkingDir: directory, entryPoints: ['wasm.js', 'auto.js', 'plain.js', 'early.js', 'element.js', 'refused.js'],
  bundle: true, splitting: true, format: 'esm', outdir: 'dist', logLevel: 'silent',
});
const browser = await launch();
const server = await serve(Object.fromEntries(Object.entries(POLICIES).map(([name, policy]) => [`/${name}/`, { directory, policy }])));

after(async () => {
  await browser.close();
  await server.close();
  installed.remove();
});

const open = (policy, page, options) => visit(browser, `${server.url}/${policy}/${page}.html`, options);
const withoutWasm = { before: () => { delete globalThis.WebAssembly; } };

/** The page reads the token with the engine named; what the browser says about a refused compilation may be there. */
function reads(page, engine, { refusal = false } = {}) {
  const problems = refusal ? page.problems.filter((problem) => !aboutWasm(problem)) : page.problems;
  assert.deepEqual(problems, []);
  assert.match(page.text, new RegExp(`^OK pro [1-9]\\d* false ${engine}$`));
}

/** The page says why it does not work and what to import in its place. */
function saysWhy(page) {
  assert.deepEqual(page.problems.filter((problem) => !aboutWasm(problem)), []);
  assert.match(page.text, /^FAILED /);
  assert.match(page.text, /WebAssembly/);
  assert.match(page.text, /claimwright\/(?:auto|plain)/);
}

const aboutWasm = (problem) => /^error: .*(?:WebAssembly|wasm-eval|unsafe-eval)/s.test(problem);

for (const policy of ['none', 'wasm', 'trusted-types', 'connect-none']) {
  test(`policy ${policy}: everything works`, async () => {
    reads(await open(policy, 'wasm'), 'wasm');
    reads(await open(policy, 'auto'), 'wasm');
    reads(await open(policy, 'plain'), 'plain');
  });
}

for (const policy of ['strict', 'strict-trusted-types']) {
  test(`policy ${policy}: the default says why, auto and plain work`, async () => {
    saysWhy(await open(policy, 'wasm'));
    reads(await open(policy, 'auto'), 'plain', { refusal: true });
    reads(await open(policy, 'plain'), 'plain');
  });
}

test('no WebAssembly: the default says why, auto and plain work', async () => {
  saysWhy(await open('none', 'wasm', withoutWasm));
  reads(await open('none', 'auto', withoutWasm), 'plain');
  reads(await open('none', 'plain', withoutWasm), 'plain');
});

test('auto does not decode before it is ready, says so, and decodes then', async () => {
  const page = await open('none', 'early');
  assert.deepEqual(page.problems, []);
  assert.match(page.text, /^OK pro after: .*ready/);
});

for (const policy of ['strict', 'trusted-types', 'strict-trusted-types']) {
  test(`policy ${policy}: the element shows a token that the plain engine read, with its style`, async () => {
    const page = await open(policy, 'element');
    assert.deepEqual(page.problems, []);
    assert.equal(page.text, 'OK shown styled');
  });
}

test('policy strict: an element that may not run WebAssembly says so, and what to do', async () => {
  const { text, problems } = await open('strict', 'refused');
  assert.match(text, /WebAssembly.*claimwright\/plain/);
  assert.deepEqual(problems.filter((problem) => problem.startsWith('uncaught')), []);
});
