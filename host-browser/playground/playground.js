import { compute } from './compute.js';
import { count, h, prose } from './dom.js';
import { editor } from './editor.js';
import { EXAMPLES, load } from './examples.js';
import { lineOf } from './locate.js';
import { presentation } from './presentation.js';
import { showProblems, summary, worst } from './problems.js';
import { showRules } from './rules.js';
import { fromHash, toHash } from './share.js';
import { tabs } from './tabs.js';
import { changesOf, showToken } from './tokens.js';

/** How long typing must pause, in milliseconds. */
const PAUSE = 150;
const INPUTS = { contract: ['Contract', 'yaml'], event: ['Event', 'json'], facts: ['Facts', 'json'] };

const $ = (id) => document.getElementById(id);
const failed = new Set();
let current = 'contract';
let diagnostics = { contract: [], event: [], facts: [] };
let good = false;
let timer;
let run = 0;

const editors = Object.fromEntries(
  Object.entries(INPUTS).map(([name, [label, language]]) => [
    name,
    editor(document.querySelector(`#panel-${name} .editor`), {
      id: `text-${name}`, label: `${label}, ${language.toUpperCase()}`, language, describedBy: 'problems-summary', changed: later,
    }),
  ]),
);
const inputs = tabs($('inputs'), (name) => {
  current = name;
  showDiagnostics();
});
const results = tabs($('results'));
const present = presentation($('panel-presentation'));
const goTo = {
  find: (rule) => lineOf(editors.contract.text, rule),
  jump: ({ line, column }) => jump('contract', line, column),
};

function jump(name, line, column) {
  inputs.select(name);
  editors[name].jump(line, column);
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(update, PAUSE);
}

function state() {
  return { ...Object.fromEntries(Object.keys(INPUTS).map((name) => [name, editors[name].text])), failed: [...failed] };
}

function apply(next) {
  for (const name of Object.keys(INPUTS)) editors[name].text = next[name];
  failed.clear();
  for (const name of next.failed) failed.add(name);
  clearTimeout(timer);
  return update();
}

async function update() {
  const mine = (run += 1);
  let result;
  try {
    result = await compute(state());
  } catch (error) {
    notice(`the core does not run here: ${error.message}`);
    return;
  }
  // Someone typed on, and what follows is about that.
  if (mine !== run) return;
  diagnostics = result.diagnostics;
  for (const name of Object.keys(INPUTS)) {
    editors[name].mark(diagnostics[name]);
    const problems = diagnostics[name].filter(({ severity }) => severity !== 'note');
    inputs.badge(name, problems.length ? `${problems.length}` : '', worst(problems));
  }
  showDiagnostics();
  showFacts();
  if (result.preview) showPreview(result.preview, result.display);
  else showBlocked(result);
}

function showDiagnostics() {
  const own = diagnostics[current];
  $('problems-summary').textContent = summary(own) || 'No problems';
  $('problems-title').className = worst(own) || 'fine';
  $('problems-title').querySelector('kbd').hidden = own.length < 2;
  showProblems($('problems-list'), own, ({ line, column }) => jump(current, line, column));
}

/** The facts by name, each of which the store may fail to give. */
function showFacts() {
  let names = [...failed];
  try {
    names = [...new Set([...Object.keys(JSON.parse(editors.facts.text || '{}')), ...failed])].sort();
  } catch {
    // What is wrong with the text is said below it.
  }
  const list = $('failed').querySelector('div');
  $('failed').hidden = names.length === 0;
  if (names.join('\n') === [...list.querySelectorAll('input')].map(({ value }) => value).join('\n')) {
    for (const input of list.querySelectorAll('input')) input.checked = failed.has(input.value);
    return;
  }
  const toggle = ({ target }) => {
    if (target.checked) failed.add(target.value);
    else failed.delete(target.value);
    update();
  };
  list.replaceChildren(...names.map((name) =>
    h('label', { class: 'check' }, h('input', { type: 'checkbox', value: name, checked: failed.has(name), onchange: toggle }), h('code', {}, name))));
}

