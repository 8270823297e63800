// The playground in Chromium, under the policy that it is made for.
// PACKAGE is the tarball's path, CHROMIUM the browser's.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { install, tool } from './install.mjs';
import { serve } from './serve.mjs';
import { launch } from './visit.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const playground = join(root, 'host-browser/playground');

const html = await readFile(join(playground, 'index.html'), 'utf8');
const [, map] = /<script type="importmap">([\s\S]*?)<\/script>/.exec(html);
const hash = `'sha256-${createHash('sha256').update(map).digest('base64')}'`;
const policy = `default-src 'self'; script-src 'self' 'wasm-unsafe-eval' ${hash}; style-src 'self'`;

const installed = await install();
const server = await serve({
  '/': { directory: playground, policy },
  '/pkg/': { directory: installed.unpacked, policy },
  '/examples/': { directory: join(root, 'examples'), policy },
});
const browser = await launch();
const axe = await readFile(tool('axe-core/axe.min.js'), 'utf8');

after(async () => {
  await browser.close();
  await server.close();
  installed.remove();
});

/** Opens the playground, runs the test when the first example is shown, and sees that nothing went wrong. */
async function open(run, { hash = '', wait = true, ...look } = {}) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, locale: 'en-US', ...look });
  try {
    const page = await context.newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(`uncaught: ${error}`));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`);
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(`${server.url}/`)) problems.push(`foreign: ${request.url()}`);
      if (request.method() !== 'GET') problems.push(`sent: ${request.url()}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`status ${response.status()}: ${response.url()}`);
    });
    await page.goto(`${server.url}/${hash}`);
    if (wait) await page.locator('#panel-id .sizes').waitFor();
    await run(page);
    assert.deepEqual(problems, []);
    const kept = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie.length]);
    assert.deepEqual(kept, [0, 0, 0]);
  } finally {
    await context.close();
  }
}

/** Replaces a part of a text as someone would who types. */
async function edit(page, name, from, to) {
  const area = page.locator(`#text-${name}`);
  const text = await area.inputValue();
  assert.ok(text.includes(from), `no ${from} in the ${name}`);
  await area.fill(text.replace(from, to));
}

const shown = (locator, text) => locator.filter({ hasText: text }).first().waitFor({ timeout: 5000 });
const example = async (page, name, rule) => {
  await page.selectOption('#example', name);
  await page.waitForFunction((rule) => document.querySelector('#panel-rules').textContent.includes(rule), rule, { timeout: 5000 });
};

test('the policy in the page allows its import map', () => {
  assert.ok(html.includes(hash), `the page's policy must name ${hash}`);
});

test('a mistake is marked, and corrected it changes the token', () =>
  open(async (page) => {
    await example(page, 'subscription', 'claims.subscription_tier');
    const plan = page.locator('#panel-id .change').filter({ hasText: 'subscription_tier' });
    await shown(plan, '"pro"');
    await shown(plan, 'claims.subscription_tier');

    await edit(page, 'contract', 'label: Plan', 'labl: Plan');
    const problem = page.locator('#problems-list .problem');
    await shown(problem, 'has no key labl');
    await shown(problem, 'did you mean label?');
    assert.equal(await page.locator('#text-contract').getAttribute('aria-invalid'), 'true');
    assert.equal(await page.locator('#panel-contract .mark.error').innerText(), 'labl');
    assert.equal(await page.locator('#panel-contract .gutter .error').innerText(), '31');
    // The last result stays, and says that it is one.
    assert.match(await page.locator('#notice').innerText(), /The contract has 1 error/);
    assert.equal(await page.locator('#output.stale').count(), 1);
    assert.ok(await plan.isVisible());
    await problem.click();
    const selected = await page.locator('#text-contract').evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
    assert.equal(selected, 'labl');

    await page.keyboard.type('label');
    await page.locator('#notice').waitFor({ state: 'hidden' });
    assert.equal(await page.locator('#problems-summary').innerText(), 'No problems');
    await edit(page, 'contract', "'facts.profile.tier.lowerAscii()'", '\'"premium"\'');
    await shown(plan, '"premium"');
  }));

