import type { Engine, Expected } from './engine.js';
import { TokenError } from './error.js';
import type {
  Api,
  ClaimChange,
  ClaimKind,
  ClaimRow,
  Contract,
  DecodeOptions,
  Expiry,
  ExpiryStatus,
  IdToken,
  Json,
  KnownClaims,
  RowOptions,
  StandardClaims,
  TokenErrorCode,
  Warning,
} from './types.js';

const STATES: readonly ExpiryStatus[] = ['valid', 'expiring', 'expired', 'not-yet-valid', 'no-expiry'];

/** How long nobody looks, in milliseconds: a timer does not count while a machine sleeps, and clocks are set. */
const LONGEST = 30_000;

/** How long a token may be, in characters; the core counts bytes, of which there are as many or more. */
const MOST = 65_536;

type Claims = { [claim: string]: Json };

/** What the core says of a token that it has read. */
interface Meta {
  readonly alg: string | null;
  readonly kid: string | null;
  readonly times: readonly [exp: number | null, nbf: number | null, iat: number | null];
  readonly inexact: readonly string[];
}

/** The lines of a presentation, six members for each, and the sections, two for each. */
interface Lines {
  readonly sections: readonly string[];
  readonly rows: readonly (string | number | null | string[])[];
}

type Line = [keys: string | [string, ...string[]], label: string, section: number, kind: ClaimKind, flags: number, exact: string | null];

// A contract is turned into text once, however many tokens it shows.
const texts = new WeakMap<object, string>();

function textOf(contract: Contract<never> | undefined, engine: Engine): string {
  if (!contract) return '';
  let text = texts.get(contract);
  if (text === undefined) {
    text = JSON.stringify(contract) ?? 'none';
    // Asked of a token without claims, so that a wrong contract is told of at once.
    answered(engine.rows('{}', text, 'en'));
    texts.set(contract, text);
  }
  return text;
}

function answered(answer: string): string {
  if (answer.startsWith('!')) throw new TokenError(answer.slice(1) as TokenErrorCode);
  return answer;
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
  const [one, other] = [a as Claims, b as Claims];
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.prototype.hasOwnProperty.call(other, name) && same(one[name], other[name]))
  );
}

