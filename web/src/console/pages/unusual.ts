/** What is unusual in the numbers of days and hours. */
import { localZone, wallTime } from '../../shared/time.ts';
import type { Bucket } from '../../shared/types.ts';

const HOUR_MILLIS = 3_600_000;
/** The weeks that the present one is compared with. */
export const NORM_WEEKS = 4;
/** So many changes in one night are no accident. */
const NIGHT_LEAST = 3;
/** From this hour on, and before that one, nobody is expected to change what is security-relevant. */
export const NIGHT_FROM = 22;
export const NIGHT_TO = 6;
/** A day is unusual when it has so many times the norm, and more than a handful. */
export const UNUSUAL_FACTOR = 3;
export const UNUSUAL_FROM = 5;

/** Failed sign-ins of today, and of the same weekday before, on average. */
export function failedToday(days: readonly Bucket[]): { today: number; norm: number } {
  const today = days[days.length - 1]?.count ?? 0;
  const same = Array.from({ length: NORM_WEEKS }, (_, week) => days[days.length - 1 - 7 * (week + 1)]?.count).filter(
    (c): c is number => c !== undefined,
  );
  return { today, norm: same.length ? same.reduce((sum, c) => sum + c, 0) / same.length : 0 };
}

/** The day of the last four weeks that stands out most, if one does. */
export function outlier(days: readonly Bucket[]): Bucket | null {
  const counts = days.map((day) => day.count).sort((a, b) => a - b);
  const median = counts[Math.floor(counts.length / 2)] ?? 0;
  const top = days.reduce<Bucket | null>((best, day) => (!best || day.count > best.count ? day : best), null);
  return top && top.count >= UNUSUAL_FROM && top.count >= UNUSUAL_FACTOR * Math.max(1, median) ? top : null;
}

/** Exports of the last 7 days, and of a week before them on average, when there are far more than usual. */
export function manyExports(days: readonly Bucket[]): { count: number; norm: number } | null {
  const counts = days.map((day) => day.count);
  const sum = (some: number[]): number => some.reduce((all, day) => all + day, 0);
  const count = sum(counts.slice(-7));
  const norm = sum(counts.slice(0, -7)) / NORM_WEEKS;
  return count >= UNUSUAL_FROM && count >= UNUSUAL_FACTOR * norm ? { count, norm } : null;
}

/** The night of the last four weeks with the most security-relevant changes, when those are many. */
export function busiestNight(hours: readonly Bucket[]): { from: number; count: number } | null {
  const zone = localZone();
  const nights = new Map<number, number>();
  for (const { start, count } of hours) {
    const instant = Date.parse(start);
    const { hour } = wallTime(instant, zone);
    if (!count || (hour < NIGHT_FROM && hour >= NIGHT_TO)) continue;
    // The hours after midnight belong to the evening before.
    const from = instant - ((hour - NIGHT_FROM + 24) % 24) * HOUR_MILLIS;
    nights.set(from, (nights.get(from) ?? 0) + count);
  }
  const [most] = [...nights].sort((a, b) => b[1] - a[1]);
  return most && most[1] >= NIGHT_LEAST ? { from: most[0], count: most[1] } : null;
}
