// Measures the packed package beside jwt-decode and jose: sizes, the first token, and many tokens.
// `cargo xtask bench browser` calls it. Contenders take turns, so that a busy machine slows all of them.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { group, median, publish, quantile } from '../../bench/figures.mjs';
import { install } from './install.mjs';
import { serve } from './serve.mjs';
import { launch } from './visit.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));

/** What a page would import of other readers. */
const OTHERS = { 'jwt-decode': "export { jwtDecode } from 'jwt-decode'", jose: "export { decodeJwt } from 'jose'" };

/** Where each contender lies in the unpacked package. The others are put there in one file, as ours are. */
const CONTENDERS = {
  claimwright: 'dist/index.js', 'claimwright/plain': 'dist/plain.js', 'jwt-decode': 'others/jwt-decode.js', jose: 'others/jose.js',
};

// Bytes after compression.
const GOALS = {
  claimwright: 9_000, 'claimwright/plain': 10_500, 'claimwright/verify': 1_000, 'claimwright/element': 5_000,
  'claimwright/react': 1_200, 'claimwright/preview': 300_000,
};

function token(bytes) {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    sub: '6a1e0f5c-0000-4000-8000-000000000001', iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E',
    aud: '4demo0client0id', token_use: 'id', auth_time: now, iat: now, exp: now + 3600, jti: 'a2c0f6f4-0000-4000-8000-000000000002',
    origin_jti: 'a2c0f6f4-0000-4000-8000-000000000003', event_id: 'a2c0f6f4-0000-4000-8000-000000000004', 'cognito:username': 'kim',
    'cognito:groups': ['staff', 'admin'], name: 'Kim Nørgård', email: 'kim@example.org', email_verified: true, 'acme:plan': 'pro',
    'acme:seats': 12, 'acme:permissions': ['read:own', 'write:all'],
  };
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const make = () => [{ alg: 'RS256', kid: 'k1' }, claims].map(part).join('.') + '.' + 'c'.repeat(342);
  for (let index = 0; make().length < bytes; index += 1) claims[`acme:claim_${index}`] = `the value of the claim ${index}`;
  return make();
}

const row = (name, ...values) => console.log(name.padEnd(44), ...values.map((value) => String(value).padStart(11)));
const spread = (values) => [0.1, 0.9].map((at) => quantile(values, at).toFixed(1)).join(' to ').padStart(18);

/** What a page pays for an import, as a bundler packs it. What it packs of the others is measured too. */
async function sizes(installed) {
  console.log('\nwhat a page loads, minified                         bytes      brotli        goal');
  const entries = [
    ...['claimwright', 'claimwright/plain', 'claimwright/verify', 'claimwright/element', 'claimwright/react', 'claimwright/preview'],
    ...Object.keys(OTHERS),
  ];
  await mkdir(join(installed.unpacked, 'others'));
  for (const entry of entries) {
    const ours = entry.startsWith('claimwright');
    const name = { claimwright: 'index' }[entry] ?? entry.slice('claimwright/'.length);
    const { outputFiles } = await build({
      ...(ours ? { entryPoints: [join(installed.unpacked, 'dist', `${name}.js`)] } : { stdin: { contents: OTHERS[entry], resolveDir: here } }),
      bundle: true, minify: true, format: 'esm', charset: 'utf8', write: false, external: ours ? ['claimwright', 'react'] : [],
    });
    const bytes = outputFiles[0].contents;
    if (!ours) await writeFile(join(installed.unpacked, CONTENDERS[entry]), bytes);
    const onTop = ours && !['claimwright', 'claimwright/plain', 'claimwright/preview'].includes(entry);
    row(entry + (onTop ? ' (on top)' : ''), bytes.length, brotliCompressSync(bytes).length, ...(GOALS[entry] ? [GOALS[entry]] : []));
  }
  const wasm = readFileSync(join(installed.unpacked, 'dist/claims.wasm'));
  row('of claimwright: the module', wasm.length, brotliCompressSync(wasm).length);
  const glue = readFileSync(join(installed.unpacked, 'dist/index.module.js'));
  row('of claimwright: the rest', glue.length, brotliCompressSync(glue).length);
}

/** The same work in Node and in a page: decode, and for ours make the rows. */
const WARM = `
  export async function contenders(load) {
    const [ours, plain, jwt, jose] = await Promise.all([load('claimwright'), load('claimwright/plain'), load('jwt-decode'), load('jose')]);
    return {
      'claimwright': (token) => ours.decodeIdToken(token).rows(),
      'claimwright/plain': (token) => plain.decodeIdToken(token).rows(),
      'claimwright, claims only': (token) => ours.decodeIdToken(token).claims,
      'jwt-decode': (token) => jwt.jwtDecode(token),
      'jose': (token) => jose.decodeJwt(token),
    };
  }
  export function warm(all, token, rounds, calls) {
    const times = Object.fromEntries(Object.keys(all).map((name) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, decode] of Object.entries(all)) {
        const started = performance.now();
        for (let call = 0; call < calls; call += 1) decode(token);
        times[name].push(((performance.now() - started) * 1000) / calls);
      }
    }
    return times;
  }
`;

