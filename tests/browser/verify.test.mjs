// `claimwright/verify` in Node, with keys that the test makes. PACKAGE names the tarball.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { install } from './install.mjs';
import { person } from './tokens.mjs';

const installed = process.env.DIST ? undefined : await install();
const directory = installed && (await installed.consumer('node-esm', 'verify'));
const { createVerifier } = await import(
  pathToFileURL(process.env.DIST ? join(process.env.DIST, 'verify.js') : join(directory, 'node_modules/claimwright/dist/verify.js'))
);
after(() => installed?.remove());

const POOL = 'eu-central-1_AbCdEfGhI';
const ISSUER = `https://cognito-idp.eu-central-1.amazonaws.com/${POOL}`;
const OTHER = `https://issuer-cognito-idp.eu-central-1.amazonaws.com/${POOL}`;
const CLIENT = '4h57lq2example8sdk1tn0v9r3';
const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]) };

const pair = async (modulusLength = 2048) => crypto.subtle.generateKey({ ...RSA, modulusLength }, true, ['sign', 'verify']);
const jwk = async ({ publicKey }, kid, more) => {
  const { kty, n, e } = await crypto.subtle.exportKey('jwk', publicKey);
  return { kid, kty, n, e, alg: 'RS256', use: 'sig', ...more };
};
const [ours, second, weak] = await Promise.all([pair(), pair(), pair(1024)]);
const jwks = { keys: [await jwk(ours, 'one')] };

const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);
const signed = async (claims = {}, { header = {}, by = ours } = {}) => {
  const text = `${part({ alg: 'RS256', kid: 'one', ...header })}.${part({ ...person(now()), ...claims })}`;
  const signature = await crypto.subtle.sign(RSA, by.privateKey, Buffer.from(text));
  return `${text}.${Buffer.from(signature).toString('base64url')}`;
};
const verifier = (more = {}) => createVerifier({ userPoolId: POOL, clientId: CLIENT, jwks, ...more });
const refused = (promise, code, text = '') =>
  assert.rejects(promise, (error) => {
    assert.equal(error.name, 'VerifyError');
    assert.equal(error.code, code);
    for (const piece of text.split('.').filter(Boolean)) assert.ok(!`${error.message}${error.stack}`.includes(piece));
    return true;
  });

/** A `fetch` that answers what it is told and counts. */
const server = (answer) => {
  const asked = [];
  const fetch = async (url, options) => {
    asked.push(url);
    assert.equal(options.redirect, 'error');
    return answer(url, options);
  };
  return { asked, fetch };
};
const json = (value) => new Response(JSON.stringify(value));

test('a good token is verified, and its object says so', async () => {
  const token = await verifier()(await signed());
  assert.equal(token.verified, true);
  assert.equal(token.claims.name, 'Ana Núñez');
  assert.equal(token.expiry().status, 'valid');
  assert.ok(token.rows().some(({ label }) => label === 'Email'));
});

