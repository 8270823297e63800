// The functions of the release zips in AWS's own runtime emulator: a hundred invocations each, with faults in between.
// PACKAGES, PYTHON and RIE are as in README.md.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { CreateTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { clientsOf } from './clients.mjs';
import { startEmulator } from './emulator.mjs';
import { MACHINE_EVENT, httpRequest, restRequest, restToken, signInOf } from './events.mjs';
import { CLIENT, POOL, startIssuer } from './issuer.mjs';
import { guard, temporary } from './processes.mjs';
import { ofStore, startRecorder } from './recorder.mjs';
import { startRie, unpack } from './rie.mjs';

const TABLE = 'runtime-profiles';
const ROUNDS = 100;

for (const name of ['PACKAGES', 'PYTHON', 'RIE']) assert.ok(process.env[name], `${name} is not set`);
const { PACKAGES, PYTHON, RIE } = process.env;
const logs = resolve(process.env.LOGS ?? 'logs');
guard(5 * 60_000);

let scratch;
let emulator;
let recorder;
let issuer;
before(async () => {
  await mkdir(logs, { recursive: true });
  scratch = temporary('runtime');
  emulator = await startEmulator(PYTHON, logs);
  recorder = await startRecorder(emulator.endpoint);
  issuer = await startIssuer();
  const { dynamodb, close } = clientsOf(emulator.endpoint);
  await dynamodb.send(new CreateTableCommand({
    TableName: TABLE, BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }], AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  }));
  await dynamodb.send(new PutItemCommand({ TableName: TABLE, Item: {
    id: { S: 'USER#u-1' }, first_name: { S: 'Kim' }, plan: { S: 'pro' }, permissions: { L: [{ S: 'write:orders' }] },
  } }));
  close();
});
after(async () => {
  await issuer?.stop();
  await recorder?.stop();
  await emulator?.stop();
});

/** Unpacks a zip, starts it, and invokes it a hundred times; each case says what the answer must be. */
async function hundred(name, env, cases) {
  const bootstrap = await unpack(resolve(PACKAGES, `${name}-x86_64.zip`), join(scratch, name), join(logs, 'unzip.log'));
  const rie = await startRie(resolve(RIE), bootstrap, { env, log: join(logs, `rie-${name}.log`) });
  try {
    let first;
    for (let round = 0; round < ROUNDS; round += 1) {
      const { what, event, expect, around = (work) => work() } = cases[round % cases.length];
      const body = typeof event === 'string' ? event : JSON.stringify(event);
      const text = await around(() => rie.invoke(body));
      const message = `round ${round}: ${what}`;
      if (typeof expect === 'function') expect(JSON.parse(text), message);
      else assert.deepEqual(JSON.parse(text), expect, message);
      first ??= rie.processes();
      assert.equal(first.length, 1, 'the function is one process');
      assert.deepEqual(rie.processes(), first, `${message}: the process is the same`);
    }
    assert.deepEqual(await rie.exposed(), [], 'nothing listens outside of 127.0.0.1');
  } finally {
    await rie.stop();
  }
}

const shaped = (event, response) => ({ event, expect: { ...event, response } });
const refusal = (code) => ({ errorType: code, errorMessage: `sign-in could not be completed (${code})` });
const details = (id, access) => ({ claimsAndScopeOverrideDetails: {
  ...(id && { idTokenGeneration: { claimsToAddOrOverride: id } }),
  accessTokenGeneration: { claimsToAddOrOverride: access, scopesToAdd: ['orders.read'] },
} });
/** Lambda passes on no text that is no JSON, so the runtime's own words are enough; only they must be an error. */
const anyError = (answer, message) => assert.ok(answer.errorType && answer.errorMessage, message);

