/** Saved views: the reader's own, and those that the tenant shares. */
import { Problem } from '../shared/api.ts';
import { isColumn, type Range, type View } from './link.ts';
import type { Model } from './model.ts';

/** A saved view as the server has it. */
export interface SavedView {
  id: string;
  name: string;
  shared: boolean;
  q: string;
  time?: string;
  from?: string;
  to?: string;
  columns: string[];
  zone: string;
}

type Body = Omit<SavedView, 'id'>;

/** What is saved of a view: all but the entry that is open. */
export function toSaved(view: View, name: string, shared: boolean): Body {
  const { range } = view;
  const iso = (instant: number | null): string | undefined =>
    instant === null ? undefined : new Date(instant).toISOString();
  const from = range.kind === 'between' ? iso(range.from) : undefined;
  const to = range.kind === 'between' ? iso(range.to) : undefined;
  const time = range.kind === 'between' ? undefined : range.kind === 'last' ? range.span : 'newest';
  return {
    name,
    shared,
    q: view.q,
    columns: view.columns,
    zone: view.zone,
    ...(time ? { time } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  };
}

export function fromSaved(saved: SavedView): Partial<View> {
  const instant = (text: string | undefined): number | null => (text ? Date.parse(text) : null);
  const range: Range =
    saved.from || saved.to
      ? { kind: 'between', from: instant(saved.from), to: instant(saved.to) }
      : saved.time && saved.time !== 'newest'
        ? { kind: 'last', span: saved.time }
        : { kind: 'newest' };
  const columns = saved.columns.filter(isColumn);
  return { q: saved.q, range, columns, zone: saved.zone, entry: null };
}

export class SavedViews {
  /** Null while they are loading. */
  all: SavedView[] | null = null;
  problem: Problem | null = null;
  /** The one whose name is being changed. */
  renaming: string | null = null;
  /** The one whose deletion is to be confirmed. */
  deleting: string | null = null;
  #loads = 0;

  constructor(
    private readonly model: Model,
    private readonly changed: () => void,
  ) {}

  async load(): Promise<void> {
    this.renaming = null;
    this.deleting = null;
    const load = ++this.#loads; // an answer that a newer one overtook is not shown
    await this.#do(async () => {
      const { views } = await this.model.api.get<{ views: SavedView[] }>(this.model.path('/views'));
      if (load === this.#loads) this.all = views;
    });
  }

  /** Whether it was saved. */
  async save(name: string, shared: boolean): Promise<boolean> {
    return this.#andLoad(() =>
      this.model.api.send('POST', this.model.path('/views'), toSaved(this.model.view, name, shared)),
    );
  }

  async rename({ id, ...view }: SavedView, name: string): Promise<void> {
    await this.#andLoad(() => this.model.api.send('PUT', this.#path(id), { ...view, name }));
  }

  async delete(id: string): Promise<void> {
    await this.#andLoad(() => this.model.api.send('DELETE', this.#path(id)));
  }

  #path(id: string): string {
    return this.model.path(`/views/${encodeURIComponent(id)}`);
  }

  async #andLoad(change: () => Promise<unknown>): Promise<boolean> {
    const done = await this.#do(change);
    if (done) await this.load();
    return done;
  }

  async #do(work: () => Promise<unknown>): Promise<boolean> {
    this.problem = null; // now, not at the end: what is refused meanwhile stays said
    try {
      await work();
      return true;
    } catch (error) {
      this.problem = error instanceof Problem ? error : new Problem(0, 'unknown', String(error));
      return false;
    } finally {
      this.changed();
    }
  }
}
