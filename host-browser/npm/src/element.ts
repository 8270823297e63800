/** `<id-token-claims>`: the claims of an ID token for the person they are about. */

import { inside, VIEWS } from './element/view.js';
import type { Inside, Mask, View } from './element/view.js';
import { shipped } from './element/words.js';
import type { WordTable } from './element/words.js';
import type { Contract, Expiry, IdToken } from './types.js';

export type { Mask, View } from './element/view.js';
export type { Words, WordTable } from './element/words.js';

const NAME = 'id-token-claims';

/** The attributes that properties write, and what some can say; the first is what they say by themselves. */
const ATTRIBUTES: { readonly [name: string]: readonly string[] } = {
  mask: ['personal', 'all', 'none'],
  view: VIEWS,
  language: [],
  missing: [],
};

const PROPERTIES = ['token', 'idToken', 'previous', 'contract', 'words', ...Object.keys(ATTRIBUTES)] as 'token'[];

/** What each element shows and holds. A page cannot reach it from the element. */
const views = new WeakMap<Element, Inside>();

let warned = false;

/** The element `<id-token-claims>`. Its token is a property and never an attribute, so that it gets into no HTML. */
export class IdTokenClaimsElement extends ((globalThis.HTMLElement ?? class {}) as typeof HTMLElement) {
  /** The token. It is read without checking its signature. */
  declare token: string | null;
  /** A token that was already read; it goes before `token`. */
  declare idToken: IdToken<object> | null;
  /** An earlier token of the same person: what differs is marked. */
  declare previous: IdToken<object> | null;
  /** What `claims types` made: labels, sections, and what is personal. */
  declare contract: Contract<any> | null;
  /** Fixed words of the page's own, by language. */
  declare words: WordTable | null;
  /** Which values are hidden until asked for. */
  declare mask: Mask;
  /** Which claims are shown. */
  declare view: View;
  /** The language; the default is that of the page. */
  declare language: string | null;
  /** Whether to show what the contract promises and the token does not have. */
  declare missing: boolean;

  /** The fixed words of every element, by language. */
  static get languages(): { [language: string]: WordTable[string] } {
    return shipped;
  }

  static get observedAttributes(): string[] {
    return [...Object.keys(ATTRIBUTES), 'lang', 'token'];
  }

  constructor() {
    super();
    views.set(this, inside(this, this.attachShadow({ mode: 'open' })));
  }

  connectedCallback(): void {
    // Properties that were set before the element was defined hide the accessors.
    for (const name of PROPERTIES) {
      if (Object.getOwnPropertyDescriptor(this, name)) {
        const value = this[name];
        delete (this as { token?: unknown })[name];
        this[name] = value;
      }
    }
    views.get(this)!.update();
  }

  disconnectedCallback(): void {
    views.get(this)!.stop();
  }

  attributeChangedCallback(name: string): void {
    if (name === 'view') views.get(this)!.filter();
    else if (name !== 'token') views.get(this)!.schedule();
    else if (!warned) {
      warned = true;
      console.warn(`<${NAME}> ignores the attribute \`token\`; set the property, which gets into no HTML`);
    }
  }
}

for (const name of PROPERTIES) {
  const known = ATTRIBUTES[name];
  Object.defineProperty(IdTokenClaimsElement.prototype, name, {
    configurable: true,
    enumerable: true,
    get(this: Element) {
      if (!known) return views.get(this)!.held[name] ?? null;
      const value = this.getAttribute(name);
      if (known.length) return known.includes(value!) ? value : known[0];
      return name === ('missing' as string) ? value !== null : value;
    },
    set(this: Element, value: unknown) {
      if (!known) {
        views.get(this)!.held[name] = value;
        views.get(this)!.schedule();
      } else if (value == null || value === false) this.removeAttribute(name);
      else this.setAttribute(name, value === true ? '' : `${value}`);
    },
  });
}

/** Defines the element, where there are elements and the name is free. */
export function define(name = NAME): void {
  const registry = globalThis.customElements as CustomElementRegistry | undefined;
  // A class has one name only.
  if (registry && !registry.get(name))
    registry.define(name, name === NAME ? IdTokenClaimsElement : class extends IdTokenClaimsElement {});
}

define();

/** The events of the element. */
export interface IdTokenClaimsEventMap {
  /** The token's status, at first and at each change. */
  expirychange: CustomEvent<Expiry>;
  /** A claim was copied; `*` is all of them. */
  claimcopy: CustomEvent<{ readonly claim: string }>;
  /** A hidden claim was shown, or hidden again. */
  claimreveal: CustomEvent<{ readonly claim: string; readonly shown: boolean }>;
}

declare global {
  interface HTMLElementTagNameMap {
    'id-token-claims': IdTokenClaimsElement;
  }
}
