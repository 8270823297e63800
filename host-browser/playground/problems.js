import { count, h, prose } from './dom.js';

const ICONS = { error: '✕', warning: '!', note: 'i' };

/** "2 errors, 1 warning", or an empty text. */
export function summary(diagnostics) {
  return Object.keys(ICONS)
    .map((severity) => [diagnostics.filter((one) => one.severity === severity).length, severity])
    .filter(([number]) => number > 0)
    .map(([number, severity]) => count(number, severity))
    .join(', ');
}

/** The worst severity, or an empty text. */
export function worst(diagnostics) {
  return Object.keys(ICONS).find((severity) => diagnostics.some((one) => one.severity === severity)) ?? '';
}

/** Lists diagnostics. Each is a button that calls `jump` with it. */
export function showProblems(list, diagnostics, jump) {
  list.replaceChildren(
    ...diagnostics.map((one) =>
      h('li', {},
        h('button', { type: 'button', class: `problem ${one.severity}`, onclick: () => jump(one) },
          h('span', { class: 'icon', 'aria-hidden': 'true' }, ICONS[one.severity]),
          h('span', { class: 'what' },
            h('span', { class: 'message' }, h('span', { class: 'unseen' }, `${one.severity}: `), prose(one.message)),
            one.help && h('span', { class: 'help' }, prose(one.help))),
          h('span', { class: 'place' }, `${one.line}:${one.column}`, h('span', { class: 'unseen' }, ' (line and column)'))))),
  );
}
