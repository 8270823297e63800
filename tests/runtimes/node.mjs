// This process as the place where questions are answered.

import { setFlagsFromString } from 'node:v8';
import { ask } from './ask.mjs';

/** A module with a global that is a sum of constants. */
const SUM = Buffer.from('0061736d01000000' + '0609017f00410041006a0b', 'hex');

/** Asks an engine here. */
export function inNode(engine, modules, questions) {
  // What componentize-js and componentize-py write needs such sums. Node 20 has them behind a flag, later ones always.
  if (!WebAssembly.validate(SUM)) setFlagsFromString('--experimental-wasm-extended-const');
  return ask(engine, modules, questions);
}
