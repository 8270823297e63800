/** One line: a label, the claim's name, the value or that it is hidden, and what can be done with it. */

import type { ClaimChange, ClaimRow } from '../types.js';
import { CHECK, COPY, EYE, h, icon, phrase, said, SLASH, visible } from './dom.js';
import { show } from './value.js';
import type { Look } from './value.js';

/** What a row needs of the view that it stands in. */
export interface RowContext extends Look {
  /** The claims that were shown on demand. */
  readonly revealed: Set<string>;
  readonly reveal: (claim: string) => void;
  readonly copy: (button: HTMLElement, claim: string, label: string, text: string) => void;
}

/** Makes a button with a sign, whose name says what it does to what. */
export const button = (
  name: string,
  label: string,
  paths: string[],
  run: (button: HTMLElement) => void,
): HTMLElement => {
  const made: HTMLElement = h('button.' + name, { type: 'button', 'aria-label': label, title: label }, icon(...paths));
  made.onclick = () => run(made);
  return made;
};

/** Makes the line of one claim. */
export const line = (
  row: ClaimRow,
  change: ClaimChange | undefined,
  secret: boolean,
  context: RowContext,
): HTMLElement => {
  const { words, revealed } = context;
  const { keys, value, exact, missing } = row;
  const [claim] = keys;
  const label = visible(words[`=${row.label}`] ?? row.label);
  const body = h('div.body');
  const paint = (): void => {
    const masked = secret && !revealed.has(claim);
    body.replaceChildren(
      masked
        ? h('span.masked', words.hidden)
        : missing
          ? h('span.word', words.missing)
          : exact
            ? said(exact)
            : show(row.kind, value, context),
    );
    if (change?.change === 'changed' && !masked) {
      body.append(h('div.before', words.before, show(row.kind, change.before!, context)));
    }
    eye.setAttribute('aria-pressed', `${!masked}`);
    copy.hidden = masked;
  };
  const eye = button('button', phrase(words.show, label), [EYE, SLASH], () => {
    context.reveal(claim);
    paint();
  });
  const copy = button('button copy', phrase(words.copy, label), [COPY, CHECK], () =>
    context.copy(copy, claim, label, exact ?? (typeof value === 'string' ? value : JSON.stringify(value, null, 2))),
  );
  paint();
  return h(
    'div.row',
    h(
      'dt.label',
      said(label),
      ...keys.map((key) => said(key, 'bdi.key')),
      ...(change ? [h('span.mark ' + change.change, words[change.change])] : []),
    ),
    h(
      'dd.value',
      body,
      h(
        'div.actions',
        h('slot', { name: 'row-action-' + claim }),
        ...(secret ? [eye] : []),
        ...(missing ? [] : [copy]),
      ),
    ),
  );
};
