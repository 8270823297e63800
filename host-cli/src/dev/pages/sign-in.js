// The page of `claims dev`: signs somebody in, shows what the tokens carry and why, and calls the sample API with them.
// What it shows is text and never markup. Tokens are kept in memory only: not in the address, not in storage, not in the log.

const SIGNS = { added: '+', changed: '~', removed: '−' };
const NAMES = { id: 'ID token', access: 'access token' };
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const EXPIRING_SECONDS = 300;
/** An authorizer fetches the keys of an issuer at most once in ten seconds. */
const KEYS_MS = 12_000;
const LOG_LINES = 200;
const CALLS = 50;

const BEARERS = {
  access: { label: 'Access token', missing: 'nobody is signed in', hint: '' },
  id: { label: 'ID token', missing: 'there is none', hint: 'A contract takes one kind of token only; the other is not right.' },
  none: { label: 'None', hint: 'A call without a token.' },
  tampered: { label: 'Access token, tampered', missing: 'nobody is signed in', hint: 'The group admin is written into the access token; its signature stays what it was.' },
  rotated: { label: 'Access token from before the last rotation', missing: 'no token was there when keys were rotated', hint: 'It stays good until its key is retired by a further rotation.' },
};

let state;
/** What the last sign-in gave; `rotated` is the access token that was held when keys were last rotated. */
let session;
let rotated;
let keysChanged = -Infinity;
/** The scopes of the kind of caller that is not shown: a person's or a machine's. */
let otherScopes = '';

const $ = (selector) => document.querySelector(selector);

/** Makes an element. Children are nodes or text, so nothing here is ever read as markup. */
function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

const announce = (text) => { $('#status').textContent = text; };
const words = (text) => text.split(/\s+/).filter(Boolean);
const count = (number, one) => `${number.toLocaleString('en')} ${one}${number === 1 ? '' : 's'}`;

/** A server may answer with what it was sent; a token is shown where it is asked for and nowhere else. */
const withoutTokens = (text) => text.replace(/eyJ[\w-]*\.[\w-]+\.[\w-]*/g, '(a token)');

/** A value as JSON in one line, with blanks where people put them. Of a large whole number a page knows only about what it is. */
function oneLine(value) {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return `about ${value}`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.keys(value).map((name) => `${JSON.stringify(name)}: ${oneLine(value[name])}`);
  return members.length ? `{ ${members.join(', ')} }` : '{}';
}
const valueOf = (json) => h('code', { class: 'value' }, withoutTokens(oneLine(json)));

/** Whether two values are the same; the order of an object's members has no meaning. */
function same(a, b) {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && same(a[name], b[name]));
}

/** The rows of a plain table of names and values. */
const table = (caption, head, values) =>
  h('table', {}, h('caption', { class: 'unseen' }, caption),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, head), h('th', { scope: 'col' }, 'Value'))),
    h('tbody', {}, Object.entries(values).map(([name, value]) =>
      h('tr', {}, h('th', { scope: 'row' }, h('code', {}, name)), h('td', {}, valueOf(value))))));

/** Asks the server; what it answers is JSON, or an error in one sentence. */
async function ask(path, body) {
  const options = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  let response;
  try {
    response = await fetch(path, { ...options, cache: 'no-store' });
  } catch {
    return { status: 0, answer: { error: 'claims dev does not answer; look at the terminal that it runs in' } };
  }
  const answer = await response.json().catch(() => undefined);
  return { status: response.status, answer: answer ?? { error: `claims dev answered ${response.status} without JSON` } };
}

// What the server serves

let asking;

/** Reads the state again. Calls during a read are answered by one more. */
async function refresh() {
  if (asking) {
    asking.again = true;
    return asking.done;
  }
  asking = { again: false };
  const run = async () => {
    const { status, answer } = await ask('/dev/state');
    if (status === 200) showState(answer);
    else $('#offline').hidden = false;
    const { again } = asking;
    asking = undefined;
    if (again) await refresh();
  };
  return (asking.done = run());
}

