// Puts questions to an engine, one after the other. Node and pages run the same lines.

import * as bindgen from './bindgen.mjs';
import * as component from './component.mjs';

const ENGINES = { bindgen, component };

/** The answers, as JSON text. `modules` are the engine's: `address` is what is imported, `bytes` what a file holds. */
export async function ask(engine, modules, questions) {
  const answer = await ENGINES[engine].open(modules);
  const answers = [];
  for (const [index, question] of questions.entries()) {
    try {
      answers.push(await answer(question));
    } catch (error) {
      throw new Error(`question ${index} has no answer: ${error.message}`, { cause: error });
    }
  }
  return JSON.stringify(answers, plain);
}

/** JSON has no big integers. One that a number does not hold is a mistake, and not another number. */
function plain(name, value) {
  if (typeof value !== 'bigint') return value;
  if (!Number.isSafeInteger(Number(value))) throw new Error(`${name} is ${value}, which no number of javascript holds`);
  return Number(value);
}
