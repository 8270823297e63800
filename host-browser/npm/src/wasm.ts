import { drift, expiry, initSync, read, rewind, rows } from '../generated/decode.js';
import type { Engine } from './engine.js';

/** The core as WebAssembly, from its module. It is not asked for before the first token. */
export function wasm(module: () => WebAssembly.Module): Engine {
  let started = false;
  const start = () => {
    if (!started) {
      initSync({ module: module() });
      started = true;
    }
    rewind();
  };
  return {
    read: (text, expected) => (start(), read(text, expected)),
    rows: (payload, contract, language) => (start(), rows(payload, contract, language)),
    expiry: (exp, nbf, now, within) => (start(), expiry(exp, nbf, now, within)),
    drift: (iat, received) => (start(), drift(iat, received)),
  };
}
