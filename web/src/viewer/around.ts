/** Rows that begin above an entry which a link names, and not with the newest. */
import type { Page } from '../shared/types.ts';
import type { Parameters } from '../shared/api.ts';
import { placedAt } from './place.ts';
import type { Question } from './question.ts';

/** How many rows stand above the entry at most. */
const ABOVE_ROWS = 20;
/** The order of rows from the bottom up. */
const UPWARD = 'occurred';

export class Around {
  /** The rows are those from before this time; null where they begin with the newest. */
  before: number | null = null;

  constructor(private readonly model: Question) {}

  /** What asks for the rows from there on. */
  get bound(): Parameters {
    return this.before === null ? {} : { to: new Date(this.before).toISOString() };
  }

  /** Has the page begin so many rows above an entry's time, or with the newest when there are no more. */
  async aim(at: number): Promise<void> {
    const { model } = this;
    // Where each question becomes an entry of the log, this is none that the reader asked: the entry is the first row
    // then.
    if (model.recordsLooks) this.before = at + 1;
    else await this.begin(at, Math.min(ABOVE_ROWS, model.preset.pageEntries >> 1));
  }

  /** Has the page end so many rows above a time, or begin with the newest when there are no more. */
  async begin(above: number, rows: number): Promise<void> {
    const { model } = this;
    const from = new Date(above + 1).toISOString();
    const { entries, next_cursor: next } = await model.api.get<Page>(
      model.path('/events'),
      model.parameters({ order: UPWARD, from, limit: rows }),
    );
    this.before = next ? Math.max(...entries.map(placedAt)) + 1 : null;
  }
}