test('a rule leads to its place', () =>
  open(async (page) => {
    await example(page, 'subscription', 'claims.subscription_tier');
    await page.click('#tab-event');
    const line = async (name) => {
      await page.locator('#panel-id').getByRole('button', { name, exact: true }).click();
      return page.locator('#text-contract').evaluate((area) => area.value.split('\n')[area.value.slice(0, area.selectionStart).split('\n').length - 1]);
    };
    assert.equal(await line('claims.subscription_tier'), '  subscription_tier:');
    assert.match(await line('suppress.id'), /^suppress: \{ id/);
    assert.match(await line('groups'), /^groups:/);
    assert.equal(await page.locator('#tab-contract').getAttribute('aria-selected'), 'true');
  }));

test('the size is shown beside the budget', () =>
  open(async (page) => {
    const meter = page.locator('#panel-id [role=meter]');
    assert.match(await meter.getAttribute('aria-valuetext'), /^[\d,]+ bytes of 4,096$/);
    await page.locator('#text-contract').press('Control+End');
    await page.keyboard.insertText('budget: { id: 1000 }\n');
    await shown(page.locator('#panel-id .warning-text'), 'the ID token is 104 bytes over its budget');
    await shown(page.locator('#tab-id .badge'), 'over budget');
    await shown(page.locator('#problems-list .problem.note'), 'nothing bounds first_name');
  }));

test('the presentation shows the shaped token in both languages', () =>
  open(async (page) => {
    await edit(page, 'contract', 'label: First name', 'label: { en: Given name, de: Vorname }');
    await page.click('#tab-presentation');
    const view = page.locator('id-token-claims');
    await shown(view.locator('.row'), 'Given name');
    assert.ok(!(await view.innerText()).includes('Pyle'), 'a personal value is hidden');
    await page.selectOption('#language', 'de');
    await shown(view.locator('.row'), 'Vorname');
    await shown(view, 'Eigene');
    await page.check('#mark-changes');
    await shown(view.locator('.row').filter({ hasText: 'Vorname' }), 'Neu');
  }));

test('malformed json, refusals and machines are said in place', () =>
  open(async (page) => {
    await page.click('#tab-facts');
    await edit(page, 'facts', '{ "profile"', '{\n  profile');
    await shown(page.locator('#notice'), /The facts have 1 error: the facts are not json/);
    await shown(page.locator('#problems-list .place'), '2:3');
    await edit(page, 'facts', '{\n  profile', '{ "profile"');
    await page.locator('#notice').waitFor({ state: 'hidden' });
    await page.locator('#failed').getByLabel('profile').check();
    await shown(page.locator('#notice'), 'The sign-in is refused: the fact profile could not be read, and its onError is refuse');
    await page.locator('#failed').getByLabel('profile').uncheck();
    await page.locator('#notice').waitFor({ state: 'hidden' });
    await page.click('#tab-event');
    await edit(page, 'event', 'TokenGeneration_Authentication', 'TokenGeneration_ClientCredentials');
    await shown(page.locator('#panel-id'), 'a machine has none');
    await page.locator('#text-event').fill('[]');
    await shown(page.locator('#notice'), 'the event must be a json object');
    await page.locator('#text-event').fill('');
    await shown(page.locator('#notice'), 'the event is not json: it ends too early');
    await page.locator('#text-event').fill('{}');
    await page.waitForTimeout(400);
  }));

test('every example is shown without a problem', () =>
  open(async (page) => {
    const names = await page.locator('#example option:not([hidden])').evaluateAll((options) => options.map(({ value }) => value));
    assert.equal(names.length, 5);
    for (const name of names) {
      const answered = page.waitForResponse((response) => response.url().endsWith(`/${name}/facts.json`));
      await page.selectOption('#example', name);
      await answered;
      await page.waitForTimeout(200);
      assert.equal(await page.locator('#problems-summary').innerText(), 'No problems', name);
      assert.ok(await page.locator('#notice').isHidden(), name);
    }
  }));

test('the keys suffice', () =>
  open(async (page) => {
    await page.locator('#tab-id').focus();
    await page.keyboard.press('ArrowRight');
    assert.ok(await page.locator('#panel-access').isVisible());
    await page.keyboard.press('End');
    assert.ok(await page.locator('#panel-rules table').isVisible());
    await page.keyboard.press('Home');
    assert.ok(await page.locator('#panel-id').isVisible());
    // A new line begins where the one before it did, and can be undone.
    const area = page.locator('#text-contract');
    const before = await area.inputValue();
    await edit(page, 'contract', 'onError: refuse', 'onEror: refuse');
    await edit(page, 'contract', 'table: profiles', 'tabel: profiles');
    await shown(page.locator('#problems-summary'), /[2-9] errors/);
    const at = () => area.evaluate((element) => element.value.slice(element.selectionStart, element.selectionEnd));
    const found = new Set();
    for (let press = 0; press < 4; press += 1) {
      await page.keyboard.press('F8');
      found.add(await at());
    }
    assert.ok(found.has('onEror') && found.has('tabel'), [...found].join());
    await area.fill(before);
    await area.evaluate((element) => element.setSelectionRange(element.value.indexOf('onMissing'), element.value.indexOf('onMissing')));
    await page.keyboard.press('Enter');
    assert.ok((await area.inputValue()).includes('\n    \n    onMissing'), 'indented');
    await page.keyboard.press('Control+z');
    assert.equal(await area.inputValue(), before);
  }));

test('sharing writes the address, and the address gives all back', async () => {
  let hash = '';
  await open(async (page) => {
    assert.equal(new URL(page.url()).hash, '');
    await edit(page, 'contract', 'label: First name', 'label: Vorname 日本');
    await page.locator('#tab-facts').click();
    await page.locator('#failed').getByLabel('profile').check();
    await page.click('#share');
    await page.waitForFunction(() => location.hash !== '');
    hash = new URL(page.url()).hash;
    assert.ok(hash.length < 2000, `${hash.length}`);
  });
  await open(async (page) => {
    await shown(page.locator('#notice'), 'The sign-in is refused');
    assert.match(await page.locator('#text-contract').inputValue(), /label: Vorname 日本/);
    await page.locator('#tab-facts').click();
    assert.ok(await page.locator('#failed').getByLabel('profile').isChecked());
  }, { hash, wait: false });
  // What is none of ours is as if it were not there.
  await open(async (page) => shown(page.locator('#panel-id'), 'first_name'), { hash: '#share=nonsense' });
});

for (const [name, look] of Object.entries({
  light: { colorScheme: 'light' }, dark: { colorScheme: 'dark' }, narrow: { colorScheme: 'light', viewport: { width: 390, height: 844 } },
})) {
  test(`axe finds nothing: ${name}`, () =>
    open(async (page) => {
      await page.evaluate(axe);
      const check = async (what) => {
        const { violations } = await page.evaluate(() =>
          window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
        assert.deepEqual(violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes[0].target} ${nodes[0].failureSummary}`), []);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.equal(wide, 0, `${what} is wider than the window`);
      };
      await example(page, 'subscription', 'claims.subscription_tier');
      for (const summary of await page.locator('#panel-id summary').all()) await summary.click();
      for (const tab of ['id', 'access', 'presentation', 'rules']) {
        await page.click(`#tab-${tab}`);
        await check(tab);
      }
      await page.click('#tab-facts');
      await check('facts');
      await page.click('#tab-contract');
      await edit(page, 'contract', 'label: Plan', 'labl: Plan');
      await shown(page.locator('#notice'), 'The contract has 1 error');
      for (const tab of ['id', 'rules']) {
        await page.click(`#tab-${tab}`);
        await page.waitForTimeout(300);
        await check(`${tab}, not current`);
      }
    }, { bypassCSP: true, ...look }));
}
