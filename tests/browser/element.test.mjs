// `<id-token-claims>` in Chromium, under a policy without inline styles and with Trusted Types.
// CHROMIUM is the browser's path. BASE_URL is a server of `pages`, with the unpacked package under /pkg/;
// without it PACKAGE names the tarball, and the test serves both itself.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, test } from 'node:test';
import { install, tool } from './install.mjs';
import { serve } from './serve.mjs';
import { person, token } from './tokens.mjs';
import { launch } from './visit.mjs';

const NOW = Date.UTC(2026, 10, 21, 9, 0, 0) / 1000;
const pages = join(dirname(fileURLToPath(import.meta.url)), 'pages');

const installed = process.env.BASE_URL ? undefined : await install();
const server = installed && (await serve({ '/': { directory: pages }, '/pkg/': { directory: installed.unpacked } }));
const base = process.env.BASE_URL ?? server.url;
const browser = await launch();
const axe = await readFile(tool('axe-core/axe.min.js'), 'utf8');

after(async () => {
  await browser.close();
  await server?.close();
  installed?.remove();
});

/** Opens the page at a fixed time, gives the element its properties, runs the test, and sees that nothing went wrong. */
async function show(properties, run, { clock = NOW, wanted = [], ...look } = {}) {
  const context = await browser.newContext({
    viewport: { width: 860, height: 900 },
    locale: 'en-US',
    timezoneId: 'Europe/Berlin',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...look,
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
      if (['error', 'warning'].includes(message.type())) problems.push(`${message.type()}: ${message.text()}`);
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(base)) problems.push(`foreign: ${request.url()}`);
    });
    // The clock runs until it is stopped, and cannot be stopped in its past.
    await page.clock.install({ time: (clock - 60) * 1000 });
    await page.clock.pauseAt(clock * 1000);
    await page.goto(`${base}/element.html`);
    await page.waitForFunction(() => window.ready);
    await set(page, properties);
    await run(page, page.locator('id-token-claims'));
    assert.deepEqual(await page.evaluate(() => window.violations), []);
    assert.deepEqual(problems, wanted);
  } finally {
    await context.close();
  }
}

/** Sets properties, and waits until they are shown. */
const set = (page, properties) =>
  page.evaluate(async (properties) => {
    Object.assign(document.querySelector('id-token-claims'), properties);
    await Promise.resolve();
    await Promise.resolve();
  }, properties);

/** Everything that the DOM holds, the shadow root and each attribute too. */
const everything = (page) =>
  page.evaluate(() => {
    const read = (node) => [
      node.nodeType === Node.TEXT_NODE ? node.data : '',
      ...[...(node.attributes ?? [])].map(({ name, value }) => `${name}=${value}`),
      ...(node.value === undefined ? [] : [node.value]),
      ...(node.shadowRoot ? read(node.shadowRoot) : []),
      ...[...node.childNodes].flatMap(read),
    ];
    return `${document.documentElement.outerHTML}\n${read(document.documentElement).join('\n')}`;
  });

const rowOf = (element, label) => element.locator('.row', { has: element.page().getByText(label, { exact: true }) });

const focused = (page) =>
  page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at?.getAttribute('aria-label') ?? at?.getAttribute('value') ?? at?.textContent?.trim();
  });

const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

/** Keeps the names and details of the element's events. */
const listen = (page) =>
  page.evaluate(() => {
    window.events = [];
    for (const name of ['expirychange', 'claimcopy', 'claimreveal']) {
      document.addEventListener(name, ({ detail }) => window.events.push([name, detail.claim ?? detail.status]));
    }
  });

test('a token is shown in sections, each kind in its own way', () =>
  show({ token: token(person(NOW)) }, async (page, element) => {
    assert.equal(await element.locator('.name').textContent(), 'Ana Núñez');
    assert.equal(await element.locator('.avatar').textContent(), 'AN');
    assert.deepEqual(await element.locator('h3').allTextContents(), ['Profile', 'Access', 'Custom', 'Token']);
    assert.equal(await element.locator('.token').evaluate(({ open }) => open), false);
    const body = (label) => rowOf(element, label).locator('.body').textContent();
    assert.equal(await body('Email verified'), 'Yes');
    assert.equal(await body('Seats'), '12,500');
    assert.equal(await body('Nickname'), 'No value');
    assert.equal(await body('Tags'), 'Empty list');
    assert.equal(await body('Phone number'), 'Hidden');
    assert.match(await body('Updated at'), /^Nov 9, 2026, 10:00\sAM GMT\+1 12 days ago$/);
    assert.equal(await rowOf(element, 'Updated at').locator('time').getAttribute('datetime'), '2026-11-09T09:00:00.000Z');
    assert.equal(await rowOf(element, 'Permissions').locator('.body > div > .chips .chip').count(), 8);
    assert.equal(await rowOf(element, 'Permissions').locator('summary').textContent(), '2 more');
    assert.equal(await rowOf(element, 'Website').locator('a').getAttribute('rel'), 'noopener noreferrer');
    await element.locator('.token > summary').click();
    assert.equal(await body('User ID'), '7f3c1c2e-8…6c2b9d10');
    assert.equal(await element.locator('.note').textContent(), 'Read from the token without checking its signature. Do not base access decisions on it.');
  }));

