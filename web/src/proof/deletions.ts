/**
 * What of a log was deleted, and which entry says so (docs/formats/deletion.md): an entry whose content, or whose
 * personal part, is gone has to be named by a later one.
 */

export type DeletionKind = 'purge' | 'erasure';

/** Entries from `first` to before `end` whose content, or personal part, is gone. */
export interface Deleted {
  kind: DeletionKind;
  first: number;
  end: number;
  /** The entry that says so; null when none does. */
  by: { seq: number; id: string } | null;
}

const ACTIONS: Record<string, DeletionKind> = { 'audit.entries.purge': 'purge', 'audit.personal.erase': 'erasure' };

type Range = [first: number, end: number];

export class Deletions {
  readonly #open: Record<DeletionKind, Range[]> = { purge: [], erasure: [] };
  readonly #recorded: Deleted[] = [];

  /** That something of an entry is gone; entries come in order. */
  gone(kind: DeletionKind, seq: number): void {
    const open = this.#open[kind];
    const last = open[open.length - 1];
    if (last?.[1] === seq) last[1] = seq + 1;
    else open.push([seq, seq + 1]);
  }

  /** The facts of an entry, which may say what was deleted before it. */
  read(seq: number, text: string): void {
    if (!text.includes('"audit.entries.purge"') && !text.includes('"audit.personal.erase"')) return;
    const facts = JSON.parse(text) as { id?: unknown; action?: unknown; details?: { ranges?: unknown } };
    const kind = ACTIONS[String(facts.action)];
    const ranges = facts.details?.ranges;
    if (!kind || !Array.isArray(ranges)) return;
    for (const [first, end] of ranges as Range[]) {
      // An entry cannot speak of itself or of later ones.
      for (const part of this.#take(kind, first, Math.min(end, seq))) {
        this.#recorded.push({ kind, first: part[0], end: part[1], by: { seq, id: String(facts.id ?? '') } });
      }
    }
  }

  #take(kind: DeletionKind, first: number, end: number): Range[] {
    const taken: Range[] = [];
    const left: Range[] = [];
    for (const [from, to] of this.#open[kind]) {
      const a = Math.max(from, first);
      const b = Math.min(to, end);
      if (a >= b) {
        left.push([from, to]);
        continue;
      }
      taken.push([a, b]);
      if (from < a) left.push([from, a]);
      if (b < to) left.push([b, to]);
    }
    this.#open[kind] = left;
    return taken;
  }

  /** What was deleted, by whom it was said; null where nobody says so. */
  all(): Deleted[] {
    const unsaid = (Object.keys(this.#open) as DeletionKind[]).flatMap((kind) =>
      this.#open[kind].map(([first, end]): Deleted => ({ kind, first, end, by: null })),
    );
    return [...unsaid, ...this.#recorded].sort((a, b) => a.first - b.first);
  }
}
