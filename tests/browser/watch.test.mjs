// The life of a token as it is watched, with a clock of the test's own; and what callers may get wrong. In Node.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { install } from './install.mjs';

const installed = await install();
after(() => installed.remove());
const { decodeIdToken, fromPayload, tryDecodeIdToken, watchExpiry } = await import(
  pathToFileURL(join(installed.unpacked, 'dist/index.js'))
);

const START = 1_800_000_000;
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (claims) => decodeIdToken(`${part({ alg: 'RS256' })}.${part({ token_use: 'id', ...claims })}.c2ln`);

/** Watches a token from START on, and gives what is told and a way to let time pass, second by second. */
function watch(t, claims, options, told = () => {}) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: START * 1000 });
  const seen = [];
  const stop = watchExpiry(
    token(claims),
    (expiry) => {
      seen.push([Date.now() / 1000 - START, expiry.status]);
      told(expiry, seen);
    },
    options,
  );
  const pass = (seconds) => {
    for (let tenth = 0; tenth < seconds * 10; tenth += 1) t.mock.timers.tick(100);
  };
  return { seen, stop, pass };
}

test('each change is told when it comes', (t) => {
  const { seen, pass } = watch(t, { nbf: START + 5, exp: START + 400 });
  pass(500);
  assert.deepEqual(
    seen.map(([at, status]) => [Math.round(at), status]),
    [[0, 'not-yet-valid'], [5, 'valid'], [100, 'expiring'], [400, 'expired']],
  );
});

test('a beginning without an end is told too', (t) => {
  const { seen, pass } = watch(t, { nbf: START + 3 });
  pass(10);
  assert.deepEqual(seen.map(([, status]) => status), ['not-yet-valid', 'no-expiry']);
});

test('an end that nobody counts to holds nobody up', (t) => {
  for (const exp of [9_007_199_254_740_991, 2.3e15, 9e15]) {
    assert.equal(token({ exp }).expiry().status, 'valid');
    const { seen, stop, pass } = watch(t, { exp });
    pass(100);
    assert.equal(seen.length, 1);
    stop();
    t.mock.timers.reset();
  }
});

test('a clock that jumps is noticed within half a minute', (t) => {
  const { seen, pass } = watch(t, { exp: START + 3600 });
  t.mock.timers.setTime((START + 7200) * 1000);
  pass(31);
  assert.equal(seen.at(-1)[1], 'expired');
});

test('a watch ends when it is ended, also from its own callback', (t) => {
  const watched = watch(t, { exp: START + 60 }, { everySecond: true }, (_, seen) => {
    if (seen.length === 3) watched.stop();
  });
  watched.pass(20);
  assert.equal(watched.seen.length, 3);
});

test('a signal ends a watch', (t) => {
  const end = new AbortController();
  const { seen, pass } = watch(t, { exp: START + 60 }, { everySecond: true, signal: end.signal });
  pass(3);
  const before = seen.length;
  end.abort();
  pass(10);
  assert.equal(seen.length, before);
});

test('a callback that throws once is called again', (t) => {
  let calls = 0;
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: START * 1000 });
  const stop = watchExpiry(
    token({ exp: START + 60 }),
    () => {
      calls += 1;
      if (calls === 2) throw new Error('once');
    },
    { everySecond: true },
  );
  for (let second = 0; second < 5; second += 1) {
    try {
      t.mock.timers.tick(1000);
    } catch (error) {
      assert.equal(error.message, 'once');
    }
  }
  stop();
  assert.ok(calls > 3, `${calls} calls`);
});

test('a wrong contract is told of at once', () => {
  const text = `${part({ alg: 'RS256' })}.${part({ token_use: 'id' })}.c2ln`;
  const wrong = tryDecodeIdToken(text, { contract: { claims: { x: { order: 1.5 } } } });
  assert.equal(wrong.ok || wrong.error.code, 'bad-contract');
  assert.throws(() => decodeIdToken(text, { tokenUse: 'payload' }), TypeError);
});

test('a page that nobody sees is told of changes, and not of seconds', (t) => {
  globalThis.document = Object.assign(new EventTarget(), { hidden: true });
  try {
    const { seen, pass, stop } = watch(t, { exp: START + 310 });
    const every = [];
    const end = watchExpiry(token({ exp: START + 310 }), ({ status }) => every.push(status), { everySecond: true });
    pass(320);
    assert.deepEqual(seen.map(([, status]) => status), ['valid', 'expiring', 'expired']);
    assert.deepEqual(every, ['valid']);
    stop();
    end();
  } finally {
    delete globalThis.document;
  }
});

test('claims that a library has read are those of the token that is expected', () => {
  assert.equal(fromPayload({ sub: 'u' }).raw.sub, 'u');
  assert.equal(fromPayload({ token_use: 'access' }, { tokenUse: 'access' }).raw.token_use, 'access');
  assert.equal(fromPayload({ token_use: 'access' }, { tokenUse: 'any' }).raw.token_use, 'access');
  for (const [use, options] of [['access', {}], ['id', { tokenUse: 'access' }], [7, {}]]) {
    assert.throws(() => fromPayload({ token_use: use }, options), { code: 'wrong-token-use' });
  }
  assert.throws(() => fromPayload({}, { tokenUse: 'payload' }), TypeError);
});

test('auto reads tokens where there is no TextDecoder', () => {
  const auto = pathToFileURL(join(installed.unpacked, 'dist/auto.js')).href;
  const script = `delete globalThis.TextDecoder; const { ready } = await import('${auto}'); console.log(await ready());`;
  assert.equal(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }).trim(), 'plain');
});

test('what is far too long never reaches the core', () => {
  const before = process.memoryUsage().arrayBuffers;
  for (const text of ['a'.repeat(5e7), 'é'.repeat(5e7)]) {
    assert.equal(tryDecodeIdToken(text).error.code, 'too-large');
    assert.throws(() => fromPayload({ text }), { code: 'too-large' });
  }
  assert.ok(process.memoryUsage().arrayBuffers - before < 5e6);
});