test('a verified token says that its signature was checked', () =>
  show({}, async (page, element) => {
    await page.evaluate((text) => {
      const element = document.querySelector('id-token-claims');
      element.idToken = { ...window.claims.decodeIdToken(text), verified: true };
    }, token(person(NOW)));
    assert.equal(await element.locator('.note').textContent(), 'Signature checked');
  }));

test('the contract says labels and sections, what is personal, and what is missing', () =>
  show({}, async (page, element) => {
    const contract = {
      claims: {
        'custom:tier': { label: { '*': 'Plan', de: 'Tarif' }, section: 'membership', personal: true },
        seat_code: { label: { '*': 'Seat code' }, section: 'membership' },
      },
      sections: { membership: { label: { '*': 'Membership' } } },
    };
    await set(page, { token: token(person(NOW)), contract });
    assert.equal(await rowOf(element, 'Plan').locator('.body').textContent(), 'Hidden');
    assert.equal(await rowOf(element, 'Seat code').count(), 0);
    await set(page, { missing: true });
    assert.equal(await rowOf(element, 'Seat code').locator('.body').textContent(), 'Not in this token');
    assert.ok((await element.locator('h3').allTextContents()).includes('Membership'));
  }));

test('no token, and a text that is none', () =>
  show({}, async (page, element) => {
    assert.match(await element.evaluate(({ shadowRoot }) => shadowRoot.textContent), /No token/);
    const canary = 'canary-canary-canary';
    await set(page, { token: canary });
    const text = await element.locator('.problem').innerText();
    assert.match(text, /This token cannot be read/);
    assert.match(text, /not-three-parts/);
    assert.ok(!(await everything(page)).includes(canary));
  }));

test('a hidden value is not in the page until someone asks for it, and is gone again after that', () =>
  show({ token: token(person(NOW)) }, async (page, element) => {
    await listen(page);
    for (const secret of ['ana.nunez@example.com', '+34600111222']) assert.ok(!(await everything(page)).includes(secret));
    const eye = element.getByRole('button', { name: 'Show Email', exact: true });
    assert.equal(await eye.getAttribute('aria-pressed'), 'false');
    assert.ok(await rowOf(element, 'Email').locator('.copy').isHidden());
    await eye.focus();
    await page.keyboard.press('Enter');
    assert.equal(await eye.getAttribute('aria-pressed'), 'true');
    assert.equal(await focused(page), 'Show Email');
    assert.equal(await rowOf(element, 'Email').locator('.body').textContent(), 'ana.nunez@example.com');
    // The user name is the same address, and was not asked for.
    assert.equal(await rowOf(element, 'Username').locator('.body').textContent(), 'Hidden');
    await page.keyboard.press('Space');
    assert.ok(!(await everything(page)).includes('ana.nunez@example.com'));
    assert.deepEqual(await page.evaluate(() => window.events), [['claimreveal', 'email'], ['claimreveal', 'email']]);
  }));

test('mask="all" hides every value, mask="none" hides none', () =>
  show({ token: token(person(NOW)), mask: 'all' }, async (page, element) => {
    const all = await everything(page);
    for (const value of ['Ana', 'Núñez', 'admin', '12,500', 'Acme', '7f3c1c2e']) assert.ok(!all.includes(value), value);
    assert.equal(await element.locator('.name').textContent(), 'ID token');
    await set(page, { mask: 'none' });
    assert.equal(await element.getAttribute('mask'), 'none');
    assert.equal(await element.locator('.masked').count(), 0);
    assert.ok((await everything(page)).includes('ana.nunez@example.com'));
  }));

