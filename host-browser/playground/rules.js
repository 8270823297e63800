import { h, prose } from './dom.js';
import { ruleLink, value } from './values.js';

const TOKENS = { id: 'ID', access: 'access' };

/** What every rule of the contract gave, or why it gave nothing. */
export function showRules(panel, rules, goTo) {
  if (rules.length === 0) {
    panel.replaceChildren(h('p', { class: 'empty' }, 'The contract has no rule that speaks of tokens.'));
    return;
  }
  const heads = ['Rule', 'Token', 'Outcome', 'Value or reason'].map((text) => h('th', { scope: 'col' }, text));
  panel.replaceChildren(
    h('table', { class: 'rules' },
      h('caption', { class: 'unseen' }, 'Rules and what they gave'),
      h('thead', {}, h('tr', {}, heads)),
      h('tbody', {}, rules.map((one) =>
        h('tr', {},
          h('th', { scope: 'row' }, ruleLink(`${one.rule}: ${one.source}`, goTo)),
          h('td', { 'data-label': 'Token' }, TOKENS[one.token] ?? '—'),
          h('td', { 'data-label': 'Outcome' }, h('span', { class: `kind ${one.outcome}` }, one.outcome)),
          h('td', { 'data-label': one.reason ? 'Reason' : 'Value' },
            one.value === undefined ? h('span', { class: 'reason' }, prose(one.reason ?? '')) : value(one.value),
            one.value !== undefined && one.reason && h('span', { class: 'reason' }, prose(one.reason))))))),
  );
}
