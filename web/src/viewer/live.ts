/** Follows the log, and never claims to when it does not. */
import { Problem } from '../shared/api.ts';
import { parseExact } from '../shared/exact.ts';
import type { Entry } from '../shared/types.ts';
import type { LiveHost } from './live-host.ts';
import { among, lastFirst } from './place.ts';

/** The most entries that wait while the reader reads; beyond it the list is loaded again. */
const MAX_WAITING = 1_000;
/** The most rows that the list grows to by itself; then it is loaded again. */
const MAX_ROWS = 300;
const RETRY_MILLIS = [500, 1_000, 2_000, 5_000, 10_000];

export type LiveState = 'off' | 'connecting' | 'live' | 'lost';

export class LiveTail {
  state: LiveState = 'off';
  /** Whether the reader wants it. */
  wanted = true;
  /** Entries that have come and are not shown, oldest first. */
  waiting: Entry[] = [];
  /** How many came that happened before what the page shows: they stand on one of the pages behind it. */
  below = 0;
  /** Since when the connection is lost. */
  lostAt: number | null = null;
  /** The reader is in the middle of the list, so nothing may move. */
  isReading: () => boolean = () => false;

  #abort: AbortController | null = null;
  #seq: number | null = null;

  constructor(private readonly model: LiveHost) {}

  /** How many of those are news. */
  get unread(): number {
    return this.waiting.filter((entry) => !this.#isOwnLook(entry)).length;
  }

  /** That the reader looked at the log is no news to them. */
  #isOwnLook(entry: Entry): boolean {
    return (
      entry.verb === 'read' &&
      entry.action.startsWith('audit.') &&
      entry.actor.id !== undefined &&
      entry.actor.id === this.model.reader
    );
  }

  /** Follows from behind a `seq`; null begins with the first entry. */
  start(after: number | null): void {
    this.stop();
    this.#seq = after ?? -1;
    if (this.wanted) void this.#follow();
  }

  stop(): void {
    this.#abort?.abort();
    this.#abort = null;
    this.state = 'off';
    this.lostAt = null;
    this.waiting = [];
    this.below = 0;
  }

  toggle(): void {
    this.wanted = !this.wanted;
    if (this.wanted && this.model.isOpenEnded) {
      this.start(this.#seq);
    } else {
      this.#abort?.abort();
      this.#abort = null;
      this.state = 'off';
      this.lostAt = null;
    }
    this.model.host.changed();
  }

  /** Shows what waits. */
  flush(): void {
    if (!this.waiting.length) return;
    if (this.waiting.length >= MAX_WAITING) {
      this.model.newest();
      return;
    }
    const page = this.model.page.value;
    if (!page) return;
    const known = new Set(page.entries.map((entry) => entry.id));
    const { from } = this.model.resolved;
    // The log says what is recorded; what happened before the time that is asked for is no answer.
    const fresh = this.waiting.filter(
      (entry) => !known.has(entry.id) && (from === null || Date.parse(entry.occurred_at) >= from),
    );
    this.waiting = [];
    if (page.entries.length + fresh.length > Math.max(MAX_ROWS, 2 * this.model.preset.pageEntries)) {
      // Rows that were only left out at the bottom would be on no page: the next one begins behind all that was loaded.
      this.model.newest();
      return;
    }
    const { here, below } = among(page.entries, fresh, page.next_cursor !== null);
    for (const entry of here) this.model.arrived.add(entry.id);
    this.below += below.length;
    page.entries = [...here, ...page.entries].sort(lastFirst);
    if (fresh.length) this.model.countsSoon();
    this.model.host.changed();
  }

  async #follow(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    for (let attempt = 0; !abort.signal.aborted; attempt++) {
      this.state = this.lostAt === null ? 'connecting' : 'lost';
      this.model.host.changed();
      try {
        await this.model.api.stream(
          this.model.path('/tail'),
          { q: this.model.view.q, from: this.model.parameters()['from'], zone: this.model.zone, after_seq: this.#seq },
          abort.signal,
          {
            open: () => {
              attempt = 0;
              this.state = 'live';
              this.lostAt = null;
              this.model.host.changed();
            },
            event: (name, data) => {
              if (name === 'entry' && !abort.signal.aborted) this.#take(parseExact(data) as Entry);
            },
          },
        );
      } catch (error) {
        if (abort.signal.aborted) return;
        if (error instanceof Problem && error.status >= 400 && error.status < 500) {
          this.state = 'off';
          this.wanted = error.status !== 403;
          this.model.host.changed();
          return;
        }
      }
      if (abort.signal.aborted) return;
      this.lostAt ??= Date.now();
      this.state = 'lost';
      this.model.host.changed();
      await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS[Math.min(attempt, RETRY_MILLIS.length - 1)]));
    }
  }

  #take(entry: Entry): void {
    this.#seq = Math.max(this.#seq ?? -1, entry.seq);
    this.model.learn(entry);
    if (this.waiting.length < MAX_WAITING) this.waiting.push(entry);
    if (this.isReading()) this.model.host.changed();
    else this.flush();
  }
}
