// Opens pages in Chromium, and says what they show and what went wrong.

import { existsSync } from 'node:fs';
import { need } from './install.mjs';

const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run',
];

/** Starts the browser that CHROMIUM names. */
export async function launch() {
  const executablePath = process.env.CHROMIUM;
  if (!executablePath || !existsSync(executablePath)) {
    throw new Error('no browser: set CHROMIUM to the path of a Chromium (`apt-get install chromium` installs one)');
  }
  const { chromium } = await need('playwright-core');
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

/**
 * Opens a page in a profile of its own, and waits until its `#out` shows something.
 * `before` is run in the page before its own scripts; `look` in the page when it shows something, until it gives anything true.
 */
export async function visit(browser, url, { before, look } = {}) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const requests = [];
    const problems = [];
    let failed;
    const error = new Promise((resolve) => { failed = resolve; });
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (reason) => {
      problems.push(`uncaught: ${reason}`);
      failed();
    });
    page.on('requestfailed', (request) => problems.push(`failed: ${request.url()} ${request.failure()?.errorText}`));
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`status ${response.status()}: ${response.url()}`);
    });
    page.on('request', (request) => {
      requests.push(request.url());
      const { origin, protocol } = new URL(request.url());
      if (origin !== new URL(url).origin && !['data:', 'blob:'].includes(protocol)) problems.push(`foreign: ${request.url()}`);
    });
    if (before) await page.addInitScript(before);
    await page.goto(url);
    const shown = page.waitForFunction(() => document.querySelector('#out')?.textContent, null, { timeout: 20_000 }).catch(() => undefined);
    // What an uncaught error leaves of the page may show something all the same.
    await Promise.race([shown, error.then(() => page.waitForTimeout(200))]);
    const seen = look && await page.waitForFunction(look, null, { timeout: 5_000 }).then((handle) => handle.jsonValue(), () => undefined);
    // Late warnings belong to the page, too.
    await page.waitForTimeout(100);
    const text = await page.evaluate(() => document.querySelector('#out')?.textContent ?? '');
    const html = await page.evaluate(() => document.documentElement.outerHTML);
    return { text, html, seen, problems, requests };
  } finally {
    await context.close();
  }
}
