// The modules of an engine, by name: `address` is what Node imports, `bytes` what a file holds.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installed } from './installed.mjs';

/** How the file of a component begins: WebAssembly, with the layer of components. */
const PREAMBLE = Buffer.from('0061736d0d000100', 'hex');

const OPTIONS = {
  name: 'component',
  // A function that makes an instance with each call, where the module would otherwise make one when it is loaded.
  instantiation: 'async',
  // The error of a `result` comes in an error of jco's, which tells it from everything else that is thrown.
  noComponentErrorWrapping: false,
  // Every core module is a file, which is compiled once.
  base64Cutoff: 0,
  emitTypescriptDeclarations: false,
};

/** What wasm-bindgen wrote into a folder. */
export function inFolder(folder) {
  return {
    address: (name) => pathToFileURL(join(folder, name)),
    bytes: (name) => readFile(join(folder, name)),
  };
}

/** What jco makes of a component. Its transpiler is a component itself and asks nothing of the network; nothing is written. */
export async function transpiled(path) {
  const { transpileBytes } = await installed('@bytecodealliance/jco-transpile');
  const component = await readFile(path).catch(({ code }) => {
    throw new Error(`${path} cannot be read (${code}): give the path of a component`);
  });
  if (!component.subarray(0, PREAMBLE.length).equals(PREAMBLE)) {
    throw new Error(`${path} is no component: give one that exports the interface logic of wit/logic.wit`);
  }
  const { files, imports, exports } = await transpileBytes(component, { ...OPTIONS }).catch((error) => {
    throw new Error(`${path} is not transpiled by jco: ${error.message}`, { cause: error });
  });
  // The function's linker is empty, too.
  if (imports.length > 0) throw new Error(`${path} imports ${imports.join(', ')}: a logic component imports nothing`);
  if (!exports.some(([name]) => name === 'logic')) {
    throw new Error(`${path} does not export the interface logic: give a component that exports it, as wit/logic.wit says`);
  }
  return {
    address: (name) => `data:text/javascript;base64,${Buffer.from(files[name]).toString('base64')}`,
    bytes: async (name) => files[name],
  };
}
