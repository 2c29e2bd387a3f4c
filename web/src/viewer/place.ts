/** Where an entry stands in the order of what happened, as the server has it. */
import type { Entry } from '../shared/types.ts';

const EARLY_MILLIS = 300_000;

/** Whether an entry was recorded long after it happened, or before it says that it does. */
export function timeMark(entry: Entry): 'late' | 'early' | undefined {
  return entry.flags?.find((flag) => flag === 'late' || flag === 'early') as 'late' | 'early' | undefined;
}

/** The time by which an entry stands: of one of the future nobody knows more than when it was recorded. */
export function placedAt(entry: Entry): number {
  const occurred = Date.parse(entry.occurred_at);
  const recorded = Date.parse(entry.recorded_at);
  return timeMark(entry) === 'early' || occurred > recorded + EARLY_MILLIS ? recorded : occurred;
}

export function lastFirst(a: Entry, b: Entry): number {
  return placedAt(b) - placedAt(a) || b.seq - a.seq;
}

/** Splits what came by itself: what has its place among the rows, and what belongs on one of the pages behind them. */
export function among(rows: Entry[], came: Entry[], hasMore: boolean): { here: Entry[]; below: Entry[] } {
  const last = hasMore ? rows.at(-1) : undefined;
  const isBelow = (entry: Entry): boolean => last !== undefined && lastFirst(last, entry) < 0;
  return { here: came.filter((entry) => !isBelow(entry)), below: came.filter(isBelow) };
}
