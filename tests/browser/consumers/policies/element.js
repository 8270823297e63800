import 'claimwright/element';
import { decodeIdToken } from 'claimwright/plain';
import { token } from './token.js';

const out = document.querySelector('#out');
try {
  const element = document.createElement('id-token-claims');
  element.idToken = decodeIdToken(token);
  document.body.append(element);
  await new Promise(requestAnimationFrame);
  const bare = document.body.appendChild(document.createElement('dl'));
  const styled = getComputedStyle(element.shadowRoot.querySelector('dl')).margin !== getComputedStyle(bare).margin;
  out.textContent = `OK ${element.shadowRoot.textContent.includes('pro') ? 'shown' : 'hidden'} ${styled ? 'styled' : 'bare'}`;
} catch (error) {
  out.textContent = `FAILED ${error}`;
}