test('what was shown of one person is hidden for the next', () =>
  show({ token: token(person(NOW)) }, async (page, element) => {
    await element.getByRole('button', { name: 'Show Email', exact: true }).click();
    await set(page, { token: token(person(NOW + 5)) });
    assert.equal(await rowOf(element, 'Email').locator('.body').textContent(), 'ana.nunez@example.com');
    await set(page, { token: token(person(NOW, { sub: 'another' })) });
    assert.equal(await rowOf(element, 'Email').locator('.body').textContent(), 'Hidden');
  }));

test('what was shown is hidden where nobody knows whether it is the same person, and when the mask changes', () =>
  show({ token: token(person(NOW, { sub: undefined })) }, async (page, element) => {
    const email = () => rowOf(element, 'Email').locator('.body').textContent();
    await element.getByRole('button', { name: 'Show Email', exact: true }).click();
    await set(page, { token: token(person(NOW, { sub: undefined, email: 'bo@example.com' })) });
    assert.equal(await email(), 'Hidden');
    await set(page, { token: token(person(NOW)) });
    await element.getByRole('button', { name: 'Show Email', exact: true }).click();
    await set(page, { mask: 'all' });
    assert.equal(await email(), 'Hidden');
    await set(page, { mask: 'personal', token: token(person(NOW, { iss: 'https://another' })) });
    assert.equal(await email(), 'Hidden');
  }));

test('what a contract hides is a secret of the other lines too, and so is each part of what is personal', () =>
  show(
    {
      token: token(person(NOW, { address: { formatted: 'Main Street 1' }, note: 'Main Street 1' })),
      contract: { claims: { email: { hidden: true } } },
    },
    async (page) => {
      const all = await everything(page);
      for (const value of ['ana.nunez@', 'Main Street']) assert.ok(!all.includes(value), value);
    },
  ));

test('a contract or words that are wrong leave nothing of the person before', () =>
  show({ token: token(person(NOW)) }, async (page, element) => {
    await set(page, { token: token(person(NOW, { name: 'Bo' })), contract: { claims: { x: { order: 1.5 } } } });
    assert.ok(!(await everything(page)).includes('Ana'));
    assert.match(await element.locator('.problem').textContent(), /bad-contract/);
    await set(page, { contract: null, words: { en: { copy: undefined } } });
    assert.equal(await element.locator('.name').textContent(), 'Bo');
  }));

test('who takes the element away when it is told of an expiry hears no more of it', () =>
  show({}, async (page) => {
    await page.evaluate(() => {
      window.told = 0;
      const element = document.querySelector('id-token-claims');
      element.addEventListener('expirychange', () => {
        window.told += 1;
        element.remove();
      });
      window.gone = element;
    });
    await page.evaluate((text) => Object.assign(window.gone, { token: text }), token(person(NOW, { exp: NOW + 4 })));
    await page.clock.runFor(10_000);
    assert.deepEqual(await page.evaluate(() => [window.told, window.gone.isConnected]), [1, false]);
  }));

test('a link leads where it seems to lead', () =>
  show({}, async (page, element) => {
    const links = async (website) => {
      await set(page, { token: token(person(NOW, { website })) });
      return rowOf(element, 'Website').locator('a').count();
    };
    for (const website of [
      'https://:www.mybank.example@evil.example/',
      'https://mybank.example\u2215login.evil.example/',
      'https://mybank.example%2eevil.example/',
      'https://mybank.example\u3002evil.example/',
      'https://mybank.example\u200b.evil.example/',
      'https://\u0430\u0440\u0440\u04cf\u0435.example/',
      'https:\\\\mybank.example/',
      'https://mybank.example\\@evil.example/',
    ]) {
      assert.equal(await links(website), 0, website);
    }
    for (const website of ['https://example.com', 'https://Example.com/x?y#z', 'https://example.com:8443/']) {
      assert.equal(await links(website), 1, website);
    }
  }));

test('characters that nobody sees are shown', () =>
  show({ token: token(person(NOW, { role: 'admin\u200b', note: 'a\u{e0041}b\u00adc' })) }, async (_, element) => {
    assert.equal(await rowOf(element, 'Role').locator('.body').textContent(), 'admin‹U+200B›');
    assert.equal(await rowOf(element, 'Note').locator('.body').textContent(), 'a‹U+E0041›b‹U+00AD›c');
  }));

