import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { decodeIdToken } from 'claimwright';
import { IdTokenClaims, useIdTokenClaims } from 'claimwright/react';
import { token } from './token.js';

const idToken = decodeIdToken(token);

function App() {
  const state = useIdTokenClaims(token);
  if (state.status !== 'valid') return <p id="out">FAILED {state.status}</p>;
  return (
    <>
      <p id="out">{`OK ${state.claims['acme:plan']} ${state.rows.length} ${idToken.verified}`}</p>
      <IdTokenClaims token={token} />
    </>
  );
}

createRoot(document.querySelector('#app')).render(<StrictMode><App /></StrictMode>);
