/** The few ways in which elements are made. Text becomes text nodes, never markup. */

export type Attributes = { readonly [name: string]: string };

const make = <E extends Element>(element: E, attributes: Attributes, children: readonly (Node | string)[]): E => {
  for (const name in attributes) element.setAttribute(name, attributes[name]!);
  element.append(...children);
  return element;
};

type Tag<S extends string> = S extends `${infer T}.${string}` ? T : S;
type Made<S extends string> = Tag<S> extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[Tag<S>] : HTMLElement;

/**
 * Makes an element, such as `p.note`: its name is its class and its part, so that pages can style what we style.
 * What comes first may be its attributes.
 */
export const h = <S extends string>(
  what: S,
  ...inside: [Attributes, ...(Node | string)[]] | (Node | string)[]
): Made<S> => {
  const [tag, name] = what.split('.');
  const [first] = inside;
  const attributes =
    first && !(first instanceof Node) && typeof first !== 'string' ? (inside.shift() as Attributes) : {};
  return make(
    document.createElement(tag!),
    name ? { class: name, part: name, ...attributes } : attributes,
    inside as (Node | string)[],
  ) as HTMLElement as Made<S>;
};

const vector = (tag: string, attributes: Attributes, ...children: Node[]): Element =>
  make(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);

/** Draws a sign of 16 by 16 units. It is for the eyes only; a word stands beside it or in a name. */
export const icon = (...paths: string[]): Element =>
  vector('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, ...paths.map((d) => vector('path', { d })));

export const COPY = 'M6 6h7v7H6zM4 10H3V3h7v1';
export const CHECK = 'm3 8 4 4 6-7';
export const CROSS = 'm4 4 8 8m0-8-8 8';
export const EYE = 'M1 8q7-9 14 0-7 9-14 0zm7-2a2 2 0 1 0 .1 0';
export const SLASH = 'm3 3 10 10';
export const PERSON = 'M8 8a3 3 0 1 0-.1 0M3 14q0-4 5-4t5 4';

/** Makes characters visible that would hide, or hide or reorder others. Joiners stay: scripts and emoji need them. */
export const visible = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Bidi_C}]|(?![\u200c\u200d\ufe0e\ufe0f])\p{DI}/gu,
    (char) => `‹U+${char.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}›`,
  );

/** Isolates text that came with the token from the text around it. */
export const said = (text: string, what = 'bdi'): HTMLElement => h(what, visible(text));

/** Puts a text into a phrase. */
export const phrase = (words: string, text: string | number): string => words.replace('{}', () => `${text}`);
