// Figures, as text.

import { readFile } from 'node:fs/promises';
import { cpus, loadavg, release } from 'node:os';
import { group } from '../figures.mjs';

/** Milliseconds as microseconds. */
export const us = (value) => `${Math.round(value * 1000).toLocaleString('en')} µs`;
/** Milliseconds; nothing where nothing was measured. */
export const ms = (value) => (Number.isNaN(value) ? '' : `${value.toFixed(1)} ms`);

export const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/** What is written of one kind of function. Its second start has a name. */
export function groupsOf(results, named) {
  const of = (title, unit, values) => group(title, unit, results.map(({ contender, ...result }) => ({ name: contender.name, ours: contender.ours, values: values(result) })));
  return [
    of('round trip', 'µs', ({ rounds }) => rounds.map((value) => value * 1000)),
    of('processor time of one invocation', 'µs', ({ roundCpu }) => roundCpu.map((value) => value * 1000)),
    of('start to first answer', 'ms', ({ starts }) => starts),
    ...(results.some(({ second }) => second.length > 0) ? [of(`start to first answer, ${named}`, 'ms', ({ second }) => second)] : []),
    of('resident memory', 'MiB', ({ memory }) => [memory.resident / 2 ** 20]),
  ];
}

/** A table in Markdown. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The machine, and what else it does. */
export async function machine() {
  const pressure = await readFile('/proc/pressure/cpu', 'utf8').then((text) => `, waiting for a core ${/avg60=([\d.]+)/.exec(text)[1]} % of the last minute`, () => '');
  return `${cpus().length} cores, ${cpus()[0].model}, Linux ${release()}, Node ${process.version}, load ${loadavg().map((load) => load.toFixed(1)).join(' ')}${pressure}`;
}
