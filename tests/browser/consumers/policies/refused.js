import 'claimwright/element';
import { token } from './token.js';

const out = document.querySelector('#out');
const element = document.createElement('id-token-claims');
element.token = token;
document.body.append(element);
await new Promise(requestAnimationFrame);
out.textContent = element.shadowRoot.querySelector('.problem')?.textContent ?? 'nothing';
