'use client';
/** A hook and a component for React 18 and later. */

import { createElement, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import type { ReactElement } from 'react';
import { tryDecodeIdToken, watchExpiry } from 'claimwright';
import type { TokenError } from './error.js';
import type {
  ClaimRow,
  Contract,
  DecodeOptions,
  Expiry,
  ExpiryStatus,
  IdToken,
  KnownClaims,
  RowOptions,
} from './types.js';

/** What a page shows of a token. */
export type ClaimsState<C extends object = KnownClaims> =
  | { readonly status: 'empty' }
  | { readonly status: 'invalid'; readonly error: TokenError }
  | {
      readonly status: ExpiryStatus;
      readonly idToken: IdToken<C>;
      readonly claims: IdToken<C>['claims'];
      readonly rows: readonly ClaimRow[];
      /** Whole seconds until it ends, where each second counts. */
      readonly secondsLeft?: number;
    };

/** How the hook reads a token. */
export interface ClaimsOptions<C extends object = KnownClaims> extends DecodeOptions<C>, Omit<RowOptions, 'contract'> {
  /** Whether each second renders again, and not only each change of the status. */
  readonly everySecond?: boolean;
  /** The server's time in seconds since 1970: the first render is made for it, on the server and in the page. */
  readonly now?: number;
}

const empty = { status: 'empty' } as const;

/** Reads an ID token and renders again when its status changes. It does not check the signature. */
export function useIdTokenClaims<C extends object = KnownClaims>(
  token: string | null | undefined,
  options: ClaimsOptions<C> = {},
): ClaimsState<C> {
  const { contract, clockSkew, expiringWithin, tokenUse, language, everySecond, now } = options;
  const receivedAt = typeof clockSkew === 'object' ? clockSkew.receivedAt : undefined;
  const skew = receivedAt === undefined ? clockSkew : receivedAt;
  const store = useMemo(() => {
    let state: ClaimsState<C> = empty;
    const fixed = () => state;
    const still = { subscribe: () => () => {}, snapshot: fixed, server: fixed };
    if (!token) return still;
    const read = tryDecodeIdToken<C>(token, { contract, clockSkew, expiringWithin, tokenUse });
    if (!read.ok) {
      state = { status: 'invalid', error: read.error };
      return still;
    }
    const idToken = read.value;
    const at = ({ status, secondsLeft }: Expiry, seconds = everySecond): ClaimsState<C> => ({
      status,
      idToken,
      claims: idToken.claims,
      rows: idToken.rows({ language }),
      ...(seconds && { secondsLeft }),
    });
    // Without the server's time its seconds would not be the page's.
    const first = at(idToken.expiry(now), everySecond && now !== undefined);
    let started: boolean | undefined;
    return {
      subscribe: (changed: () => void) =>
        watchExpiry(
          idToken,
          (expiry) => {
            const next = at(expiry);
            const seconds = (of: ClaimsState<C>) => ('secondsLeft' in of ? of.secondsLeft : undefined);
            if (next.status !== state.status || seconds(next) !== seconds(state)) {
              state = next;
              changed();
            }
          },
          { everySecond },
        ),
      snapshot: () => {
        if (!started) {
          started = true;
          state = at(idToken.expiry());
        }
        return state;
      },
      server: () => first,
    };
    // Objects that are written in place are new in each render: only what they hold counts.
  }, [token, contract, skew, receivedAt, expiringWithin, tokenUse, language, everySecond, now]);
  return useSyncExternalStore(store.subscribe, store.snapshot, store.server);
}

/** What the component takes. Everything else becomes an attribute of the element. */
export interface IdTokenClaimsProps {
  readonly token?: string | null;
  readonly idToken?: IdToken<object> | null;
  readonly previous?: IdToken<object> | null;
  readonly contract?: Contract<never> | Contract<any> | null;
  readonly words?: object | null;
  readonly language?: string;
  readonly mask?: 'personal' | 'all' | 'none';
  readonly view?: 'all' | 'custom' | 'standard';
  readonly missing?: boolean;
  readonly className?: string;
  readonly onExpiryChange?: (expiry: Expiry) => void;
  /** The element belongs to the component. */
  readonly ref?: never;
  readonly [attribute: string]: unknown;
}

/** Shows the claims of an ID token with `<id-token-claims>`. The token never gets into the server's HTML. */
export function IdTokenClaims(props: IdTokenClaimsProps): ReactElement {
  const { token, idToken, previous, contract, words, missing, className, onExpiryChange, ...rest } = props;
  const ref = useRef<HTMLElement>(null);
  useEffect(() => {
    const on = (event: Event) => onExpiryChange?.((event as CustomEvent<Expiry>).detail);
    const element = ref.current;
    element?.addEventListener('expirychange', on);
    return () => element?.removeEventListener('expirychange', on);
  }, [onExpiryChange]);
  useEffect(() => {
    Object.assign(ref.current!, {
      token: token ?? null,
      idToken: idToken ?? null,
      previous: previous ?? null,
      contract: contract ?? null,
      words: words ?? null,
    });
  }, [token, idToken, previous, contract, words]);
  useEffect(() => {
    void import('claimwright/element');
  }, []);
  return createElement('id-token-claims', { ...rest, ref, class: className, missing: missing || undefined });
}
