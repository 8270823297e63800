import { bytes } from '../generated/preview-bytes.js';
import { initSync } from '../generated/preview.js';
import { compiled } from './refused.js';

export { caller, check, preview } from '../generated/preview.js';

let started: Promise<void> | undefined;

/** Compiles the whole core, once. */
export function ready(): Promise<void> {
  return (started ??= start());
}

async function start(): Promise<void> {
  const letters = Uint8Array.from(bytes, (letter) => letter.charCodeAt(0));
  initSync({ module: await compiled(() => WebAssembly.compile(letters)) });
}
