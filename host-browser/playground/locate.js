/** Finds the line on which a rule of the contract stands, by how contracts are usually written: `claims.plan`, `scopes.add[0]`, `suppress.id`. */
export function lineOf(contract, rule) {
  const lines = contract.split('\n');
  const [, top, rest = ''] = /^([A-Za-z]+)(?:[.[](.*))?$/s.exec(rule) ?? [];
  const first = lines.findIndex((line) => line.startsWith(`${top}:`));
  if (first < 0) return undefined;
  const next = lines.findIndex((line, index) => index > first && /^[^\s#]/.test(line));
  const end = next < 0 ? lines.length : next;
  const name = rest.replace(/\[\d+\]$|\]$/, '');
  for (let index = first; name && index < end; index += 1) {
    const text = index === first ? lines[index].slice(top.length + 1) : lines[index];
    const at = placeOf(text, name);
    if (at >= 0) return { line: index + 1, column: at + 1 + (lines[index].length - text.length) };
  }
  return { line: first + 1, column: 1 };
}

function placeOf(line, name) {
  const escaped = name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const match = new RegExp(`^(\\s*(?:.*?[{,]\\s*)?)(?:"${escaped}"|'${escaped}'|${escaped})\\s*:(?:\\s|$)`).exec(line);
  return match && !match[1].includes('#') ? match[1].length : -1;
}
