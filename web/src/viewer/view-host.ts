/** The part of the element that its views and the keyboard need: its parts, what is open, and what can be done. */
import type { Verdict } from '../proof/check.ts';
import type { Entry, Target } from '../shared/types.ts';
import type { Brush } from './brush.ts';
import type { Widths } from './column-width.ts';
import type { Exporter } from './exporter.ts';
import type { FacetSearch } from './facet-search.ts';
import type { ViewerHost } from './host.ts';
import type { Range, View } from './link.ts';
import type { QueryBox } from './query-box.ts';
import type { RowKeys } from './row-keys.ts';
import type { SavedViews } from './saved.ts';

/** The menu that is open, and what it is about. */
export type Menu =
  | { kind: 'value'; field: string; value: string; label: string; target: Target | null }
  | { kind: 'time' }
  | { kind: 'zone' }
  | { kind: 'columns' }
  | { kind: 'export' }
  | { kind: 'views' }
  | { kind: 'copy' };

export interface ViewHost extends ViewerHost {
  readonly links: boolean;
  readonly noCommands: boolean;
  /** The address below which the pages of exports and schedules are; null where there are none. */
  readonly exportPages: string | null;

  readonly queryBox: QueryBox;
  readonly brush: Brush;
  readonly widths: Widths;
  readonly rowKeys: RowKeys;
  readonly exporter: Exporter;
  readonly facetSearch: FacetSearch;
  readonly saved: SavedViews;

  readonly menu: Menu | null;
  readonly helpOpen: boolean;
  facetsOpen: boolean;
  chartAsTable: boolean;
  /** Whether a menu or the help takes the keys. */
  readonly covered: boolean;
  readonly verdict: Verdict;
  /** How many entries each link to related ones leads to. */
  readonly relatedCounts: ReadonlyMap<string, number>;

  /** The page's address with a view in it. */
  address(view: View): string;
  range(range: Range): void;
  open(entry: Entry): void;
  close(): void;
  focusRow(id: string | null): void;
  showMenu(menu: Menu, event: Event): void;
  hideMenu(): void;
  openHelp(): void;
  say(text: string): void;
  copy(text: string): Promise<void>;
  countRelated(entry: Entry, queries: string[]): Promise<void>;

  /** Handlers of events. */
  readonly pointed: () => void;
  readonly prepare: () => void;
  readonly menuClosed: (event: Event) => void;
  readonly helpClosed: (event: Event) => void;
}
