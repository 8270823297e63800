/** Everything inside the element: which token it shows, its lines, and the few things that change by themselves. */

import { diffIdTokens, tryDecodeIdToken, watchExpiry } from 'claimwright';
import type { ClaimRow, Contract, IdToken, Json } from '../types.js';
import { CHECK, COPY, h, icon, PERSON, phrase, said } from './dom.js';
import { clock, life } from './expiry.js';
import { button, line } from './row.js';
import type { RowContext } from './row.js';
import { dress } from './style.js';
import { wordsFor } from './words.js';
import type { WordTable } from './words.js';

/** Which values are hidden until someone asks. */
export type Mask = 'personal' | 'all' | 'none';

/** Which claims are shown. */
export type View = 'all' | 'custom' | 'standard';

export const VIEWS = ['all', 'custom', 'standard'] as const;

/** What the view reads of its element. */
export interface Settings extends HTMLElement {
  token: string | null;
  idToken: IdToken<object> | null;
  previous: IdToken<object> | null;
  contract: Contract<any> | null;
  words: WordTable | null;
  mask: Mask;
  view: View;
  language: string | null;
  missing: boolean;
}

/** The inside of one element. */
export interface Inside {
  /** The properties that are no attributes. */
  readonly held: { [name: string]: unknown };
  /** Shows what the element's properties say now. */
  readonly update: () => void;
  /** The same a moment later, so that several properties that are set together are shown at once. */
  readonly schedule: () => void;
  /** Shows the lines of the chosen view that the filter leaves. */
  readonly filter: () => void;
  /** Stops every clock. */
  readonly stop: () => void;
}

/** The language of the element or of what it stands in. */
const languageOf = (host: Settings): string => {
  let language = host.language;
  for (let at: Element | undefined = host; at && !language; at = (at.getRootNode() as ShadowRoot).host) {
    language = at.closest<HTMLElement>('[lang]')?.lang ?? null;
  }
  try {
    return Intl.getCanonicalLocales(language || 'en')[0]!;
  } catch {
    return 'en';
  }
};

