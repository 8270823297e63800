/** Checks the signature of Cognito tokens with Web Crypto: RS256, one user pool, exactly. */

import { decodeIdToken } from 'claimwright';
import type { DecodeOptions, IdToken, KnownClaims } from './types.js';

/** Why a token was not verified. The codes are those of the authorizer. */
export type VerifyErrorCode =
  | 'token-too-large'
  | 'token-malformed'
  | 'token-algorithm'
  | 'token-critical'
  | 'token-issuer'
  | 'token-unknown-key'
  | 'token-signature'
  | 'token-use'
  | 'token-client'
  | 'token-expired'
  | 'token-not-yet-valid'
  | 'keys-unavailable';

/** Why a token was not verified. It holds nothing of the token. */
export class VerifyError extends Error {
  /** Compare this, and not the class: two copies of the package have two classes. */
  readonly code: VerifyErrorCode;

  constructor(code: VerifyErrorCode) {
    super(`the token was not verified (${code}); ${code === 'keys-unavailable' ? 'try' : 'sign in'} again`);
    this.name = 'VerifyError';
    this.code = code;
  }
}

/** A JSON Web Key Set, as an issuer publishes it. */
export interface Jwks {
  readonly keys: readonly object[];
}

/** Whose tokens are taken. */
export interface VerifierOptions {
  /** The pool, such as `eu-central-1_AbCdEfGhI`. */
  readonly userPoolId: string;
  /** The app clients whose tokens are taken. */
  readonly clientId: string | readonly string[];
  /** The issuer, where it is not the pool's own; an emulator, for example. */
  readonly issuer?: string;
  /** The keys, where they are known. Then nothing is fetched. */
  readonly jwks?: Jwks;
  /** What fetches the keys. The default is the platform's `fetch`. */
  readonly fetch?: typeof fetch;
  /** For how many seconds an ended token is still taken, at most 300. The default is 0. */
  readonly clockTolerance?: number;
}

/** Verifies one token. It rejects with `VerifyError`. */
export type Verify = <C extends object = KnownClaims>(
  token: string,
  options?: DecodeOptions<C>,
) => Promise<IdToken<C, true>>;

type Keys = Map<string, CryptoKey | undefined>;

/** The keys of one issuer, and how the asking for them went. */
interface Store {
  keys?: Keys;
  /** When they came. */
  since: number;
  tried: number;
  failed?: boolean;
  flight?: Promise<void> | undefined;
}

const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

const must = (holds: unknown, code: VerifyErrorCode): void => {
  if (!holds) throw new VerifyError(code);
};

/** The bytes of base64url in its one spelling: a second one would be a second token of the same person. */
const bytes = (text: string): Uint8Array<ArrayBuffer> => {
  const classic = text.replace(/-/g, '+').replace(/_/g, '/');
  must(/^[\w-]*$/.test(text) && text.length % 4 !== 1, 'token-malformed');
  const letters = atob(classic);
  must(btoa(letters).replace(/=/g, '') === classic, 'token-malformed');
  return Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
};

/** Reads the RSA keys for RS256. Of two keys with one name neither is taken. */
const read = async (set: Jwks): Promise<Keys> => {
  const keys: Keys = new Map();
  for (const entry of set.keys) {
    const { kid, kty, alg = 'RS256', use = 'sig', n, e } = (entry ?? {}) as JsonWebKey & { kid?: string };
    if (kid && kty === 'RSA' && alg === 'RS256' && use === 'sig') {
      const key = await crypto.subtle
        .importKey('jwk', { kty, n: n!, e: e! }, RS256, false, ['verify'])
        .catch(() => undefined);
      const bits = key ? (key.algorithm as RsaHashedKeyAlgorithm).modulusLength : 0;
      // A small modulus can be factored, a large one takes long to check.
      if (bits >= 2048 && bits <= 4096) keys.set(kid, keys.has(kid) ? undefined : key);
    }
  }
  if (!keys.size) throw 0;
  return keys;
};

/** Fetches the keys of an issuer: 64 kB at most, and never from where it sends us on to. */
const download = async (issuer: string, fetcher: typeof fetch, signal: AbortSignal): Promise<Keys> => {
  const answer = await fetcher(issuer + '/.well-known/jwks.json', { redirect: 'error', signal });
  if (!answer.ok) throw 0;
  const reader = answer.body!.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let size = 0, part; !(part = await reader.read()).done; text += decoder.decode(part.value, { stream: true })) {
    if ((size += part.value.length) > 65536) {
      reader.cancel().catch(() => {});
      throw 0;
    }
  }
  return read(JSON.parse(text) as Jwks);
};

/**
 * Makes what verifies the tokens of one pool.
 * @throws TypeError if an option is none
 */
