/** How a value looks, by its kind. Values are text nodes; nothing of them becomes markup, a class or an id. */

import type { Json } from '../types.js';
import { CHECK, CROSS, h, icon, phrase, said } from './dom.js';
import { relative } from './expiry.js';
import type { Words } from './words.js';

/** In which words, and what to call when time passes. */
export interface Look {
  readonly words: Words;
  readonly language: string;
  /** Calls at once and whenever the clock ticks. */
  readonly each: (update: () => void) => void;
}

const fold = (summary: string, ...children: Node[]): HTMLElement => h('details', h('summary', summary), ...children);

const word = (text: string): HTMLElement => h('span.word', text);

/** A text as it is, or its beginning and the rest folded. */
const text = (value: string, words: Words): Node =>
  value.length > 500
    ? // Half a surrogate pair at the cut would be a wrong letter.
      h(
        'div',
        said(value.slice(0, 120).replace(/[\ud800-\udbff]$/, '') + '…'),
        fold(phrase(words.characters, value.length), said(value)),
      )
    : value
      ? said(value)
      : word(words.blank);

const time = (value: string | number, { language, each }: Look): Node | undefined => {
  // A trigger of version V1 writes seconds as text. Everything but RFC 3339 would be guessed at, a time without its
  // offset too.
  if (typeof value === 'string' && !/^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:\d\d))?$/i.test(value)) {
    value = /^\d+$/.test(value) ? +value : NaN;
  }
  // A day alone is no moment: it is the same day everywhere, and nowhere so many hours away.
  const day = typeof value === 'string' && value.length === 10;
  const date = new Date(typeof value === 'number' ? value * 1000 : value);
  if (isNaN(+date)) return;
  const local = date.toLocaleString(language, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    ...(day ? { timeZone: 'UTC' } : { hour: 'numeric', minute: '2-digit', timeZoneName: 'short' }),
  });
  if (day) return h('div', h('time', { datetime: value as string }, local));
  const ago = h('span.ago');
  each(() => {
    ago.textContent = relative(language, (+date - Date.now()) / 1000, 'long');
  });
  return h('div', h('time', { datetime: date.toISOString() }, local), ' ', ago);
};

/** A link, if it leads where it seems to lead: its text begins with the host as the browser reads it, letter for letter. */
const link = (value: string): Node | undefined => {
  try {
    const { href, origin, protocol } = new URL(value);
    const after = value.slice(origin.length);
    if (protocol === 'https:' && value.toLowerCase().startsWith(origin) && /^([/?#]|$)/.test(after)) {
      return h('a.link', { href, rel: 'noopener noreferrer', referrerpolicy: 'no-referrer' }, said(value));
    }
  } catch {
    // What is no URL is shown as text.
  }
  return;
};

const isScalar = (value: Json): boolean => typeof value !== 'object' || !value;

const chips = (list: readonly Json[], look: Look): Node =>
  h('ul.chips', ...list.map((value) => h('li.chip', show('', value, look))));

/** Makes what shows a value that is not masked. */
export const show = (kind: string, value: Json, look: Look, depth = 0): Node => {
  const { words, language } = look;
  if (value === null) return word(words.null);
  if (typeof value === 'boolean') {
    return value ? h('span.yes', icon(CHECK), words.yes) : h('span.no', icon(CROSS), words.no);
  }
  const shown =
    kind === 'time' && typeof value !== 'object'
      ? time(value, look)
      : kind === 'url'
        ? link(value as string)
        : undefined;
  if (shown) return shown;
  if (typeof value === 'number') {
    const tiny = value && Math.abs(value) < 1e-6;
    return said(tiny ? `${value}` : value.toLocaleString(language, { maximumFractionDigits: 20 }));
  }
  if (typeof value === 'string') {
    const letters = [...value];
    return kind === 'id' && letters.length > 24
      ? said(letters.slice(0, 10).join('') + '…' + letters.slice(-8).join(''), 'bdi.id')
      : text(value, words);
  }
  const entries = Object.entries(value);
  const count = entries.length;
  if (!count) return word(words.empty);
  if (Array.isArray(value) && !depth && value.every(isScalar)) {
    const first = chips(value.slice(0, 8), look);
    return count > 8 ? h('div', first, fold(phrase(words.more, count - 8), chips(value.slice(8), look))) : first;
  }
  return fold(
    phrase(words.entries, count),
    depth > 31
      ? said(JSON.stringify(value))
      : h(
          'ul.tree',
          ...entries.map(([name, entry]) =>
            h(
              'li',
              ...(Array.isArray(value) ? [] : [said(name, 'bdi.key'), ' ']),
              show('', entry as Json, look, depth + 1),
            ),
          ),
        ),
  );
};