test('a day is the same day everywhere', () =>
  show(
    { token: token(person(NOW, { renews: '2026-01-15' })), contract: { claims: { renews: { kind: 'time' } } } },
    async (_, element) => {
      // Nowhere it is so many hours away.
      assert.equal(await rowOf(element, 'Renews').locator('.body').textContent(), 'Jan 15, 2026');
      assert.equal(await rowOf(element, 'Renews').locator('time').getAttribute('datetime'), '2026-01-15');
    },
    { timezoneId: 'America/New_York' },
  ));

test('a count of seconds is no day of the calendar, and a time without its offset no moment', () =>
  show({}, async (page, element) => {
    const since = async (at) => {
      const contract = { claims: { since: { kind: 'time' } } };
      await set(page, { token: token(person(NOW, { since: at })), contract });
      return rowOf(element, 'Since').locator('.body').textContent();
    };
    assert.match(await since(NOW + 25 * 3600), / in 1 day$/);
    assert.match(await since(NOW - 500 * 86_400), / 1 year ago$/);
    assert.match(await since('2026-11-21T08:00:00Z'), /9:00.AM GMT\+1 1 hour ago$/);
    assert.match(await since('2026-11-21T09:00:00+01:00'), /9:00.AM GMT\+1 1 hour ago$/);
    assert.equal(await since('2026-11-21T08:00:00'), '2026-11-21T08:00:00');
  }));

test('a token that the page has read is shown as the element’s contract says, and so is the one before', () =>
  show({}, async (page, element) => {
    const contract = { claims: { ssn: { personal: true }, secret: { hidden: true } } };
    const claims = person(NOW, { ssn: '123-45-678', secret: 'canary' });
    await page.evaluate(([text, contract]) => {
      const idToken = window.claims.decodeIdToken(text);
      Object.assign(document.querySelector('id-token-claims'), { idToken, contract });
    }, [token(claims), contract]);
    assert.equal(await rowOf(element, 'Ssn').locator('.body').textContent(), 'Hidden');
    for (const value of ['123-45-678', 'canary']) assert.ok(!(await everything(page)).includes(value), value);
    await page.evaluate(([before, now]) => {
      const previous = window.claims.decodeIdToken(before);
      Object.assign(document.querySelector('id-token-claims'), { idToken: null, previous, token: now });
    }, [token(claims), token(person(NOW))]);
    assert.equal(await rowOf(element, 'Ssn').locator('.mark').textContent(), 'Removed');
    for (const value of ['123-45-678', 'canary']) assert.ok(!(await everything(page)).includes(value), value);
  }));

test('a new token leaves the focus and what is unfolded where they are, also of claims that are called alike', () =>
  show({}, async (page, element) => {
    const claims = (iat) => token(person(iat, { 'a:code': 'one', 'b:code': 'two', list: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }));
    const contract = { claims: { 'a:code': { personal: true }, 'b:code': { personal: true } } };
    await set(page, { token: claims(NOW), contract });
    const row = rowOf(element, 'b:code');
    await row.getByRole('button', { name: 'Show Code' }).focus();
    await set(page, { token: claims(NOW + 1) });
    await page.keyboard.press('Enter');
    assert.equal(await row.locator('.body').textContent(), 'two');
    assert.equal(await rowOf(element, 'a:code').locator('.body').textContent(), 'Hidden');
    const fold = rowOf(element, 'List').locator('summary');
    await fold.click();
    await set(page, { token: claims(NOW + 2) });
    assert.equal(await focused(page), '2 more');
    assert.ok(await rowOf(element, 'List').locator('details').evaluate((at) => at.open));
  }));

test('of claims that said the same, the one that is gone is marked, and no other', () =>
  show({}, async (page, element) => {
    const contract = { claims: { given_name: { label: { '*': 'First' } }, first_name: { label: { '*': 'First' } } } };
    const change = async (now) => {
      await page.evaluate(([before, text, contract]) => {
        const previous = window.claims.decodeIdToken(before);
        Object.assign(document.querySelector('id-token-claims'), { previous, token: text, contract });
      }, [token(person(NOW, { given_name: 'Ana', first_name: 'Ana' })), token(person(NOW, now)), contract]);
      const rows = element.locator('.row', { has: page.locator('dt > bdi:text-is("First")') });
      return (await rows.allInnerTexts()).map((text) => text.split('\n').join(' '));
    };
    assert.deepEqual(await change({ given_name: 'Ana' }), ['First given_name Ana', 'First first_name Removed Ana']);
    assert.deepEqual(await change({ given_name: 'Bea' }), [
      'First given_name Changed Bea Before: Ana',
      'First first_name Removed Ana',
    ]);
  }));

