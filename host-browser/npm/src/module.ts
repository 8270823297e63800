import module from './claims.wasm';
import { bind } from './api.js';
import { wasm } from './wasm.js';
import type { Api } from './types.js';

export * from './names.js';
const api = /* @__PURE__ */ bind(
  wasm(() => module),
);
export const decodeIdToken: Api['decodeIdToken'] = api.decodeIdToken;
export const tryDecodeIdToken: Api['tryDecodeIdToken'] = api.tryDecodeIdToken;
export const fromPayload: Api['fromPayload'] = api.fromPayload;
export const diffIdTokens: Api['diffIdTokens'] = api.diffIdTokens;
export const watchExpiry: Api['watchExpiry'] = api.watchExpiry;
