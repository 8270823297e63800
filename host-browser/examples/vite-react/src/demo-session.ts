// DEMO ONLY. These tokens are made in the page and signed by nobody. A real app gets its tokens from Cognito, and takes
// this file out: with Amplify, for example, `(await fetchAuthSession()).tokens?.idToken?.toString()`.

import type { IdTokenClaims } from './claims.contract';

type Tier = IdTokenClaims['acme:tier'];

const PLANS: { readonly [T in Tier]: { readonly seats: number; readonly features: readonly string[] } } = {
  free: { seats: 1, features: ['projects'] },
  pro: { seats: 25, features: ['projects', 'exports', 'sso'] },
  enterprise: { seats: 500, features: ['projects', 'exports', 'sso', 'audit'] },
};

const NEXT: { readonly [T in Tier]: Tier } = { free: 'pro', pro: 'enterprise', enterprise: 'free' };

/** Base64url, as tokens are written. */
function part(value: unknown): string {
  let letters = '';
  for (const byte of new TextEncoder().encode(JSON.stringify(value))) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** An unsigned token of one invented person. */
export function demoToken(tier: Tier): string {
  const now = Math.floor(Date.now() / 1000);
  const claims: IdTokenClaims & Record<string, unknown> = {
    sub: '6a1e0f5c-0000-4000-8000-000000000001',
    iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E',
    aud: '4demo0client0id',
    token_use: 'id',
    auth_time: now,
    iat: now,
    exp: now + 3600,
    'cognito:username': 'mary',
    'cognito:groups': ['editors'],
    name: 'Mary Example',
    email: 'mary@example.org',
    email_verified: true,
    'acme:organization': 'Acme GmbH',
    'acme:tier': tier,
    'acme:seats': PLANS[tier].seats,
    'acme:features': PLANS[tier].features,
    'acme:member_since': 1709251200,
  };
  return [part({ alg: 'none', typ: 'demo' }), part(claims), part('unsigned demo')].join('.');
}

/** What a refresh gives after somebody changed the plan. */
export const refreshed = (tier: Tier): string => demoToken(NEXT[tier]);
