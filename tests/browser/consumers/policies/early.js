import { decodeIdToken, ready } from 'claimwright/auto';
import { token } from './token.js';

const out = document.querySelector('#out');
let early = 'nothing was thrown';
try {
  decodeIdToken(token);
} catch (error) {
  early = `${error}`;
}
await ready();
out.textContent = `OK ${decodeIdToken(token).claims['acme:plan']} after: ${early}`;
