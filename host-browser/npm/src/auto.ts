import { bind } from './api.js';
import type { Engine } from './engine.js';
import type { Api } from './types.js';

export * from './names.js';

let engine: Engine | undefined;
let settled: Promise<'wasm' | 'plain'> | undefined;

async function choose(): Promise<'wasm' | 'plain'> {
  try {
    // A policy refuses WebAssembly when it is compiled, some browsers have none, and its glue starts where there is a
    // `TextDecoder` only.
    const [{ inline }, { wasm }] = await Promise.all([import('./inline.js'), import('./wasm.js')]);
    const started = wasm(inline);
    started.expiry(1, 0, 0, 0);
    engine = started;
    return 'wasm';
  } catch {
    engine = (await import('./plain-engine.js')).plain;
    return 'plain';
  }
}

/** Settles when tokens can be read, and says by what. */
export function ready(): Promise<'wasm' | 'plain'> {
  return (settled ??= choose());
}

function chosen(): Engine {
  if (!engine) throw new Error('no token can be read yet; wait for `ready()` first');
  return engine;
}

const api = /* @__PURE__ */ bind({
  read: (text, expected) => chosen().read(text, expected),
  rows: (payload, contract, language) => chosen().rows(payload, contract, language),
  expiry: (exp, nbf, now, within) => chosen().expiry(exp, nbf, now, within),
  drift: (iat, received) => chosen().drift(iat, received),
});
export const decodeIdToken: Api['decodeIdToken'] = api.decodeIdToken;
export const tryDecodeIdToken: Api['tryDecodeIdToken'] = api.tryDecodeIdToken;
export const fromPayload: Api['fromPayload'] = api.fromPayload;
export const diffIdTokens: Api['diffIdTokens'] = api.diffIdTokens;
export const watchExpiry: Api['watchExpiry'] = api.watchExpiry;
