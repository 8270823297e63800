// The authorizer of examples/api, for REST APIs (TOKEN and REQUEST).
// USER_POOL_ID and CLIENT_ID say whose tokens are taken. KEYS holds the pool's key set; KEYS_URL is where it is fetched
// in place of the pool's own address, when the first token is verified.

import { Agent } from 'node:http';
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { SimpleFetcher } from 'aws-jwt-verify/https';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';

const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

const { USER_POOL_ID, CLIENT_ID, KEYS, KEYS_URL } = process.env;
const pool = { userPoolId: USER_POOL_ID, clientId: CLIENT_ID, tokenUse: 'access' };
const verifier = CognitoJwtVerifier.create(pool, KEYS_URL && { jwksCache: cacheOf(KEYS_URL) });
if (KEYS) verifier.cacheJwks(JSON.parse(KEYS));

export async function handler(event) {
  let claims;
  try {
    claims = await verifier.verify(tokenOf(event));
  } catch (error) {
    console.log(JSON.stringify({ level: 'info', message: 'token refused', reason: error.name }));
    // API Gateway makes a 401 of exactly this word.
    throw new Error('Unauthorized');
  }
  const groups = list(claims['cognito:groups']);
  const permissions = list(claims.permissions);
  const admin = groups.includes('admin');
  const writes = admin || permissions.includes('write:all');
  const stage = event.methodArn.split('/', 2).join('/');
  // All routes of the contract, so that the gateway may keep the answer for every call of this token.
  const allow = [`${stage}/GET/*`];
  const deny = [];
  (writes ? allow : deny).push(`${stage}/POST/invoices/*`, `${stage}/PUT/invoices/*`);
  (admin ? allow : deny).push(...METHODS.map((method) => `${stage}/${method}/admin/*`));
  return {
    principalId: claims.sub,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [statement('Allow', allow), ...(deny.length > 0 ? [statement('Deny', deny)] : [])],
    },
    context: {
      user_name: claims.username,
      tenant: claims['acme:tenant'] ?? '',
      permissions: JSON.stringify(claims.permissions),
    },
  };
}

function tokenOf(event) {
  const header = event.type === 'TOKEN' ? event.authorizationToken : (event.headers?.Authorization ?? event.headers?.authorization);
  return header?.replace(/^Bearer /i, '') ?? '';
}

function list(value) {
  return Array.isArray(value) ? value : [];
}

function statement(effect, resource) {
  return { Action: 'execute-api:Invoke', Effect: effect, Resource: resource };
}

/** The library fetches keys by https only; another agent makes it fetch them from the loopback address. */
function cacheOf(url) {
  const fetcher = new SimpleFetcher({ defaultRequestOptions: url.startsWith('http:') ? { agent: new Agent() } : {} });
  return new SimpleJwksCache({ fetcher: { fetch: () => fetcher.fetch(url) } });
}
