import { bytes } from '../generated/bytes.js';

/** The module, from the bytes in this file: no request, no wait, no setting of a bundler. */
export function inline(): WebAssembly.Module {
  return new WebAssembly.Module(Uint8Array.from(bytes, (letter) => letter.charCodeAt(0)));
}