test('each refusal has its code and says nothing of the token', async () => {
  const verify = verifier();
  const good = await signed();
  const [head, body, signature] = good.split('.');
  const cases = [
    ['token-malformed', 'nothing'],
    ['token-malformed', `${head}.${body}`],
    ['token-too-large', `${head}.${part({ long: 'x'.repeat(70_000) })}.${signature}`],
    ['token-algorithm', `${part({ alg: 'none', kid: 'one' })}.${body}.`],
    ['token-algorithm', `${part({ alg: 'HS256', kid: 'one' })}.${body}.${signature}`],
    ['token-critical', await signed({}, { header: { crit: ['b64'], b64: false } })],
    ['token-issuer', await signed({ iss: `${ISSUER}x` })],
    ['token-issuer', await signed({ iss: [ISSUER] })],
    ['token-issuer', await signed({ iss: ISSUER.replace(POOL, 'eu-central-1_Other') })],
    ['token-unknown-key', await signed({}, { header: { kid: 'two' } })],
    ['token-malformed', await signed({}, { header: { kid: undefined } })],
    ['token-signature', await signed({}, { by: second })],
    ['token-signature', `${head}.${part({ ...person(now()), name: 'Mallory' })}.${signature}`],
    ['token-signature', `${head}.${body}.${part('x')}`],
    ['token-use', await signed({ token_use: 'access', client_id: CLIENT })],
    ['token-use', await signed({ token_use: 'refresh' })],
    ['token-use', await signed({ token_use: ['id'] })],
    ['token-use', await signed({ token_use: undefined })],
    ['token-client', await signed({ aud: 'another' })],
    ['token-client', await signed({ aud: [CLIENT] })],
    ['token-expired', await signed({ exp: now() })],
    ['token-expired', await signed({ exp: undefined })],
    ['token-malformed', await signed({ exp: '99999999999' })],
    ['token-malformed', await signed({ exp: null })],
    ['token-malformed', await signed({ nbf: 'soon' })],
    ['token-not-yet-valid', await signed({ nbf: now() + 100 })],
    ['token-not-yet-valid', await signed({ iat: now() + 100 })],
  ];
  for (const [code, token] of cases) await refused(verify(token), code, token).catch((error) => { throw new Error(`${code}: ${error.message}`, { cause: error }); });
});

test('what is said of clocks and clients counts', async () => {
  await verifier()(await signed({ iat: now() + 55, nbf: now() + 55 }));
  await verifier({ clockTolerance: 30 })(await signed({ exp: now() - 20 }));
  for (const clockTolerance of [NaN, Infinity, -1, 301, '30', [5]]) assert.throws(() => verifier({ clockTolerance }), TypeError);
  await verifier({ clientId: ['another', CLIENT] })(await signed());
  // A clock that is behind is put right; nothing makes a token live longer.
  for (const clockSkew of [-100, -1e9, -Infinity, NaN, { receivedAt: now() - 20 }]) {
    await refused(verifier()(await signed({ exp: now() - 20, iat: now() - 300 }), { clockSkew }), 'token-expired');
  }
  await refused(verifier()(await signed({ exp: now() + 50 }), { clockSkew: 100 }), 'token-expired');
  const access = await signed({ token_use: 'access', client_id: CLIENT, aud: undefined });
  assert.equal((await verifier()(access, { tokenUse: 'access' })).raw.token_use, 'access');
  await verifier()(access, { tokenUse: 'any' });
  await refused(verifier()(await signed(), { tokenUse: 'access' }), 'token-use');
});

test('both forms of the issuer are the pool’s, each with keys of its own address', async () => {
  const { asked, fetch } = server(() => json(jwks));
  const verify = createVerifier({ userPoolId: POOL, clientId: CLIENT, fetch });
  await verify(await signed());
  await verify(await signed());
  await verify(await signed({ iss: OTHER }));
  assert.deepEqual(asked, [`${ISSUER}/.well-known/jwks.json`, `${OTHER}/.well-known/jwks.json`]);
  await refused(verify(await signed({ iss: 'https://evil.example' })), 'token-issuer');
  assert.equal(asked.length, 2);
  const china = server(() => json(jwks));
  const iss = 'https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_AbC';
  await createVerifier({ userPoolId: 'cn-north-1_AbC', clientId: CLIENT, fetch: china.fetch })(await signed({ iss }));
  const local = 'http://localhost:9229/local_pool';
  await verifier({ userPoolId: 'local_pool', issuer: local })(await signed({ iss: local }));
  await refused(verifier({ issuer: local })(await signed()), 'token-issuer');
  for (const userPoolId of ['', 'pool', 'eu-central-1_', 'evil.example/#-1_a', 'https://x_1']) {
    assert.throws(() => createVerifier({ userPoolId, clientId: CLIENT }), TypeError);
  }
});

