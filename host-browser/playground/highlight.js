// Colours for the text of an editor, a line at a time. They only help the eye: nothing is decided by them.

const YAML =
  /(?<comment>(?:^|(?<=\s))#.*$)|(?<key>(?:"[^"]*"|'[^']*'|[\w.*$:/-]+?)(?=\s*:(?:\s|$)))|(?<text>"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?)|(?<word>\b(?:true|false|null)\b|(?<![\w.-])-?\d+(?:\.\d+)?\b)|(?<sign>[{}[\],:]|(?<=^\s*)-(?=\s))/gu;
const JSON_TEXT =
  /(?<key>"(?:[^"\\]|\\.)*"(?=\s*:))|(?<text>"(?:[^"\\]|\\.)*"?)|(?<word>\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<sign>[{}[\],:])/gu;

/** What is longer is shown without colours, so that typing stays quick. */
const LONGEST = 2000;

/** The pieces of a line: `[from, to, kind]`, in order. */
export function pieces(line, language) {
  if (line.length > LONGEST) return [];
  const found = [];
  for (const match of line.matchAll(language === 'json' ? JSON_TEXT : YAML)) {
    const kind = Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
    found.push([match.index, match.index + match[0].length, kind]);
  }
  return found;
}