test('that nothing is found, and that nothing can be read, is said', () =>
  show({ token: token(person(NOW)) }, async (page, element) => {
    const status = () => element.getByRole('status').textContent();
    await element.getByRole('searchbox').fill('zzzz');
    assert.equal(await status(), 'No claim matches');
    await set(page, { token: 'nonsense' });
    assert.equal(await status(), 'This token cannot be read');
  }));

test('copying gives the value as it is, and JSON obeys the mask', () =>
  show({ token: token(person(NOW, { note: 'a\u202eb' })) }, async (page, element) => {
    await listen(page);
    await element.getByRole('button', { name: 'Copy Note' }).click();
    assert.equal(await clipboard(page), 'a\u202eb');
    assert.equal(await element.getByRole('status').textContent(), 'Note copied');
    await element.getByRole('button', { name: 'Copy Organization' }).click();
    assert.deepEqual(JSON.parse(await clipboard(page)), person(NOW).organization);
    await element.getByRole('button', { name: 'Copy JSON' }).click();
    const copied = JSON.parse(await clipboard(page));
    assert.equal(copied.email, 'Hidden');
    assert.equal(copied['cognito:username'], 'Hidden');
    assert.deepEqual(copied.permissions, person(NOW).permissions);
    assert.deepEqual(await page.evaluate(() => window.events), [['claimcopy', 'note'], ['claimcopy', 'organization'], ['claimcopy', '*']]);
  }));

test('a number that JavaScript does not hold is shown and copied as the token writes it', () =>
  show({}, async (page, element) => {
    await set(page, { token: token(JSON.stringify(person(NOW)).replace(/\}$/, ',"account":9007199254740993}')) });
    assert.equal(await rowOf(element, 'Account').locator('.body').textContent(), '9007199254740993');
    await element.getByRole('button', { name: 'Copy JSON' }).click();
    assert.match(await clipboard(page), /"account": 9007199254740993/);
  }));

test('the switch and the filter choose lines, and the filter keeps the focus', () =>
  show({ token: token(person(NOW)) }, async (page, element) => {
    await element.locator('label', { hasText: 'Custom' }).click();
    assert.equal(await element.getAttribute('view'), 'custom');
    assert.ok(await rowOf(element, 'Email').isHidden());
    assert.ok(await rowOf(element, 'Tier').isVisible());
    await element.locator('label', { hasText: 'Standard' }).click();
    assert.ok(await rowOf(element, 'Tier').isHidden());
    await element.locator('label', { hasText: 'All' }).click();
    const filter = element.getByRole('searchbox', { name: 'Filter claims' });
    await filter.focus();
    await page.keyboard.type('audit');
    assert.equal(await focused(page), 'Filter claims');
    assert.deepEqual(await element.locator('.row:visible dt > bdi:first-child').allTextContents(), ['Permissions']);
    // A filter that finds hidden values would tell them letter by letter.
    await filter.fill('ana.nunez@');
    assert.ok(await element.locator('.empty').isVisible());
    await filter.fill('sub');
    assert.ok(await rowOf(element, 'User ID').isVisible());
    await set(page, { token: token(person(NOW + 1)) });
    assert.equal(await focused(page), 'Filter claims');
    assert.equal(await filter.inputValue(), 'sub');
  }));

test('everything is reached and used by keyboard, in the order of the page', () =>
  show({ token: token(person(NOW)) }, async (page, element) => {
    const walked = [];
    for (let step = 0; step < 60; step += 1) {
      await page.keyboard.press('Tab');
      const name = await focused(page);
      if (await page.evaluate(() => document.activeElement === document.body)) break;
      walked.push(name);
    }
    assert.deepEqual(walked.slice(0, 4), ['all', 'Filter claims', 'Copy JSON', 'Copy Name']);
    for (const name of ['Show Email', 'Show Phone number', '2 more', 'Copy Trial', 'Token']) assert.ok(walked.includes(name), name);
    assert.equal(walked.at(-1), 'Token');
    // No control is without a ring, or smaller than a finger.
    await element.getByRole('button', { name: 'Copy Name' }).focus();
    await page.keyboard.press('Shift+Tab');
    assert.notEqual(await element.getByRole('button', { name: 'Copy JSON' }).evaluate((at) => getComputedStyle(at).outlineStyle), 'none');
    const small = await element.evaluate(({ shadowRoot }) =>
      [...shadowRoot.querySelectorAll('button,summary,input')]
        .map((at) => [at.getAttribute('aria-label') ?? at.textContent, at.getBoundingClientRect()])
        .filter(([, { width, height }]) => width && (width < 24 || height < 24))
        .map(([name]) => name));
    assert.deepEqual(small, []);
  }));

