import { decodeIdToken, fromPayload, tryDecodeIdToken, watchExpiry } from 'claimwright';
import type { ClaimRow, Contract, IdToken, TokenErrorCode } from 'claimwright';
import { createVerifier } from 'claimwright/verify';
import { contract, type IdTokenClaims } from './claims.contract.js';

const idToken = decodeIdToken<IdTokenClaims>('', { contract });
const known = decodeIdToken('');
declare const decide: (token: IdToken<IdTokenClaims, true>) => void;
declare const row: ClaimRow;

// A token that was only read is no checked one.
// @ts-expect-error verified is false
const verified: true = idToken.verified;
// @ts-expect-error a decision wants a checked token
decide(idToken);
// @ts-expect-error neither is a payload that a library decoded
decide(fromPayload<IdTokenClaims>({}, { contract }));

// A claim that the contract renamed, and one that has another type.
// @ts-expect-error the contract says subscription_tier
idToken.claims.subscriptionTier;
// @ts-expect-error the contract has no such plan
const tier: 'gold' = idToken.claims.subscription_tier;
// @ts-expect-error no known claim is a number where it is a text
const subject: number = known.claims.sub;
// @ts-expect-error what no contract knows is to be looked at first
const plan: string = known.claims['acme:plan'];
// @ts-expect-error it may be absent
const email: string = known.claims.email;
// @ts-expect-error it may be absent
known.raw['acme:plan'].toString();

// Options that are not there.
// @ts-expect-error clockSkew
decodeIdToken('', { clockTolerance: 3 });
// @ts-expect-error receivedAt
decodeIdToken('', { clockSkew: { received: 3 } });
// @ts-expect-error id, access or any
decodeIdToken('', { tokenUse: 'refresh' });
// @ts-expect-error language
idToken.rows({ locale: 'de' });
// @ts-expect-error a token is a text
decodeIdToken(null);
// @ts-expect-error an object
fromPayload('');
// @ts-expect-error a time in seconds
idToken.expiry(new Date());
// @ts-expect-error everySecond
watchExpiry(idToken, () => undefined, { every: 1 });
// @ts-expect-error the pool's id is needed
createVerifier({ clientId: 'one' });
// @ts-expect-error a kind that is not there
const kinds: Contract = { claims: { plan: { kind: 'money' } } };

// Nothing is written to.
// @ts-expect-error readonly
idToken.verified = false;
// @ts-expect-error readonly
idToken.claims.subscription_tier = 'pro';
// @ts-expect-error readonly
known.raw['acme:plan'] = 'pro';
// @ts-expect-error readonly
idToken.claims.permissions.push('all');
// @ts-expect-error readonly
idToken.rows().sort();
// @ts-expect-error readonly
row.keys[0] = 'plan';
// @ts-expect-error readonly
idToken.warnings[0] = { code: 'missing-claim', claim: 'plan' };
// @ts-expect-error readonly
idToken.header.alg = 'none';

// A result is looked at before it is used; the list of codes is closed.
const result = tryDecodeIdToken('');
// @ts-expect-error it may be an error
result.value;
// @ts-expect-error there is no such code
const code: TokenErrorCode = 'not-a-jwt';

export { code, email, kinds, plan, subject, tier, verified };

// The contract alone carries the types.
// @ts-expect-error renamed in the contract
decodeIdToken(text, { contract }).claims.subscription_level;
