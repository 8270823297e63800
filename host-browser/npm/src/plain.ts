import { bind } from './api.js';
import { plain } from './plain-engine.js';

export * from './names.js';
export const { decodeIdToken, tryDecodeIdToken, fromPayload, diffIdTokens, watchExpiry } = /* @__PURE__ */ bind(plain);
