/** The part of the model that the live tail follows the log for. */
import type { Entry, Page } from '../shared/types.ts';
import type { Loadable, Question } from './question.ts';

export interface LiveHost extends Question {
  readonly page: Loadable<Page>;
  /** Entries that came by themselves since the page was loaded, to be told apart. */
  readonly arrived: Set<string>;
  /** The id of who reads, as the log calls them; null where that is not known. */
  readonly reader: string | null;
  /** Whether what is recorded from now on belongs on the page. */
  readonly isOpenEnded: boolean;
  /** Learns the names in an entry. */
  learn(entry: Entry): void;
  /** Loads the page again, from the newest entry on. */
  newest(): void;
  /** Asks for the numbers beside the rows again, but not at once. */
  countsSoon(): void;
}
