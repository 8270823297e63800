import { decodeIdToken } from 'claimwright';
import { token } from './token.js';

try {
  const idToken = decodeIdToken(token);
  postMessage(`OK ${idToken.claims['acme:plan']} ${idToken.rows().length} ${idToken.verified}`);
} catch (error) {
  postMessage(`FAILED ${error}`);
}
