import { bind } from './api.js';
import { inline } from './inline.js';
import { wasm } from './wasm.js';

export * from './names.js';
export const { decodeIdToken, tryDecodeIdToken, fromPayload, diffIdTokens, watchExpiry } = /* @__PURE__ */ bind(wasm(inline));