test('token-trigger', async () => {
  const kim = { first_name: 'Kim', plan: 'pro', permissions: ['write:orders'] };
  const access = { plan: 'pro', permissions: ['write:orders'], 'acme:caller': 'person' };
  const gone = (how) => (work) => recorder.failing(ofStore, how, work);
  const unavailable = { status: 500, body: '{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError"}' };
  const denied = { status: 400, body: '{"__type":"com.amazon.coral.service#AccessDeniedException","message":"an inner message"}' };
  const unknown = signInOf('u-1', '9');
  const cases = [
    { what: 'V2', ...shaped(signInOf('u-1', '2'), details(kim, access)) },
    { what: 'V1', ...shaped(signInOf('u-1', '1'), { claimsOverrideDetails: { claimsToAddOrOverride: { first_name: 'Kim', plan: 'pro', permissions: '["write:orders"]' } } }) },
    { what: 'V3', ...shaped(signInOf('u-1', '3'), details(kim, access)) },
    { what: 'V3 of a machine', ...shaped(MACHINE_EVENT, details(undefined, { 'acme:caller': 'machine' })) },
    { what: 'nobody knows this user', ...shaped(signInOf('u-2', '2'), details({ plan: 'free', permissions: [] }, { plan: 'free', permissions: [], 'acme:caller': 'person' })) },
    { what: 'an event that is a list', event: [], expect: refusal('malformed-event') },
    { what: 'groups that are a text', event: signInOf('u-1', '2', { request: { groupConfiguration: { groupsToOverride: 'admin' } } }), expect: refusal('malformed-event') },
    { what: 'no JSON', event: '{"version":', expect: anyError },
    // The version that an event names is not trusted; its form says which answer is understood.
    { what: 'a version that there is not', ...shaped(unknown, details(kim, access)) },
    { what: 'DynamoDB is broken', event: signInOf('u-1', '2'), around: gone(unavailable), expect: refusal('fact-failed') },
    { what: 'DynamoDB denies', event: signInOf('u-1', '2'), around: gone(denied), expect: refusal('fact-failed') },
    { what: 'DynamoDB hangs', event: signInOf('u-1', '2'), around: gone('hang'), expect: refusal('fact-failed') },
    { what: 'V2 again', ...shaped(signInOf('u-1', '2'), details(kim, access)) },
  ];
  await hundred('token-trigger', { AWS_ENDPOINT_URL_DYNAMODB: recorder.url, CLAIMWRIGHT_TABLES: `profiles=${TABLE}`, CLAIMWRIGHT_FACTS_MS: '400' }, cases);
});

