/** What the viewer shows and how it gets it; knows nothing of how it looks. */
import { Api, Problem, tenantPath, type Parameters } from '../shared/api.ts';
import { ENGLISH, type Words } from '../shared/i18n.ts';
import { ago, before, localZone } from '../shared/time.ts';
import type { Entry, FacetsAnswer, FacetValue, HistogramAnswer, Page, Profile } from '../shared/types.ts';
import * as chips from '../query/chips.ts';
import { bare, hidesReads, WITHOUT_READS } from '../query/reads.ts';
import { LiveTail } from './live.ts';
import type { Range, View } from './link.ts';
import { presetOf, type Preset } from './preset.ts';
import { actorName, Catalog } from './sentence.ts';
import { rememberedColumns } from './remembered.ts';
import { beginsAWord } from './words-of.ts';

const FACET_VALUES = 8;
/** How many values are suggested. */
const SUGGESTED = 10;
/** Facets whose values the page has names for, and how many of those it looks through. */
const NAMED_HERE = new Set(['country', 'category', 'outcome', 'actor_type', 'security']);
const MOST_NAMED = 300;
const LONGEST_CHART_YEARS = 10;
const MINUTE_MILLIS = 60_000;
/** Answers of a server that is away or busy. */
const COMES_AGAIN = new Set([0, 429, 502, 503, 504]);
/** How soon it is asked again after such an answer, doubled each time up to the most. */
const RETURN_MILLIS = 2_000;
const RETURN_MOST_MILLIS = 30_000;
/** After so long a question is said to be slow, and can be stopped. */
const SLOW_MILLIS = 2_000;

export type Loadable<T> = { value: T | null; problem: Problem | null; loading: boolean };

function nothing<T>(): Loadable<T> {
  return { value: null, problem: null, loading: false };
}

export interface ModelHost {
  changed(): void;
  /** The view is another one: the address should say so; `push` for what Back should undo. */
  viewChanged(push: boolean): void;
  /** Whether the address asks for a time, or for columns, so that the profile's preset does not count. */
  addressHas(what: 'time' | 'columns'): boolean;
  /** The server knows the reader no more. */
  signedOut(): void;
  /** The page was loaded, with the entry that is open among its rows, perhaps far below. */
  loaded(): void;
}

export class Model {
  api: Api = new Api('', null);
  tenant = '';
  words: Words = ENGLISH;
  catalog = new Catalog(null);
  profile: Profile | null = null;
  /** The tenant's own zone, as the page says; else the profile's. */
  tenantZone: string | null = null;
  /** The name of the period that entries are kept for; null when the caller may not know. */
  retentionPeriod: string | null = null;
  /** What was recorded before is deleted; null when nothing is, or the caller may not know. */
  cutOff: number | null = null;

  /** What the tenant's profile presets. */
  preset: Preset = presetOf(null);
  fallback: View = { q: WITHOUT_READS, range: this.preset.range, entry: null, columns: this.preset.columns, zone: 'local' };
  view: View = { ...this.fallback };

  page: Loadable<Page> = nothing();
  facets: Loadable<FacetsAnswer> = nothing();
  histogram: Loadable<HistogramAnswer> = nothing();
  /** The whole entry that is open. */
  entry: Loadable<Entry> = nothing();
  /** Whether the present question takes long. */
  slow = false;
  /** What the caller may do; null until it is known, and where the server does not say. */
  permissions: ReadonlySet<string> | 'all' | null = null;
  /** The id of who reads, as the log calls them; null where that is not known. */
  reader: string | null = null;
  /** What the tenant has at all, asked when nothing matches; null until it is known. */
  total: number | 'not asked' | null = null;
  /** For each part of a query without matches, how many there are without it. */
  withoutChip: Map<string, number> = new Map();

  /** The cursors of the pages before this one; empty on the first. */
  readonly cursors: (string | null)[] = [];
  /** The times that the present range stands for. */
  resolved: { from: number | null; to: number | null } = { from: null, to: null };
  /** Entries that came by themselves since the page was loaded, to be told apart. */
  readonly arrived = new Set<string>();
  readonly names = new Map<string, string>();
  readonly live: LiveTail;

  #isGuest = false;
  #cursor: string | null = null;
  #loads: AbortController | null = null;
  #entryLoad: AbortController | null = null;
  #slowTimer: ReturnType<typeof setTimeout> | undefined;
  #counting: ReturnType<typeof setTimeout> | undefined;
  #returning: ReturnType<typeof setTimeout> | undefined;
  #returnMillis = RETURN_MILLIS;