function showState(next) {
  const before = state;
  state = next;
  $('#offline').hidden = true;
  const { contract, revision, problem, clients, users, routes, triggerVersions } = next;
  $('#contract').replaceChildren(h('code', { title: contract.sha256 }, `${contract.path} ${contract.digestShort}`), ` · revision ${revision} · everything runs on this machine`);
  $('#problem').hidden = !problem;
  $('#problem pre').textContent = problem ?? '';
  if (problem && problem !== before?.problem) announce(`${contract.path} has a problem; the contract before it goes on serving.`);
  if (before && revision > before.revision) showLive(contract.path);
  $('#playground').hidden = !next.playground;
  if (!same(users, before?.users)) showUsers(users);
  if (!same(clients, before?.clients)) showChoices($('#client'), clients);
  if (!same(triggerVersions, before?.triggerVersions)) showChoices($('#version'), triggerVersions, 'V2');
  if (!same(routes, before?.routes)) showRoutes(routes);
  showKeys(next.keys, before?.keys);
  showVersionHint();
}

function showChoices(select, values, first) {
  const chosen = select.value || first;
  select.replaceChildren(...values.map((value) => h('option', {}, value)));
  if (values.includes(chosen)) select.value = chosen;
}

/** Says that a saved contract is live; the tokens that are shown were made by the one before it. */
function showLive(path) {
  $('#live p').textContent = `${path} saved: live.${session ? ' Sign in again: the tokens below were made by the contract before it.' : ''}`;
  $('#live').hidden = false;
  announce($('#live p').textContent);
}

function showKeys(keys, before) {
  $('#keys').textContent = count(keys.length, 'key');
  $('#keys').title = keys.join(', ');
  if (before && !same(keys, before)) {
    keysChanged = performance.now();
    if (session) rotated = session.tokens.access;
  }
  for (const element of document.querySelectorAll('[data-kid]')) {
    element.textContent = keys.includes(element.dataset.kid) ? '' : ' (retired)';
  }
  showBearers();
}

