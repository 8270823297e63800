// Answers questions with one engine in one place: a JSON list of questions on standard input, one of answers on standard
// output. The suites of `tests/tests` start it: node answer.mjs <bindgen|component> <node|chromium> <artifact>.

import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { inChromium } from './chromium.mjs';
import { inFolder, transpiled } from './modules.mjs';
import { inNode } from './node.mjs';

const USAGE = 'three arguments are needed: the engine (bindgen or component), the place (node or chromium), and the artifact';

/** What gives the modules of an engine, of its artifact. */
const MODULES = { bindgen: inFolder, component: transpiled };
const PLACES = { node: inNode, chromium: inChromium };

async function answers([engine, place, artifact, ...more]) {
  if (!Object.hasOwn(MODULES, engine) || !Object.hasOwn(PLACES, place) || !artifact || more.length > 0) throw new Error(USAGE);
  const questions = await asked();
  return PLACES[place](engine, await MODULES[engine](resolve(artifact)), questions);
}

async function asked() {
  const input = await text(process.stdin);
  let questions;
  try {
    questions = JSON.parse(input);
  } catch (error) {
    throw new Error(`standard input is not json: ${error.message}`, { cause: error });
  }
  if (!Array.isArray(questions)) throw new Error('standard input is not a json list of questions');
  return questions;
}

try {
  process.stdout.write(await answers(process.argv.slice(2)));
} catch (error) {
  // What tools say of their own may have many lines, and colours.
  console.error(stripVTControlCharacters(error.message).replace(/\s+/g, ' ').trim());
  process.exitCode = 1;
}