  constructor(readonly host: ModelHost) {
    this.live = new LiveTail(this);
  }

  get zone(): string {
    return this.view.zone === 'local' ? localZone() : this.view.zone;
  }

  get entries(): Entry[] {
    return this.page.value?.entries ?? [];
  }

  /** Whether what is asked becomes an entry of the log, as far as that is known. */
  get recordsLooks(): boolean {
    return this.profile?.record_views === true || this.#isGuest;
  }

  /** A query of the reader's own, without reads of the log where they are left out now. */
  own(q: string): string {
    return hidesReads(this.view.q) ? chips.and(q, WITHOUT_READS) : q;
  }

  /** Whether what is recorded from now on belongs on this page. */
  get isOpenEnded(): boolean {
    return this.cursors.length === 0 && (this.view.range.kind !== 'between' || this.view.range.to === null);
  }

  path(rest: string): string {
    return tenantPath(this.tenant, rest);
  }

  /** Loads the catalog and everything else for a tenant; call it when tenant or sign-in changed. */
  async start(): Promise<void> {
    this.stop();
    this.permissions = null;
    this.reader = null;
    const { api } = this;
    const [profile, retention] = await Promise.allSettled([
      api.get<Profile>(this.path('/profile')),
      api.get<{ period: string; cut_off?: string }>(this.path('/retention')),
      this.#learnPermissions(api),
    ]);
    // A page may set the tenant or the token while the first answers are on their way.
    if (api !== this.api) return;
    this.profile = profile.status === 'fulfilled' ? profile.value : null;
    if (this.profile && !this.profile.actions) this.profile = null;
    this.catalog = new Catalog(this.profile);
    const kept = retention.status === 'fulfilled' ? retention.value : null;
    this.retentionPeriod = kept?.period ?? null;
    this.cutOff = kept?.cut_off ? Date.parse(kept.cut_off) : null;
    this.#begin(presetOf(this.profile));
    await this.reload();
  }

