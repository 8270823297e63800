'use client';

import { decodeIdToken } from 'claimwright';
import { IdTokenClaims, useIdTokenClaims } from 'claimwright/react';
import { token } from '../token.js';

export default function Panel() {
  const idToken = decodeIdToken(token);
  const state = useIdTokenClaims(token);
  return (
    <>
      <h2>Client: {idToken.claims.name}</h2>
      <p id="out">
        {state.status === 'valid' ? `OK ${state.claims['acme:plan']} ${state.rows.length} ${idToken.verified}` : `FAILED ${state.status}`}
      </p>
      <IdTokenClaims token={token} />
    </>
  );
}
