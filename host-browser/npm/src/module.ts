import module from './claims.wasm';
import { bind } from './api.js';
import { wasm } from './wasm.js';

export * from './names.js';
export const { decodeIdToken, tryDecodeIdToken, fromPayload, diffIdTokens, watchExpiry } = /* @__PURE__ */ bind(
  wasm(() => module),
);
