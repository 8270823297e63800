import { decodeIdToken } from 'claimwright';
import { token } from './token.js';

const idToken = decodeIdToken(token);
print(`OK ${idToken.claims['acme:plan']} ${idToken.rows().length} ${idToken.verified}`);
