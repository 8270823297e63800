// The sign-in page of `claims dev` in Chromium, over the real server, which serves examples/orders.
// DEV is the server's address, CHROMIUM the browser's path.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { after, test } from 'node:test';
import { tool } from './install.mjs';
import { launch } from './visit.mjs';

const { DEV } = process.env;
if (!DEV) throw new Error('no server: set DEV to the address that `claims dev --serve` says');
const base = new URL(DEV).origin;
const state = await fetch(`${base}/dev/state`).then((response) => response.json());

const browser = await launch();
const axe = await readFile(tool('axe-core/axe.min.js'), 'utf8');
after(() => browser.close());

/** Opens the page, runs the test, and sees that nothing went wrong and that no token got anywhere. */
async function open(run, { routes = {}, answers = [], clock = false, ...look } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1360, height: 900 }, locale: 'en-US', permissions: ['clipboard-read', 'clipboard-write'], ...look,
  });
  try {
    const page = await context.newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(`uncaught: ${error}`));
    page.on('dialog', (dialog) => {
      problems.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      // What is answered with is looked at below.
      if (message.text().startsWith('Failed to load resource')) return;
      if (['error', 'warning'].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`);
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(`${base}/`)) problems.push(`foreign: ${request.url()}`);
      if (request.url().includes('eyJ')) problems.push(`a token in ${request.url()}`);
    });
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (response.status() >= 400 && !pathname.startsWith('/api/') && !answers.includes(response.status())) problems.push(`status ${response.status()}: ${pathname}`);
    });
    for (const [path, answer] of Object.entries(routes)) await page.route(`${base}${path}`, answer);
    if (clock) await page.clock.install();
    await page.goto(`${base}/`);
    await page.getByRole('radio', { name: /^kim/ }).check();
    await run(page);
    assert.deepEqual(problems, []);
    await keepsTokens(page);
  } finally {
    await context.close();
  }
}

/** Everything that the DOM holds: text, attributes, shadow roots and what stands in fields, but for the unfolded token. */
const everything = (page) =>
  page.evaluate(() => {
    const read = (node) => node.nodeType === Node.ELEMENT_NODE && node.matches('details.encoded[open]') ? [] : [
      node.nodeType === Node.TEXT_NODE ? node.data : '',
      node.value ?? '',
      ...[...(node.attributes ?? [])].map(({ name, value }) => `${name}=${value}`),
      ...[...node.childNodes].flatMap(read),
      ...(node.shadowRoot ? read(node.shadowRoot) : []),
    ];
    return read(document.documentElement).join('\n');
  });

async function keepsTokens(page) {
  assert.doesNotMatch(await everything(page), /eyJ/, 'a token outside of what is unfolded');
  assert.equal(page.url(), `${base}/`);
  const kept = await page.evaluate(async () => [
    localStorage.length, sessionStorage.length, document.cookie, history.state,
    (await indexedDB.databases()).length, (await caches.keys()).length,
  ]);
  assert.deepEqual(kept, [0, 0, '', null, 0, 0]);
}

const shown = (locator, text) => locator.filter({ hasText: text }).first().waitFor({ timeout: 5000 });
const panel = (page, use) => page.locator(`#token-${use}`);
const change = (page, use, claim) => panel(page, use).locator(`.change[data-claim="${claim}"]`);

async function signIn(page) {
  const answered = page.waitForResponse((response) => response.url().endsWith('/dev/sign-in'));
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  const response = await answered;
  return response.status() === 200 ? (await response.json()).tokens : undefined;
}

/** Waits until the authorizer knows the key of a token: it fetches keys at most once in ten seconds. */
async function known(token) {
  for (const until = Date.now() + 15_000; ;) {
    const { status } = await fetch(`${base}/api/orders/7`, { headers: { authorization: `Bearer ${token}` } });
    if (status === 200) return;
    assert.ok(Date.now() < until, `the authorizer still answers ${status} to a new token`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Calls the API by the form, and gives what the page says of the answer. */
async function call(page, method, path, token) {
  const form = page.locator('#call');
  await form.getByLabel('Method').selectOption(method);
  await form.getByLabel('Path').fill(path);
  await form.getByLabel('Token').selectOption(token);
  const calls = await page.locator('#calls tbody tr').count();
  await form.getByRole('button', { name: 'Call', exact: true }).click();
  await page.waitForFunction((calls) => document.querySelectorAll('#calls tbody tr').length > calls, calls, { timeout: 10_000 });
  return page.locator('#answer').innerText();
}

async function rotate(page) {
  const before = await page.locator('#keys').getAttribute('title');
  await page.getByRole('button', { name: 'Rotate keys' }).click();
  await page.waitForFunction((before) => document.querySelector('#keys').title !== before, before, { timeout: 5000 });
}

/** The status of a request that no page of this server sends. */
const status = (path, { body, ...options }) =>
  new Promise((resolve, reject) => {
    const asked = request(`${base}${path}`, options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.once('error', reject).end(body);
  });

test('pages of other sites get nothing, and the page may do no more than it needs', async () => {
  const policy = (await fetch(`${base}/`)).headers.get('content-security-policy') ?? '';
  for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'"]) assert.ok(policy.includes(part), `${part} in ${policy}`);
  assert.doesNotMatch(policy, /'unsafe-|\*/);
  const body = JSON.stringify({ user: state.users[0], client: state.clients[0], version: 'V2', scopes: [] });
  const json = { 'content-type': 'application/json' };
  assert.equal(await status('/dev/sign-in', { method: 'POST', headers: json, body }), 200);
  assert.equal(await status('/dev/sign-in', { method: 'POST', headers: { ...json, origin: 'https://example.org' }, body }), 403);
  assert.equal(await status('/dev/sign-in', { method: 'POST', headers: { ...json, host: 'example.org' }, body }), 403);
  assert.equal(await status('/dev/state', { headers: { host: 'example.org' } }), 403);
  // Forms of other sites can send this type without asking.
  assert.ok(await status('/dev/sign-in', { method: 'POST', headers: { 'content-type': 'text/plain' }, body }) >= 400);
});

test('what the tokens carry, and by which rule', () =>
  open(async (page) => {
    await signIn(page);
    const plan = change(page, 'access', 'plan');
    await shown(plan, '"pro"');
    await shown(plan.locator('.kind'), 'added');
    assert.equal(await plan.locator('.why').innerText(), 'by claims.plan · from /facts/profile/plan');
    await shown(change(page, 'id', 'first_name').locator('.why'), 'claims.first_name');
    await shown(change(page, 'access', 'scope').locator('.kind'), 'changed');
    await shown(change(page, 'access', 'scope').locator('ins'), 'orders.read');
    assert.equal(await change(page, 'access', 'sub').count(), 0, 'what Cognito writes is no change');
    assert.equal(await change(page, 'id', 'acme:caller').count(), 0, 'a claim of the access token is not in the other');
    await panel(page, 'access').getByText('as Cognito writes').click();
    await shown(panel(page, 'access').locator('tr'), '"u-1"');
    for (const use of ['id', 'access']) assert.match(await panel(page, use).locator('[data-expires]').innerText(), /^(Valid|Expiring) · [\d:]+ left$/);
    await shown(page.locator('#log li'), 'sign-in');
    assert.match(await page.locator('#status').textContent(), /^kim is signed in\. ID token: \d+ changes?, access token: \d+ changes?\.$/);
  }));

test('who gets through the authorizer', () =>
  open(async (page) => {
    assert.match(await call(page, 'GET', '/orders/7', 'none'), /^401\s+not authenticated/);
    await known((await signIn(page)).access);
    const allowed = await call(page, 'POST', '/orders', 'access');
    assert.match(allowed, /^200\s+allowed/);
    assert.match(allowed, /Reached POST \/orders\./);
    await shown(page.locator('#answer tr'), /user_name\s*"kim"/);
    await shown(page.locator('#answer tr'), /plan\s*"pro"/);
    assert.match(await call(page, 'GET', '/orders/7', 'access'), /^200\s+allowed/);
    assert.match(await call(page, 'GET', '/orders/7', 'none'), /^401\s+not authenticated/);
    assert.match(await call(page, 'GET', '/orders/7', 'tampered'), /^401\s+not authenticated/);
    assert.match(await call(page, 'GET', '/orders/7', 'id'), /^401\s+not authenticated/);
    assert.match(await call(page, 'GET', '/admin/users', 'access'), /^403\s+denied/);
    // The group that is written into it opens nothing, either.
    assert.match(await call(page, 'GET', '/admin/users', 'tampered'), /^401\s+not authenticated/);
    assert.match(await call(page, 'DELETE', '/orders/7', 'access'), /^403\s+denied/);
    const calls = page.locator('#calls tbody tr');
    assert.equal(await calls.count(), 9);
    await shown(page.locator('#log li').filter({ hasText: '/admin/users' }), 'denied');
    await calls.filter({ hasText: 'POST /orders' }).getByRole('button').click();
    await page.waitForFunction(() => document.querySelectorAll('#calls tbody tr').length === 10);
    assert.match(await calls.first().innerText(), /200 allowed\s+POST \/orders/);
    assert.match(await calls.first().locator('td').nth(1).innerText(), /^Access token$/);
  }));

test('a token outlives the rotation of its key, once', () =>
  open(async (page) => {
    const option = page.locator('#bearer option[value=rotated]');
    assert.ok(await option.isDisabled(), 'no token was there before');
    const old = await signIn(page);
    await known(old.access);
    await rotate(page);
    assert.ok(await option.isEnabled());
    assert.match(await call(page, 'GET', '/orders/7', 'rotated'), /^200\s+allowed/);
    const next = await signIn(page);
    const kid = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid;
    assert.notEqual(kid(next.access), kid(old.access));
    await known(next.access);
    assert.match(await call(page, 'GET', '/orders/7', 'access'), /^200\s+allowed/);
    const brought = page.waitForRequest((request) => request.url().endsWith('/api/orders/7'));
    assert.match(await call(page, 'GET', '/orders/7', 'rotated'), /^200\s+allowed/);
    assert.equal((await brought).headers().authorization, `Bearer ${old.access}`);
    await rotate(page);
    await rotate(page);
    await shown(panel(page, 'access').locator('[data-kid]'), 'retired');
  }));

test('a machine, and what else the form says', () =>
  open(async (page) => {
    const sent = () => page.waitForRequest((asked) => asked.url().endsWith('/dev/sign-in')).then((asked) => asked.postDataJSON());
    await page.getByLabel('User name').fill('kim');
    await page.getByLabel('Groups').fill(' admin  staff ');
    await page.getByRole('button', { name: 'Add attribute' }).click();
    await page.keyboard.type('custom:tenant');
    await page.keyboard.press('Tab');
    await page.keyboard.type('<b>t-9</b>');
    let [asked, { access }] = await Promise.all([sent(), signIn(page)]);
    assert.deepEqual(asked.user.groups, ['admin', 'staff']);
    assert.equal(asked.user.sub, 'u-1');
    assert.equal(asked.user.attributes['custom:tenant'], '<b>t-9</b>');
    assert.equal(asked.version, 'V2');
    assert.deepEqual(asked.scopes, ['openid']);
    assert.ok(state.clients.includes(asked.client));
    await known(access);
    assert.match(await call(page, 'GET', '/admin/users', 'access'), /^200\s+allowed/);
    assert.equal(await page.locator('.token b').count(), 0, 'a value is text');

    // A name that is there twice would lose one of them.
    await page.locator('.attribute-name').last().fill('sub');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    assert.equal(await page.locator('.attribute-name').last().evaluate((input) => input.validationMessage), 'sub has a field of its own');

    await page.getByRole('radio', { name: /^A machine/ }).check();
    assert.ok(await page.getByLabel('User name').isHidden());
    await shown(page.locator('#version-hint'), 'with V3 only');
    await page.getByLabel('Trigger version').selectOption('V3');
    assert.equal(await page.locator('#version-hint').textContent(), '');
    [asked] = await Promise.all([sent(), signIn(page)]);
    assert.equal(asked.user, null);
    assert.deepEqual(asked.scopes, []);
    await shown(panel(page, 'id'), 'A machine has no ID token.');
    await shown(change(page, 'access', 'acme:caller'), '"machine"');
    assert.ok(await page.locator('#bearer option[value=id]').isDisabled());
    await page.getByRole('radio', { name: /^kim/ }).check();
    assert.equal(await page.getByLabel('Scopes').inputValue(), 'openid');
  }));

test('the encoded token is in the page only while it is unfolded', () =>
  open(async (page) => {
    const tokens = await signIn(page);
    const details = panel(page, 'access').locator('details.encoded');
    assert.doesNotMatch(await everything(page), /eyJ/);
    await details.getByText('Encoded').click();
    const field = details.getByLabel('Encoded access token');
    await page.waitForFunction(() => document.querySelector('#token-access textarea').value !== '');
    assert.equal(await field.inputValue(), tokens.access);
    await keepsTokens(page);
    await details.getByRole('button', { name: 'Copy' }).click();
    await shown(details.locator('button'), 'Copied');
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), tokens.access);
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await details.getByText('Encoded').click();
    await page.waitForFunction(() => document.querySelector('#token-access textarea').value === '');
  }));

test('what a page shows of the ID token', () =>
  open(async (page) => {
    await signIn(page);
    const details = panel(page, 'id').locator('details.presentation');
    await details.getByText('What a page shows of it').click();
    if (state.playground) await shown(details.locator('id-token-claims .row'), 'kim');
    else await shown(details.locator('tr'), /cognito:username\s*"kim"/);
  }));

test('without the package its claims are a plain table', () =>
  open(async (page) => {
    await signIn(page);
    const details = panel(page, 'id').locator('details.presentation');
    await details.getByText('What a page shows of it').click();
    await shown(details.locator('tr'), /cognito:username\s*"kim"/);
    assert.equal(await page.locator('id-token-claims').count(), 0);
  }, { routes: { '/dev/state': (route) => route.fulfill({ json: { ...state, playground: false } }) } }));

test('a token ends', () =>
  open(async (page) => {
    await signIn(page);
    const pill = panel(page, 'access').locator('[data-expires]');
    const ends = Number(await pill.getAttribute('data-expires')) * 1000;
    await page.clock.fastForward(ends - Date.now() - 60_000);
    await shown(pill, /^Expiring · 0[01]:\d\d left$/);
    await page.clock.fastForward(120_000);
    await shown(pill, /^Expired$/);
  }, { clock: true }));

test('a refusal and a failure are said as text, and leave no token', () => {
  let answer = { status: 422, json: { refusal: 'this <b>membership</b> is closed', detail: 'blocked' } };
  return open(async (page) => {
    await signIn(page);
    const notice = page.locator('#notice');
    await shown(notice, 'The contract refuses this sign-in.');
    await shown(notice, 'this <b>membership</b> is closed');
    assert.equal(await notice.locator('b').count(), 0);
    await shown(panel(page, 'access'), 'Nobody is signed in.');
    answer = { status: 500, json: { error: 'the function ended' } };
    await signIn(page);
    await shown(notice, 'the function ended');
    assert.ok(await page.locator('#bearer option[value=access]').isDisabled());
    answer = undefined;
    await signIn(page);
    await shown(panel(page, 'access'), 'claims.plan');
    assert.ok(await notice.isHidden());
  }, { answers: [422, 500], routes: { '/dev/sign-in': (route) => (answer ? route.fulfill(answer) : route.continue()) } });
});

test('a saved contract is said to be live, and a problem stays until it is mended', () => {
  let { revision } = state;
  let problem = null;
  return open(async (page) => {
    await signIn(page);
    assert.ok(await page.locator('#live').isHidden());
    problem = 'error: no <key> tokns\n  --> claims.yaml:14:5';
    await rotate(page);
    await shown(page.locator('#problem pre'), problem);
    assert.equal(await page.locator('#problem pre > *').count(), 0);
    problem = null;
    revision += 1;
    await rotate(page);
    await page.locator('#problem').waitFor({ state: 'hidden' });
    await shown(page.locator('#live'), /saved: live\. Sign in again/);
    await page.locator('#live').getByRole('button').click();
    assert.ok(await page.locator('#live').isHidden());
    // A rotation is told of by an event, upon which the page reads the state; so the keys are the server's own.
  }, { routes: { '/dev/state': async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), revision, problem } });
  } } });
});

test('a path cannot lead out of the API', () =>
  open(async (page) => {
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.getByLabel('Path').fill('/../dev/rotate');
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await shown(page.locator('#answer'), 'leaves the API');
    await page.getByLabel('Path').fill('orders');
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    assert.ok(!(await page.getByLabel('Path').evaluate((input) => input.validity.valid)), 'a path begins with /');
    assert.deepEqual(asked.filter((path) => path !== '/dev/state'), []);
    await page.getByRole('button', { name: 'POST /orders*' }).click();
    assert.equal(await page.getByLabel('Path').inputValue(), '/orders');
    assert.equal(await page.getByLabel('Method').inputValue(), 'POST');
  }));

test('the keyboard suffices', () =>
  open(async (page) => {
    const answered = page.waitForResponse((response) => response.url().endsWith('/dev/sign-in'));
    await page.getByLabel('User name').focus();
    await page.keyboard.press('Enter');
    await shown(change(page, 'access', 'plan'), '"pro"');
    const response = await answered;
    await known((await response.json()).tokens.access);
    await page.getByLabel('Path').focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('/orders/7');
    await page.keyboard.press('Enter');
    await shown(page.locator('#answer .status'), '200');
    assert.match(await page.locator('#status').textContent(), /^200, allowed$/);
    // Each stop of the tabulator shows where it is.
    await page.getByRole('button', { name: 'Rotate keys' }).focus();
    for (let stop = 0; stop < 30; stop += 1) {
      await page.keyboard.press('Tab');
      const bare = await page.evaluate(() => {
        const { activeElement: at } = document;
        const shows = (element) => element && getComputedStyle(element).outlineStyle !== 'none';
        return at === document.body || shows(at) || shows(at.closest('label')) ? '' : at.outerHTML;
      });
      assert.equal(bare, '');
    }
  }));

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
      await check('before');
      await signIn(page);
      await call(page, 'POST', '/orders', 'access');
      await call(page, 'GET', '/admin/users', 'access');
      await call(page, 'GET', '/orders', 'none');
      for (const summary of await page.locator('.token summary').all()) await summary.click();
      await panel(page, 'id').locator('.presentation > :nth-child(2)').waitFor();
      await check('signed in');
      // A token is unfolded nowhere when the page is looked through.
      for (const summary of await page.locator('.encoded summary').all()) await summary.click();
      await page.evaluate(() => document.querySelectorAll('#problem, #live, #offline').forEach((banner) => { banner.hidden = false; }));
      await check('with banners');
    }, { bypassCSP: true, ...look }));
}