test('the languages of words, labels, numbers and times are the page’s, the element’s or its own', () =>
  show({ token: token(person(NOW)), language: 'de' }, async (page, element) => {
    assert.match(await element.locator('.pill').textContent(), /^Gültig · noch 49:5\d|50:00$/);
    assert.equal(await rowOf(element, 'custom:seats').locator('.body').textContent(), '12.500');
    assert.ok(await element.getByRole('button', { name: 'JSON kopieren' }).isVisible());
    assert.ok(await element.getByRole('button', { name: 'Telefonnummer zeigen' }).isVisible());
    assert.deepEqual(await element.locator('h3').allTextContents(), ['Profil', 'Zugriff', 'Eigene', 'Token']);
    assert.equal(await element.locator('.card').getAttribute('lang'), 'de');
    await set(page, { language: null });
    assert.match(await element.locator('.pill').textContent(), /^Valid/);
    await page.evaluate(() => { document.documentElement.lang = 'de-AT'; });
    await set(page, { words: { 'de-AT': { valid: 'Passt' } } });
    assert.match(await element.locator('.pill').textContent(), /^Passt · noch/);
    await set(page, { language: 'zh-Hant-TW', words: { 'zh-Hant': { valid: '有效' } } });
    assert.match(await element.locator('.pill').textContent(), /^有效/);
    // Who reads it aloud must know in which language the words are.
    await set(page, { language: 'fr', words: null });
    assert.equal(await element.locator('.card').getAttribute('lang'), 'en');
    await set(page, { language: 'ar', words: { ar: { valid: 'صالح' } } });
    assert.equal(await element.locator('.card').getAttribute('dir'), 'rtl');
    await set(page, { language: 'not a language' });
    assert.match(await element.locator('.pill').textContent(), /^Valid/);
  }));

test('the pill counts, says each change once, and rests while nobody sees the page', () =>
  show({}, async (page, element) => {
    await listen(page);
    await set(page, { token: token(person(NOW, { exp: NOW + 4000 })) });
    const pill = element.getByRole('timer');
    const status = element.getByRole('status');
    assert.equal(await pill.textContent(), 'Valid · 1 hr 6 min left');
    assert.equal(await pill.getAttribute('aria-live'), 'off');
    await page.clock.runFor(600_000);
    assert.match(await pill.textContent(), /^Valid · 56:[34]\d left$/);
    const before = await pill.textContent();
    await page.clock.runFor(1000);
    assert.notEqual(await pill.textContent(), before);
    assert.equal(await status.textContent(), '');
    await page.clock.runFor(3_110_000);
    assert.match(await pill.textContent(), /^Expiring · 4:\d\d left$/);
    assert.match(await status.textContent(), /^Expiring · [45]:\d\d left$/);
    await page.clock.runFor(300_000);
    assert.match(await status.textContent(), /^Expired/);
    await page.clock.runFor(360_000);
    assert.match(await pill.textContent(), /^Expired · 6 min\.? ago$/);
    assert.deepEqual(await page.evaluate(() => window.events), [['expirychange', 'valid'], ['expirychange', 'expiring'], ['expirychange', 'expired']]);
    // Nobody sees the page: nothing ticks, and the first look is right.
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { configurable: true, value: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    const asleep = await pill.textContent();
    await page.clock.runFor(1_200_000);
    assert.equal(await pill.textContent(), asleep);
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { configurable: true, value: false });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    assert.match(await pill.textContent(), /^Expired · 2\d min\.? ago$/);
  }));

test('times far away, absent or ahead', () =>
  show({ token: token(person(NOW, { exp: NOW + 86_400 * 60 })) }, async (page, element) => {
    const pill = element.getByRole('timer');
    assert.match(await pill.textContent(), /^Valid · (59|60) days left$/);
    const { exp, ...endless } = person(NOW);
    await set(page, { token: token(endless) });
    assert.equal(await pill.textContent(), 'No expiry');
    await set(page, { token: token(person(NOW, { nbf: NOW + 2000 })) });
    assert.equal(await pill.textContent(), 'Not yet valid');
    await set(page, { token: token(person(NOW, { updated_at: 1e300 })) });
    assert.equal(await rowOf(element, 'Updated at').locator('.body').textContent(), '1e+300');
  }));

