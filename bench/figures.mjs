// Figures as the benches in Rust write them: medians, their spread, and ratios. `chart` draws them.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export function quantile(values, at) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * at;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return below + (above - below) * (place % 1);
}

export const median = (values) => quantile(values, 0.5);

/** Contenders that were measured in turns, each with its `values`. Ratios are to the first that has some. */
export function group(title, unit, contenders) {
  const measured = contenders.filter(({ values }) => values.length > 0);
  const base = median(measured[0].values);
  const row = ({ name, ours = false, values }) => {
    const [median, p10, p90] = [0.5, 0.1, 0.9].map((at) => quantile(values, at));
    return { name, ours, median, p10, p90, ratio: median / base };
  };
  return { title, unit, rows: measured.map(row) };
}

/** Writes them into the folder that FIGURES names, if it names one. */
export async function publish(bench, groups) {
  const folder = process.env.FIGURES;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${bench}.json`), `${JSON.stringify({ bench, groups }, null, 2)}\n`);
}
