/** The order of a table's rows, by the column whose heading was chosen; on a narrow page by a list of them. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../shared/html.ts';
import { icon } from '../shared/icons.ts';

export interface SortColumn<T> {
  id: string;
  title: string;
  /** What rows are put in order by; numbers the largest first, texts as people sort them; null comes last. */
  key: (row: T) => number | string | null;
}

export class Sorting<T> {
  #descends = false;

  constructor(
    private chosen: string,
    private readonly changed: () => void,
  ) {}

  get column(): string {
    return this.chosen;
  }

  sorted(rows: readonly T[], columns: readonly SortColumn<T>[], locale: string): T[] {
    const column = columns.find(({ id }) => id === this.chosen);
    if (!column) return [...rows];
    // "Number 2" comes before "Number 10".
    const collator = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' });
    const sign = this.#descends ? -1 : 1;
    return rows
      .map((row) => ({ row, key: column.key(row) }))
      .sort((a, b) => {
        if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
        return (
          sign *
          (typeof a.key === 'number' && typeof b.key === 'number'
            ? a.key - b.key
            : collator.compare(String(a.key), String(b.key)))
        );
      })
      .map(({ row }) => row);
  }

  /** Sorts by a column, or by the same one the other way round. */
  choose(id: string, isOfNumbers: boolean): void {
    this.#descends = id === this.chosen ? !this.#descends : isOfNumbers;
    this.chosen = id;
    this.changed();
  }

  heading({ id, title }: SortColumn<T>, isOfNumbers = false): TemplateResult {
    const isChosen = id === this.chosen;
    const order = this.#descends ? 'descending' : 'ascending';
    return html`<th scope="col" aria-sort=${isChosen ? order : nothing}>
      <button class="sort" type="button" data-sort=${id} @click=${() => this.choose(id, isOfNumbers)}>
        ${title}${isChosen ? icon(this.#descends ? 'down' : 'up') : nothing}
      </button>
    </th>`;
  }

  /** The same where rows are cards and have no headings. */
  select(label: string, columns: readonly SortColumn<T>[], numbers: ReadonlySet<string>): TemplateResult {
    return html`<select
      class="button sort-by"
      aria-label=${label}
      @change=${(e: Event) => {
        const id = (e.target as HTMLSelectElement).value;
        this.choose(id, numbers.has(id));
      }}
    >
      ${columns.map(({ id, title }) => html`<option value=${id} ?selected=${id === this.chosen}>${title}</option>`)}
    </select>`;
  }
}
