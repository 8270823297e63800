import { h } from './dom.js';

/** A value as JSON in one line, with blanks where people put them. */
export function oneLine(value) {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.keys(value).map((name) => `${JSON.stringify(name)}: ${oneLine(value[name])}`);
  return members.length ? `{ ${members.join(', ')} }` : '{}';
}

export const value = (json, classes = '') => h('code', { class: `value ${classes}` }, oneLine(json));

/** The name of a rule; a press shows where it stands. */
export function ruleLink(text, goTo) {
  const [rule, ...source] = text.split(': ');
  const place = goTo.find(rule);
  return h('span', { class: 'rule' },
    place
      ? h('button', { type: 'button', class: 'link', title: 'Show it in the contract', onclick: () => goTo.jump(place) }, rule)
      : h('code', {}, rule),
    source.length ? [' ', h('span', { class: 'source' }, source.join(': '))] : '');
}
