/** Choosing a stretch of time on the histogram, by pointer and by keys. */
import type { Bucket } from '../shared/types.ts';
import type { ViewerHost } from './host.ts';

const SPANS: Record<string, number> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  month: 2_678_400_000,
};

export class Brush {
  /** Numbers of the first and last bucket that are being chosen. */
  chosen: { from: number; to: number } | null = null;
  hovered: number | null = null;

  constructor(private readonly viewer: ViewerHost) {}

  get buckets(): Bucket[] {
    return this.viewer.model.histogram.value?.buckets ?? [];
  }

  start(index: number): number {
    return Date.parse(this.buckets[index]?.start ?? '');
  }

  /** When a bucket ends; the last one by its interval. */
  end(index: number): number {
    const next = this.buckets[index + 1];
    if (next) return Date.parse(next.start);
    return this.start(index) + (SPANS[this.viewer.model.histogram.value?.interval ?? 'day'] ?? 0);
  }

  #index(event: PointerEvent): number {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const at = Math.floor(((event.clientX - box.left) / box.width) * this.buckets.length);
    return Math.max(0, Math.min(this.buckets.length - 1, at));
  }

  readonly down = (event: PointerEvent): void => {
    if (event.button !== 0 || !this.buckets.length || (event.target as Element).matches('input')) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    const at = this.#index(event);
    this.chosen = { from: at, to: at };
    this.viewer.requestUpdate();
  };

  readonly move = (event: PointerEvent): void => {
    if (!this.buckets.length) return;
    const at = this.#index(event);
    this.hovered = at;
    if (this.chosen && event.buttons) this.chosen = { ...this.chosen, to: at };
    this.viewer.requestUpdate();
  };

  readonly leave = (): void => {
    this.hovered = null;
    this.viewer.requestUpdate();
  };

  readonly up = (event: PointerEvent): void => {
    if (!this.chosen || (event.target as Element).matches('input')) return;
    this.apply();
  };

  readonly key = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && this.chosen) {
      event.preventDefault();
      this.apply();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      this.chosen = null;
      this.viewer.requestUpdate();
    }
  };

  /** A handle was moved by keys. */
  slide(side: 'from' | 'to', value: number): void {
    const chosen = this.chosen ?? { from: 0, to: this.buckets.length - 1 };
    this.chosen = { ...chosen, [side]: value };
    this.hovered = value;
    this.viewer.requestUpdate();
  }

  apply(): void {
    const chosen = this.chosen;
    this.chosen = null;
    if (!chosen) return;
    const first = Math.min(chosen.from, chosen.to);
    const last = Math.max(chosen.from, chosen.to);
    this.viewer.model.range({ kind: 'between', from: this.start(first), to: this.end(last) });
  }

  /** The stretch that is shown. */
  get shown(): { from: number; to: number } | null {
    if (!this.buckets.length) return null;
    const range = this.viewer.model.resolved;
    return { from: range.from ?? this.start(0), to: range.to ?? this.viewer.model.api.now() };
  }

  /** The stretch of the same length before or after. */
  shift(by: 1 | -1): void {
    const shown = this.shown;
    if (!shown) return;
    const width = shown.to - shown.from;
    const to = Math.min(shown.to + by * width, this.viewer.model.api.now());
    this.viewer.model.range({ kind: 'between', from: to - width, to });
  }

  /** Three times as much, around the same middle. */
  widen(): void {
    const shown = this.shown;
    if (!shown) return;
    const width = shown.to - shown.from;
    this.viewer.model.range({
      kind: 'between',
      from: shown.from - width,
      to: Math.min(shown.to + width, this.viewer.model.api.now()),
    });
  }
}
