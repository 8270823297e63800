// Every token of the vectors through `claimwright/verify`. TOKENS names the file that the suite's command writes.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { install } from './install.mjs';

// Where it says otherwise than the authorizer, and why.
const DEVIATIONS = new Map([
  // A page shows the exact text of numbers that the authorizer refuses; the token is refused all the same.
  ['huge_exponent', 'token-issuer'],
  ['hundred_digits', 'token-issuer'],
]);

const file = process.env.TOKENS;
if (!file || !existsSync(file)) throw new Error('no tokens: set TOKENS to the file that `cargo run -p conformance --bin tokens` wrote');
const { now, issuer, clients, jwks, cases } = JSON.parse(readFileSync(file, 'utf8'));

const installed = await install();
const directory = await installed.consumer('node-esm', 'tokens');
const { createVerifier } = await import(pathToFileURL(join(directory, 'node_modules/claimwright/dist/verify.js')));
after(() => installed.remove());

test('every token has its outcome', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: now * 1000 });
  const fetch = async () => new Response(JSON.stringify(jwks));
  const verify = createVerifier({ userPoolId: issuer.slice(issuer.lastIndexOf('/') + 1), clientId: clients, fetch });
  const wrong = [];
  for (const { name, token, want } of cases) {
    const got = await verify(token, { tokenUse: 'any' }).then(
      ({ verified }) => (verified ? 'accepted' : 'unverified'),
      (error) => error.code ?? String(error),
    );
    if (got === 'accepted' && want !== 'accepted') wrong.push(`${name} GOT THROUGH`);
    if (got !== (DEVIATIONS.get(name) ?? want)) wrong.push(`${name}: want ${want}, got ${got}`);
  }
  assert.deepEqual(wrong, []);
  assert.ok(cases.length > 200, `only ${cases.length} tokens`);
});
