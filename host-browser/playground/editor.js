// A text area with line numbers, colours and marks. The text area is the editor; what is drawn under it is for the eye alone.

import { h } from './dom.js';
import { pieces } from './highlight.js';

/** Where a mark ends: with the word that it begins in. */
function endOf(line, from) {
  return from + (/^(?:[\w.$/*-]+(?::[\w.$/*-]+)*|"[^"]*"?|'[^']*'?|\S)/u.exec(line.slice(from))?.[0].length ?? 1);
}

/** Columns count characters, and JavaScript counts halves of some. */
export function offsetOf(line, column) {
  return [...line].slice(0, column - 1).join('').length;
}

/** A line as it is drawn, with its colours and at most one underline. */
function draw(text, language, mark) {
  const line = h('span', { class: 'line' });
  const from = mark ? Math.min(offsetOf(text, mark.column), Math.max(0, text.length - 1)) : -1;
  const to = mark ? endOf(text, from) : -1;
  const cuts = pieces(text, language);
  const edges = new Set([0, text.length, ...cuts.flatMap(([start, end]) => [start, end])]);
  if (mark) edges.add(from).add(Math.min(to, text.length));
  const sorted = [...edges].sort((a, b) => a - b);
  for (let i = 0; i + 1 < sorted.length; i += 1) {
    const [start, end] = [sorted[i], sorted[i + 1]];
    const kind = cuts.find(([a, b]) => a <= start && end <= b)?.[2];
    const under = start >= from && end <= to ? `mark ${mark.severity}` : '';
    const classes = [kind && `is-${kind}`, under].filter(Boolean).join(' ');
    line.append(classes ? h('span', { class: classes }, text.slice(start, end)) : text.slice(start, end));
  }
  // An empty line still has a place to be marked at, and its height.
  if (text === '') line.append(mark ? h('span', { class: `mark ${mark.severity}` }, ' ') : '\u200b');
  return line;
}

/** Makes an editor inside of `host`. `changed` is called at each change that someone types. */
export function editor(host, { id, label, language, describedBy, changed }) {
  const area = h('textarea', {
    id, 'aria-label': label, 'aria-describedby': describedBy, spellcheck: 'false', autocapitalize: 'off', autocomplete: 'off', wrap: 'off',
  });
  const gutter = h('div', { class: 'gutter', 'aria-hidden': 'true' });
  const drawing = h('pre', { class: 'drawing', 'aria-hidden': 'true' });
  host.append(gutter, h('div', { class: 'sheet' }, drawing, area));
  let marks = new Map();
  let drawn = [];

  function redraw() {
    const lines = area.value.split('\n');
    const next = lines.map((text, index) => {
      const mark = marks.get(index + 1);
      const key = `${mark ? `${mark.severity} ${mark.column}` : ''}\n${text}`;
      const old = drawn[index];
      return old?.key === key ? old : { key, mark, line: draw(text, language, mark) };
    });
    next.forEach(({ line }, index) => {
      if (drawing.children[index] !== line) drawing.insertBefore(line, drawing.children[index] ?? null);
    });
    while (drawing.children.length > next.length) drawing.lastChild.remove();
    while (gutter.children.length > next.length) gutter.lastChild.remove();
    next.forEach(({ mark }, index) => {
      const number = gutter.children[index] ?? gutter.appendChild(h('span', {}, `${index + 1}`));
      number.className = mark ? mark.severity : '';
      number.title = mark?.message ?? '';
    });
    drawn = next;
  }

  area.addEventListener('input', () => {
    redraw();
    changed();
  });
  area.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
    const before = area.value.slice(0, area.selectionStart);
    const indent = /^[ ]*/.exec(before.slice(before.lastIndexOf('\n') + 1))[0];
    // Only this way of writing can be undone by the keys for it.
    if (indent && document.execCommand('insertText', false, `\n${indent}`)) event.preventDefault();
  });

  return {
    get text() {
      return area.value;
    },
    set text(text) {
      area.value = text;
      area.setSelectionRange(0, 0);
      host.scrollTop = 0;
      host.scrollLeft = 0;
      redraw();
    },
    /** Marks problems. A line shows its first one, and errors before others. */
    mark(problems) {
      marks = new Map();
      const grave = ['error', 'warning', 'note'];
      for (const problem of problems) {
        const old = marks.get(problem.line);
        if (problem.line && (!old || grave.indexOf(problem.severity) < grave.indexOf(old.severity))) marks.set(problem.line, problem);
      }
      area.setAttribute('aria-invalid', `${problems.some(({ severity }) => severity === 'error')}`);
      redraw();
    },
    /** Puts the caret at a line and column, and shows them. */
    jump(line, column = 1) {
      const lines = area.value.split('\n');
      const at = Math.min(Math.max(line, 1), lines.length) - 1;
      const start = lines.slice(0, at).reduce((sum, text) => sum + text.length + 1, 0);
      const from = Math.min(offsetOf(lines[at], column), lines[at].length);
      area.focus({ preventScroll: true });
      area.setSelectionRange(start + from, start + Math.min(endOf(lines[at], from), lines[at].length));
      drawing.children[at]?.scrollIntoView({ block: 'center', inline: 'nearest' });
      host.scrollLeft = 0;
    },
  };
}
