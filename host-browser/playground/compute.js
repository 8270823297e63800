import { problemOf } from './json.js';

let engine;

/** The core with its compiler is large: it is fetched after the page stands. */
const core = () => (engine ??= import('claimwright/preview'));

/**
 * What the three texts give: the diagnostics of each, what stops the preview as a sentence, and the preview.
 * `blocked` says which text stops it, or `refused` where the contract refuses the sign-in.
 */
export async function compute({ contract, event, facts, failed }) {
  const { check, preview } = await core();
  const { diagnostics, bundle, display } = await check(contract);
  const inputs = {
    event: [problemOf(event, 'event')].filter(Boolean),
    facts: [problemOf(facts.trim() || '{}', 'facts')].filter(Boolean),
  };
  const all = { contract: diagnostics, ...inputs };
  const broken = Object.keys(all).filter((name) => all[name].some(({ severity }) => severity === 'error'));
  if (broken.length > 0 || bundle === undefined) return { diagnostics: all, display, blocked: broken };

  const answer = await preview({ bundle, event, facts: without(facts.trim() || '{}', failed), failed });
  if (answer.preview) return { diagnostics: all, display, preview: answer.preview };
  const { error } = answer;
  // The core reads more closely than JSON asks for; what it finds belongs to the text that it is about.
  const about = { 'malformed-event': 'event', 'malformed-facts': 'facts' }[error.code];
  if (!about) return { diagnostics: all, display, blocked: ['refused'], refusal: error };
  all[about] = [{ severity: 'error', message: error.message, line: 1, column: 1 }];
  return { diagnostics: all, display, blocked: [about] };
}

/** A record that cannot be read is not there, whatever the text says of it. */
function without(facts, failed) {
  // Read and written again, large numbers would be others.
  if (failed.length === 0) return facts;
  const records = JSON.parse(facts);
  for (const name of failed) delete records[name];
  return JSON.stringify(records);
}
