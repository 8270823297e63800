import { count, h } from './dom.js';
import { ruleLink, value } from './values.js';

const SIGNS = { added: '+', changed: '~', removed: '−' };
const NAMES = { id: 'ID token', access: 'access token' };

/** The changes that a contract makes to a token. */
export const changesOf = (token) => (token ? token.changes.filter(({ change }) => change !== 'same') : []);

/** How large the token is, beside what it may be. */
function size(token, use) {
  const { encodedBytes, plainEncodedBytes, budgetBytes } = token;
  const over = encodedBytes - budgetBytes;
  const scale = Math.max(encodedBytes, plainEncodedBytes, budgetBytes);
  const bar = h('div', {
    class: `bar ${over > 0 ? 'over' : ''}`, role: 'meter', 'aria-label': `Size of the ${NAMES[use]}`,
    'aria-valuemin': 0, 'aria-valuemax': scale, 'aria-valuenow': encodedBytes,
    'aria-valuetext': `${count(encodedBytes, 'byte')} of ${budgetBytes.toLocaleString('en')}`,
  }, h('span', { class: 'own' }), h('span', { class: 'gained' }), h('span', { class: 'limit' }));
  // By the object model, which a policy on styles allows.
  bar.style.setProperty('--own', `${(Math.min(plainEncodedBytes, encodedBytes) / scale) * 100}%`);
  bar.style.setProperty('--all', `${(encodedBytes / scale) * 100}%`);
  bar.style.setProperty('--limit', `${(budgetBytes / scale) * 100}%`);
  const more = encodedBytes - plainEncodedBytes;
  return h('div', { class: 'size' },
    h('p', { class: 'sizes' },
      h('strong', {}, `${encodedBytes.toLocaleString('en')} bytes`), ` of ${budgetBytes.toLocaleString('en')} encoded`,
      h('span', { class: 'more' }, more === 0 ? 'as without the contract' : `${count(Math.abs(more), 'byte')} ${more > 0 ? 'more' : 'less'} than without the contract`)),
    bar,
    over > 0 && h('p', { class: 'warning-text' }, `the ${NAMES[use]} is ${count(over, 'byte')} over its budget: bound its values or carry fewer claims`));
}

function change({ claim, change: kind, before, after, why }, goTo) {
  return h('li', { class: `change ${kind}` },
    h('span', { class: 'sign', 'aria-hidden': 'true' }, SIGNS[kind]),
    h('div', { class: 'body' },
      h('p', { class: 'claim' }, h('code', {}, claim), h('span', { class: `kind ${kind}` }, kind)),
      h('p', { class: 'values' },
        before !== undefined && h('del', {}, value(before)),
        before !== undefined && after !== undefined && h('span', { class: 'arrow', 'aria-hidden': 'true' }, '→'),
        after !== undefined && h('ins', {}, value(after))),
      why && h('p', { class: 'why' }, 'by ', ...why.split('; ').flatMap((one, index) => [index ? ', ' : '', ruleLink(one, goTo)]))));
}

function unchanged(token) {
  const same = token.changes.filter((one) => one.change === 'same');
  return h('details', { class: 'same', 'data-keep': 'same' },
    h('summary', {}, `${count(same.length, 'claim')} as Cognito writes ${same.length === 1 ? 'it' : 'them'}`),
    h('dl', {}, same.map(({ claim, after }) => h('div', {}, h('dt', {}, h('code', {}, claim)), h('dd', {}, value(after))))));
}

/** The whole token before and after as JSON, where each claim that differs is marked. */
function whole(token) {
  const kinds = new Map(token.changes.map(({ claim, change: kind }) => [claim, kind]));
  const side = (title, claims, drop) => {
    const names = Object.keys(claims);
    const lines = names.map((name, index) => {
      const text = JSON.stringify(claims[name], null, 2).replaceAll('\n', '\n  ');
      const kind = kinds.get(name);
      return h('span', { class: kind === drop || kind === 'same' ? '' : `at ${kind}` },
        `  ${JSON.stringify(name)}: ${text}${index + 1 < names.length ? ',' : ''}\n`);
    });
    return h('figure', {}, h('figcaption', {}, title), h('pre', { tabindex: 0, 'aria-label': title }, '{\n', lines, '}'));
  };
  return h('details', { class: 'whole', 'data-keep': 'whole' },
    h('summary', {}, 'Before and after as JSON'),
    h('div', { class: 'sides' }, side('Without the contract', token.plain, 'added'), side('With the contract', token.shaped, 'removed')));
}

/** Shows one token. What was unfolded stays so. */
export function showToken(panel, token, use, goTo) {
  const open = new Set([...panel.querySelectorAll('details[open]')].map(({ dataset }) => dataset.keep));
  if (!token) {
    panel.replaceChildren(h('p', { class: 'empty' }, 'This sign-in gives no ID token: a machine has none.'));
    return;
  }
  const changes = changesOf(token);
  panel.replaceChildren(
    size(token, use),
    h('h2', {}, 'What the contract changes'),
    changes.length
      ? h('ul', { class: 'changes' }, changes.map((one) => change(one, goTo)))
      : h('p', { class: 'empty' }, `Nothing: the ${NAMES[use]} is as Cognito writes it.`),
    unchanged(token),
    whole(token),
  );
  for (const details of panel.querySelectorAll('details')) details.open = open.has(details.dataset.keep);
}
