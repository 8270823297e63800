import { decodeIdToken } from 'claimwright';
import 'claimwright/element';
import 'claimwright/element/de';
import { token } from './token.js';

const out = document.querySelector('#out');
try {
  const idToken = decodeIdToken(token);
  out.textContent = `OK ${idToken.claims['acme:plan']} ${idToken.rows().length} ${idToken.verified}`;
} catch (error) {
  out.textContent = `FAILED ${error}`;
}
