// The packed package in every kind of program that installs it.
// PACKAGE is the tarball's path, CHROMIUM the browser's.

import assert from 'node:assert/strict';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { PERSON, install, need, run, start, token, tool } from './install.mjs';
import { serve } from './serve.mjs';
import { launch, visit } from './visit.mjs';

const NAMES = ['TokenError', 'decodeIdToken', 'diffIdTokens', 'fromPayload', 'tryDecodeIdToken', 'watchExpiry'];
const ENTRIES = ['.', './plain', './auto', './verify', './element', './element/de', './react', './backend', './preview'];

// Without these no test can run, and their absence is to be said once.
const installed = await install();
const browser = await launch();
/** What every consumer shows: what the first one said. */
let expected = 'what node shows';

after(async () => {
  await browser.close();
  installed.remove();
});

const specifier = (entry) => entry.replace(/^\./, 'claimwright');
/** Both are imported only for what they do: a bundler that takes them for free of effects drops them. */
const registered = () => {
  const element = customElements.get('id-token-claims');
  return element && (element.languages.de ? 'element and German' : 'element');
};
const presented = () => document.querySelector('id-token-claims')?.shadowRoot?.textContent.includes('pro') === true;

/** The page shows what is expected, and nothing went wrong. */
function right(page) {
  assert.deepEqual(page.problems, []);
  assert.equal(page.text, expected);
  assert.ok(!holdsToken(page.html), 'the token stands in the page');
}

function holdsToken(text) {
  const [, payload] = token().split('.');
  return text.includes(payload.slice(0, 40));
}

async function visitFolder(directory, options) {
  const server = await serve({ '/': { directory } });
  try {
    return await visit(browser, `${server.url}/`, options);
  } finally {
    await server.close();
  }
}

/** Bundlers have nothing to copy: the core is in the code. */
async function onlyCode(directory) {
  const files = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
  assert.deepEqual(files.map(({ name }) => name).filter((name) => !/\.(js|css|html)$/.test(name)), []);
}

test('node, as a module', async () => {
  const directory = await installed.consumer('node-esm');
  const out = (await run(process.execPath, ['main.js'], { cwd: directory })).trim();
  const [, rows] = /^OK pro (\d+) false$/.exec(out) ?? assert.fail(out);
  assert.ok(Number(rows) >= 10 && Number(rows) <= 15, out);
  expected = out;
});

test('publint finds nothing', async () => {
  const { publint } = await need('publint');
  const { formatMessage } = await need('publint/utils');
  const bytes = await readFile(installed.tarball);
  const { messages } = await publint({
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) }, strict: true, level: 'suggestion',
  });
  assert.deepEqual(messages.map((message) => formatMessage(message, installed.manifest, { color: false }) ?? message.code), []);
});

test('the types are right under every resolution', async () => {
  const { checkPackage, createPackageFromTarballData } = await need('@arethetypeswrong/core');
  const tarball = createPackageFromTarballData(new Uint8Array(await readFile(installed.tarball)));
  // It is bytes, and has no types.
  const { types, problems } = await checkPackage(tarball, { excludeEntrypoints: ['./claims.wasm'] });
  assert.ok(types, 'the package has no types');
  assert.deepEqual(problems.map(({ kind, entrypoint, resolutionKind, fileName }) =>
    [kind, entrypoint, resolutionKind, fileName].filter(Boolean).join(' ')), []);
});

test('the manifest asks for nothing', () => {
  const { manifest } = installed;
  for (const member of ['dependencies', 'optionalDependencies', 'bundledDependencies', 'bundleDependencies']) {
    assert.deepEqual(manifest[member] ?? {}, {}, member);
  }
  assert.deepEqual(manifest.scripts ?? {}, {});
  for (const peer of Object.keys(manifest.peerDependencies ?? {})) {
    assert.equal(manifest.peerDependenciesMeta?.[peer]?.optional, true, `${peer} is not optional`);
  }
  assert.deepEqual(Object.keys(manifest.exports).sort(), [...ENTRIES, './claims.wasm', './package.json'].sort());
  for (const member of ['main', 'module', 'types']) assert.equal(typeof manifest[member], 'string', member);
});

