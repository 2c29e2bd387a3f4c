/** Exports as the server tells of them, and when it is asked how far they are. */

export type JobState = 'waiting' | 'running' | 'done' | 'failed' | 'canceled' | 'expired' | 'withdrawn';

export interface Job {
  id: string;
  state: JobState;
  format: string;
  query?: string | null;
  from?: string | null;
  to?: string | null;
  zone?: string;
  columns?: string[];
  withhold_personal?: boolean;
  language?: string;
  reason?: string | null;
  /** The schedule that asked for it. */
  schedule?: string | null;
  created_at: string;
  created_by?: { kind: string; id: string; name?: string };
  position?: number;
  window?: { from_seq: number; to_seq: number };
  estimate?: number;
  entries?: number;
  bytes?: number;
  started_at?: string | null;
  ended_at?: string | null;
  file?: { name: string; media_type: string; bytes: number; sha256: string; expires_at: string } | null;
  counts?: { entries: number; purged: number; erased: number } | null;
  left_out?: string[];
  problem?: { code: string; title?: string; detail: string } | null;
}

export function isUnderWay({ state }: { state: string }): boolean {
  return state === 'waiting' || state === 'running';
}

/** How far a job is, from 0 to 1; null where that is not known. */
export function shareOf({ entries = 0, estimate = 0 }: Job): number | null {
  return estimate > 0 ? Math.min(1, entries / estimate) : null;
}

const FIRST_MILLIS = 500;
const MOST_MILLIS = 10_000;
const SLOWER = 1.6;

/** When to look again: soon while something moves, seldom while nothing does. */
export class Pace {
  #millis = FIRST_MILLIS;
  #seen = '';

  /** The pause before the next look, by what the last one saw. */
  after(saw: unknown): number {
    const seen = JSON.stringify(saw);
    this.#millis = seen === this.#seen ? Math.min(this.#millis * SLOWER, MOST_MILLIS) : FIRST_MILLIS;
    this.#seen = seen;
    return this.#millis;
  }

  /** The pause after a look that saw nothing, since the server is away or busy. */
  afterFailure(): number {
    return (this.#millis = Math.min(this.#millis * SLOWER, MOST_MILLIS));
  }
}
