import { decodeIdToken } from 'claimwright';
import { token } from './token.js';

const idToken = decodeIdToken(token);
console.log(`OK ${idToken.claims['acme:plan']} ${idToken.rows().length} ${idToken.verified}`);