  /** Begins as a profile says, but for what the address says. */
  #begin(preset: Preset): void {
    const { range, columns } = preset;
    const was = this.fallback;
    if (JSON.stringify(this.view.range) === JSON.stringify(was.range) && !this.host.addressHas('time')) this.view = { ...this.view, range };
    if (this.view.columns.join() === was.columns.join() && !this.host.addressHas('columns')) this.view = { ...this.view, columns: rememberedColumns(this.tenant) ?? columns };
    this.fallback = { ...was, range, columns };
    this.preset = preset;
  }

  async #learnPermissions(api: Api): Promise<void> {
    const { tenant } = this;
    try {
      type Session = { kind: string; user?: { id: string }; tenants?: { id: string; permissions?: string[] }[] };
      const { kind, user, tenants } = await api.get<Session>('/v1/session');
      if (api !== this.api) return;
      this.reader = user?.id ?? null;
      this.#isGuest = kind === 'auditor' || kind === 'support';
      const granted = tenants?.find(({ id }) => id === tenant)?.permissions;
      this.permissions = kind === 'operator' ? 'all' : granted ? new Set(granted) : null;
      this.host.changed();
    } catch {
      // Then what it may do is found out by doing it.
    }
  }

  /** Whether the caller may do something, as far as that is known. */
  may(permission: string): boolean {
    return this.permissions === 'all' || (this.permissions?.has(permission) ?? false);
  }

  /** Whether names, addresses and places are known not to be shown. */
  get withholds(): boolean {
    return this.permissions !== null && !this.may('audit.view_personal');
  }

  stop(): void {
    this.#loads?.abort();
    this.#entryLoad?.abort();
    this.live.stop();
    this.slow = false;
    clearTimeout(this.#slowTimer);
    clearTimeout(this.#counting);
    clearTimeout(this.#returning);
  }

  /** Shows another view. */
  show(change: Partial<View>, push = true): void {
    const was = this.view;
    this.view = { ...was, ...change };
    this.host.viewChanged(push);
    const asksAnew =
      this.view.q !== was.q || JSON.stringify(this.view.range) !== JSON.stringify(was.range) || this.view.zone !== was.zone;
    if (asksAnew) void this.reload();
    if (this.view.entry !== was.entry) void this.openEntry();
    this.host.changed();
  }

  query(q: string): void {
    this.show({ q });
  }

  range(range: Range): void {
    this.show({ range });
  }

  async reload(): Promise<void> {
    this.cursors.length = 0;
    this.#cursor = null;
    this.arrived.clear();
    this.#resolve();
    await this.#load();
  }

  #resolve(): void {
    const range = this.view.range;
    this.resolved =
      range.kind === 'newest'
        ? { from: null, to: null }
        : range.kind === 'last'
          ? { from: before(Math.floor(this.api.now() / MINUTE_MILLIS) * MINUTE_MILLIS, range.span), to: null }
          : { from: range.from, to: range.to };
  }

  parameters(more: Parameters = {}): Parameters {
    const iso = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());
    const { range } = this.view;
    // As it is written: the same question again is then the same, also for the trail of who looked at what.
    const from = range.kind === 'last' ? ago(range.span) : iso(this.resolved.from);
    return { q: this.view.q, from, to: iso(this.resolved.to), zone: this.zone, ...more };
  }

  /** What a page is asked for with: its rows stand by when they happened, not by when they were recorded. */
  pageParameters(more: Parameters = {}): Parameters {
    return this.parameters({ limit: this.preset.pageEntries, order: '-occurred', ...more });
  }

  async #load(): Promise<void> {
    this.#loads?.abort();
    this.live.stop();
    const loads = new AbortController();
    this.#loads = loads;
    this.total = null;
    this.withoutChip = new Map();
    for (const part of [this.page, this.facets, this.histogram]) part.loading = true;
    this.#watchSlowness();
    this.host.changed();
    const page = this.#into(this.page, loads, () =>
      this.api.get<Page>(this.path('/events'), this.pageParameters({ cursor: this.#cursor }), loads.signal),
    ).then(() => {
      if (loads.signal.aborted) return;
      this.#comeBack();
      if (!this.page.value) return;
      this.host.loaded();
      this.#learnNames(this.page.value.entries);
      if (this.page.value.entries.length === 0) void this.#explainNothing(loads.signal);
      if (this.isOpenEnded) this.live.start(this.page.value.indexed_through);
    });
    if (this.view.entry !== null) void this.openEntry();
    await Promise.all([page, this.#loadCounts(loads, page)]);
  }

  #watchSlowness(): void {
    this.slow = false;
    clearTimeout(this.#slowTimer);
    this.#slowTimer = setTimeout(() => {
      this.slow = this.page.loading;
      if (this.slow) this.host.changed();
    }, SLOW_MILLIS);
  }

  /** Gives up the present question. */
  stopAsking(): void {
    this.stop();
    const problem = new Problem(0, 'stopped', '');
    for (const part of [this.facets, this.histogram]) Object.assign(part, { loading: false });
    Object.assign(this.page, { value: null, problem, loading: false });
    this.host.changed();
  }

  async #loadCounts(loads: AbortController, page: Promise<void> = Promise.resolve()): Promise<void> {
    await Promise.all([
      this.#into(this.facets, loads, () => this.#facetsAnswer(loads.signal, page)),
      this.#into(this.histogram, loads, () => this.#histogramAnswer(loads.signal)),
    ]);
  }

  /** New entries were shown: the counts follow, but not more often than once in two seconds. */
  countsSoon(): void {
    clearTimeout(this.#counting);
    this.#counting = setTimeout(() => {
      if (this.#loads && !this.#loads.signal.aborted) void this.#loadCounts(this.#loads);
    }, 2_000);
  }

  async #into<T>(into: Loadable<T>, loads: AbortController, get: () => Promise<T>): Promise<void> {
    into.loading = true;
    try {
      const value = await get();
      if (loads.signal.aborted) return;
      Object.assign(into, { value, problem: null, loading: false });
    } catch (error) {
      if (loads.signal.aborted) return;
      const problem = error instanceof Problem ? error : new Problem(0, 'unknown', String(error));
      Object.assign(into, { value: null, problem, loading: false });
    }
    if (!this.page.loading) this.slow = false;
    if (into.problem?.status === 401) this.host.signedOut();
    this.host.changed();
  }

  /** A server that is away or busy comes back; then the page is there without anybody asking. */
  #comeBack(): void {
    clearTimeout(this.#returning);
    const { problem } = this.page;
    if (!problem || problem.code === 'stopped' || !COMES_AGAIN.has(problem.status)) {
      this.#returnMillis = RETURN_MILLIS;
      return;
    }
    this.#returning = setTimeout(() => void this.reload(), this.#returnMillis);
    this.#returnMillis = Math.min(this.#returnMillis * 2, RETURN_MOST_MILLIS);
  }

  /**
   * The facets of the query. For a field that the query chooses from, the values as they would be without that
   * choice: so the count at each is what there will be when it is clicked.
   */
  async #facetsAnswer(signal: AbortSignal, page: Promise<void>): Promise<FacetsAnswer> {
    const ask = (q: string, fields: readonly string[]): Promise<FacetsAnswer> =>
      this.#learning(this.api.get<FacetsAnswer>(this.path('/facets'), this.parameters({ q, fields: fields.join(','), limit: FACET_VALUES, names: true }), signal));
    // Who may not see personal data may not count by it either.
    const askAll = async (fields: readonly string[], personal = ['country', 'actor_id']): Promise<FacetsAnswer> => {
      try {
        return await ask(this.view.q, fields);
      } catch (error) {
        const [first, ...rest] = personal;
        if (!(error instanceof Problem) || error.code !== 'personal_withheld' || !first) throw error;
        return askAll(fields.filter((field) => field !== first), rest);
      }
    };
    // What is known to be refused is not asked for.
    const facets = this.withholds ? this.preset.facets.filter((field) => field !== 'country') : this.preset.facets;
    const chosen = facets.filter((field) => chips.included(this.view.q, field));
    const [main, ...others] = await Promise.all([
      askAll(facets),
      // Behind the rows, of which they are a part for the trail: it knows those by then.
      ...chosen.map((field) => page.then(() => ask(chips.clear(this.view.q, field), [field]))),
    ]);
    chosen.forEach((field, i) => {
      const offered = others[i]!.facets[field] ?? [];
      // What is chosen is shown with its count, also when it is rarer than what else there is.
      const taken = (main.facets[field] ?? []).filter(({ value }) => chips.state(this.view.q, field, value) === 'in' && !offered.some((other) => other.value === value));
      main.facets[field] = [...offered, ...taken];
      const distinct = others[i]!.distinct?.[field];
      if (distinct !== undefined && main.distinct) main.distinct[field] = distinct;
    });
    return main;
  }

  async #histogramAnswer(signal: AbortSignal): Promise<HistogramAnswer> {
    const { from } = this.resolved;
    if (from !== null) return this.#histogramBy({}, signal);
    // Without a beginning the chart begins where the entries do. That is not asked for, so it is no `from`: what is asked
    // stays the same question, also for the trail of who looked at what.
    const months = await this.api.get<HistogramAnswer>(
      this.path('/histogram'),
      this.parameters({ interval: 'month', begin: new Date(Date.UTC(new Date(this.api.now()).getUTCFullYear() - LONGEST_CHART_YEARS, 0, 1)).toISOString() }),
      signal,
    );
    const first = months.buckets.find((bucket) => bucket.count > 0);
    const answer = await this.#histogramBy({ begin: first?.start ?? null }, signal);
    const empty = answer.buckets.findIndex((bucket) => bucket.count > 0);
    if (empty > 0) answer.buckets.splice(0, empty);
    return answer;
  }

  #histogramBy(bounds: Parameters, signal: AbortSignal): Promise<HistogramAnswer> {
    return this.api.get<HistogramAnswer>(this.path('/histogram'), this.parameters({ by: 'outcome', ...bounds }), signal);
  }

  /** Says why nothing matches: no entries at all, or which part of the query is to blame. */
  async #explainNothing(signal: AbortSignal): Promise<void> {
    const count = async (parameters: Parameters): Promise<number> =>
      (await this.api.get<FacetsAnswer>(this.path('/facets'), { fields: 'outcome', limit: 1, zone: this.zone, ...parameters }, signal)).count;
    const { q } = this.view;
    const asksForAll = !bare(q) && this.view.range.kind === 'newest';
    try {
      if (asksForAll) this.total = 0;
      if (this.total !== null) return;
      const total = await count({ q: this.own('') });
      if (signal.aborted) return;
      this.total = total;
      const parts = chips.chips(q).slice(0, 8);
      const counts = await Promise.all(
        parts.map((chip) => count(this.parameters({ q: chips.without(q, chip) }))),
      );
      if (!signal.aborted) parts.forEach((chip, i) => this.withoutChip.set(chip.text, counts[i]!));
    } catch {
      // The page says that nothing matches; why not is a courtesy.
      if (!signal.aborted) this.total ??= 'not asked';
    } finally {
      if (!signal.aborted) this.host.changed();
    }
  }

  older(): void {
    const next = this.page.value?.next_cursor;
    if (!next) return;
    this.cursors.push(this.#cursor);
    this.#cursor = next;
    void this.#loadPage();
  }

  newer(): void {
    if (!this.cursors.length) return;
    this.#cursor = this.cursors.pop() ?? null;
    void this.#loadPage();
  }

  newest(): void {
    void this.reload();
  }

  async #loadPage(): Promise<void> {
    const loads = this.#loads ?? new AbortController();
    this.live.stop();
    this.arrived.clear();
    this.page.loading = true;
    this.#watchSlowness();
    this.host.changed();
    await this.#into(this.page, loads, () =>
      this.api.get<Page>(this.path('/events'), this.pageParameters({ cursor: this.#cursor }), loads.signal),
    );
    this.#learnNames(this.entries);
    if (this.page.value && this.isOpenEnded) this.live.start(this.page.value.indexed_through);
  }

  async openEntry(): Promise<void> {
    this.#entryLoad?.abort();
    const id = this.view.entry;
    if (id === null) {
      this.entry = nothing();
      return;
    }
    const load = new AbortController();
    this.#entryLoad = load;
    const onPage = this.entries.find((entry) => entry.id === id) ?? null;
    if (this.entry.value?.id !== id) this.entry = { value: onPage, problem: null, loading: true };
    if (onPage) {
      this.entry = { value: onPage, problem: null, loading: false };
      this.host.changed();
      return;
    }
    await this.#into(this.entry, load, () => this.api.get<Entry>(this.path(`/events/${encodeURIComponent(id)}`), {}, load.signal));
  }

  /** Moves to the entry before or behind the one that is open. */
  step(by: 1 | -1): void {
    const at = this.entries.findIndex((entry) => entry.id === this.view.entry);
    const next = this.entries[at + by];
    if (next) this.show({ entry: next.id }, false);
  }

  name(field: string, value: string): string {
    if (field === 'actor_id') return this.names.get(value) ?? value;
    if (field === 'category') return this.words.maybe(`category.${value}`, this.words.sentence(this.catalog.category(value)));
    if (field === 'country') return this.words.country(value);
    if (field === 'security') return this.words.t(value === 'true' ? 'security.yes' : 'security.no');
    if (field === 'outcome') return this.words.maybe(`outcome.${value}`, value);
    if (field === 'actor_type') return this.words.maybe(`actor.type.${value}`, value);
    if (field === 'recorded_by' && value === 'server') return this.words.t('recordedBy.server');
    return value;
  }

  /** The values of a facet, as it would be without what the query chooses from it. */
  async facetValues(field: string, prefix: string, limit: number): Promise<{ values: FacetValue[]; distinct: number }> {
    const q = chips.clear(this.view.q, field);
    const { facets, distinct } = await this.#learning(this.api.get<FacetsAnswer>(this.path('/facets'), this.parameters({ q, fields: field, limit, prefix, names: true })));
    const values = facets[field] ?? [];
    return { values, distinct: distinct?.[field] ?? values.length };
  }

  /** The values of a facet that begin so, or whose names have a word that does, among what a query finds. */
  async values(facet: string, q: string, prefix: string): Promise<FacetValue[]> {
    // The server knows the names of actors; those of countries and categories are the page's words.
    const isNamedHere = NAMED_HERE.has(facet);
    const answer = await this.#learning(this.api.get<FacetsAnswer>(
      this.path('/facets'),
      this.parameters({ q, fields: facet, ...(isNamedHere ? { limit: MOST_NAMED } : { limit: SUGGESTED, prefix }) }),
    ));
    const values = answer.facets[facet] ?? [];
    if (!isNamedHere) return values;
    return values.filter(({ value }) => beginsAWord(`${value} ${this.name(facet, value)}`, prefix)).slice(0, SUGGESTED);
  }

  /** How many entries a query finds at any time. */
  async count(q: string): Promise<number> {
    return (await this.api.get<FacetsAnswer>(this.path('/facets'), { q, fields: 'outcome', limit: 1, zone: this.zone })).count;
  }

  /** The answer, once the names in it are known. */
  async #learning(asked: Promise<FacetsAnswer>): Promise<FacetsAnswer> {
    const answer = await asked;
    for (const { value, name } of answer.facets['actor_id'] ?? []) if (name !== undefined) this.names.set(value, name);
    return answer;
  }

  #learnNames(entries: Entry[]): void {
    for (const entry of entries) {
      const { id } = entry.actor;
      const name = actorName(entry, this.words);
      if (id && name !== id) this.names.set(id, name);
    }
  }

  learn(entry: Entry): void {
    this.#learnNames([entry]);
  }
}