function listen() {
  const events = new EventSource('/dev/events');
  events.addEventListener('open', refresh);
  events.addEventListener('revision', refresh);
  events.addEventListener('log', ({ data }) => {
    const { time, kind, line, level } = JSON.parse(data);
    showLog(time, kind, line, level);
    // A contract that does not compile has no revision, and another page may rotate the keys.
    if (kind === 'contract' || kind === 'keys') refresh();
  });
  events.addEventListener('error', () => {
    $('#offline').hidden = false;
    // A server that answered something else is not tried again by the browser.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
}

function showLog(time, kind, line, level) {
  const list = $('#log');
  const box = list.parentElement;
  // Whoever scrolled up to read stays there.
  const follows = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  list.append(h('li', {}, h('time', {}, time), h('span', {}, kind), h('span', { class: `kind ${level}` }, level), h('span', {}, withoutTokens(line))));
  while (list.children.length > LOG_LINES) list.firstElementChild.remove();
  box.querySelector('.empty').hidden = true;
  if (follows) box.scrollTop = box.scrollHeight;
}

// Who signs in

function showUsers(users) {
  const chosen = $('#who :checked')?.value;
  const choice = (value, ...text) =>
    h('label', {}, h('input', { type: 'radio', name: 'who', value, onchange: () => choose(value) }), h('span', {}, ...text));
  $('#who').replaceChildren(
    ...users.map(({ name, groups }) => choice(`user ${name}`, name, groups.length > 0 && h('span', { class: 'soft' }, ` ${groups.join(' ')}`))),
    choice('other', 'Somebody else'),
    choice('machine', 'A machine', h('span', { class: 'soft' }, ' client credentials')));
  const again = [...document.querySelectorAll('#who input')].find(({ value }) => value === chosen);
  const radio = again ?? $('#who input');
  radio.checked = true;
  // What was written into the form stays where its user does.
  if (!again) choose(radio.value);
}

function choose(value) {
  const machine = value === 'machine';
  // A machine has no OpenID scopes. What was written for the one kind is kept while the other is shown.
  if (machine !== $('#user').hidden) [$('#scopes').value, otherScopes] = [otherScopes, $('#scopes').value];
  $('#user').hidden = machine;
  $('#user').querySelectorAll('input').forEach((input) => { input.disabled = machine; });
  const user = value === 'other' ? { name: '', sub: '', attributes: {}, groups: [] } : state.users.find(({ name }) => value === `user ${name}`);
  if (user) {
    $('#name').value = user.name;
    $('#sub').value = user.sub;
    $('#groups').value = user.groups.join(' ');
    $('#attributes').replaceChildren(...Object.entries(user.attributes).map(([name, text]) => attribute(name, text)));
    checkNames();
  }
  showVersionHint();
}

/** One attribute of the user: a name, a text, and a way to be rid of it. */
function attribute(name = '', text = '') {
  const row = h('div', {},
    h('input', { class: 'attribute-name', 'aria-label': 'Attribute name', required: true, spellcheck: 'false', autocapitalize: 'off', oninput: checkNames }),
    h('input', { class: 'attribute-value', spellcheck: 'false', autocapitalize: 'off' }),
    h('button', { type: 'button', class: 'small', onclick: () => { row.remove(); checkNames(); $('#add-attribute').focus(); } }, '×'));
  row.querySelector('.attribute-name').value = name;
  row.querySelector('.attribute-value').value = text;
  return row;
}

/** Names each row's parts by its attribute, and turns away a name that would lose another's value. */
function checkNames() {
  const names = [...document.querySelectorAll('.attribute-name')];
  for (const input of names) {
    const twice = input.value !== '' && names.some((other) => other !== input && other.value === input.value);
    const own = input.value === 'sub';
    input.setCustomValidity(own ? 'sub has a field of its own' : twice ? `the attribute ${input.value} is there twice: keep one` : '');
    const name = input.value || 'the new attribute';
    input.nextElementSibling.setAttribute('aria-label', `Value of ${name}`);
    input.parentElement.lastElementChild.setAttribute('aria-label', `Remove ${name}`);
  }
}

function showVersionHint() {
  const version = $('#version').value;
  const machine = $('#who :checked')?.value === 'machine';
  $('#version-hint').textContent =
    machine && version !== 'V3' ? `Cognito runs the trigger for a machine with V3 only, not with ${version}.`
    : version === 'V1' ? 'V1 shapes the ID token, and the groups of both; the access token has no other change.'
    : '';
}

function whoSignsIn() {
  if ($('#who :checked').value === 'machine') return null;
  const attributes = [...document.querySelectorAll('#attributes > div')].map((row) => [...row.querySelectorAll('input')].map(({ value }) => value));
  return { name: $('#name').value, sub: $('#sub').value, attributes: Object.fromEntries(attributes), groups: words($('#groups').value) };
}

/** One press is one question, however often the button is pressed. */
const busy = async (button, run) => {
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  try {
    await run();
  } finally {
    button.removeAttribute('aria-disabled');
  }
};

async function signIn() {
  const user = whoSignsIn();
  const { status, answer } = await ask('/dev/sign-in', { user, client: $('#client').value, version: $('#version').value, scopes: words($('#scopes').value) });
  session = status === 200 ? answer : undefined;
  $('#live').hidden = true;
  showNotice(status, answer);
  for (const use of ['id', 'access']) showToken(use, user === null);
  showBearers(session ? 'access' : 'none');
  if (!session) return;
  const changed = ['id', 'access'].filter((use) => session.tokens[use])
    .map((use) => `${NAMES[use]}: ${count(changes(use).filter(({ kind }) => kind !== 'same').length, 'change')}`);
  announce(`${user?.name ?? 'A machine'} is signed in. ${changed.join(', ')}.`);
}

function showNotice(status, answer) {
  const notice = $('#notice');
  notice.hidden = status === 200;
  if (status === 200) return;
  const refused = status === 422;
  notice.replaceChildren(
    h('h2', {}, refused ? 'The contract refuses this sign-in.' : 'The sign-in failed.'),
    refused
      ? h('p', {}, 'The person reads: ', h('q', {}, withoutTokens(`${answer.refusal}`)), answer.detail && [' (', h('code', {}, withoutTokens(`${answer.detail}`)), ')'])
      : h('p', {}, withoutTokens(`${answer.error}`)));
  announce(notice.textContent);
}

// What the tokens carry

const parts = (token) => token.split('.').map((part) => part.replaceAll('-', '+').replaceAll('_', '/'));
const fromBase64 = (part) => JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), (letter) => letter.charCodeAt(0))));
const toBase64 = (value) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value)))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

/** The token with the group `admin` written into it. Its signature is that of what it was. */
function tampered(token) {
  const [header, , signature] = token.split('.');
  const claims = fromBase64(parts(token)[1]);
  return [header, toBase64({ ...claims, 'cognito:groups': [...(claims['cognito:groups'] ?? []), 'admin'] }), signature].join('.');
}

