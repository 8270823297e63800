// A logic component, as jco transpiles it.

import { checked, seconds } from './questions.mjs';

const MEMBERS = { optional: ['bundle', 'request', 'facts', 'access', 'present'] };

/**
 * Opens a transpiled component. Its core modules are compiled once, and each question is put to an instance of its own, as
 * the function does with each invocation.
 */
export async function open({ address, bytes }) {
  // jco tries it at each instance and goes on without it, but V8 reads the whole module again to say that it is missing.
  WebAssembly.promising ??= (call) => call;
  const { instantiate } = await import(address('component.js'));
  const compiled = new Map();
  const module = (name) => {
    if (!compiled.has(name)) compiled.set(name, bytes(name).then((core) => WebAssembly.compile(core)));
    return compiled.get(name);
  };
  return async (question) => {
    const calls = converted(checked(question, MEMBERS));
    return answer(await instantiate(module, {}), calls);
  };
}

/** A question as jco takes it: times are big integers. */
function converted({ bundle, request, facts, access, present }) {
  if (!request && !access && !present) throw new Error('it asks nothing: give request, access or present');
  if (request && !facts) throw new Error('it has a request and no facts: give a list of what came of the lookups');
  return {
    bundle, facts, present,
    request: request && { ...request, now: seconds(request.now) },
    access: access && { ...access, now: seconds(access.now) },
  };
}

/** What an instance answers. A component without the interface `configuration` has its contract. */
function answer({ configuration, logic, presentation }, { bundle, request, facts, access, present }) {
  const ask = asker();
  if (bundle !== undefined && configuration) {
    const { refusal, broken = refusal } = ask(() => configuration.configure(bundle));
    if (broken !== undefined) return { broken };
  }
  return {
    ...(request && { plan: ask(() => logic.plan(request)), shape: ask(() => logic.shape(request, facts)) }),
    ...(access && { authorize: ask(() => logic.authorize(access)) }),
    ...(present && { present: ask(() => presentation.present(...present)) }),
  };
}

/** Gives what a call returns, what it refuses with, or how it broke. After that an instance is asked nothing more. */
function asker() {
  let broken;
  return (call) => {
    if (broken !== undefined) return { broken };
    try {
      return { ok: call() };
    } catch (error) {
      // Only jco's error for a `result` has a payload. A trap has none, nor has a value that cannot be converted.
      if (Object.hasOwn(Object(error), 'payload')) return { refusal: error.payload };
      broken = String(error);
      return { broken };
    }
  };
}
