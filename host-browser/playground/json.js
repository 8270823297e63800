/** Says what is wrong with a JSON text, as a diagnostic; nothing if it is an object. */
export function problemOf(text, name) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const { line, column } = placeOf(error.message, text);
    return { severity: 'error', message: `the ${name} ${verb(name)} not json: ${plainly(error.message)}`, line, column };
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return undefined;
  return { severity: 'error', message: `the ${name} must be a json object`, line: 1, column: 1 };
}

const verb = (name) => (name.endsWith('s') ? 'are' : 'is');

/** Each browser words it in its own way; the place is said beside it. */
function plainly(message) {
  const text = message
    .replace(/^JSON(?:\.parse| Parse error):\s*/i, '')
    .replace(/,? ?(?:\.\.\.)?"[^]*" is not valid JSON$/, '')
    .replace(/\s*(?:in JSON )?at (?:position|line) \d+.*$/s, '')
    .replace(/ of (?:the )?JSON (?:input|data)$/, '');
  return /end$/i.test(text) ? 'it ends too early' : text.charAt(0).toLowerCase() + text.slice(1);
}

function placeOf(message, text) {
  const place = /line (\d+) column (\d+)/.exec(message);
  if (place) return { line: Number(place[1]), column: Number(place[2]) };
  const position = /position (\d+)/.exec(message);
  // Who does not say where means the end, or says nothing better.
  const before = text.slice(0, position ? Number(position[1]) : text.trimEnd().length).split('\n');
  return { line: before.length, column: [...before.at(-1)].length + (position ? 1 : 0) || 1 };
}