function changes(use) {
  const before = session.before[use] ?? {};
  const after = session.after[use];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().map((claim) => {
    const [was, is] = [Object.hasOwn(before, claim), Object.hasOwn(after, claim)];
    const kind = !was ? 'added' : !is ? 'removed' : same(before[claim], after[claim]) ? 'same' : 'changed';
    const rules = session.rules.filter((rule) => rule.token === use && rule.claim === claim).map(({ rule }) => rule);
    return { claim, kind, was, is, before: before[claim], after: after[claim], rules };
  });
}

const ruleOf = (text) => {
  const [rule, ...source] = text.split(': ');
  return [h('code', {}, rule), source.length ? ` · ${source.join(': ')}` : ''];
};

const change = ({ claim, kind, was, is, before, after, rules }) =>
  h('li', { class: `change ${kind}`, 'data-claim': claim },
    h('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[kind]),
    h('div', { class: 'body' },
      h('p', { class: 'claim' }, h('code', {}, claim), h('span', { class: `kind ${kind}` }, kind)),
      h('p', { class: 'values' },
        was && h('del', {}, h('span', { class: 'unseen' }, 'before: '), valueOf(before)),
        was && is && h('span', { class: 'soft', 'aria-hidden': 'true' }, '→'),
        is && h('ins', {}, was && h('span', { class: 'unseen' }, 'after: '), valueOf(after))),
      rules.length > 0 && h('p', { class: 'why' }, 'by ', rules.map((rule, index) => [index ? ', ' : '', ruleOf(rule)]))));

/** The encoded token, which is in the page only while it is unfolded. */
function raw(use, token) {
  const area = h('textarea', { readonly: true, rows: 6, 'aria-label': `Encoded ${NAMES[use]}`, spellcheck: 'false' });
  const copy = h('button', {
    type: 'button', class: 'small', onclick: async () => {
      const copied = await navigator.clipboard.writeText(token).then(() => true, () => false);
      if (!copied) area.select();
      announce(copied ? `The ${NAMES[use]} is copied.` : 'The browser does not let this page copy; the token is selected.');
      copy.textContent = copied ? 'Copied' : 'Selected: copy it by the keyboard';
      setTimeout(() => { copy.textContent = 'Copy'; }, 2000);
    },
  }, 'Copy');
  return h('details', { class: 'encoded', ontoggle: ({ target }) => { area.value = target.open ? token : ''; } },
    h('summary', {}, 'Encoded'), h('div', { class: 'raw' }, area, copy));
}

let element;

/** What a page shows of the ID token: by the element if the package is served here, else a plain table. */
function presentation(token, claims) {
  element ??= state.playground
    // The core without WebAssembly, which the page's policy does not allow.
    ? Promise.all([import('/pkg/element.js'), import('/pkg/plain.js')]).then(([, { tryDecodeIdToken }]) => tryDecodeIdToken, () => undefined)
    : Promise.resolve();
  const details = h('details', {
    class: 'presentation', ontoggle: async () => {
      if (!details.open || details.children.length > 1) return;
      const decode = await element;
      if (details.children.length > 1) return;
      const read = decode?.(token);
      details.append(read?.ok ? Object.assign(document.createElement('id-token-claims'), { idToken: read.value }) : table('Claims of the ID token', 'Claim', claims));
    },
  }, h('summary', {}, 'What a page shows of it'));
  return details;
}

function showToken(use, machine) {
  const panel = $(`#token-${use} .token`);
  const token = session?.tokens[use];
  if (!token) {
    panel.replaceChildren(h('p', { class: 'empty' }, machine && session ? 'A machine has no ID token.' : 'Nobody is signed in.'));
    return;
  }
  const all = changes(use);
  const changed = all.filter(({ kind }) => kind !== 'same');
  const rest = all.filter(({ kind }) => kind === 'same');
  const { kid } = fromBase64(parts(token)[0]);
  panel.replaceChildren(
    h('p', { class: 'facts' },
      h('span', { class: 'kind', 'data-expires': session.after[use].exp }),
      h('span', {}, `${token.length.toLocaleString('en')} bytes`),
      h('span', {}, 'key ', h('code', {}, `${kid}`), h('span', { 'data-kid': kid }, state.keys.includes(kid) ? '' : ' (retired)')),
      h('span', {}, `made in ${session.micros.toLocaleString('en')} µs`)),
    h('h3', {}, 'What the contract changes'),
    changed.length ? h('ul', { class: 'changes' }, changed.map(change)) : h('p', { class: 'empty' }, `Nothing: the ${NAMES[use]} is as Cognito writes it.`),
    h('details', {}, h('summary', {}, `${count(rest.length, 'claim')} as Cognito writes ${rest.length === 1 ? 'it' : 'them'}`),
      table(`Claims of the ${NAMES[use]} that the contract leaves`, 'Claim', Object.fromEntries(rest.map(({ claim, after }) => [claim, after])))),
    use === 'id' ? presentation(token, session.after.id) : '',
    raw(use, token));
  tick();
}

/** Writes how long each token is good for. */
function tick() {
  for (const pill of document.querySelectorAll('[data-expires]')) {
    const left = Number(pill.dataset.expires) - Math.floor(Date.now() / 1000);
    const two = (number) => `${number}`.padStart(2, '0');
    const hours = Math.floor(left / 3600);
    const clock = `${hours ? `${hours}:` : ''}${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
    const [level, text] = left <= 0 ? ['error', 'Expired'] : [left <= EXPIRING_SECONDS ? 'denied' : 'ok', `${left <= EXPIRING_SECONDS ? 'Expiring' : 'Valid'} · ${clock} left`];
    pill.className = `kind ${level}`;
    if (pill.textContent !== text) pill.textContent = text;
  }
}

// Calls of the API

/** A path that a route of the contract speaks of. */
const examplePath = (path) => path.replace(/\*$/, '').replaceAll('*', 'x').replace(/\{[^}]*\}/g, '7') || '/';

function showRoutes(routes) {
  const buttons = routes.flatMap((route) => {
    const [, method, path] = /^(\S+) (\/.*|\*)$/.exec(route) ?? [];
    // Routes of WebSockets and AppSync are not called by a method and a path.
    if (method !== '*' && !METHODS.includes(method)) return [];
    const fill = () => {
      $('#method').value = method === '*' ? 'GET' : method;
      $('#path').value = examplePath(path === '*' ? '/' : path);
    };
    // What is called first is something that the contract speaks of.
    if ($('#path').value === '/') fill();
    return [h('button', { type: 'button', class: 'small', onclick: () => { fill(); announce(`${$('#method').value} ${$('#path').value}`); } }, route)];
  });
  $('#routes').replaceChildren(...buttons);
  $('#routes').hidden = buttons.length === 0;
}

const bearer = (kind) => ({
  access: () => session?.tokens.access,
  id: () => session?.tokens.id,
  none: () => '',
  tampered: () => session && tampered(session.tokens.access),
  rotated: () => rotated,
})[kind]();

function showBearers(first) {
  const select = $('#bearer');
  const chosen = first ?? (select.value || 'none');
  select.replaceChildren(...Object.entries(BEARERS).map(([kind, { label, missing }]) => {
    const there = bearer(kind) !== undefined;
    return h('option', { value: kind, disabled: !there }, there ? label : `${label} (${missing})`);
  }));
  select.value = bearer(chosen) === undefined ? 'none' : chosen;
  showBearerHint();
}
const showBearerHint = () => { $('#bearer-hint').textContent = BEARERS[$('#bearer').value].hint; };

const MEANINGS = {
  400: ['denied', 'refused', 'The request is not one that the API takes.'],
  401: ['denied', 'not authenticated', 'The token is not right, or there is none. The log says why.'],
  403: ['denied', 'denied', 'The token is right, and the contract does not let it call this route. The log says why.'],
  404: ['denied', 'not found', 'The authorizer let the call through; the sample API has nothing there.'],
};
const meaning = (status) =>
  MEANINGS[status] ?? (status >= 200 && status < 300 ? ['ok', 'allowed', ''] : ['error', 'error', 'Nobody decided: an error lets no one through, and no gateway keeps it.']);

/** Whether a right token may have been turned away because its key is new. */
const keysMayLag = (status, kind) => (status === 401 || status >= 500) && kind === 'access' && performance.now() - keysChanged < KEYS_MS;

async function call(method, path, kind) {
  const url = new URL(`${location.origin}/api${path}`);
  // Browsers take `..` out of a path before they send it.
  if (url.origin !== location.origin || !url.pathname.startsWith('/api/')) {
    showAnswer({ problem: `the path ${path} leaves the API: write one without \`..\`` });
    return;
  }
  const token = bearer(kind);
  if (token === undefined) {
    showAnswer({ problem: `no such token: ${BEARERS[kind].missing}` });
    return;
  }
  const sent = url.pathname.slice('/api'.length) + url.search;
  const started = performance.now();
  let response;
  let text = '';
  try {
    response = await fetch(url, { method, headers: token ? { authorization: `Bearer ${token}` } : {}, cache: 'no-store', redirect: 'manual' });
    text = await response.text();
  } catch {
    showAnswer({ problem: 'claims dev does not answer; look at the terminal that it runs in' });
    return;
  }
  const one = { method, path, sent, kind, status: response.status, took: performance.now() - started, text };
  showAnswer(one);
  showCall(one);
}

