// A pool whose keys we hold: it signs what no real pool would, and serves its public keys on the loopback address.

import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';

export const POOL = 'eu-west-1_Ab12Cd34E';
export const CLIENT = '4demo0client0id';

/** Starts the server of keys. */
export async function startIssuer() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = 'the-key';
  const jwks = JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }] });
  const server = createServer((request, response) => {
    const known = request.url === `/${POOL}/.well-known/jwks.json`;
    response.writeHead(known ? 200 : 404, { 'Content-Type': 'application/json' }).end(known ? jwks : '{}');
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** An access token of a person, with claims changed. */
    token(claims = {}, header = {}) {
      const now = Math.floor(Date.now() / 1000);
      const body = {
        sub: 'u-1', iss: `https://cognito-idp.eu-west-1.amazonaws.com/${POOL}`, client_id: CLIENT, token_use: 'access', username: 'kim',
        scope: 'aws.cognito.signin.user.admin', auth_time: now, iat: now, exp: now + 900, jti: 'j-1', plan: 'pro', permissions: ['write:orders'], ...claims,
      };
      const text = `${part({ kid, alg: 'RS256', ...header })}.${part(body)}`;
      return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
    },
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}
