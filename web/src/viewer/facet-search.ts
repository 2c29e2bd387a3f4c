/** The facets of which all values are wanted: what is typed to find some of them, and what was found. */
import type { FacetsAnswer, FacetValue } from '../shared/types.ts';
import type { Model } from './model.ts';

/** The most values of a facet that are listed; beyond it, typing finds the others. */
export const MAX_LISTED = 100;
const ASK_AFTER_MILLIS = 150;

export interface Found {
  values: FacetValue[];
  /** How many there are, listed or not. */
  distinct: number;
}

interface Wanted {
  typed: string;
  found: Found | null;
  /** The answer beside which it was asked: when the query's facets are others, so are these. */
  beside: FacetsAnswer | null;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export class FacetSearch {
  readonly #wanted = new Map<string, Wanted>();

  constructor(
    private readonly model: Model,
    private readonly changed: () => void,
  ) {}

  isOpen(field: string): boolean {
    return this.#wanted.has(field);
  }

  typed(field: string): string {
    return this.#wanted.get(field)?.typed ?? '';
  }

  toggle(field: string): void {
    if (!this.#wanted.delete(field))
      this.#wanted.set(field, { typed: '', found: null, beside: null, timer: undefined });
    this.changed();
  }

  type(field: string, typed: string): void {
    const wanted = this.#wanted.get(field);
    if (!wanted) return;
    wanted.typed = typed;
    wanted.beside = null;
    this.changed();
  }

  /** What was found, null until it was; asks again when it may be something else by now. */
  of(field: string): Found | null {
    const wanted = this.#wanted.get(field);
    const now = this.model.facets.value;
    if (wanted && wanted.beside !== now) {
      wanted.beside = now;
      clearTimeout(wanted.timer);
      wanted.timer = setTimeout(() => void this.#ask(field, wanted), wanted.typed ? ASK_AFTER_MILLIS : 0);
    }
    return wanted?.found ?? null;
  }

  async #ask(field: string, wanted: Wanted): Promise<void> {
    const { typed, beside } = wanted;
    try {
      const found = await this.model.counts.facetValues(field, typed, MAX_LISTED);
      if (wanted.typed === typed && wanted.beside === beside) wanted.found = found;
    } catch {
      // The values that the facet shows anyway stay.
    }
    this.changed();
  }
}
