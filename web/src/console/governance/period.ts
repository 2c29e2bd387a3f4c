/** How long entries are kept: ISO 8601 periods of years, months, weeks and days, or the tenant's lifetime. */
import type { ConsoleWords } from '../words.ts';

export const LIFETIME = 'lifetime';

const PERIOD = /^P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/;
const DAYS_OF_YEAR = 365.25;
/** The beginnings of words for units, English and German, by their letters in a period. */
const UNITS: [letter: string, beginnings: RegExp][] = [
  ['Y', /^(y|ye|yea|years?|j|jahre?n?)$/],
  ['M', /^(m|mo|mon|months?|monate?n?)$/],
  ['W', /^(w|weeks?|wochen?)$/],
  ['D', /^(d|days?|t|tage?n?)$/],
];
const COUNTED = /(\d{1,6})\s*([a-z]+)[\s,.]*(?:(?:and|und)\s+)?/gy;

/**
 * The period that somebody wrote: as one of ISO 8601, or as `7 years` or `1 Jahr und 6 Monate`; null when it is
 * none.
 */
export function periodOf(text: string): string | null {
  const written = text.trim();
  if (written.toLowerCase() === LIFETIME) return LIFETIME;
  if (read(written.toUpperCase())) return written.toUpperCase();
  const parts = new Map<string, string>();
  let at = 0;
  for (const [all, count, unit] of written.toLowerCase().matchAll(COUNTED)) {
    const letter = UNITS.find(([, beginnings]) => beginnings.test(unit!))?.[0];
    if (!letter || parts.has(letter)) return null;
    parts.set(letter, `${Number(count)}${letter}`);
    at += all.length;
  }
  const period = `P${UNITS.map(([letter]) => parts.get(letter) ?? '').join('')}`;
  return at === written.length && read(period) ? period : null;
}

interface Period {
  years: number;
  months: number;
  days: number;
}

function read(text: string): Period | null {
  const match = PERIOD.exec(text);
  if (!match) return null;
  const [, years, months, weeks, days] = match.map((part) => Number(part ?? 0));
  const period = { years: years!, months: months!, days: weeks! * 7 + days! };
  return period.years || period.months || period.days ? period : null;
}

/** Its length as the server compares it, infinite for the lifetime; not a number when it is no period. */
export function periodDays(text: string): number {
  if (text === LIFETIME) return Infinity;
  const period = read(text);
  return period ? (period.years * 12 + period.months) * (DAYS_OF_YEAR / 12) + period.days : NaN;
}

/** For people, such as `1 year 6 months`; what is no period as it is. */
export function periodText(text: string, words: ConsoleWords): string {
  if (text === LIFETIME) return words.t('retention.lifetime');
  const period = read(text);
  if (!period) return text;
  return [
    period.years ? words.t('retention.years', { count: period.years }) : '',
    period.months ? words.t('retention.months', { count: period.months }) : '',
    period.days ? words.t('retention.days', { count: period.days }) : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** The longest of these, which is the one that holds; null when none is a period. */
export function longest(periods: readonly string[]): string | null {
  let found: string | null = null;
  for (const period of periods) {
    if (!Number.isNaN(periodDays(period)) && (found === null || periodDays(period) > periodDays(found))) found = period;
  }
  return found;
}