test('what differs from an earlier token is marked', () =>
  show({ mask: 'personal' }, async (page, element) => {
    await page.evaluate(([before, now]) => {
      Object.assign(document.querySelector('id-token-claims'), { previous: window.claims.decodeIdToken(before), token: now });
    }, [token(person(NOW - 60, { 'custom:tier': 'free', email: 'old@example.com', gone: 'bye' })), token(person(NOW, { fresh: 1 }))]);
    assert.equal(await rowOf(element, 'Tier').innerText(), 'Tier\ncustom:tier\nChanged\npro\nBefore: free');
    assert.equal(await rowOf(element, 'Gone').locator('.mark').textContent(), 'Removed');
    assert.equal(await rowOf(element, 'Fresh').locator('.mark').textContent(), 'Added');
    assert.ok(!(await everything(page)).includes('old@example.com'));
  }));

test('a page fills the slots', () =>
  show({ token: token(person(NOW)) }, async (page, element) => {
    await page.evaluate(() => {
      for (const slot of ['header', 'row-action-email', 'empty']) {
        const filled = document.createElement('span');
        filled.slot = slot;
        filled.textContent = `filled ${slot}`;
        document.querySelector('id-token-claims').append(filled);
      }
    });
    assert.ok(await page.getByText('filled header').isVisible());
    assert.ok(await page.getByText('filled row-action-email').isVisible());
    assert.ok(await page.getByText('filled empty').isHidden());
    await set(page, { token: null });
    assert.ok(await page.getByText('filled empty').isVisible());
  }));

test('claims that attack the page are text', () =>
  show({}, async (page, element) => {
    const nested = (depth, open, close) => JSON.parse(`${open.repeat(depth)}1${close.repeat(depth)}`);
    const attack = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';
    const claims = {
      ...person(NOW),
      name: attack,
      picture: 'javascript:window.pwned=1',
      website: 'https://example.com@evil.example/',
      profile: 'http://example.com/',
      override: 'photo\u202egpj.exe\u0007\u2066',
      joined: 'می‌خواهم 👩‍👩‍👧',
      [attack]: attack,
      '"]{}*{color:red}': 1,
      'constructor': 'c',
      tree: nested(50, '{"a":', '}'),
      list: nested(40, '[', ']'),
      mixed: [attack, { [attack]: attack }, null, true, []],
    };
    const text = JSON.stringify(claims).replace(/\}$/, ',"__proto__":{"polluted":"yes"}}');
    await set(page, { token: token(text), mask: 'none' });
    await element.locator('.token > summary').click();
    for (const summary of await element.locator('.row summary').all()) if (await summary.isVisible()) await summary.click();
    assert.equal(await page.evaluate(() => [window.pwned, {}.polluted].every((found) => found === undefined)), true);
    assert.equal(await element.evaluate(({ shadowRoot }) => shadowRoot.querySelectorAll('img,script,iframe').length), 0);
    assert.equal(await element.locator('.name').textContent(), attack);
    for (const label of ['Picture', 'Website', 'Profile']) {
      const row = element.locator('.row').filter({ has: page.locator('.key', { hasText: new RegExp(`^${label.toLowerCase()}$`) }) });
      assert.equal(await row.locator('a').count(), 0, label);
    }
    assert.equal(await rowOf(element, 'override').locator('.body').textContent(), 'photo‹U+202E›gpj.exe‹U+0007›‹U+2066›');
    assert.equal(await rowOf(element, 'joined').locator('.body').textContent(), claims.joined);
    assert.match(await rowOf(element, '__proto__').textContent(), /polluted/);
  }));

test('a text as long as a token can be is folded, and nothing is cut', () =>
  show({}, async (page, element) => {
    const long = '🙂'.repeat(10_000);
    await set(page, { token: token(person(NOW, { long })) });
    const row = rowOf(element, 'long');
    assert.equal(await row.locator('details').evaluate(({ open }) => open), false);
    assert.equal(await row.locator('details bdi').textContent(), long);
    assert.ok(!(await row.textContent()).includes('\ufffd'));
  }));