test('authorizer', async () => {
  const now = Math.floor(Date.now() / 1000);
  const unauthorized = (code) => ({ errorType: code, errorMessage: 'Unauthorized' });
  const good = issuer.token();
  const [head, body, signature] = good.split('.');
  const reader = issuer.token({ plan: 'free', permissions: [] });
  const context = { user_name: 'kim', plan: 'pro', permissions: '["write:orders"]' };
  const policy = (effect, resource, told = context) => (answer, message) => {
    assert.equal(answer.principalId, 'u-1', message);
    assert.deepEqual(answer.context, told, message);
    const { Version, Statement } = answer.policyDocument;
    assert.equal(Version, '2012-10-17', message);
    assert.ok(Statement.every(({ Action }) => [Action].flat().every((action) => action === 'execute-api:Invoke')), message);
    assert.equal(decided(Statement, resource), effect, message);
  };
  const cases = [
    { what: 'REST TOKEN, allowed', event: restToken(good), expect: policy('Allow', restToken(good).methodArn) },
    { what: 'REST REQUEST, allowed', event: restRequest(good, 'POST'), expect: policy('Allow', restRequest(good, 'POST').methodArn) },
    { what: 'HTTP, allowed', event: httpRequest(`Bearer ${good}`), expect: policy('Allow', httpRequest(`Bearer ${good}`).routeArn) },
    {
      what: 'REST TOKEN, without the permission',
      event: restToken(reader, 'POST'),
      expect: policy('Deny', restToken(reader, 'POST').methodArn, { user_name: 'kim', plan: 'free', permissions: '[]' }),
    },
    { what: 'REST TOKEN, a route for admins', event: restToken(good, 'GET', '/admin/users'), expect: policy('Deny', restToken(good, 'GET', '/admin/users').methodArn) },
    {
      what: 'HTTP, a route that no rule speaks of',
      event: httpRequest(`Bearer ${good}`, { method: 'DELETE', path: '/orders/7' }),
      expect: policy('Deny', httpRequest('', { method: 'DELETE', path: '/orders/7' }).routeArn),
    },
    { what: 'expired, truly signed', event: restToken(issuer.token({ exp: now - 1, iat: now - 901 })), expect: unauthorized('token-expired') },
    { what: 'from the future, truly signed', event: restToken(issuer.token({ nbf: now + 3600 })), expect: unauthorized('token-not-yet-valid') },
    { what: "another client's, truly signed", event: restToken(issuer.token({ client_id: 'another' })), expect: unauthorized('token-client') },
    { what: "another pool's, truly signed", event: restToken(issuer.token({ iss: `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}x` })), expect: unauthorized('token-issuer') },
    { what: 'the ID token, truly signed', event: restToken(issuer.token({ token_use: 'id', aud: CLIENT, client_id: undefined })), expect: unauthorized('wrong-token') },
    { what: 'a token for nothing, truly signed', event: restToken(issuer.token({ token_use: 'refresh' })), expect: unauthorized('token-use') },
    { what: 'without an end, truly signed', event: restToken(issuer.token({ exp: undefined })), expect: unauthorized('token-expired') },
    { what: 'with a critical extension, truly signed', event: restToken(issuer.token({}, { crit: ['b64'], b64: false })), expect: unauthorized('token-critical') },
    { what: 'signature of another token', event: restToken(`${head}.${body}.${issuer.token({ sub: 'u-2' }).split('.')[2]}`), expect: unauthorized('token-signature') },
    { what: 'algorithm none', event: restToken(`${Buffer.from('{"alg":"none","kid":"the-key"}').toString('base64url')}.${body}.`), expect: unauthorized('token-algorithm') },
    { what: 'signature cut off', event: httpRequest(`Bearer ${head}.${body}.`), expect: (answer, message) => assert.equal(answer.errorMessage, 'Unauthorized', message) },
    { what: 'unknown key', event: restToken(issuer.token({}, { kid: 'another' })), expect: unauthorized('token-unknown-key') },
    { what: 'no token', event: httpRequest(''), expect: unauthorized('token-missing') },
    { what: 'another scheme', event: httpRequest(`Basic ${signature}`), expect: unauthorized('token-missing') },
    { what: 'an event that is a list', event: [], expect: { errorType: 'malformed-event', errorMessage: 'the call could not be authorized (malformed-event)' } },
    {
      what: 'a version that there is not',
      event: { ...httpRequest(`Bearer ${good}`), version: '9.0' },
      expect: { errorType: 'malformed-event', errorMessage: 'the call could not be authorized (malformed-event)' },
    },
    { what: 'no JSON', event: '{"type":', expect: anyError },
  ];
  await hundred('authorizer', { CLAIMWRIGHT_ISSUERS: `${POOL}=${CLIENT}`, CLAIMWRIGHT_KEYS_URL: issuer.url }, cases);
});

/** What API Gateway makes of a policy for one call: a denial that matches, else a permission that matches, else a denial. */
function decided(statements, arn) {
  const matches = (pattern) => new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.$+?^()[\]{}|\\/]/g, '\\$&')).join('.*')}$`).test(arn);
  const effects = statements.filter(({ Resource }) => [Resource].flat().some(matches)).map(({ Effect }) => Effect);
  return effects.includes('Deny') || !effects.includes('Allow') ? 'Deny' : 'Allow';
}
