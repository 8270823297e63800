// `claimwright/react`: on a server in Node, and hydrated in Chromium. PACKAGE is the tarball's path, CHROMIUM the browser's.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, test } from 'node:test';
import { install, need } from './install.mjs';
import { serve } from './serve.mjs';
import { person, token } from './tokens.mjs';
import { launch } from './visit.mjs';

const NOW = Date.UTC(2026, 10, 21, 9, 0, 0) / 1000;

// The same component for the server and for the page: what it was given stands in `window.given`.
const APP = `
import { createElement as h, StrictMode } from 'react';
import { IdTokenClaims, useIdTokenClaims } from 'claimwright/react';
export const counted = { renders: 0 };
function Hook({ token, now, everySecond }) {
  const state = useIdTokenClaims(token, { now, everySecond, contract: undefined, clockSkew: 0 });
  counted.renders += 1;
  const left = 'secondsLeft' in state ? state.secondsLeft : '-';
  const name = 'claims' in state ? state.claims.name : state.status === 'invalid' ? state.error.code : '-';
  return h('output', null, [state.status, name, left].join(' | '));
}
export const App = ({ token, now, everySecond, changed }) =>
  h(StrictMode, null, h(Hook, { token, now, everySecond }), h(IdTokenClaims, { token, mask: 'all', className: 'mine', missing: true, onExpiryChange: changed }));
`;

const installed = await install();
const directory = await installed.consumer('node-esm', 'react');
await writeFile(join(directory, 'app.mjs'), APP);
await writeFile(join(directory, 'page.mjs'), `
import { createElement as h } from 'react';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { App, counted } from './app.mjs';
window.counted = counted;
window.changes = [];
window.problems = [];
const changed = ({ status }) => window.changes.push(status);
const show = (props) => h(App, { ...props, changed });
const where = document.querySelector('#root');
window.start = (props, hydrate) => {
  const onRecoverableError = (error) => window.problems.push(String(error));
  if (hydrate) window.root = hydrateRoot(where, show(props), { onRecoverableError });
  else (window.root = createRoot(where)).render(show(props));
};
window.again = (props) => window.root.render(show(props));
window.ready = true;
`);
const { App } = await import(pathToFileURL(join(directory, 'app.mjs')));
const { createElement } = await need('react');
const { renderToString } = await need('react-dom/server');
const { build } = await need('esbuild');
const site = join(directory, 'site');
await mkdir(site);
await build({
  absWorkingDir: directory, entryPoints: ['page.mjs'], bundle: true, splitting: true, format: 'esm', outdir: site, logLevel: 'silent',
  define: { 'process.env.NODE_ENV': '"development"' },
});
const server = await serve({ '/': { directory: site } });
const browser = await launch();

after(async () => {
  await browser.close();
  await server.close();
  installed.remove();
});

const text = token(person(NOW));
const html = (props) => renderToString(createElement(App, props));

/** Opens a page that holds the server's HTML, some seconds later, and sees that React had nothing to complain of. */
async function open(inner, later, run) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(`${error}`));
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && problems.push(message.text()));
    await writeFile(join(site, 'index.html'), `<!doctype html><html lang="en"><title>r</title><div id="root">${inner}</div><script type="module" src="page.js"></script></html>`);
    // The clock runs until it is stopped, and cannot be stopped in its past.
    await page.clock.install({ time: (NOW + later - 60) * 1000 });
    await page.clock.pauseAt((NOW + later) * 1000);
    await page.goto(server.url);
    await page.waitForFunction(() => window.ready);
    await run(page, () => page.locator('output').textContent());
    assert.deepEqual([...problems, ...(await page.evaluate(() => window.problems))], []);
  } finally {
    await context.close();
  }
}

test('the server writes the state at its time, and nothing of the token', () => {
  const written = html({ token: text, now: NOW });
  assert.match(written, /valid \| Ana Núñez \| -/);
  assert.match(written, /<id-token-claims mask="all" class="mine" missing=""><\/id-token-claims>/);
  for (const part of text.split('.')) assert.ok(!written.includes(part));
  assert.match(html({ token: text, now: NOW + 10_000 }), /expired/);
  assert.match(html({ token: text, now: NOW, everySecond: true }), /\| 3000</);
  assert.match(html({ token: null }), /empty \| - \| -/);
  assert.match(html({ token: 'nonsense' }), /invalid \| not-three-parts/);
  assert.ok(!html({ token: 'nonsense' }).includes('nonsense'));
});

test('the page takes the server’s state over without a word, though the token has ended since', async () => {
  const props = { token: text, now: NOW };
  await open(html(props), 4000, async (page, state) => {
    await page.evaluate((props) => window.start(props, true), props);
    await page.waitForFunction(() => document.querySelector('output').textContent.startsWith('expired'));
    assert.equal(await state(), 'expired | Ana Núñez | -');
    await page.waitForFunction(() => document.querySelector('id-token-claims').shadowRoot?.querySelector('.pill'));
    assert.ok(!(await page.content()).includes(text.split('.')[1]));
  });
});

test('in strict mode it renders at changes of the status only, or each second if asked', () =>
  open('', 0, async (page, state) => {
    await page.evaluate((props) => window.start(props), { token: text });
    await page.waitForFunction(() => document.querySelector('id-token-claims')?.shadowRoot?.querySelector('.pill'));
    assert.equal(await state(), 'valid | Ana Núñez | -');
    const before = await page.evaluate(() => window.counted.renders);
    await page.clock.runFor(2_600_000);
    assert.equal(await page.evaluate(() => window.counted.renders), before);
    await page.clock.runFor(200_000);
    await page.waitForFunction(() => document.querySelector('output').textContent.startsWith('expiring'));
    assert.ok((await page.evaluate(() => window.counted.renders)) - before <= 2);
    await page.clock.runFor(300_000);
    await page.waitForFunction(() => document.querySelector('output').textContent.startsWith('expired'));
    assert.deepEqual(await page.evaluate(() => [...new Set(window.changes)]), ['valid', 'expiring', 'expired']);
    assert.equal(await page.locator('id-token-claims').getAttribute('mask'), 'all');
    assert.equal(await page.locator('id-token-claims').getAttribute('class'), 'mine');
    await page.evaluate((props) => window.again(props), { token: token(person(NOW + 10_000)), everySecond: true });
    await page.waitForFunction(() => /valid \| Ana Núñez \| \d+/.test(document.querySelector('output').textContent));
    const first = await state();
    await page.clock.runFor(2000);
    await page.waitForFunction((first) => document.querySelector('output').textContent !== first, first);
    await page.evaluate((props) => window.again(props), { token: null });
    await page.waitForFunction(() => document.querySelector('output').textContent === 'empty | - | -');
    await page.waitForFunction(() => /No token/.test(document.querySelector('id-token-claims').shadowRoot.textContent));
    await page.evaluate(() => window.root.unmount());
    const renders = await page.evaluate(() => window.counted.renders);
    await page.clock.runFor(5000);
    assert.equal(await page.evaluate(() => window.counted.renders), renders);
  }));
