// The examples of the browser package, as somebody who copies them sees them.
// PACKAGE is the tarball's path, CHROMIUM the browser's.

import assert from 'node:assert/strict';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { install, need, run, tool } from './install.mjs';
import { serve } from './serve.mjs';
import { launch } from './visit.mjs';

const examples = fileURLToPath(new URL('../../host-browser/examples/', import.meta.url));
const installed = await install();
const browser = await launch();

after(async () => {
  await browser.close();
  installed.remove();
});

/** A copy of an example without what its tools have made. */
async function copy(name) {
  const directory = join(dirname(installed.unpacked), `example-${name}`);
  const ours = (file) => !['node_modules', 'dist', 'claimwright'].includes(basename(file));
  await cp(join(examples, name), directory, { recursive: true, filter: ours });
  return directory;
}

/** Opens a folder's page, runs the test, and sees that nothing went wrong. */
async function open(directory, look) {
  const server = await serve({ '/': { directory } });
  const context = await browser.newContext({ locale: 'en-US' });
  try {
    const page = await context.newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(`uncaught: ${error}`));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`);
    });
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== server.url && protocol !== 'data:') problems.push(`foreign: ${request.url()}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`status ${response.status()}: ${response.url()}`);
    });
    await page.goto(`${server.url}/`);
    await look(page, page.locator('id-token-claims'));
    assert.deepEqual(problems, []);
  } finally {
    await context.close();
    await server.close();
  }
}

const shown = (locator, text) => locator.filter({ hasText: text }).first().waitFor({ timeout: 5000 });

test('vite and react: types hold, it builds, and a refresh shows what changed', async () => {
  const directory = await copy('vite-react');
  await mkdir(join(directory, 'node_modules'));
  await cp(installed.unpacked, join(directory, 'node_modules/claimwright'), { recursive: true });
  // The only types of it that the example uses; its own package has the whole ones.
  const declared = "declare module 'react-dom/client' { export function createRoot(at: Element): { render(node: unknown): void } }\n";
  await writeFile(join(directory, 'src/react-dom.d.ts'), declared);
  await run(process.execPath, [tool('typescript/bin/tsc'), '--noEmit', '--pretty', 'false'], { cwd: directory });
  const { build, createLogger } = await need('vite');
  const warnings = [];
  const warn = (text) => warnings.push(text);
  await build({ root: directory, logLevel: 'warn', customLogger: Object.assign(createLogger('warn'), { warn, warnOnce: warn, error: warn }) });
  assert.deepEqual(warnings, []);

  await open(join(directory, 'dist'), async (page, view) => {
    await shown(page.locator('h1'), 'Hello, Mary Example');
    await shown(page.locator('.demo'), 'signed by nobody');
    await shown(page.locator('[data-tier=free]'), 'Free');
    const plan = view.locator('.row').filter({ hasText: 'acme:tier' });
    await shown(plan, 'Plan');
    await shown(plan, 'free');
    assert.ok(!(await view.innerText()).includes('mary@example.org'), 'the address is hidden');

    await page.getByRole('button', { name: 'Refresh the token' }).click();
    await shown(page.locator('[data-tier=pro]'), 'Pro');
    await shown(page.locator('.news li'), /^Plan: free → pro$/);
    await shown(page.locator('.news li'), 'Seats: 1 → 25');
    await shown(plan, 'Changed');
    await shown(plan, 'pro');

    await page.getByLabel('Language').selectOption('de');
    await shown(page.locator('h1'), 'Hallo, Mary Example');
    await shown(plan, 'Tarif');
    await shown(plan, 'Geändert');
    await shown(view.locator('.section'), 'Abonnement');
    assert.ok(!(await page.content()).includes('eyJ'), 'the token stands in the page');
  });
});

test('a page without a bundler: a pasted token is shown, and a broken one is said to be', async () => {
  const directory = await copy('page');
  await cp(installed.unpacked, join(directory, 'claimwright'), { recursive: true });
  await open(directory, async (page, view) => {
    await shown(view, 'No token');
    await page.getByRole('button', { name: 'Paste an unsigned demo token' }).click();
    await shown(view, 'Mary Example');
    await shown(view.locator('.row'), 'custom:plan');
    const field = page.getByLabel('ID token');
    const token = await field.inputValue();
    await field.fill(`\n ${token} `);
    await shown(view, 'Mary Example');
    await field.fill('nonsense');
    await shown(view, 'This token cannot be read');
    await field.fill('');
    await shown(view, 'No token');
  });
});
