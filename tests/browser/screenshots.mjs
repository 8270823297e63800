// Writes pictures of the element and of the playground: `node screenshots.mjs FOLDER`.
// PACKAGE is the tarball's path, CHROMIUM the browser's.

import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install, need } from './install.mjs';
import { serve } from './serve.mjs';
import { token } from './tokens.mjs';
import { launch } from './visit.mjs';

const NOW = Date.UTC(2026, 10, 21, 9, 0, 0) / 1000;
const WIDE = { width: 820, height: 400 };

const CONTRACT = {
  sections: { subscription: { label: { en: 'Subscription' }, order: 1 } },
  claims: {
    'acme:organization': { label: { en: 'Organization' }, section: 'subscription', order: 1 },
    'acme:tier': { label: { en: 'Plan' }, section: 'subscription', order: 2 },
    'acme:seats': { label: { en: 'Seats' }, section: 'subscription', order: 3 },
    'acme:features': { label: { en: 'Features' }, section: 'subscription', order: 4 },
    'acme:trial': { label: { en: 'Trial' }, section: 'subscription', order: 5 },
  },
};
const claims = (now) => ({
  sub: '6a1e0f5c-0000-4000-8000-000000000001',
  iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E',
  aud: '4demo0client0id',
  token_use: 'id',
  auth_time: now - 600,
  iat: now - 600,
  exp: now + 3000,
  'cognito:username': 'mary',
  'cognito:groups': ['editors', 'billing'],
  name: 'Mary Example',
  email: 'mary@example.org',
  email_verified: true,
  'acme:organization': 'Acme GmbH',
  'acme:tier': 'pro',
  'acme:seats': 12500,
  'acme:features': ['projects', 'exports', 'sso'],
  'acme:trial': false,
});

/** The pictures of the element: how the window is, and when the token is looked at. */
const ELEMENT = {
  'element-light': { colorScheme: 'light', viewport: WIDE },
  'element-dark': { colorScheme: 'dark', viewport: WIDE },
  'element-narrow': { colorScheme: 'light', viewport: { width: 390, height: 400 } },
  'element-expired': { colorScheme: 'light', viewport: WIDE, now: NOW + 3600 },
};

const folder = process.argv[2] && resolve(process.argv[2]);
if (!folder) throw new Error('no folder was named: `node screenshots.mjs FOLDER`');
await mkdir(folder, { recursive: true });
const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const installed = await install();
const server = await serve({
  '/': { directory: at('../../host-browser/playground') },
  '/pages/': { directory: at('pages') },
  '/pkg/': { directory: installed.unpacked },
  '/examples/': { directory: at('../../examples') },
});
const browser = await launch();

/** Opens a page at a fixed time, lets it be made ready, and writes what it looks like. */
async function picture(name, path, ready, { now = NOW, fullPage = false, ...look }) {
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'Europe/Berlin', ...look });
  try {
    const page = await context.newPage();
    await page.clock.setFixedTime(now * 1000);
    await page.goto(`${server.url}${path}`);
    await ready(page);
    await write(name, await page.screenshot({ fullPage, animations: 'disabled' }));
  } finally {
    await context.close();
  }
}

/** With few colours a picture of text is a third as large; without the tool for it, it is written as it is. */
async function write(name, png) {
  const file = join(folder, `${name}.png`);
  const sharp = await need('sharp').catch(() => undefined);
  const small = sharp && (await sharp.default(png).png({ palette: true, colours: 128, effort: 10 }).toBuffer());
  await writeFile(file, small && small.length < png.length ? small : png);
  console.log(`${name}.png: ${(await stat(file)).size} bytes`);
}

try {
  for (const [name, look] of Object.entries(ELEMENT)) {
    await picture(name, '/pages/element.html', async (page) => {
      await page.waitForFunction(() => window.ready);
      const view = page.locator('id-token-claims');
      await view.evaluate((element, given) => Object.assign(element, given), { contract: CONTRACT, token: token(claims(NOW)) });
      await view.getByText('Mary Example').first().waitFor();
    }, { ...look, fullPage: true });
  }
  for (const colorScheme of ['light', 'dark']) {
    await picture(`playground-${colorScheme}`, '/', async (page) => {
      await page.locator('#panel-id .sizes').waitFor();
      await page.selectOption('#example', 'subscription');
      await page.locator('#panel-id .change').filter({ hasText: 'subscription_tier' }).waitFor();
    }, { colorScheme, viewport: { width: 1400, height: 860 } });
  }
} finally {
  await browser.close();
  await server.close();
  installed.remove();
}