test('one fetch serves all who wait, and an unknown key asks again only after ten seconds', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_800_000_000_000 });
  let set = jwks;
  const { asked, fetch } = server(() => json(set));
  const verify = createVerifier({ userPoolId: POOL, clientId: CLIENT, fetch });
  const good = await signed();
  await Promise.all([verify(good), verify(good), verify(good)]);
  assert.equal(asked.length, 1);
  set = { keys: [...jwks.keys, await jwk(second, 'two')] };
  const rotated = await signed({}, { header: { kid: 'two' }, by: second });
  await refused(verify(rotated), 'token-unknown-key');
  assert.equal(asked.length, 1);
  t.mock.timers.tick(10_000);
  await verify(rotated);
  assert.equal(asked.length, 2);
  await refused(verify(await signed({}, { header: { kid: 'three' } })), 'token-unknown-key');
  assert.equal(asked.length, 2);
});

test('keys that cannot be had are no refusal, and failed attempts count', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_800_000_000_000 });
  const good = await signed();
  let answer = () => { throw new TypeError('no network'); };
  const { asked, fetch } = server((...all) => answer(...all));
  const verify = createVerifier({ userPoolId: POOL, clientId: CLIENT, fetch });
  const cases = [
    () => { throw new TypeError('no network'); },
    () => new Response('', { status: 500 }),
    () => new Response('not json'),
    () => json({}),
    () => json({ keys: [] }),
    () => new Response(JSON.stringify({ ...jwks, fill: 'x'.repeat(70_000) })),
  ];
  for (const [index, one] of cases.entries()) {
    answer = one;
    await refused(verify(good), 'keys-unavailable');
    await refused(verify(good), 'keys-unavailable');
    assert.equal(asked.length, index + 1);
    t.mock.timers.tick(10_000);
  }
  answer = () => json(jwks);
  await verify(good);
  t.mock.timers.tick(10_000);
  answer = cases[0];
  // The keys that are known go on to serve.
  await refused(verify(await signed({}, { header: { kid: 'two' } })), 'keys-unavailable');
  await verify(good);
});

test('keys of an hour are asked for again: one that the pool takes out is trusted no more, and an outage stops nobody', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  let answer = () => json(jwks);
  const { asked, fetch } = server(() => answer());
  const verify = verifier({ jwks: undefined, fetch });
  const later = async () => signed({ exp: now() + 3600, iat: now() });
  await verify(await later());
  t.mock.timers.tick(3_000_000);
  await verify(await later());
  assert.equal(asked.length, 1);
  answer = () => new Response('', { status: 500 });
  t.mock.timers.tick(700_000);
  await verify(await later());
  assert.equal(asked.length, 2);
  answer = async () => json({ keys: [await jwk(second, 'two')] });
  t.mock.timers.tick(11_000);
  await refused(verify(await later()), 'token-unknown-key');
  assert.equal(asked.length, 3);
});

test('a fetch that never ends is given up after three seconds', async () => {
  const { fetch } = server(() => new Promise(() => {}));
  const started = Date.now();
  await refused(createVerifier({ userPoolId: POOL, clientId: CLIENT, fetch })(await signed()), 'keys-unavailable');
  assert.ok(Date.now() - started < 4000);
  const slow = server(() => new Response(new ReadableStream({ pull: () => new Promise(() => {}) })));
  await refused(createVerifier({ userPoolId: POOL, clientId: CLIENT, fetch: slow.fetch })(await signed()), 'keys-unavailable');
});

test('only keys for RS256 signatures are taken', async () => {
  const key = await jwk(ours, 'one');
  const good = await signed();
  const cases = {
    'another algorithm': [{ ...key, alg: 'RS512' }],
    'for encryption': [{ ...key, use: 'enc' }],
    'another type': [{ ...key, kty: 'EC' }],
    'no name': [{ ...key, kid: undefined }],
    broken: [{ ...key, n: '!' }],
    weak: [await jwk(weak, 'one')],
    'two of one name': [key, await jwk(second, 'one')],
  };
  const other = await jwk(second, 'other');
  for (const [name, keys] of Object.entries(cases)) {
    await refused(verifier({ jwks: { keys: [...keys, other] } })(good), 'token-unknown-key').catch((error) => { throw new Error(`${name}: ${error.message}`); });
  }
  const { alg, use, ...plain } = key;
  await verifier({ jwks: { keys: [plain] } })(good);
});
