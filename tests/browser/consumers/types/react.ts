import { createElement } from 'react';
import { IdTokenClaims, useIdTokenClaims } from 'claimwright/react';
import { contract, type IdTokenClaims as Claims } from './claims.contract.js';

export function Plan({ token }: { token: string | null }) {
  const state = useIdTokenClaims<Claims>(token, { contract, everySecond: true });
  if (state.status === 'empty') return 'Signed out';
  if (state.status === 'invalid') return state.error.code;
  const plan: 'free' | 'pro' | 'premium' = state.claims.subscription_tier;
  const left: number | undefined = state.secondsLeft;
  // @ts-expect-error the contract has no such claim
  state.claims.plan;
  return createElement(IdTokenClaims, { idToken: state.idToken, contract, key: `${plan} ${left} ${state.rows.length}` });
}

export function Wrong({ token }: { token: string }) {
  const state = useIdTokenClaims<Claims>(token, { contract });
  // @ts-expect-error there are claims only after the status was looked at
  state.claims;
  // @ts-expect-error a token is a text
  createElement(IdTokenClaims, { token: 1 });
  return null;
}
