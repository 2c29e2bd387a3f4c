/** The numbers beside the rows: facets, histogram, suggestions with their counts, and why nothing matches. */
import { Problem, type Parameters } from '../shared/api.ts';
import type { FacetsAnswer, FacetValue, HistogramAnswer } from '../shared/types.ts';
import * as chips from '../query/chips.ts';
import { bare } from '../query/reads.ts';
import type { Words } from '../shared/i18n.ts';
import type { Names } from './names.ts';
import type { Question } from './question.ts';
import { beginsAWord } from './words-of.ts';

const FACET_VALUES = 8;
/** How many values are suggested. */
const SUGGESTED = 10;
/** Facets whose values the page has names for, and how many of those it looks through. */
const NAMED_HERE = new Set(['country', 'category', 'outcome', 'actor_type', 'security']);
const MOST_NAMED = 300;
const LONGEST_CHART_YEARS = 10;
/** The most parts of a query of which it is said what there is without them. */
const EXPLAINED_PARTS = 8;

/** The part of the model that the numbers are counted for. */
export interface CountsHost extends Question {
  readonly words: Words;
  /** Names of actors by their ids, as far as they are known. */
  readonly names: Pick<Names, 'set'>;
  /** Whether names, addresses and places are known not to be shown. */
  readonly withholds: boolean;
  readonly around: { readonly bound: Parameters };
  /** A query of the reader's own, without reads of the log where they are left out now. */
  own(q: string): string;
  /** The name of a field's value, as people read it. */
  name(field: string, value: string): string;
}

export class Counts {
  /** What the tenant has at all, asked when nothing matches; null until it is known. */
  total: number | 'not asked' | null = null;
  /** For each part of a query without matches, how many there are without it. */
  withoutChip: Map<string, number> = new Map();

  constructor(private readonly model: CountsHost) {}

  /** Another question is asked: what was said of the last one holds no more. */
  reset(): void {
    this.total = null;
    this.withoutChip = new Map();
  }

