/** What the viewer shows and how it gets it; knows nothing of how it looks. */
import { Api, Problem, tenantPath, type Parameters } from '../shared/api.ts';
import { Return } from '../shared/coming-back.ts';
import { ENGLISH, type Words } from '../shared/i18n.ts';
import { ago, before, localZone } from '../shared/time.ts';
import type { Entry, FacetsAnswer, HistogramAnswer, Page, Profile } from '../shared/types.ts';
import * as chips from '../query/chips.ts';
import { hidesReads, WITHOUT_READS } from '../query/reads.ts';
import { Around } from './around.ts';
import { Counts, type CountsHost } from './counts.ts';
import { LiveTail } from './live.ts';
import type { LiveHost } from './live-host.ts';
import type { Range, View } from './link.ts';
import { Names } from './names.ts';
import { placedAt } from './place.ts';
import { presetOf, type Preset } from './preset.ts';
import { nothing, type Loadable, type ModelHost } from './question.ts';
import { Catalog } from './sentence.ts';
import { rememberedColumns } from './remembered.ts';

/** How many pages are turned to find an entry among those of the same moment. */
const MOST_SAME_PAGES = 10;
const MINUTE_MILLIS = 60_000;
/** After so long a question is said to be slow, and can be stopped. */
const SLOW_MILLIS = 2_000;

export class Model implements LiveHost, CountsHost {
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
  fallback: View = {
    q: WITHOUT_READS,
    range: this.preset.range,
    entry: null,
    columns: this.preset.columns,
    zone: 'local',
  };
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

  /** The cursors of the pages before this one; empty on the first. */
  readonly cursors: (string | null)[] = [];
  /** The times that the present range stands for. */
  resolved: { from: number | null; to: number | null } = { from: null, to: null };
  /** Entries that came by themselves since the page was loaded, to be told apart. */
  readonly arrived = new Set<string>();
  readonly names = new Names(this);
  readonly live: LiveTail;
  readonly counts = new Counts(this);
  readonly around = new Around(this);

  #isGuest = false;
  #cursor: string | null = null;
  #loads: AbortController | null = null;
  #entryLoad: AbortController | null = null;
  #slowTimer: ReturnType<typeof setTimeout> | undefined;
  #counting: ReturnType<typeof setTimeout> | undefined;
  readonly #return = new Return();

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

  /** Whether the rows begin with the newest of what is asked for. */
  get isFirst(): boolean {
    return this.cursors.length === 0 && this.around.before === null;
  }

  /** Whether what is recorded from now on belongs on this page. */
  get isOpenEnded(): boolean {
    return this.isFirst && (this.view.range.kind !== 'between' || this.view.range.to === null);
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
    this.entry = nothing();
    await this.find();
  }

