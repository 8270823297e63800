/** The fixed words of the element. `{}` is where a name, a number or a time goes. */

export const en = {
  title: 'ID token',
  count: '{} claims',
  show: 'Show {}',
  view: 'Claims to show',
  all: 'All',
  custom: 'Custom',
  standard: 'Standard',
  filter: 'Filter claims',
  noMatch: 'No claim matches',
  copy: 'Copy {}',
  copied: '{} copied',
  notCopied: 'Copying was not allowed',
  hidden: 'Hidden',
  missing: 'Not in this token',
  null: 'No value',
  empty: 'Empty list',
  blank: 'Empty text',
  yes: 'Yes',
  no: 'No',
  more: '{} more',
  entries: 'Entries: {}',
  characters: 'Characters: {}',
  added: 'Added',
  changed: 'Changed',
  removed: 'Removed',
  before: 'Before: ',
  valid: 'Valid',
  expiring: 'Expiring',
  expired: 'Expired',
  'not-yet-valid': 'Not yet valid',
  'no-expiry': 'No expiry',
  left: '{} left',
  unverified: 'Read from the token without checking its signature. Do not base access decisions on it.',
  verified: 'Signature checked',
  noToken: 'No token',
  invalid: 'This token cannot be read',
};

/** The fixed words in one language; and, behind `=`, what it says for a label that is there in English only. */
export type Words = { readonly [W in keyof typeof en]: string } & { readonly [label: `=${string}`]: string };

/** Words by language tag, in lower case where it is a language alone. What is not there is English. */
export type WordTable = { readonly [language: string]: Partial<Words> };

/** The words of every element; other languages add theirs. */
export const shipped: { [language: string]: Partial<Words> } = {};

/** Picks the words of a language, the element's own before those of every element, and says which language they are in. */
export const wordsFor = (language: string, own: WordTable | null): { readonly words: Words; readonly spoken: string } => {
  const all: { [word: string]: string } = { ...en };
  let spoken = /^en\b/.test(language) ? language : 'en';
  const parts = language.split('-');
  for (const tables of [shipped, own]) {
    // The widest first: `zh`, `zh-Hant`, `zh-Hant-TW`.
    for (let count = 1; count <= parts.length; count += 1) {
      const table = tables?.[parts.slice(0, count).join('-')];
      if (table) spoken = language;
      for (const [word, text] of Object.entries(table ?? {})) if (text !== undefined) all[word] = text;
    }
  }
  return { words: all as Words, spoken };
};