function showAnswer({ problem, method, sent, kind, status, took, text }) {
  const panel = $('#answer');
  if (problem) {
    panel.replaceChildren(h('p', { class: 'notice' }, problem));
    announce(problem);
    return;
  }
  const [level, word, explained] = meaning(status);
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    // The API may answer with a text, or with nothing.
  }
  const { route, context, message } = Object(body);
  panel.replaceChildren(
    h('p', { class: 'status' }, h('strong', {}, `${status}`), h('span', { class: `kind ${level}` }, word), h('span', { class: 'soft' }, h('code', {}, `${method} ${withoutTokens(sent)}`), ` in ${took.toFixed(1)} ms`)),
    message === undefined ? '' : h('p', { class: 'said' }, 'The API says: ', h('q', {}, withoutTokens(`${message}`))),
    explained ? h('p', { class: 'said soft' }, explained) : '',
    keysMayLag(status, kind) ? h('p', { class: 'said soft' }, 'Keys were just rotated, and the authorizer fetches them at most once in ten seconds: call again.') : '',
    route === undefined ? '' : h('p', { class: 'said' }, 'Reached ', h('code', {}, `${route}`), '.'),
    context && typeof context === 'object' ? h('div', {}, h('h3', {}, 'What the backend received'), table('What the backend received', 'Name', context)) : '',
    body === undefined && text ? h('p', { class: 'said' }, h('code', {}, withoutTokens(text.slice(0, 2000)))) : '');
  announce(`${status}, ${word}`);
}

