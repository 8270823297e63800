// The core as wasm-bindgen builds it: texts in, texts out.

import { checked, seconds } from './questions.mjs';

const MEMBERS = { needed: ['bundle', 'event', 'facts', 'failed', 'now'] };

/** Opens a build. Its answers are the module's own texts, so that their bytes can be compared. */
export async function open(modules) {
  const { plan, shape } = await load(modules).catch((error) => {
    throw new Error(`the build does not load: node takes wasm-bindgen's target nodejs, chromium its target web (${error.message})`);
  });
  return (question) => {
    const { bundle, event, facts, failed, now } = checked(question, MEMBERS);
    return { plan: plan(bundle, event, seconds(now)), shape: shape(bundle, event, facts, failed, seconds(now)) };
  };
}

/** Built for Node, the module is CommonJS and has its WebAssembly; built for pages, it loads it when it is told to. */
async function load({ address }) {
  const module = await import(address('host_browser.js'));
  if (typeof module.default !== 'function') return module.default;
  await module.default({ module_or_path: address('host_browser_bg.wasm') });
  return module;
}
