import { TokenError, decodeIdToken, diffIdTokens, fromPayload, tryDecodeIdToken, watchExpiry } from 'claimwright';
import type {
  ClaimKind, ClaimRow, Contract, DecodeOptions, Expiry, ExpiryStatus, IdToken, Json, KnownClaims, Result, TokenErrorCode, Warning,
} from 'claimwright';
import * as auto from 'claimwright/auto';
import { callerReader } from 'claimwright/backend';
import { IdTokenClaimsElement, define } from 'claimwright/element';
import * as plain from 'claimwright/plain';
import { check, preview } from 'claimwright/preview';
import { createVerifier } from 'claimwright/verify';
import { contract, type IdTokenClaims } from './claims.contract.js';

declare const text: string;
declare const stored: string | null;

// Without a contract: Cognito's own claims are known, all others are to be looked at.
const idToken = decodeIdToken(text);
const unchecked: false = idToken.verified;
const subject: string = idToken.claims.sub;
const groups: readonly string[] = idToken.claims['cognito:groups'] ?? [];
const plan: unknown = idToken.claims['acme:plan'];
const raw: Json | undefined = idToken.raw['acme:plan'];
const known: IdToken<KnownClaims> = idToken;

// With a contract.
const typed: Contract<IdTokenClaims> = contract;
const mine = decodeIdToken(text, { contract: typed, clockSkew: { receivedAt: 1 }, expiringWithin: 60, tokenUse: 'id' });
const tier: 'free' | 'pro' | 'premium' = mine.claims.subscription_tier;
const named = decodeIdToken<IdTokenClaims>(text, { contract });
const inferred: 'free' | 'pro' | 'premium' = decodeIdToken(text, { contract }).claims.subscription_tier;
const permissions: readonly string[] = named.claims.permissions;
const options: DecodeOptions = { clockSkew: -3 };
const payload = fromPayload<IdTokenClaims>({ sub: 's' }, { contract });

const expiry: Expiry = mine.expiry();
const status: ExpiryStatus = mine.expiry(0).status;
const left: number | undefined = expiry.secondsLeft;
const lines: string[] = mine.rows({ language: 'de' }).map((row: ClaimRow) => {
  const kind: ClaimKind = row.kind;
  return `${row.keys[0]} ${row.label} ${kind} ${JSON.stringify(row.value)}`;
});
const codes: Warning['code'][] = mine.warnings.map((warning) => warning.code);

const result: Result<IdToken<IdTokenClaims, false>> = tryDecodeIdToken<IdTokenClaims>(stored, { contract });
if (result.ok) {
  result.value.claims.subscription_tier satisfies string;
} else {
  const code: TokenErrorCode = result.error.code;
  const error: Error = result.error;
  code satisfies string;
  error.message satisfies string;
}
tryDecodeIdToken(undefined);
const broken = (error: unknown): boolean => error instanceof TokenError && error.code === 'too-large';

for (const change of diffIdTokens(idToken, mine)) change.before satisfies Json | undefined;
const stop: () => void = watchExpiry(mine, ({ status }) => status, { everySecond: true, signal: new AbortController().signal });

// The entries have the same names and the same types.
const engine: Promise<'wasm' | 'plain'> = auto.ready();
const same: typeof decodeIdToken = plain.decodeIdToken;
const other: typeof decodeIdToken = auto.decodeIdToken;

const verify = createVerifier({ userPoolId: 'eu-central-1_AbCdEfGhI', clientId: ['one', 'two'] });
const checked: Promise<true> = verify<IdTokenClaims>(text, { contract }).then((token) => token.verified);
const needsChecked = (token: IdToken<IdTokenClaims, true>): string => token.claims.subscription_tier;
const afterwards: Promise<string> = verify<IdTokenClaims>(text, { contract }).then(needsChecked);

const element = new IdTokenClaimsElement();
element.token = text;
element.idToken = idToken;
element.contract = contract;
define('my-claims');

const called: Promise<'free' | 'pro' | 'premium' | undefined> =
  callerReader<IdTokenClaims>(text).then((caller) => caller({})?.values.subscription_tier);
const compiled: Promise<string | undefined> = check(text).then(({ bundle, diagnostics }) => bundle ?? diagnostics[0]?.message);
const shown: Promise<string> = preview({ bundle: text, event: text, failed: ['profile'], now: 1 }).then((made) =>
  made.error ? made.error.code : JSON.stringify(made.preview.id?.shaped));
const presented = check(text).then(({ display }) => (display ? decodeIdToken(text, { contract: display }) : undefined));

export {
  afterwards, broken, called, checked, codes, compiled, engine, groups, known, left, lines, options, other, payload, permissions, plan, presented,
  raw, same, shown, status, stop, subject, tier, unchecked,
};