test('the packed files hold no code from text, no asset by address, and no path of the machine that built them', async () => {
  const findings = [];
  for (const file of await readdir(installed.unpacked, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const text = await readFile(join(file.parentPath, file.name), 'latin1');
    const find = (what, pattern) => {
      const found = pattern.exec(text);
      if (found) findings.push(`${file.name}: ${what}: ${JSON.stringify(text.slice(Math.max(0, found.index - 30), found.index + 60))}`);
    };
    // In a module's bytes anything may stand before a path; in text, an address. `/rustc/` names no machine: the standard library has it.
    find('a path', /\/(?:home|root|Users)\/[\w.-]|\.cargo[/\\]|\.rustup[/\\]|[A-Z]:\\\\?Users/);
    find('a path', /(?<![\w.:/-])\/(?:work|tmp|build|github|runner|opt|usr|var)\/[\w.-]/);
    if (!/\.[cm]?js$/.test(file.name)) continue;
    find('an asset by address', /new\s+URL\s*\(\s*["'`]/);
    find('an address of its own', /import\.meta\.url/);
    find('code from text', /\beval\s*\(|\bnew\s+Function\b|(?<![\w.$])Function\s*\(/);
    find('markup from text', /\.(?:innerHTML|outerHTML|insertAdjacentHTML)\b|document\.write\b/);
    find('a debugger statement', /\bdebugger\b/);
  }
  assert.deepEqual(findings, []);
});

test('node, every entry by name', async () => {
  const directory = await installed.consumer('node-esm', 'entries');
  const program = `
    import { readFileSync } from 'node:fs';
    import { fileURLToPath } from 'node:url';
    const before = Object.getOwnPropertyNames(globalThis);
    globalThis.fetch = () => { throw new Error('a request at import'); };
    const names = {};
    for (const entry of ${JSON.stringify(ENTRIES.map(specifier))}) names[entry] = Object.keys(await import(entry));
    names.globals = Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name));
    const wasm = readFileSync(fileURLToPath(import.meta.resolve('claimwright/claims.wasm')));
    names.wasm = (await WebAssembly.compile(wasm)) instanceof WebAssembly.Module;
    names.manifest = JSON.parse(readFileSync(fileURLToPath(import.meta.resolve('claimwright/package.json')))).name;
    const { token } = await import('./token.js');
    const { decodeIdToken } = await import('claimwright');
    const plain = await import('claimwright/plain');
    const auto = await import('claimwright/auto');
    names.ready = [await auto.ready(), await auto.ready()];
    const read = (decode) => {
      const idToken = decode(token);
      return JSON.stringify([idToken.raw, idToken.rows(), idToken.rows({ language: 'de' })]);
    };
    names.same = [plain.decodeIdToken, auto.decodeIdToken].map((decode) => read(decode) === read(decodeIdToken));
    console.log(JSON.stringify(names));
  `;
  const found = JSON.parse(await run(process.execPath, ['--input-type=module', '--eval', program], { cwd: directory }));
  assert.deepEqual(found.globals, []);
  assert.equal(found.wasm, true);
  assert.equal(found.manifest, 'claimwright');
  assert.deepEqual(found.ready, ['wasm', 'wasm']);
  assert.deepEqual(found.same, [true, true]);
  assert.deepEqual(found.claimwright.sort(), NAMES);
  assert.deepEqual(found['claimwright/plain'].sort(), NAMES);
  assert.deepEqual(found['claimwright/auto'].sort(), [...NAMES, 'ready'].sort());
  assert.ok(found['claimwright/verify'].includes('createVerifier'), `${found['claimwright/verify']}`);
  assert.deepEqual(['IdTokenClaimsElement', 'define'].filter((name) => !found['claimwright/element'].includes(name)), []);
  assert.deepEqual(['IdTokenClaims', 'useIdTokenClaims'].filter((name) => !found['claimwright/react'].includes(name)), []);
  assert.deepEqual(found['claimwright/preview'].filter((name) => name !== 'ready').sort(), ['check', 'preview']);
  assert.deepEqual(found['claimwright/backend'], ['callerReader']);
});

test('node, from a contract to a preview and to a backend', async () => {
  const directory = await installed.consumer('node-esm', 'backend');
  const example = fileURLToPath(new URL('../../examples/subscription', import.meta.url));
  const program = `
    import { readFileSync } from 'node:fs';
    import { callerReader } from 'claimwright/backend';
    import { check, preview } from 'claimwright/preview';
    const example = (name) => readFileSync(${JSON.stringify(`${example}/`)} + name, 'utf8');
    const [contract, event, facts] = ['claims.yaml', 'event.json', 'facts.json'].map(example);
    const { bundle, diagnostics } = await check(contract);
    const made = await preview({ bundle, event, facts });
    const refused = await preview({ bundle, event, failed: ['profile'] });
    const wrong = await check('version: 99');
    const caller = await callerReader(bundle);
    const claims = { sub: 'u-1', subscription_tier: 'pro', permissions: '["read:all"]' };
    const none = await callerReader('{}').catch((error) => error.message);
    console.log(JSON.stringify({
      diagnostics, tier: made.preview.id.shaped.subscription_tier, code: refused.error.code,
      wrong: [wrong.diagnostics.length > 0, wrong.bundle ?? null],
      known: caller({ version: '2.0', requestContext: { authorizer: { jwt: { claims } } } }), unknown: caller({}), none,
    }));
  `;
  const found = JSON.parse(await run(process.execPath, ['--input-type=module', '--eval', program], { cwd: directory }));
  assert.match(found.none, /^the bundle cannot be read/);
  delete found.none;
  assert.deepEqual(found, {
    diagnostics: [], tier: 'pro', code: 'fact-failed', wrong: [true, null],
    known: { carrier: 'http-claims', values: { sub: 'u-1', subscription_tier: 'pro', permissions: ['read:all'] } }, unknown: null,
  });
});

test('node, by require', async () => {
  const directory = await installed.consumer('node-cjs');
  assert.equal((await run(process.execPath, ['main.js'], { cwd: directory })).trim(), expected);
  // Not by the way in which newer Node loads modules by require.
  const program = `
    const entries = ${JSON.stringify(ENTRIES.filter((entry) => installed.manifest.exports[entry].require).map(specifier))};
    for (const entry of entries) require(entry);
    try { require('claimwright').decodeIdToken('a.b'); } catch (error) { console.log(entries.length, error.name, error.code); }
  `;
  const out = await run(process.execPath, ['--no-experimental-require-module', '--eval', program], { cwd: directory });
  assert.match(out.trim(), /^[1-9]\d* TokenError not-three-parts$/);
});

test('places with no code generation', async () => {
  const { build } = await need('esbuild');
  const directory = await installed.consumer('conditions');
  const bundle = async (conditions, modules) => {
    const wasm = {
      name: 'wasm as a module',
      setup({ onLoad }) {
        onLoad({ filter: /\.wasm$/ }, async ({ path }) => {
          modules.push(new WebAssembly.Module(await readFile(path)));
          return { contents: `export default MODULES[${modules.length - 1}];` };
        });
      },
    };
    const { outputFiles, warnings } = await build({
      absWorkingDir: directory, entryPoints: ['main.js'], bundle: true, write: false, format: 'iife', conditions, plugins: [wasm], logLevel: 'silent',
    });
    assert.deepEqual(warnings.map((warning) => warning.text ?? warning), []);
    return outputFiles[0].text;
  };
  const runIn = async (conditions, globals) => {
    const modules = [];
    const code = await bundle(conditions, modules);
    const printed = [];
    const own = { MODULES: modules, print: (text) => printed.push(text), ...globals };
    const context = vm.createContext(own, { codeGeneration: { strings: false, wasm: false } });
    vm.runInContext(code, context);
    return { text: printed.join('\n'), modules: modules.length };
  };
  const worker = { TextDecoder, TextEncoder, URL, atob, btoa, crypto, WebAssembly: closedWebAssembly() };

  assert.deepEqual(await runIn(['workerd', 'worker'], worker), { text: expected, modules: 1 }, 'workerd');
  assert.deepEqual(await runIn(['edge-light', 'worker'], worker), { text: expected, modules: 0 }, 'edge-light');
  // Hermes has no WebAssembly, and only lately a decoder of texts.
  assert.deepEqual(await runIn(['react-native'], { TextEncoder, WebAssembly: undefined }), { text: expected, modules: 0 }, 'react-native');
  // That the place is closed is seen by what needs it open.
  await assert.rejects(runIn([], worker), /WebAssembly/i);
});

/** As workerd has it: modules that came with the program run, bytes are refused. */
function closedWebAssembly() {
  const refuse = () => { throw new WebAssembly.CompileError('WebAssembly.Module(): Wasm code generation disallowed by embedder'); };
  class Module {
    constructor() { refuse(); }
    static [Symbol.hasInstance](value) { return value instanceof WebAssembly.Module; }
  }
  const { Instance, Memory, Table, Global, CompileError, LinkError, RuntimeError, validate } = WebAssembly;
  const instantiate = async (source, imports) => (source instanceof WebAssembly.Module ? WebAssembly.instantiate(source, imports) : refuse());
  return { Instance, Memory, Table, Global, CompileError, LinkError, RuntimeError, validate, Module, instantiate, compile: async () => refuse() };
}

test('types, with the current compiler and an older one', async () => {
  const directory = await installed.consumer('types');
  const current = tool('typescript/bin/tsc');
  // The checker of types brings it along.
  const older = createRequire(tool('@arethetypeswrong/core/package.json')).resolve('typescript/lib/tsc.js');
  for (const compiler of [current, older]) {
    for (const project of ['tsconfig.json', 'tsconfig.bundler.json']) {
      await run(process.execPath, [compiler, '--project', project, '--pretty', 'false'], { cwd: directory });
    }
  }
});

test('a page with an import map and no bundler', async () => {
  const directory = await installed.consumer('page');
  const file = (entry) => `./node_modules/claimwright/${target(installed.manifest.exports[entry])}`;
  const imports = Object.fromEntries(ENTRIES.map((entry) => [specifier(entry), file(entry)]));
  const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
  const index = join(directory, 'index.html');
  await writeFile(index, (await readFile(index, 'utf8')).replace('<!-- IMPORTMAP -->', map));
  const page = await visitFolder(directory, { look: registered });
  right(page);
  assert.equal(page.seen, 'element and German');
  assert.equal(new Set(page.requests).size, page.requests.length, `loaded twice: ${page.requests}`);
});

/** Where an entry leads a browser. */
function target(entry) {
  if (typeof entry === 'string') return entry;
  return target(entry.browser ?? entry.import ?? entry.default);
}

test('webpack', async () => {
  const directory = await installed.consumer('webpack');
  const { default: webpack } = await need('webpack');
  const { default: config } = await import(join(directory, 'webpack.config.cjs'));
  const stats = await new Promise((resolve, reject) => webpack(config, (error, done) => (error ? reject(error) : resolve(done))));
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  assert.deepEqual([...errors, ...warnings].map(({ message }) => message), []);
  await onlyCode(join(directory, 'dist'));
  const page = await visitFolder(directory, { look: registered });
  right(page);
  assert.equal(page.seen, 'element and German');
});

test('rollup', async () => {
  const { rollup } = await need('rollup');
  const { loadConfigFile } = await need('rollup/loadConfigFile');
  const directory = await installed.consumer('rollup');
  const warnings = [];
  const { options: [config] } = await loadConfigFile(join(directory, 'rollup.config.mjs'));
  const bundle = await rollup({ ...config, input: join(directory, config.input), onwarn: ({ message }) => warnings.push(message) });
  await bundle.write({ ...config.output[0], dir: join(directory, 'dist') });
  await bundle.close();
  assert.deepEqual(warnings.map((warning) => warning.text ?? warning), []);
  await onlyCode(join(directory, 'dist'));
  const page = await visitFolder(directory, { look: registered });
  right(page);
  assert.equal(page.seen, 'element and German');
});

test('esbuild', async () => {
  const { build } = await need('esbuild');
  const directory = await installed.consumer('esbuild');
  const options = { absWorkingDir: directory, bundle: true, minify: true, format: 'esm', outdir: 'dist', metafile: true, logLevel: 'silent' };
  const { warnings, metafile } = await build({ ...options, entryPoints: ['main.js'] });
  assert.deepEqual(warnings.map((warning) => warning.text ?? warning), []);
  await onlyCode(join(directory, 'dist'));
  const page = await visitFolder(directory, { look: registered });
  right(page);
  assert.equal(page.seen, 'element and German');

  // One core, whatever else is imported; and none of the element where only the core is.
  const cores = Object.keys(metafile.inputs).filter((input) => /claimwright\/dist\/index\b/.test(input));
  assert.deepEqual(cores.map((input) => basename(input)), [basename(target(installed.manifest.exports['.']))]);
  const alone = await build({
    ...options, write: false, stdin: { contents: "import { decodeIdToken } from 'claimwright'; console.log(decodeIdToken(''));", resolveDir: directory },
  });
  assert.ok(!alone.outputFiles[0].text.includes('id-token-claims'), 'the element comes along with the core');
  const unused = await build({ ...options, write: false, stdin: { contents: "import 'claimwright'; import 'claimwright/react';", resolveDir: directory } });
  assert.equal(unused.outputFiles.map(({ text }) => text.trim()).join(''), '', 'an import that nothing uses is kept');
});

test('a preview, asked for when it is wanted', async () => {
  const { build } = await need('esbuild');
  const directory = await installed.consumer('preview');
  const { warnings, metafile } = await build({
    absWorkingDir: directory, entryPoints: ['main.js'], bundle: true, splitting: true, minify: true, format: 'esm', outdir: 'dist', metafile: true,
    logLevel: 'silent',
  });
  assert.deepEqual(warnings.map((warning) => warning.text ?? warning), []);
  await onlyCode(join(directory, 'dist'));
  const early = Object.entries(metafile.outputs).find(([name]) => name === 'dist/main.js')[1];
  assert.ok(early.bytes < 200_000, `the page's own code has ${early.bytes} bytes: the engine of the preview is in it`);
  right(await visitFolder(directory));
});

test('a web worker', async () => {
  const { build } = await need('esbuild');
  const directory = await installed.consumer('worker');
  await build({ absWorkingDir: directory, entryPoints: ['worker.js'], bundle: true, format: 'iife', outdir: 'dist', logLevel: 'silent' });
  right(await visitFolder(directory));
});

test('vite and react, built', async () => {
  const directory = await installed.consumer('vite-react');
  const { build, createLogger } = await need('vite');
  const warnings = [];
  const warn = (text) => warnings.push(text);
  await build({ root: directory, logLevel: 'warn', customLogger: Object.assign(createLogger('warn'), { warn, warnOnce: warn, error: warn }) });
  assert.deepEqual(warnings.map((warning) => warning.text ?? warning), []);
  await onlyCode(join(directory, 'dist'));
  const page = await visitFolder(join(directory, 'dist'), { look: presented });
  right(page);
  assert.equal(page.seen, true, 'the element shows no claims');
});

test('vite and react, developed', async () => {
  const directory = await installed.consumer('vite-react', 'vite-react-dev');
  const server = await start((port) => [tool('vite/bin/vite.js'), '--host', '127.0.0.1', '--port', `${port}`, '--strictPort'], { cwd: directory });
  try {
    const page = await visit(browser, server.url, { look: presented });
    right(page);
    assert.equal(page.seen, true, 'the element shows no claims');
  } finally {
    await server.stop();
  }
});

const NEXT = { NEXT_TELEMETRY_DISABLED: '1', CI: '1' };

test('next, built', async () => {
  const directory = await installed.consumer('next');
  const out = await run(process.execPath, [tool('next/dist/bin/next'), 'build'], { cwd: directory, env: NEXT });
  assert.doesNotMatch(out, /Failed to parse URL|claimwright/);
  const html = await readFile(join(directory, 'out/index.html'), 'utf8');
  rendered(html);
  const page = await visitFolder(join(directory, 'out'), { look: presented });
  right(page);
  assert.equal(page.seen, true, 'the element shows no claims');
});

test('next, developed', async () => {
  const directory = await installed.consumer('next', 'next-dev');
  const args = (port) => [tool('next/dist/bin/next'), 'dev', '--hostname', '127.0.0.1', '--port', `${port}`];
  const server = await start(args, { cwd: directory, env: NEXT });
  try {
    rendered(await (await fetch(server.url)).text());
    // Only here a hydration that does not match says what differs.
    const page = await visit(browser, server.url, { look: presented });
    right(page);
    assert.equal(page.seen, true, 'the element shows no claims');
  } finally {
    await server.stop();
  }
});

/** The server's page: both components have read the token, and it does not stand there. */
function rendered(html) {
  const text = html.replaceAll('<!-- -->', '');
  assert.ok(text.includes(`Server: ${PERSON}`), text.slice(0, 2000));
  assert.ok(text.includes(`Client: ${PERSON}`), text.slice(0, 2000));
  assert.ok(!holdsToken(html), 'the token stands in the server\'s page');
}
