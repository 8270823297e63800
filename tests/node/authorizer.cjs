// A Lambda authorizer as Node.js guides write it: aws-jwt-verify with cached keys, and a policy.
// Reads { token, jwks, event, rounds, calls } from standard input; prints microseconds for each round.
'use strict';
const { JwtVerifier } = require('aws-jwt-verify');

const { token, issuer, jwks, methodArn, rounds, calls } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const verifier = JwtVerifier.create({
  issuer,
  audience: null,
  jwksUri: `${issuer}/.well-known/jwks.json`,
  customJwtCheck: ({ payload }) => {
    if (payload.token_use !== 'access') throw new Error('token use');
    if (payload.client_id !== 'c1') throw new Error('client');
  },
});
verifier.cacheJwks(jwks);

function handler(event) {
  const claims = verifier.verifySync(event.authorizationToken.slice('Bearer '.length));
  const prefix = event.methodArn.split('/').slice(0, 2).join('/');
  return JSON.stringify({
    principalId: claims.sub,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: [`${prefix}/GET/*`] },
        { Action: 'execute-api:Invoke', Effect: claims.permissions.includes('write:all') ? 'Allow' : 'Deny', Resource: [`${prefix}/POST/invoices/*`, `${prefix}/PUT/invoices/*`] },
      ],
    },
    context: { user_name: claims.username, tenant: claims['acme:tenant'], permissions: JSON.stringify(claims.permissions) },
  });
}

const text = JSON.stringify({ type: 'TOKEN', authorizationToken: `Bearer ${token}`, methodArn });
for (let i = 0; i < 2000; i++) handler(JSON.parse(text));
const times = [];
for (let round = 0; round < rounds; round++) {
  const started = process.hrtime.bigint();
  for (let call = 0; call < calls; call++) handler(JSON.parse(text));
  times.push(Number(process.hrtime.bigint() - started) / 1000 / calls);
}
process.stdout.write(JSON.stringify(times));
