/** Times in a person's own words, and the clock that keeps them true. */

import type { Expiry } from '../types.js';
import { phrase } from './dom.js';
import type { Words } from './words.js';

const unit = (language: string, value: number, unit: 'day' | 'hour' | 'minute'): string =>
  Math.floor(value).toLocaleString(language, { style: 'unit', unit, unitDisplay: unit === 'day' ? 'long' : 'short' });

const UNITS = [
  [31556952, 'year'],
  [86400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
  [0, 'second'],
] as const;

/** Says how long ago or ahead something is, in the largest unit that is not zero. */
export const relative = (language: string, seconds: number, style: 'long' | 'short'): string => {
  const [size, name] = UNITS.find(([size]) => Math.abs(seconds) >= size)!;
  // "Yesterday" is a day of the calendar, and a count of seconds knows none.
  const numeric = size < 86400 ? 'auto' : 'always';
  return new Intl.RelativeTimeFormat(language, { numeric, style }).format(
    Math.trunc(seconds / (size || 1)),
    name,
  );
};

/** Says how long a token still lives: seconds in the last hour only. */
const left = (language: string, seconds: number): string => {
  const minutes = seconds / 60;
  return minutes >= 2880
    ? unit(language, minutes / 1440, 'day')
    : minutes >= 60
      ? unit(language, minutes / 60, 'hour') + ' ' + unit(language, minutes % 60, 'minute')
      : Math.floor(minutes) + ':' + `${seconds % 60}`.padStart(2, '0');
};

/** Says where a token is in its life. */
export const life = ({ status, secondsLeft = 0 }: Expiry, words: Words, language: string): string =>
  words[status] +
  (status === 'expired'
    ? ' · ' + relative(language, secondsLeft, 'short')
    : /^[ve]/.test(status)
      ? ' · ' + phrase(words.left, left(language, secondsLeft))
      : '');

/** Calls at once and then as often as the text can change, while the page is seen. Returns what ends it. */
export const clock = (tick: () => number | undefined): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = (): void => {
    clearTimeout(timer);
    if (document.hidden) return;
    const step = Math.abs(tick() ?? 3600) < 3600 ? 1000 : 60000;
    timer = setTimeout(run, step - (Date.now() % step));
  };
  document.addEventListener('visibilitychange', run);
  run();
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', run);
  };
};
