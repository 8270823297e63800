import type { TokenErrorCode } from './types.js';

const SENTENCES: Record<TokenErrorCode, string> = {
  'not-a-string': 'the token is not a text; pass the encoded token, or use `fromPayload` for decoded claims',
  'too-large': 'the token has more than 65,536 bytes; pass one token and nothing else',
  'bearer-prefix': 'the token begins with `Bearer`; pass what stands behind it',
  'not-three-parts': 'the token is not three parts divided by dots; pass an encoded id token',
  encrypted: 'the token is encrypted, and only its receiver reads it; pass an id token that is signed',
  'bad-base64url': 'a part of the token is not base64url without padding; pass the token as it was issued',
  'bad-utf8': 'a part of the token is not utf-8; pass the token as it was issued',
  'bad-json': 'a part of the token is not json; pass the token as it was issued',
  'too-deep': 'the claims are nested more than 64 deep; write flatter claims',
  'duplicate-member': 'the token says one name twice, so that readers may differ; issue it again',
  'not-an-object': 'a part of the token is json and no object; pass an encoded id token',
  'wrong-token-use': 'the token is not the one expected; pass an id token, or say `tokenUse`',
  'bad-contract': 'the contract is not what `claims types` writes; write it again',
};

/** Why a text is not read as a token. Its message never holds any of the token. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  /** Compare this, and not the class: two copies of the package have two classes. */
  readonly code: TokenErrorCode;

  constructor(code: TokenErrorCode) {
    super(SENTENCES[code] + ' (' + code + ')');
    this.code = code;
  }
}