function showCall({ method, path, sent, kind, status, took }) {
  const list = $('#calls tbody');
  const [level, word] = meaning(status);
  const again = () => {
    $('#method').value = method;
    $('#path').value = path;
    if (bearer(kind) !== undefined) showBearers(kind);
    call(method, path, kind);
  };
  list.prepend(h('tr', {},
    h('td', {}, h('span', { class: `kind ${level}` }, `${status} ${word}`)),
    h('th', { scope: 'row' }, h('code', {}, `${method} ${withoutTokens(sent)}`)),
    h('td', {}, BEARERS[kind].label),
    h('td', {}, `${took.toFixed(1)} ms`),
    h('td', {}, h('button', { type: 'button', class: 'small', 'aria-label': `Again: ${method} ${withoutTokens(sent)}`, onclick: again }, 'Again'))));
  while (list.children.length > CALLS) list.lastElementChild.remove();
  $('#calls table').hidden = false;
  $('#calls .empty').hidden = true;
}

// What is pressed

const submits = (form, run) => form.addEventListener('submit', (event) => {
  event.preventDefault();
  void busy(event.submitter ?? form.querySelector('.button'), run);
});
submits($('#sign-in'), signIn);
submits($('#call'), () => call($('#method').value, $('#path').value, $('#bearer').value));
$('#version').addEventListener('change', showVersionHint);
$('#bearer').addEventListener('change', showBearerHint);
$('#add-attribute').addEventListener('click', () => {
  const row = attribute();
  $('#attributes').append(row);
  checkNames();
  row.querySelector('input').focus();
});
$('#rotate').addEventListener('click', () => busy($('#rotate'), async () => {
  const { status, answer } = await ask('/dev/rotate', {});
  if (status === 200) {
    const before = state.keys;
    state.keys = answer.keys;
    showKeys(answer.keys, before);
  }
  announce(status === 200 ? 'The keys are rotated: the next sign-in is signed with a new key.' : withoutTokens(`${answer.error}`));
}));
$('#live .close').addEventListener('click', () => {
  $('#live').hidden = true;
  $('#submit').focus();
});

showBearers();
setInterval(tick, 1000);
void refresh();
listen();
