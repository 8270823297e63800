// What is put to every contender, and what its answer must mean.

import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

export const EXAMPLES = process.env.EXAMPLES ? pathToFileURL(`${process.env.EXAMPLES}/`) : new URL('../../examples/', import.meta.url);
const example = (path) => JSON.parse(readFileSync(new URL(path, EXAMPLES), 'utf8'));

export const POOL = 'eu-west-1_Ab12Cd34E';
export const CLIENT = '4demo0client0id';
const ISSUER = `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}`;
const STAGE = 'arn:aws:execute-api:eu-west-1:111122223333:a1b2c3/prod';

export const ACCESS = issuer('the-key');

export function triggerCases(store) {
  const event = example('profile/event.json');
  const response = example('profile/answer.json');
  const nobody = { ...event, userName: 'nobody' };
  const failed = ({ error }) => assert.ok(error?.errorType !== undefined && error.errorMessage !== undefined, 'it must fail');
  return [
    {
      what: 'a profile',
      event: () => event,
      right: (answer) => echoed(answer, event, response),
      // Each invocation reads the table anew.
      around: async (work) => {
        const before = store.asked();
        const answer = await work();
        assert.equal(store.asked(), before + 1, 'it reads the table once');
        return answer;
      },
    },
    { what: 'no profile', event: () => nobody, right: (answer) => echoed(answer, nobody, { claimsAndScopeOverrideDetails: null }) },
    { what: 'a table that fails', event: () => event, right: failed, around: (work) => store.failing(work) },
  ];
}

/** The event comes back with the response, and nothing of it is lost. */
function echoed({ error, response }, event, wanted) {
  assert.equal(error, undefined, 'it must answer');
  assert.deepEqual(bare({ ...response, response: meaning(response.response, event) }), bare({ ...event, response: wanted }));
}

/** Groups that are told to be what they are change nothing. */
function meaning(response, { request }) {
  const { groupOverrideDetails, ...details } = response.claimsAndScopeOverrideDetails ?? {};
  if (groupOverrideDetails) assert.deepEqual(bare(groupOverrideDetails), bare(request.groupConfiguration), 'the groups stay');
  return { claimsAndScopeOverrideDetails: details };
}

/** Leaves out what Cognito takes for absent: nulls, empty lists, empty objects. */
function bare(value) {
  if (Array.isArray(value)) return value.length > 0 ? value.map(bare) : undefined;
  if (value === null || typeof value !== 'object') return value ?? undefined;
  const members = Object.entries(value).map(([name, member]) => [name, bare(member)]).filter(([, member]) => member !== undefined);
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}

const READS = ['GET /orders/7', 'GET /invoices/7', 'GET /admin'];
const WRITES = ['POST /invoices/7', 'PUT /invoices/7'];
const ADMINS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'].map((method) => `${method} /admin/users`);
const NOBODYS = ['POST /orders', 'PATCH /invoices/7', 'DELETE /invoices/7', 'POST /invoices', 'HEAD /orders/7'];

export function authorizerCases() {
  const editor = token();
  const call = (text, method = 'GET', path = '/orders/7') => ({
    type: 'TOKEN', authorizationToken: `Bearer ${text}`, methodArn: `${STAGE}/${method}${path}`,
  });
  const context = { user_name: 'lee', tenant: 't-9', permissions: '["read:own","write:all"]' };
  const now = Math.floor(Date.now() / 1000);
  const refused = (what, text) => ({
    what, event: () => call(text), right: ({ error }) => assert.equal(error?.errorMessage, 'Unauthorized', 'it must refuse the token'),
  });
  const { authorizationToken, ...rest } = call(editor);
  return [
    { what: 'an editor', event: () => call(editor), right: (answer) => allows(answer, [...READS, ...WRITES], context) },
    {
      what: 'an editor who is denied', event: () => call(editor, 'DELETE', '/invoices/7'),
      right: (answer) => allows(answer, [...READS, ...WRITES], context),
    },
    {
      what: 'a reader', event: () => call(token({ permissions: [], 'acme:tenant': undefined })),
      right: (answer) => allows(answer, READS, { user_name: 'lee', tenant: '', permissions: '[]' }),
    },
    {
      what: 'an admin', event: () => call(token({ permissions: [], 'cognito:groups': ['staff', 'admin'] })),
      right: (answer) => allows(answer, [...READS, ...WRITES, ...ADMINS], { ...context, permissions: '[]' }),
    },
    {
      what: 'a REQUEST authorizer', type: 'REQUEST',
      event: () => ({ ...rest, type: 'REQUEST', headers: { Authorization: authorizationToken }, httpMethod: 'GET', path: '/orders/7', requestContext: {} }),
      right: (answer) => allows(answer, [...READS, ...WRITES], context),
    },
    refused('an expired token', token({ iat: now - 7200, exp: now - 3600 })),
    refused("another client's token", token({ client_id: 'another' })),
    refused("another pool's token", token({ iss: `${ISSUER}x` })),
    refused('an ID token', token({ token_use: 'id', aud: CLIENT, client_id: undefined })),
    refused('a token by an unknown key', token({}, issuer('another-key'))),
    refused('a forged token', token({}, issuer('the-key'))),
    refused('no token', ''),
  ];
}

/** An access token of the size of Cognito's. */
function token(claims = {}, by = ACCESS) {
  const now = Math.floor(Date.now() / 1000);
  return by.sign({
    sub: 'u-1', iss: ISSUER, client_id: CLIENT, origin_jti: '6a1e0f5c-0000-4000-8000-000000000001',
    event_id: '6a1e0f5c-0000-4000-8000-000000000002', token_use: 'access', scope: 'aws.cognito.signin.user.admin',
    auth_time: now, iat: now, exp: now + 3600, jti: '6a1e0f5c-0000-4000-8000-000000000003', username: 'lee',
    'cognito:groups': ['staff'], 'acme:tenant': 't-9', permissions: ['read:own', 'write:all'], ...claims,
  });
}

function allows({ error, response }, wanted, context) {
  assert.equal(error, undefined, 'it must answer');
  assert.equal(response.principalId, 'u-1');
  assert.deepEqual(response.context, context);
  assert.equal(response.policyDocument.Version, '2012-10-17');
  for (const { Action } of response.policyDocument.Statement) assert.deepEqual([Action].flat(), ['execute-api:Invoke']);
  const may = [...READS, ...WRITES, ...ADMINS, ...NOBODYS].filter((route) => {
    const [method, path] = route.split(' ');
    return decided(response.policyDocument.Statement, `${STAGE}/${method}${path}`);
  });
  assert.deepEqual(may, wanted, 'the policy allows what the contract allows');
}

/** What API Gateway makes of a policy for one call: a denial that matches, else a permission that matches, else a denial. */
function decided(statements, arn) {
  const matches = (pattern) => new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.$+?^()[\]{}|\\/]/g, '\\$&')).join('.*')}$`).test(arn);
  const effects = statements.filter(({ Resource }) => [Resource].flat().some(matches)).map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

function issuer(kid) {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }] },
    sign(claims) {
      const text = `${part({ kid, alg: 'RS256' })}.${part(claims)}`;
      return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
    },
  };
}
