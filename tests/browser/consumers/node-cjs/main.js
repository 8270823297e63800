const { decodeIdToken } = require('claimwright');
const { token } = require('./token.js');

const idToken = decodeIdToken(token);
console.log(`OK ${idToken.claims['acme:plan']} ${idToken.rows().length} ${idToken.verified}`);
