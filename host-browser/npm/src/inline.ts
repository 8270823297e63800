import { bytes } from '../generated/bytes.js';
import { compiled } from './refused.js';

/** The module, from the bytes in this file: no request, no wait, no setting of a bundler. */
export function inline(): WebAssembly.Module {
  return compiled(() => new WebAssembly.Module(Uint8Array.from(bytes, (letter) => letter.charCodeAt(0))));
}