function showPreview(preview, display) {
  good = true;
  notice();
  for (const use of ['id', 'access']) {
    showToken($(`panel-${use}`), preview[use], use, goTo);
    const changes = changesOf(preview[use]).length;
    const over = preview.overBudget.includes(use);
    results.badge(use, over ? 'over budget' : changes ? `${changes}` : '', over ? 'warning' : '');
  }
  showRules($('panel-rules'), preview.rules, goTo);
  present(preview.id, display);
  const said = ['id', 'access'].filter((use) => preview[use]).map((use) => `${use === 'id' ? 'ID' : 'access'} token: ${count(changesOf(preview[use]).length, 'change')}`);
  say(said.join(', '));
}

function showBlocked({ blocked, refusal }) {
  if (refusal) {
    notice('The sign-in is refused', refusal.message);
    return;
  }
  const [name] = blocked;
  const errors = diagnostics[name].filter(({ severity }) => severity === 'error');
  notice(`The ${name} ${name === 'facts' ? 'have' : 'has'} ${count(errors.length, 'error')}`, errors[0]?.message, errors[0] && {
    text: 'Show', press: () => jump(name, errors[0].line, errors[0].column),
  });
}

/** Says in place why there is no new result; without a text it goes away. */
function notice(title, message, action) {
  const box = $('notice');
  $('output').classList.toggle('stale', title !== undefined && good);
  $('output').hidden = !good;
  box.hidden = title === undefined;
  if (title === undefined) return;
  box.replaceChildren(
    h('p', {}, h('strong', {}, title), message && [': ', prose(message)]),
    action && h('button', { type: 'button', class: 'link', onclick: action.press }, action.text),
    good && h('p', { class: 'hint' }, 'Below is the last result.'),
  );
  say(`${title}${message ? `: ${message.replaceAll('`', '')}` : ''}`);
}

function say(text) {
  if ($('status').textContent !== text) $('status').textContent = text;
}

/** Each press goes to the next problem of the text, and from the last to the first. */
function nextProblem() {
  const own = [...diagnostics[current]].sort((a, b) => a.line - b.line || a.column - b.column);
  if (own.length === 0) return;
  const area = $(`text-${current}`);
  const before = area.value.slice(0, area.selectionStart).split('\n');
  const [line, column] = [before.length, [...before.at(-1)].length + 1];
  const next = own.find((one) => one.line > line || (one.line === line && one.column > column)) ?? own[0];
  jump(current, next.line, next.column);
}

async function share() {
  const hash = await toHash(state());
  history.replaceState(null, '', hash);
  let copied = true;
  await navigator.clipboard.writeText(location.href).catch(() => { copied = false; });
  const button = $('share');
  button.textContent = copied ? 'Address copied' : 'In the address';
  say(copied ? 'the address holds all three texts, and was copied' : 'the address holds all three texts');
  setTimeout(() => { button.textContent = 'Share'; }, 2500);
}

async function choose(name) {
  try {
    const example = await load(name);
    if (location.hash) history.replaceState(null, '', location.pathname + location.search);
    await apply(example);
  } catch (error) {
    notice('The example cannot be loaded', error.message);
  }
}

async function begin() {
  const shared = await fromHash(location.hash);
  $('example').value = shared ? '' : EXAMPLES[0].name;
  if (shared) await apply(shared);
  else await choose(EXAMPLES[0].name);
}

$('example').append(h('option', { value: '', hidden: true }, 'Shared'), ...EXAMPLES.map(({ name, title }) => h('option', { value: name }, title)));
$('example').addEventListener('change', ({ target }) => choose(target.value));
$('share').addEventListener('click', share);
window.addEventListener('hashchange', begin);
document.addEventListener('keydown', (event) => {
  if (event.key !== 'F8') return;
  event.preventDefault();
  nextProblem();
});
$('output').hidden = true;
await begin();
