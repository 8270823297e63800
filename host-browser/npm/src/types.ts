import type { TokenError } from './error.js';

export type { TokenError } from './error.js';

/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** What kind of thing a value is to a person. */
export type ClaimKind =
  | 'text'
  | 'email'
  | 'phone'
  | 'url'
  | 'boolean'
  | 'number'
  | 'time'
  | 'id'
  | 'list'
  | 'object'
  | 'null';

/** Where a token is in its life. */
export type ExpiryStatus = 'valid' | 'expiring' | 'expired' | 'not-yet-valid' | 'no-expiry';

/** Why a text is not read as a token. The list is closed within a major version. */
export type TokenErrorCode =
  | 'not-a-string'
  | 'too-large'
  | 'bearer-prefix'
  | 'not-three-parts'
  | 'encrypted'
  | 'bad-base64url'
  | 'bad-utf8'
  | 'bad-json'
  | 'too-deep'
  | 'duplicate-member'
  | 'not-an-object'
  | 'wrong-token-use'
  | 'bad-contract';

/** What a reader should know about a token that was read all the same. */
export interface Warning {
  /** `inexact-number`: a JavaScript number may not hold what the token says. */
  readonly code: 'inexact-number';
  /** The claim. */
  readonly claim: string;
}

/** Where a token is in its life, at one time. */
export interface Expiry {
  readonly status: ExpiryStatus;
  /** When it ends. */
  readonly expiresAt?: Date;
  /** When it was issued. */
  readonly issuedAt?: Date;
  /** Whole seconds until it ends; negative after that. */
  readonly secondsLeft?: number;
}

/** How a claim is shown. The data is made by `claims types`. */
export interface ClaimDisplay {
  /** What a person calls it, by language tag; `*` is every other language. */
  readonly label?: { readonly [language: string]: string };
  readonly section?: string;
  readonly kind?: Exclude<ClaimKind, 'null'>;
  readonly order?: number;
  readonly hidden?: boolean;
  readonly personal?: boolean;
}

/** What a page knows of a contract: the `contract` that `claims types` writes. `C` is the type of its ID token's claims. */
export interface Contract<C extends object = KnownClaims> {
  readonly claims: { readonly [claim: string]: ClaimDisplay };
  readonly sections?: {
    readonly [section: string]: { readonly label?: { readonly [language: string]: string }; readonly order?: number };
  };
  readonly digest?: string;
  /** Never there; it carries the type. */
  readonly __claims?: C;
}

/** The claims that Cognito writes into ID tokens by itself. */
export interface StandardClaims {
  readonly sub: string;
  readonly iss: string;
  readonly aud: string;
  readonly exp: number;
  readonly iat: number;
  readonly auth_time: number;
  readonly token_use: 'id';
  readonly jti?: string;
  readonly origin_jti?: string;
  readonly event_id?: string;
  readonly nonce?: string;
  readonly at_hash?: string;
  readonly 'cognito:username': string;
  readonly 'cognito:groups'?: readonly string[];
  readonly 'cognito:roles'?: readonly string[];
  readonly 'cognito:preferred_role'?: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly phone_number?: string;
  readonly phone_number_verified?: boolean;
  readonly name?: string;
  readonly given_name?: string;
  readonly family_name?: string;
}

/** The claims of a token without a contract: those of Cognito, and others of which nothing is known. */
export interface KnownClaims extends StandardClaims {
  readonly [claim: string]: unknown;
}

/** One line of a presentation. */
export interface ClaimRow {
  /** The claim, and those that say the same under the same label. */
  readonly keys: readonly [string, ...string[]];
  /** What a person calls it, in the language asked for. */
  readonly label: string;
  /** The section it stands in. */
  readonly section: string;
  /** What a person calls the section. */
  readonly sectionLabel: string;
  readonly kind: ClaimKind;
  /** Whether neither OpenID Connect nor Cognito defines it. */
  readonly custom: boolean;
  /** Whether it tells something about a person, so that it is masked until asked for. */
  readonly personal: boolean;
  /** Whether the contract speaks of it and the token does not have it. */
  readonly missing: boolean;
  /** Its value; `null` if it is missing. */
  readonly value: Json;
  /** The number as the token writes it, where a JavaScript number does not hold it. */
  readonly exact?: string;
}

/** How rows are made. */
export interface RowOptions {
  /** The language of labels, as BCP 47 writes it. The default is `en`. */
  readonly language?: string | undefined;
  /** What `claims types` made, in place of the contract that the token was read with. */
  readonly contract?: Contract<any> | undefined;
}

/** A token that was read. `verified` says in its type whether its signature was checked. */
export interface IdToken<C extends object = KnownClaims, V extends boolean = boolean> {
  readonly verified: V;
  /** The claims. Their types are what the contract says, not what was checked. */
  readonly claims: Readonly<StandardClaims & C>;
  /** The claims without a type. It has no prototype. */
  readonly raw: { readonly [claim: string]: Json };
  readonly header: { readonly alg?: string; readonly kid?: string };
  readonly warnings: readonly Warning[];
  /** Where the token is in its life; at this time, in seconds since 1970, or now. */
  expiry(at?: number): Expiry;
  /** The claims as lines for a screen, in order. They are made once for each language and contract. */
  rows(options?: RowOptions): readonly ClaimRow[];
}

/** How a token is read. */
export interface DecodeOptions<C extends object = KnownClaims> {
  /** What `claims types` made: it types the claims, and says how they are shown. */
  readonly contract?: Contract<C> | undefined;
  /** By how many seconds the issuer's clock is ahead of this one; or when the token was received, to reckon it from `iat`. */
  readonly clockSkew?: number | { readonly receivedAt: number } | undefined;
  /** For how many seconds before its end a token is `expiring`. The default is 300. */
  readonly expiringWithin?: number | undefined;
  /** Which token is expected. The default is `id`; the claims of another have the types of an ID token's all the same. */
  readonly tokenUse?: 'id' | 'access' | 'any' | undefined;
}

/** A token, or why there is none. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: TokenError };

/** What became of a claim between two tokens. */
export interface ClaimChange {
  readonly claim: string;
  readonly change: 'added' | 'changed' | 'removed';
  readonly before?: Json;
  readonly after?: Json;
}

/** How an expiry is watched. */
export interface WatchOptions {
  /** Whether each second counts, and not only each change of the status. */
  readonly everySecond?: boolean | undefined;
  /** Ends the watch. */
  readonly signal?: AbortSignal | undefined;
}

/** The reading of tokens, whatever engine runs the core. */
export interface Api {
  /**
   * Reads an ID token without checking its signature: whoever holds the text may have written it.
   * @throws TokenError
   */
  decodeIdToken<C extends object = KnownClaims>(token: string, options?: DecodeOptions<C>): IdToken<C, false>;
  /** Reads an ID token, without checking its signature and without throwing. */
  tryDecodeIdToken<C extends object = KnownClaims>(
    token: string | null | undefined,
    options?: DecodeOptions<C>,
  ): Result<IdToken<C, false>>;
  /**
   * Takes claims that a library has already decoded (Amplify's `payload`, oidc-client-ts's `profile`).
   * @throws TokenError
   */
  fromPayload<C extends object = KnownClaims>(payload: object, options?: DecodeOptions<C>): IdToken<C, false>;
  /** What differs between two tokens, by the names of the claims. */
  diffIdTokens(before: IdToken<object>, after: IdToken<object>): readonly ClaimChange[];
  /** Calls back at once and at each change of a token's status; returns what ends it. */
  watchExpiry(token: IdToken<object>, on: (expiry: Expiry) => void, options?: WatchOptions): () => void;
}
