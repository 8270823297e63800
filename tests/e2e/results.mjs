// What each scenario should have shown, what it showed, and how long each part took.

import { isDeepStrictEqual } from 'node:util';

const WIDTH = 64;

/** Collects results; nothing that differs stops what comes after it. */
export class Results {
  #rows = [];
  #times = [];
  #part = '';

  /** Runs a part of the test; one that breaks is a row of its own. */
  async part(name, work) {
    this.#part = name;
    console.log(`${name} …`);
    const started = performance.now();
    try {
      return await work();
    } catch (error) {
      this.#add('does not break', 'no error', error.stack ?? String(error), false);
      return undefined;
    } finally {
      this.#times.push([name, (performance.now() - started) / 1000]);
    }
  }

  /** Compares what was seen with what is expected. */
  check(scenario, expected, seen) {
    this.#add(scenario, text(expected), text(seen), isDeepStrictEqual(seen, expected));
  }

  #add(scenario, expected, seen, same) {
    this.#rows.push({ part: this.#part, scenario, expected, seen, same });
    if (!same) console.log(`  differs: ${scenario}\n    expected ${expected}\n    seen     ${seen}`);
  }

  get failed() {
    return this.#rows.filter(({ same }) => !same).length;
  }

  /** The table, and the times. */
  print() {
    const rows = this.#rows.map(({ part, scenario, expected, seen, same }) => [same ? 'ok' : 'DIFFERS', part, scenario, expected, seen].map(cut));
    const lines = table(['', 'part', 'scenario', 'expected', 'seen'], rows);
    const times = table(['part', 'seconds'], this.#times.map(([name, seconds]) => [name, seconds.toFixed(1)]));
    const total = this.#times.reduce((sum, [, seconds]) => sum + seconds, 0);
    return `${lines}\n\n${times}\n\n${this.#rows.length} scenarios, ${this.failed} differ, ${total.toFixed(1)} seconds`;
  }
}

function text(value) {
  return typeof value === 'string' ? value : JSON.stringify(value) ?? 'nothing';
}

function cut(value) {
  const line = value.replace(/\s+/g, ' ').replaceAll('|', '\\|');
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
}

/** A table as Markdown writes it, with its columns in line. */
export function table(head, rows) {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}
