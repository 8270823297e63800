import { decodeIdToken, ready } from 'claimwright/auto';
import { token } from './token.js';

const out = document.querySelector('#out');
try {
  const engine = await ready();
  const idToken = decodeIdToken(token);
  out.textContent = `OK ${idToken.claims['acme:plan']} ${idToken.rows().length} ${idToken.verified} ${engine}`;
} catch (error) {
  out.textContent = `FAILED ${error}`;
}
