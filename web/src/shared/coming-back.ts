/** Asking a server again that is away or busy. */
import type { Problem } from './api.ts';

/** Answers of a server that is away or busy, which say nothing of what is asked for. */
const COMES_AGAIN = new Set([0, 429, 502, 503, 504]);
/** How soon it is asked again after such an answer, doubled each time up to the most. */
const RETURN_MILLIS = 2_000;
const RETURN_MOST_MILLIS = 30_000;

/** Whether a server that answers so will have another answer by and by. */
export function comesBack(problem: Problem): boolean {
  return COMES_AGAIN.has(problem.status);
}

/** The next question of a server that is away or busy: it is asked without anybody doing anything. */
export class Return {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #millis = RETURN_MILLIS;

  /** Asks again in a while after such an answer; after any other the pauses begin anew. */
  after(problem: Problem | null, again: () => void): void {
    this.cancel();
    if (!problem || !comesBack(problem)) {
      this.#millis = RETURN_MILLIS;
      return;
    }
    this.#timer = setTimeout(again, this.#millis);
    this.#millis = Math.min(this.#millis * 2, RETURN_MOST_MILLIS);
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
