// Verifies tokens with AWS's own library, and makes those that nobody may take.

import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { CognitoJwtVerifier } from 'aws-jwt-verify';

/** The keys of a pool, from where the emulator has them; their issuer's own address is AWS's. */
export async function keysOf(endpoint, poolId) {
  const response = await fetch(`${endpoint}/${poolId}/.well-known/jwks.json`);
  if (!response.ok) throw new Error(`the keys of ${poolId} are answered with ${response.status}`);
  return response.json();
}

/** A verifier of one pool's tokens: signature, issuer, client, use and time. */
export async function verifierOf(endpoint, poolId) {
  const jwks = await keysOf(endpoint, poolId);
  return (token, tokenUse, clientId) => {
    const verifier = CognitoJwtVerifier.create({ userPoolId: poolId, tokenUse, clientId });
    verifier.cacheJwks(jwks);
    return verifier.verifySync(token);
  };
}

const decode = (part) => JSON.parse(Buffer.from(part, 'base64url'));
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** What a token says, unverified. */
export const payload = (token) => decode(token.split('.')[1]);

/** Tokens that are not right, made of one that is. */
export async function forgeries(good, endpoint, poolId) {
  const [head, body, signature] = good.split('.');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const own = (text) => `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
  const more = encode({ ...decode(body), permissions: ['write:orders'], 'cognito:groups': ['admin'] });
  const key = (await keysOf(endpoint, poolId)).keys.find(({ kid }) => kid === decode(head).kid);
  const secret = createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const hs256 = `${encode({ ...decode(head), alg: 'HS256' })}.${more}`;
  return {
    'claims changed': `${head}.${more}.${signature}`,
    'signature changed': `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
    'signature cut off': `${head}.${body}.`,
    'algorithm none': `${encode({ ...decode(head), alg: 'none' })}.${more}.`,
    'signed with the public key': `${hs256}.${createHmac('sha256', secret).update(hs256).digest('base64url')}`,
    "signed with a key of one's own": own(`${head}.${more}`),
    'unknown key': own(`${encode({ ...decode(head), kid: 'another' })}.${more}`),
    garbage: 'garbage',
  };
}