/** Languages that are written from right to left. */
const RIGHT_TO_LEFT = /^(ar|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/;

/** Claims of OpenID Connect that are masked until asked for. */
const PERSONAL = /^(email|phone_number|address|birthdate)$/;

/** The texts in a value. */
const leaves = (value: Json | undefined): string[] =>
  typeof value === 'string' ? (value ? [value] : []) : value && typeof value === 'object' ? Object.values(value).flatMap(leaves) : [];

const FOCUSABLE = 'button,input,summary,a';

/** Names by which someone is called, the best first. */
const NAMES = [['name'], ['given_name', 'family_name'], ['first_name', 'last_name']];

/** Fills a shadow root and keeps it true. */
export const inside = (host: Settings, root: ShadowRoot): Inside => {
  const card = h('div.card');
  const status = h('p.status', { role: 'status' });
  const revealed = new Set<string>();
  const claimOf = new WeakMap<Element, string>();
  let idToken: IdToken<object> | null = null;
  let error: Error | undefined;
  let decoded: readonly unknown[] = [];
  let watched: IdToken<object> | null = null;
  let query = '';
  // What was said is not said again because something else has changed.
  let unmatched = false;
  let told: Error | undefined;
  let mask: Mask | undefined;
  let unwatch = (): void => {};
  let unclock = unwatch;
  let filter = unwatch;
  let tick = (): number | undefined => undefined;
  dress(root, host);
  root.append(card, status);

  const emit = (name: string, detail: unknown): void => {
    host.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  };
  const say = (text: string): void => {
    // The same text once more would not be read out.
    status.textContent = text + (status.textContent === text ? '\u00a0' : '');
  };

  const read = (): void => {
    const { token, contract } = host;
    const from = [token, contract, host.idToken];
    if (from.every((part, index) => part === decoded[index])) return;
    decoded = from;
    const subject = idToken?.raw;
    idToken = host.idToken;
    error = undefined;
    if (!idToken && token != null) {
      try {
        const result = tryDecodeIdToken(token, contract ? { contract } : {});
        if (result.ok) idToken = result.value;
        else error = result.error;
      } catch (reason) {
        // A page may not run WebAssembly; its message says what to do.
        error = reason as Error;
      }
    }
    // What was shown of one person says nothing of the next.
    const same = (name: string) => typeof subject?.[name] === 'string' && idToken?.raw[name] === subject[name];
    if (!same('sub') || !same('iss')) revealed.clear();
  };

  const render = (): void => {
    const language = languageOf(host);
    const { words, spoken } = wordsFor(language, host.words);
    card.lang = spoken;
    card.dir = RIGHT_TO_LEFT.test(spoken) ? 'rtl' : '';
    filter = () => {};
    tick = () => undefined;
    if (!idToken) {
      if (error && error !== told) say(words.invalid);
      told = error;
      card.replaceChildren(
        error
          ? h('div.problem', h('b', words.invalid), h('span', { lang: 'en' }, error.message))
          : h('slot', { name: 'empty' }, words.noToken),
      );
      return;
    }
    const token = idToken;
    const { mask, previous } = host;
    const updates: (() => void)[] = [];
    const changes = new Map(previous && diffIdTokens(previous, token).map((change) => [change.claim, change]));
    const changeOf = ({ keys }: ClaimRow) => keys.map((key) => changes.get(key)).find((change) => change);
    const how = { language, contract: host.contract ?? undefined };
    const rows = token.rows(how).filter((row) => host.missing || !row.missing);
    const isGone = (key: string) => changes.get(key)?.change === 'removed';
    // Of claims that said the same, some may be left.
    const gone = (previous?.rows(how) ?? []).flatMap((row) => {
      const keys = row.missing ? [] : row.keys.filter(isGone);
      return keys.length ? [{ ...row, keys: keys as unknown as ClaimRow['keys'] }] : [];
    });
    // What only machines read comes last and folded.
    const all = [...rows, ...gone].sort((a, b) => +(a.section === 'token') - +(b.section === 'token'));

    const isPersonal = ({ personal, kind }: ClaimRow) =>
      mask === 'all' || personal || kind === 'email' || kind === 'phone';
    const texts = (row: ClaimRow) => [row.value, changeOf(row)?.before];
    // The same text may stand in a claim that nobody called personal: a user name that is an email.
    const secrets = all
      .filter(isPersonal)
      .flatMap(texts)
      // What a contract hides, or everybody knows to be personal, is a secret of other lines too.
      .concat(
        ...[token, previous].map((from) =>
          Object.entries(from?.raw ?? {})
            .filter(([name]) => PERSONAL.test(name) || host.contract?.claims?.[name]?.hidden)
            .map(([, value]) => value),
        ),
      )
      .flatMap(leaves)
      .map((value) => JSON.stringify(value));
    const isSecret = (row: ClaimRow): boolean => {
      const text = JSON.stringify(texts(row));
      return mask !== 'none' && !row.missing && (isPersonal(row) || secrets.some((secret) => text.includes(secret)));
    };
    const isMasked = (row: ClaimRow) => isSecret(row) && !revealed.has(row.keys[0]);

    const who = h('slot.who', { name: 'header' });
    const greet = (): void => {
      const name = NAMES.map((keys) =>
        keys.map((key) => rows.find((row) => row.keys.includes(key) && !isMasked(row) && row.kind === 'text')?.value),
      )
        .find((parts) => parts.every((part) => part))
        ?.join(' ');
      const count = phrase(words.count, rows.length);
      who.replaceChildren(
        h(
          'span.avatar',
          { 'aria-hidden': 'true' },
          name ? said(name.replace(/^\s*(.)(.*\s(?=\S))?(.?).*/su, '$1$3').toUpperCase()) : icon(PERSON),
        ),
        h(
          'div',
          h('h2.name', name ? said(name) : words.title),
          h('p.caption', name ? words.title + ' · ' + count : count),
        ),
      );
    };

    const copy: RowContext['copy'] = async (from, claim, label, text) => {
      try {
        await navigator.clipboard.writeText(text);
        from.classList.add('done');
        setTimeout(() => from.classList.remove('done'), 1500);
        say(phrase(words.copied, label));
        emit('claimcopy', { claim });
      } catch {
        say(words.notCopied);
      }
    };
    const context: RowContext = {
      words,
      language,
      revealed,
      copy,
      each: (update) => {
        update();
        updates.push(update);
      },
      reveal: (claim) => {
        if (!revealed.delete(claim)) revealed.add(claim);
        greet();
        emit('claimreveal', { claim, shown: revealed.has(claim) });
      },
    };

    const sections = h('div');
    const lists = new Map<string, HTMLElement>();
    const lines = all.map((row): [HTMLElement, ClaimRow] => {
      const { section } = row;
      let list = lists.get(section);
      if (!list) {
        list = h('dl');
        const heading = h('h3.heading', said(words[`=${row.sectionLabel}`] ?? row.sectionLabel));
        sections.append(
          h(
            'section.section',
            ...(section === 'token' ? [h('details.token', h('summary', heading), list)] : [heading, list]),
          ),
        );
        lists.set(section, list);
      }
      const element = line(row, changeOf(row), isSecret(row), context);
      claimOf.set(element, row.keys[0]);
      list.append(element);
      return [element, row];
    });

    const search = h('input.filter', { type: 'search', placeholder: words.filter, 'aria-label': words.filter });
    search.value = query;
    search.oninput = () => {
      query = search.value;
      filter();
    };
    const choices = VIEWS.map((value) => {
      const input = h('input', { type: 'radio', name: 'view', value });
      input.onchange = () => {
        host.view = value;
      };
      return input;
    });
    const copyAll = button('button all', phrase(words.copy, 'JSON'), [COPY, CHECK], () => {
      const members = rows
        .filter((row) => !row.missing)
        .flatMap((row) => {
          const text = isMasked(row) ? JSON.stringify(words.hidden) : (row.exact ?? JSON.stringify(row.value));
          return row.keys.map((key) => `  ${JSON.stringify(key)}: ${text}`);
        });
      void copy(copyAll, '*', 'JSON', `{\n${members.join(',\n')}\n}`);
    });
    copyAll.append(copyAll.title);
    const noMatch = h('p.empty', words.noMatch);
    const pill = h('span', { role: 'timer', 'aria-live': 'off' });

    filter = () => {
      const { view } = host;
      const wanted = query.trim().toLowerCase();
      for (const input of choices) input.checked = input.value === view;
      for (const [element, { custom }] of lines) {
        // What is masked is not in the text, so the filter cannot tell it either.
        element.hidden =
          (view !== 'all' && custom !== (view === 'custom')) || !element.textContent!.toLowerCase().includes(wanted);
      }
      noMatch.hidden = false;
      for (const section of sections.children as HTMLCollectionOf<HTMLElement>) {
        section.hidden = !section.querySelector('.row:not([hidden])');
        if (!section.hidden) noMatch.hidden = true;
        const details = section.querySelector<HTMLDetailsElement>('.token');
        if (details && wanted) details.open = true;
      }
      if (!noMatch.hidden && !unmatched) say(words.noMatch);
      unmatched = !noMatch.hidden;
    };
    tick = () => {
      const expiry = token.expiry();
      const text = life(expiry, words, language);
      if (pill.textContent !== text) pill.textContent = text;
      pill.className = 'pill ' + expiry.status;
      pill.setAttribute('part', pill.className);
      for (const update of updates) update();
      return expiry.secondsLeft;
    };

    // Where something stands: of which claim, and which of its like. Labels may be alike, and names of claims are not.
    const places = (what: string): Map<string, HTMLElement> => {
      const found = new Map<string, HTMLElement>();
      for (const element of root.querySelectorAll<HTMLElement>(what)) {
        const place = JSON.stringify([claimOf.get(element.closest('.row')!), element.localName, element.className]);
        let index = 0;
        while (found.has(place + index)) index += 1;
        found.set(place + index, element);
      }
      return found;
    };
    const before = [...places(FOCUSABLE)].find(([, element]) => element === root.activeElement)?.[0];
    const open = [...places('details')].filter(([, element]) => (element as HTMLDetailsElement).open);
    const { verified } = token;
    greet();
    card.replaceChildren(
      h('div.header', who, pill),
      h(
        'div.toolbar',
        h(
          'fieldset.switch',
          h('legend', words.view),
          ...choices.map((input) => h('label', input, h('span', words[input.value as View]))),
        ),
        search,
        copyAll,
      ),
      sections,
      noMatch,
      verified ? h('p.note verified', icon(CHECK), words.verified) : h('p.note', words.unverified),
    );
    const folds = places('details');
    for (const [place] of open) folds.get(place)?.setAttribute('open', '');
    filter();
    if (before) places(FOCUSABLE).get(before)?.focus();
  };

  const stop = (): void => {
    unwatch();
    unclock();
    watched = null;
  };

  const update = (): void => {
    if (mask !== host.mask) revealed.clear();
    mask = host.mask;
    try {
      read();
      render();
    } catch (reason) {
      // Nothing of the token before may stay.
      idToken = null;
      error = reason as Error;
      render();
    }
    unclock();
    unclock = clock(() => tick());
    if (watched === idToken) return;
    unwatch();
    watched = idToken;
    let known = false;
    if (idToken) {
      unwatch = watchExpiry(idToken, (expiry) => {
        tick();
        if (known) say(card.querySelector('.pill')!.textContent!);
        known = true;
        emit('expirychange', expiry);
      });
      // Who heard of it may have taken the element away.
      if (!host.isConnected) stop();
    }
  };
  let scheduled = false;

  return {
    held: {},
    update,
    schedule: () => {
      if (scheduled) return;
      scheduled = true;
      void Promise.resolve().then(() => {
        scheduled = false;
        if (host.isConnected) update();
      });
    },
    filter: () => filter(),
    stop,
  };
};
