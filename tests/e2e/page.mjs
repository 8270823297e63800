// The example page shows the ID token of a real sign-in, with the labels of the contract.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { serve } from '../browser/serve.mjs';
import { run } from './processes.mjs';

const EXAMPLE = fileURLToPath(new URL('../../host-browser/examples/page', import.meta.url));
const CONTRACT = fileURLToPath(new URL('../../examples/orders/claims.yaml', import.meta.url));

/** Opens the page in the browser, pastes the token, and reads what is shown. */
export async function page({ token, person, site, claims, browser, logs }, results) {
  const installed = join(site, 'pkg');
  if (!existsSync(join(installed, 'dist/element.js'))) throw new Error(`no npm package in ${installed}: make it by \`cargo xtask pack\``);
  const server = await serve({ '/': { directory: EXAMPLE }, '/claimwright/': { directory: installed } });
  const chrome = await chromium.launch({
    executablePath: browser,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
  try {
    const tab = await chrome.newPage();
    const problems = [];
    tab.on('pageerror', (error) => problems.push(String(error)));
    tab.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
    tab.on('request', (request) => {
      if (!/^(data:|blob:)/.test(request.url()) && new URL(request.url()).origin !== server.url) problems.push(`foreign: ${request.url()}`);
    });
    await tab.goto(server.url);
    await tab.evaluate((contract) => { document.querySelector('id-token-claims').contract = contract; }, await shownBy(claims, logs));
    await tab.fill('#token', token);
    const view = tab.locator('id-token-claims');
    await view.getByText('Plan', { exact: true }).waitFor({ timeout: 10_000 });
    // A line is its name and its value, as the person reads them.
    const value = (label) => view.locator('dt', { hasText: label }).locator('..').locator('dd').first().innerText();
    results.check('the page: Plan', 'pro', (await value('Plan')).trim());
    results.check('the page: Permissions', 'write:orders', (await value('Permissions')).trim());
    results.check('the page: First name is personal and hidden', 'Hidden', (await value('First name')).trim());
    // The view only: the token is in the field above it.
    await view.screenshot({ path: join(logs, 'page.png') });
    await view.locator('dt', { hasText: 'First name' }).locator('..').locator('button[aria-pressed]').click();
    results.check('the page: First name, when it is asked for', 'Kimberly', (await value('First name')).trim());
    results.check('the page: no mistakes, and no request to anybody else', [], problems);
  } finally {
    await chrome.close();
    await server.close();
  }
}

/** How the contract wants its claims shown: the data in what `claims types` writes for a frontend. */
async function shownBy(claims, logs) {
  const text = await run(claims, ['types', CONTRACT], { env: { PATH: process.env.PATH }, log: join(logs, 'claims.log') });
  return JSON.parse(/const shown = (\{.*?\n\}) as const;/s.exec(text)[1]);
}