export function createVerifier(options: VerifierOptions): Verify {
  const { userPoolId, clientId, issuer, jwks, clockTolerance = 0 } = options;
  if (!(clockTolerance >= 0 && clockTolerance <= 300) || typeof clockTolerance !== 'number') {
    throw new TypeError('`clockTolerance` takes seconds from 0 to 300, as a number');
  }
  if (!globalThis.crypto?.subtle) throw new Error('this page has no Web Crypto; serve it over https');
  const [, region, china] = /^((cn-)?[a-z-]+\d)_\w+$/.exec(userPoolId) ?? [];
  if (!issuer && !region) throw new TypeError('the user pool id is none; write it as eu-central-1_AbCdEfGhI');
  const address = `cognito-idp.${region}.amazonaws.com${china ? '.cn' : ''}/${userPoolId}`;
  // Only these addresses are ever asked for keys, whatever a token says.
  const stores = new Map<unknown, Store>(
    (issuer ? [issuer] : ['https://' + address, 'https://issuer-' + address]).map((name) => [name, { since: 0, tried: 0 }]),
  );

  const keyOf = async (from: string, kid: string): Promise<CryptoKey> => {
    const store = stores.get(from)!;
    const now = Date.now();
    // After an hour the pool may have taken a key out; the old ones serve as long as it does not answer.
    if (!store.keys?.get(kid) || (!jwks && Math.abs(now - store.since) > 36e5)) {
      // A clock that was set back does not stop the asking.
      if (!store.flight && Math.abs(now - store.tried) >= 10000) {
        store.tried = now;
        const limit = new AbortController();
        let timer: ReturnType<typeof setTimeout>;
        // The race holds the limit against a fetch that does not know of signals.
        store.flight = Promise.race([
          jwks ? read(jwks) : download(from, options.fetch ?? fetch, limit.signal),
          new Promise<never>((_, no) => (timer = setTimeout(() => no(limit.abort()), 3000))),
        ])
          .then(
            (keys) => {
              store.keys = keys;
              store.since = now;
              store.failed = false;
            },
            () => {
              store.failed = true;
            },
          )
          .then(() => {
            clearTimeout(timer);
            store.flight = undefined;
          });
      }
      await store.flight;
    }
    const key = store.keys?.get(kid);
    // That nobody answers says nothing of the token.
    must(key, store.failed ? 'keys-unavailable' : 'token-unknown-key');
    return key!;
  };

  return async <C extends object = KnownClaims>(text: string, how?: DecodeOptions<C>): Promise<IdToken<C, true>> => {
    let token: IdToken<C, false>;
    // What gateways pass on is smaller.
    must(!(text?.length > 16384), 'token-too-large');
    try {
      token = decodeIdToken<C>(text, { ...how, tokenUse: 'any' });
    } catch (error) {
      const { name, code } = error as { name?: string; code?: string };
      // Whatever else goes wrong is no property of the token.
      if (name !== 'TokenError' || code === 'bad-contract') throw error;
      throw new VerifyError(code === 'too-large' ? 'token-too-large' : 'token-malformed');
    }
    const { raw, header } = token;
    const [head, body, signature] = text.split('.') as [string, string, string];
    const sealed = bytes(signature);
    must(header.alg && header.kid, 'token-malformed');
    const asks = JSON.parse(new TextDecoder().decode(bytes(head))) as object;
    must(!('crit' in asks || 'b64' in asks), 'token-critical');
    must(header.alg === 'RS256', 'token-algorithm');
    must(stores.has(raw.iss), 'token-issuer');
    const key = await keyOf(raw.iss as string, header.kid!);
    const signed = new TextEncoder().encode(head + '.' + body);
    must(await crypto.subtle.verify(RS256, key, sealed, signed), 'token-signature');

    const { token_use: use } = raw;
    const wanted = how?.tokenUse ?? 'id';
    must((use === 'id' || use === 'access') && (wanted === 'any' || wanted === use), 'token-use');
    const client = use === 'id' ? raw.aud : raw.client_id;
    must(typeof client === 'string' && [clientId].flat().includes(client), 'token-client');

    const time = (name: string): number => {
      const { [name]: value = NaN } = raw;
      must(typeof value === 'number' && !(value < 0 || value > 1e19), 'token-malformed');
      return Math.floor(value as number);
    };
    const end = time('exp');
    // A clock that is behind its issuer's may be put right; no setting makes a token live longer.
    const skew = how?.clockSkew;
    const now = Date.now() / 1000 + (typeof skew === 'number' && skew > 0 ? Math.min(skew, 300) : 0);
    // A time that is no number refuses.
    must(end + clockTolerance > now, 'token-expired');
    for (const name of ['nbf', 'iat']) must(!(time(name) > now + 60), 'token-not-yet-valid');

    return { ...token, verified: true };
  };
}