  /** Begins as a profile says, but for what the address says. */
  #begin(preset: Preset): void {
    const { range, columns } = preset;
    const was = this.fallback;
    if (JSON.stringify(this.view.range) === JSON.stringify(was.range) && !this.host.addressHas('time'))
      this.view = { ...this.view, range };
    if (this.view.columns.join() === was.columns.join() && !this.host.addressHas('columns'))
      this.view = { ...this.view, columns: rememberedColumns(this.tenant) ?? columns };
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
    this.#return.cancel();
  }

  /** Shows another view. */
  show(change: Partial<View>, push = true): void {
    const was = this.view;
    this.view = { ...was, ...change };
    this.host.viewChanged(push);
    const asksAnew =
      this.view.q !== was.q ||
      JSON.stringify(this.view.range) !== JSON.stringify(was.range) ||
      this.view.zone !== was.zone;
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
    this.around.before = null;
    this.#rewind();
    await this.#load();
  }

  #rewind(): void {
    this.cursors.length = 0;
    this.#cursor = null;
    this.arrived.clear();
    this.#resolve();
  }

  /** Loads the rows; where the address names an entry, those around it. */
  async find(): Promise<void> {
    const { view } = this;
    if (view.entry === null) return this.reload();
    this.page.loading = true;
    await this.openEntry();
    if (view !== this.view) return;
    const entry = this.entry.value;
    await (entry ? this.showAround(entry) : this.reload());
  }

  /** Loads the page that an entry is on, of the present view or of a changed one. */
  async showAround(entry: Entry, change: Partial<View> = {}): Promise<void> {
    const at = placedAt(entry);
    this.view = { ...this.view, ...change };
    this.#resolve();
    const { from, to } = this.resolved;
    const isOutside = (from !== null && at < from) || (to !== null && at >= to);
    const isBound = isOutside && this.host.addressHas('time');
    // A link that names no time means the entry, whenever it was.
    if (isOutside && !isBound) this.view.range = { kind: 'newest' };
    const { view } = this;
    this.host.viewChanged(Object.keys(change).length > 0);
    this.around.before = null;
    this.#rewind();
    this.page.loading = true;
    this.host.changed();
    try {
      if (!isBound) await this.around.aim(at);
    } catch {
      // Then the rows begin with the newest, or say what is wrong.
    }
    if (view !== this.view) return;
    await this.#load();
    // What happened in the same moment may fill pages before it comes.
    for (let pages = 1; pages < MOST_SAME_PAGES && view === this.view && this.#isBelow(entry.id, at); pages++)
      await this.#turn();
    if (this.cursors.length) this.host.loaded();
  }

  #isBelow(id: string, at: number): boolean {
    const last = this.entries.at(-1);
    return last !== undefined && placedAt(last) >= at && !this.entries.some((entry) => entry.id === id);
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
    this.counts.reset();
    for (const part of [this.page, this.facets, this.histogram]) part.loading = true;
    this.#watchSlowness();
    this.host.changed();
    const page = this.#into(this.page, loads, () => this.#askPage(loads.signal)).then(() => {
      if (loads.signal.aborted) return;
      this.#comeBack();
      if (!this.page.value) return;
      this.host.loaded();
      this.names.learn(this.page.value.entries);
      if (this.page.value.entries.length === 0) void this.counts.explainNothing(loads.signal);
      if (this.isOpenEnded) this.live.start(this.page.value.indexed_through);
    });
    if (this.view.entry !== null) void this.openEntry();
    await Promise.all([page, this.#loadCounts(loads, page)]);
  }

  #askPage(signal: AbortSignal): Promise<Page> {
    return this.api.get<Page>(
      this.path('/events'),
      this.pageParameters({ ...this.around.bound, cursor: this.#cursor }),
      signal,
    );
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
      this.#into(this.facets, loads, () => this.counts.facets(loads.signal, page)),
      this.#into(this.histogram, loads, () => this.counts.histogram(loads.signal)),
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
    const { problem } = this.page;
    this.#return.after(problem?.code === 'stopped' ? null : problem, () => void this.find());
  }

  older(): void {
    void this.#turn();
  }

  async #turn(): Promise<void> {
    const next = this.page.value?.next_cursor;
    if (!next) return;
    this.cursors.push(this.#cursor);
    this.#cursor = next;
    await this.#loadPage();
  }

  newer(): void {
    if (this.cursors.length) {
      this.#cursor = this.cursors.pop() ?? null;
      void this.#loadPage();
    } else if (!this.isFirst) void this.#climb();
  }

  /** A page above one that does not begin with the newest. */
  async #climb(): Promise<void> {
    const top = this.entries[0];
    if (this.page.loading) return;
    this.page.loading = true;
    this.host.changed();
    try {
      if (top) await this.around.begin(Date.parse(top.occurred_at), this.preset.pageEntries);
      if (this.around.before !== null) return await this.#loadPage();
    } catch {
      // Then the rows begin with the newest, or say what is wrong.
    }
    await this.reload();
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
    await this.#into(this.page, loads, () => this.#askPage(loads.signal));
    this.names.learn(this.entries);
    if (this.page.value && this.isOpenEnded) this.live.start(this.page.value.indexed_through);
  }

  async openEntry(): Promise<void> {
    const id = this.view.entry;
    const isOpen = id !== null && this.entry.value?.id === id && !this.entry.loading;
    if (isOpen && !this.entries.some((entry) => entry.id === id)) return;
    this.#entryLoad?.abort();
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
    await this.#into(this.entry, load, () =>
      this.api.get<Entry>(this.path(`/events/${encodeURIComponent(id)}`), {}, load.signal),
    );
  }

  /** Moves to the entry before or behind the one that is open. */
  step(by: 1 | -1): void {
    const at = this.entries.findIndex((entry) => entry.id === this.view.entry);
    const next = this.entries[at + by];
    if (next) this.show({ entry: next.id }, false);
  }

  name(field: string, value: string): string {
    return this.names.of(field, value);
  }

  learn(entry: Entry): void {
    this.names.learn([entry]);
  }
}