  /** The answer, once the names in it are known. */
  async #ask(parameters: Parameters, signal?: AbortSignal): Promise<FacetsAnswer> {
    const answer = await this.model.api.get<FacetsAnswer>(this.model.path('/facets'), parameters, signal);
    for (const { value, name } of answer.facets['actor_id'] ?? [])
      if (name !== undefined) this.model.names.set(value, name);
    return answer;
  }

  /**
   * The facets of the query. For a field that the query chooses from, the values as they would be without that
   * choice: so the count at each is what there will be when it is clicked.
   */
  async facets(signal: AbortSignal, page: Promise<void>): Promise<FacetsAnswer> {
    const { model } = this;
    const { q } = model.view;
    // Lists of names are a part of the look at the rows, for the trail, when they have its times.
    const bound = model.recordsLooks ? model.around.bound : {};
    const ask = (query: string, fields: readonly string[]): Promise<FacetsAnswer> =>
      this.#ask(
        model.parameters({ ...bound, q: query, fields: fields.join(','), limit: FACET_VALUES, names: true }),
        signal,
      );
    // Who may not see personal data may not count by it either.
    const askAll = async (fields: readonly string[], personal = ['country', 'actor_id']): Promise<FacetsAnswer> => {
      try {
        return await ask(q, fields);
      } catch (error) {
        const [first, ...rest] = personal;
        if (!(error instanceof Problem) || error.code !== 'personal_withheld' || !first) throw error;
        return askAll(
          fields.filter((field) => field !== first),
          rest,
        );
      }
    };
    // What is known to be refused is not asked for.
    const facets = model.withholds ? model.preset.facets.filter((field) => field !== 'country') : model.preset.facets;
    const chosen = facets.filter((field) => chips.included(q, field));
    const [main, ...others] = await Promise.all([
      askAll(facets),
      // Behind the rows, of which they are a part for the trail: it knows those by then.
      ...chosen.map((field) => page.then(() => ask(chips.clear(q, field), [field]))),
    ]);
    chosen.forEach((field, i) => {
      const offered = others[i]!.facets[field] ?? [];
      // What is chosen is shown with its count, also when it is rarer than what else there is.
      const taken = (main.facets[field] ?? []).filter(
        ({ value }) => chips.state(q, field, value) === 'in' && !offered.some((other) => other.value === value),
      );
      main.facets[field] = [...offered, ...taken];
      const distinct = others[i]!.distinct?.[field];
      if (distinct !== undefined && main.distinct) main.distinct[field] = distinct;
    });
    return main;
  }

  async histogram(signal: AbortSignal): Promise<HistogramAnswer> {
    const { model } = this;
    const ask = (parameters: Parameters): Promise<HistogramAnswer> =>
      model.api.get<HistogramAnswer>(model.path('/histogram'), model.parameters(parameters), signal);
    if (model.resolved.from !== null) return ask({ by: 'outcome' });
    // Without a beginning the chart begins where the entries do. That is not asked for, so it is no `from`: what is
    // asked stays the same question, also for the trail of who looked at what.
    const begin = new Date(
      Date.UTC(new Date(model.api.now()).getUTCFullYear() - LONGEST_CHART_YEARS, 0, 1),
    ).toISOString();
    const months = await ask({ interval: 'month', begin });
    const first = months.buckets.find((bucket) => bucket.count > 0);
    const answer = await ask({ by: 'outcome', begin: first?.start ?? null });
    const empty = answer.buckets.findIndex((bucket) => bucket.count > 0);
    if (empty > 0) answer.buckets.splice(0, empty);
    return answer;
  }

  /** Says why nothing matches: no entries at all, or which part of the query is to blame. */
  async explainNothing(signal: AbortSignal): Promise<void> {
    const { model } = this;
    const { q, range } = model.view;
    const count = async (parameters: Parameters): Promise<number> =>
      (await this.#ask({ fields: 'outcome', limit: 1, zone: model.zone, ...parameters }, signal)).count;
    try {
      if (!bare(q) && range.kind === 'newest') this.total = 0;
      if (this.total !== null) return;
      const total = await count({ q: model.own('') });
      if (signal.aborted) return;
      this.total = total;
      const parts = chips.chips(q).slice(0, EXPLAINED_PARTS);
      const counts = await Promise.all(parts.map((chip) => count(model.parameters({ q: chips.without(q, chip) }))));
      if (!signal.aborted) parts.forEach((chip, i) => this.withoutChip.set(chip.text, counts[i]!));
    } catch {
      // The page says that nothing matches; why not is a courtesy.
      if (!signal.aborted) this.total ??= 'not asked';
    } finally {
      if (!signal.aborted) model.host.changed();
    }
  }

  /** The values of a facet, as it would be without what the query chooses from it. */
  async facetValues(field: string, prefix: string, limit: number): Promise<{ values: FacetValue[]; distinct: number }> {
    const q = chips.clear(this.model.view.q, field);
    const { facets, distinct } = await this.#ask(
      this.model.parameters({ q, fields: field, limit, prefix, names: true }),
    );
    const values = facets[field] ?? [];
    return { values, distinct: distinct?.[field] ?? values.length };
  }

  /** The values of a facet that begin so, or whose names have a word that does, among what a query finds. */
  async suggested(facet: string, q: string, prefix: string): Promise<FacetValue[]> {
    const { model } = this;
    // The server knows the names of actors; those of countries and categories are the page's words.
    const isNamedHere = NAMED_HERE.has(facet);
    const answer = await this.#ask(
      model.parameters({ q, fields: facet, ...(isNamedHere ? { limit: MOST_NAMED } : { limit: SUGGESTED, prefix }) }),
    );
    const values = answer.facets[facet] ?? [];
    if (!isNamedHere) return values;
    return values
      .filter(({ value }) => beginsAWord(`${value} ${model.name(facet, value)}`, prefix))
      .slice(0, SUGGESTED);
  }

  /** How many entries a query finds at any time. */
  async of(q: string): Promise<number> {
    return (await this.#ask({ q, fields: 'outcome', limit: 1, zone: this.model.zone })).count;
  }
}