const groups = [];
const ofContenders = (title, unit, times, value = (one) => one) =>
  groups.push(group(title, unit, Object.entries(times).map(([name, values]) => ({ name, ours: name.startsWith('claimwright'), values: values.map(value) }))));

function table(title, times) {
  ofContenders(title, 'µs', times);
  console.log(`\n${title.padEnd(47)}median µs         p10 to p90 × jwt-decode`);
  const reference = median(times['jwt-decode']);
  for (const [name, values] of Object.entries(times)) row(name, median(values).toFixed(1), spread(values), (reference / median(values)).toFixed(2));
  const [whole, claims] = [median(times.claimwright), median(times['claimwright, claims only'])];
  row('of claimwright: reading the claims', claims.toFixed(1), `${Math.round((100 * claims) / whole)} %`);
  row('of claimwright: making the lines', (whole - claims).toFixed(1), `${Math.round((100 * (whole - claims)) / whole)} %`);
  console.log('goal: 5 times as fast as jwt-decode, lines included');
}

/** The import and the first claims, apart and together. */
function first(where, times) {
  ofContenders(`${where}: import and first claims`, 'ms', times, ([load, decode]) => load + decode);
  const inAll = (name) => times[name].map(([load, decode]) => load + decode);
  const reference = median(inAll('jwt-decode'));
  for (const [name, values] of Object.entries(times)) {
    const whole = inAll(name);
    const columns = [values.map(([load]) => load), values.map(([, decode]) => decode), whole];
    row(name, ...columns.map((column) => median(column).toFixed(2)), spread(whole), (reference / median(whole)).toFixed(2));
  }
}

/** From the import to the first claims, in a fresh process each. */
function firstInNode(installed) {
  console.log('\nnode, median ms (goal 3 in all)                  import      decode      in all         p10 to p90 × jwt-decode');
  const times = Object.fromEntries(Object.keys(CONTENDERS).map((name) => [name, []]));
  const text = token(1200);
  for (let round = 0; round < 15; round += 1) {
    for (const name of Object.keys(CONTENDERS)) {
      const script = `const started = performance.now(); const m = await import(${JSON.stringify(inFolder(installed, name))});
        const loaded = performance.now(); (m.decodeIdToken ?? m.jwtDecode ?? m.decodeJwt)(process.argv[1]);
        console.log(JSON.stringify([loaded - started, performance.now() - loaded]));`;
      times[name].push(JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', script, text], { encoding: 'utf8' })));
    }
  }
  first('node', times);
}

async function inChromium(server) {
  const browser = await launch();
  console.log('\nchromium, median ms (goal 3 in all)              import      decode      in all         p10 to p90 × jwt-decode');
  const times = Object.fromEntries(Object.keys(CONTENDERS).map((name) => [name, []]));
  const text = token(1200);
  for (let round = 0; round < 15; round += 1) {
    for (const name of Object.keys(CONTENDERS)) {
      const page = await browser.newPage();
      await page.goto(`${server.url}/pages/blank.html`);
      times[name].push(
        await page.evaluate(
          async ({ url, text }) => {
            const started = performance.now();
            const m = await import(url);
            const loaded = performance.now();
            (m.decodeIdToken ?? m.jwtDecode ?? m.decodeJwt)(text);
            return [loaded - started, performance.now() - loaded];
          },
          { url: onServer(name), text },
        ),
      );
      await page.close();
    }
  }
  first('chromium', times);
  for (const bytes of [1200, 8500]) {
    const page = await browser.newPage();
    await page.goto(`${server.url}/pages/blank.html`);
    const warmed = await page.evaluate(
      async ({ source, urls, text }) => {
        const { contenders, warm } = await import(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
        const all = await contenders((name) => import(urls[name]));
        warm(all, text, 10, 100);
        return warm(all, text, 60, 100);
      },
      { source: WARM, urls: Object.fromEntries(Object.keys(CONTENDERS).map((name) => [name, onServer(name)])), text: token(bytes) },
    );
    table(`chromium: one token of ${bytes} bytes, warm`, warmed);
    await page.close();
  }
  await browser.close();
}

const inFolder = (installed, name) => pathToFileURL(join(installed.unpacked, CONTENDERS[name])).href;
const onServer = (name) => `/pkg/${CONTENDERS[name]}`;

const installed = await install();
const server = await serve({
  '/pkg/': { directory: installed.unpacked },
  '/': { directory: here },
});
try {
  await sizes(installed);
  firstInNode(installed);
  const { contenders, warm } = await import(`data:text/javascript,${encodeURIComponent(WARM)}`);
  const all = await contenders((name) => import(inFolder(installed, name)));
  for (const bytes of [1200, 8500]) {
    warm(all, token(bytes), 10, 100);
    table(`node: one token of ${bytes} bytes, warm`, warm(all, token(bytes), 60, 100));
  }
  await inChromium(server);
  await publish('browser', groups);
} finally {
  await server.close();
  installed.remove();
}