/** Binds the reading of tokens to the core. */
export function bind(engine: Engine): Api {
  function make<C extends object>(
    text: string,
    expected: Expected,
    options: DecodeOptions<C>,
  ): IdToken<C, false> {
    if (text.length > MOST) throw new TokenError('too-large');
    const answer = answered(engine.read(text, expected));
    const end = answer.indexOf('\n');
    const meta = JSON.parse(answer.slice(0, end)) as Meta;
    const payload = answer.slice(end + 1);
    // Without a prototype no claim's name means anything.
    const raw = Object.freeze(Object.setPrototypeOf(JSON.parse(payload), null) as Claims);
    const contract = textOf(options.contract as Contract<never> | undefined, engine);
    const [exp, nbf, iat] = meta.times.map((time) => time ?? NaN) as [number, number, number];
    const skew = options.clockSkew ?? 0;
    const ahead = typeof skew === 'number' ? skew : engine.drift(iat, skew.receivedAt);
    const made = new Map<string, readonly ClaimRow[]>();

    return {
      verified: false,
      claims: raw as unknown as Readonly<StandardClaims & C>,
      raw,
      header: Object.freeze({ ...(meta.alg !== null && { alg: meta.alg }), ...(meta.kid !== null && { kid: meta.kid }) }),
      warnings: meta.inexact.map((claim): Warning => ({ code: 'inexact-number', claim })),
      expiry(at = Date.now() / 1000): Expiry {
        const now = at + ahead;
        const status = STATES[engine.expiry(exp, nbf, now, options.expiringWithin ?? 300)] as ExpiryStatus;
        return {
          status,
          ...(exp === exp && { secondsLeft: Math.ceil(exp - now) }),
          // What no date can say, and an end that could not be read, has none.
          ...(exp > 0 && exp < 8.64e12 && { expiresAt: new Date(exp * 1000) }),
          ...(Math.abs(iat) < 8.64e12 && { issuedAt: new Date(iat * 1000) }),
        };
      },
      rows(how?: RowOptions): readonly ClaimRow[] {
        const language = how?.language ?? 'en';
        const display = how?.contract ? textOf(how.contract as Contract<never>, engine) : contract;
        const key = language + '\n' + display;
        let rows = made.get(key);
        if (!rows) {
          const lines = JSON.parse(answered(engine.rows(payload, display, language))) as Lines;
          const all: ClaimRow[] = [];
          for (let at = 0; at < lines.rows.length; at += 6) {
            const [keys, label, place, kind, flags, exact] = lines.rows.slice(at, at + 6) as Line;
            const missing = !!(flags & 4);
            all.push({
              keys: typeof keys === 'string' ? [keys] : keys,
              label,
              section: lines.sections[2 * place] as string,
              sectionLabel: lines.sections[2 * place + 1] as string,
              kind,
              custom: !!(flags & 1),
              personal: !!(flags & 2),
              missing,
              value: missing ? null : (raw[typeof keys === 'string' ? keys : keys[0]] as Json),
              ...(exact !== null && { exact }),
            });
          }
          rows = all;
          made.set(key, rows);
        }
        return rows;
      },
    };
  }

  function decodeIdToken<C extends object = KnownClaims>(token: string, options: DecodeOptions<C> = {}): IdToken<C, false> {
    if (typeof token !== 'string') throw new TokenError('not-a-string');
    return make(token, expected(options), options);
  }

  return {
    decodeIdToken,
    tryDecodeIdToken(token, options) {
      try {
        return { ok: true, value: decodeIdToken(token as string, options) };
      } catch (error) {
        // Anything else is a mistake of the caller or of ours, and not a property of the token.
        if (error instanceof TokenError) return { ok: false, error };
        throw error;
      }
    },
    fromPayload(payload, options = {}) {
      if (typeof payload !== 'object' || payload === null) throw new TokenError('not-an-object');
      return make(JSON.stringify(payload), `payload-${expected(options)}`, options);
    },
    diffIdTokens(before, after) {
      const names = new Set([...Object.keys(before.raw), ...Object.keys(after.raw)]);
      const changes: ClaimChange[] = [];
      for (const claim of [...names].sort()) {
        const [was, is] = [before.raw[claim], after.raw[claim]];
        if (was === undefined) changes.push({ claim, change: 'added', after: is as Json });
        else if (is === undefined) changes.push({ claim, change: 'removed', before: was });
        else if (!same(was, is)) changes.push({ claim, change: 'changed', before: was, after: is });
      }
      return changes;
    },
    watchExpiry(token, on, { everySecond = false, signal } = {}) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      let last: string | undefined;
      let stopped = false;
      const page = typeof document === 'undefined' ? undefined : document;
      const stop = () => {
        stopped = true;
        clearTimeout(timer);
        page?.removeEventListener('visibilitychange', look);
        signal?.removeEventListener('abort', stop);
      };
      const look = () => {
        clearTimeout(timer);
        const expiry = token.expiry();
        // Nobody sees the seconds of a page that is hidden; a token that never ends is never looked at again.
        if (!(everySecond && page?.hidden) && expiry.status !== 'no-expiry') {
          const second = everySecond ? 1000 - (Date.now() % 1000) : LONGEST;
          timer = setTimeout(look, Math.min(second, next(token, expiry.status)));
        }
        const key = expiry.status + (everySecond ? expiry.secondsLeft : '');
        // Last, because it may stop the watch, or throw.
        if (key !== last && !stopped) {
          last = key;
          on(expiry);
        }
      };
      if (signal?.aborted) return stop;
      page?.addEventListener('visibilitychange', look);
      signal?.addEventListener('abort', stop);
      look();
      return stop;
    },
  };
}

/** Which token is expected. */
function expected({ tokenUse = 'id' }: { readonly tokenUse?: 'id' | 'access' | 'any' | undefined }): 'id' | 'access' | 'any' {
  if (tokenUse !== 'id' && tokenUse !== 'access' && tokenUse !== 'any') {
    throw new TypeError("`tokenUse` takes 'id', 'access' and 'any'; the default is 'id'");
  }
  return tokenUse;
}

/** How long the status stays as it is, in milliseconds. */
function next(token: IdToken<object>, status: ExpiryStatus): number {
  // The core alone says when the status changes, so the change is found by asking, and not by reckoning.
  const now = Date.now();
  let [from, to] = [0, LONGEST];
  if (token.expiry((now + to) / 1000).status === status) return to;
  while (to - from > 20) {
    const middle = (from + to) / 2;
    if (token.expiry((now + middle) / 1000).status === status) from = middle;
    else to = middle;
  }
  return to;
}