test('the token’s text is nowhere in the page, and an attribute is no way in', () => {
  const text = token(person(NOW));
  return show({ token: text }, async (page, element) => {
    for (const part of text.split('.')) assert.ok(!(await everything(page)).includes(part));
    await page.evaluate(() => document.querySelector('id-token-claims').setAttribute('token', 'a.b.c'));
    await page.evaluate(() => document.querySelector('id-token-claims').setAttribute('token', 'd.e.f'));
    assert.equal(await element.locator('.name').textContent(), 'Ana Núñez');
    assert.equal(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])), '[{},{},""]');
  }, { wanted: ['warning: <id-token-claims> ignores the attribute `token`; set the property, which gets into no HTML'] });
});

test('properties that were set before the element was defined count', () =>
  show({}, async (page) => {
    const name = await page.evaluate(async (text) => {
      const late = document.createElement('late-claims');
      Object.assign(late, { token: text, view: 'custom', missing: true });
      document.querySelector('main').append(late);
      window.element.define('late-claims');
      await Promise.resolve();
      return [late.shadowRoot.querySelector('.name').textContent, late.getAttribute('view'), late.missing, late.matches('[token]')];
    }, token(person(NOW)));
    assert.deepEqual(name, ['Ana Núñez', 'custom', true, false]);
  }));

test('an element that leaves the page rests, and goes on when it comes back', () =>
  show({ token: token(person(NOW)) }, async (page, element) => {
    await page.evaluate(() => {
      window.kept = document.querySelector('id-token-claims');
      window.kept.remove();
    });
    await page.clock.runFor(60_000);
    await page.evaluate(() => document.querySelector('main').append(window.kept));
    assert.match(await element.locator('.pill').textContent(), /^Valid · 48:5\d|49:00 left$/);
    await page.clock.runFor(2000);
    assert.match(await element.locator('.pill').textContent(), /^Valid · 48:5\d left$/);
  }));

const LOOKS = {
  light: {},
  dark: { colorScheme: 'dark' },
  narrow: { viewport: { width: 320, height: 700 } },
  'forced colours': { forcedColors: 'active' },
};

for (const [name, look] of Object.entries(LOOKS)) {
  test(`axe finds nothing: ${name}`, () =>
    show({ token: token(person(NOW)) }, async (page, element) => {
      await element.getByRole('button', { name: 'Show Email', exact: true }).click();
      for (const summary of await element.locator('summary').all()) if (await summary.isVisible()) await summary.click();
      await page.clock.runFor(2000);
      // The clock of the page stands still, and axe waits for timers.
      await page.clock.resume();
      await page.evaluate(axe);
      const { violations, incomplete } = await page.evaluate(() =>
        window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
      const said = [...violations, ...incomplete].map(({ id, nodes }) => `${id}: ${nodes[0].target} ${nodes[0].failureSummary}`);
      assert.deepEqual(said, []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(wide, 0);
    }, { bypassCSP: true, ...look }));
}

test('dark is dark, and the page can say which', () =>
  show({ token: token(person(NOW)) }, async (page, element) => {
    const light = () => element.locator('.card').evaluate((card) => getComputedStyle(card).backgroundColor);
    assert.equal(await light(), 'rgb(22, 25, 31)');
    await page.evaluate(() => document.querySelector('id-token-claims').style.setProperty('color-scheme', 'light'));
    assert.equal(await light(), 'rgb(255, 255, 255)');
    await page.evaluate(() => document.querySelector('id-token-claims').style.setProperty('--id-token-claims-background', 'rgb(1, 2, 3)'));
    assert.equal(await light(), 'rgb(1, 2, 3)');
  }, { colorScheme: 'dark' }));

test('where sheets cannot be made, a style element dresses it', async () => {
  const context = await browser.newContext({ bypassCSP: true });
  try {
    const page = await context.newPage();
    await page.addInitScript(() => { window.CSSStyleSheet.prototype.replaceSync = undefined; });
    await page.goto(`${base}/element.html`);
    await page.waitForFunction(() => window.ready);
    await set(page, { token: token(person(NOW)) });
    assert.equal(await page.locator('.card').evaluate((card) => getComputedStyle(card).borderTopWidth), '1px');
  } finally {
    await context.close();
  }
});

test('forced colours keep borders', () =>
  show({ token: token(person(NOW)) }, async (page, element) => {
    for (const part of ['.card', '.pill', '.chip', '.switch']) {
      const border = await element.locator(part).first().evaluate((at) => getComputedStyle(at).borderTopWidth);
      assert.equal(border, '1px', part);
    }
  }, { forcedColors: 'active' }));
