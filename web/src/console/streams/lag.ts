/** How far a stream is behind, in words. */
import type { ConsoleWords } from '../words.ts';
import type { Status } from './stream.ts';

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;

/** A number of seconds in the largest unit that fits, such as `3 min`. */
export function durationText(seconds: number, locale: string): string {
  const [unit, size] =
    seconds < MINUTE_SECONDS
      ? (['second', 1] as const)
      : seconds < HOUR_SECONDS
        ? (['minute', MINUTE_SECONDS] as const)
        : seconds < DAY_SECONDS
          ? (['hour', HOUR_SECONDS] as const)
          : (['day', DAY_SECONDS] as const);
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(
    Math.round(seconds / size),
  );
}

export function lagText({ lag_entries: entries = 0, lag_seconds: seconds = 0 }: Status, words: ConsoleWords): string {
  if (!entries) return words.t('streams.lag.none');
  const text = words.t('streams.lag.entries', { count: entries });
  return seconds ? `${text}, ${durationText(seconds, words.locale)}` : text;
}
