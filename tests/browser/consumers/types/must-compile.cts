import claimwright = require('claimwright');

const idToken = claimwright.decodeIdToken('');
const unchecked: false = idToken.verified;
const result = claimwright.tryDecodeIdToken(null);
const code: claimwright.TokenErrorCode | undefined = result.ok ? undefined : result.error.code;

export = { unchecked, code };
