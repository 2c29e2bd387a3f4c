/** The widths of the list's columns: each has a handle on its side to the sentence, which gets what they leave. */
import type { TemplateResult } from 'lit';
import { html } from '../shared/html.ts';
import type { Column } from './link.ts';
import { rememberedWidths, rememberWidths } from './remembered.ts';
import type { ViewerHost } from './host.ts';

/** What each column needs at least until somebody chooses. */
export const COLUMN_PX: Record<Column | 'time', number> = {
  time: 96,
  actor: 128,
  action: 190,
  verb: 88,
  target: 150,
  target_type: 128,
  category: 150,
  outcome: 112,
  country: 124,
  ip: 128,
  account: 128,
  reason: 150,
};
/** What the sentence needs at least; beyond, the list scrolls sideways. */
const SENTENCE_PX = 320;
export const MIN_PX = 64;
export const MAX_PX = 640;
const STEP_PX = 16;

export class Widths {
  #px = new Map<string, number>();
  /** Where the pointer took the handle, and how wide the column was. */
  #from: { x: number; px: number } | null = null;

  constructor(private readonly viewer: ViewerHost) {}

  /** Takes those that were kept for the viewer's tenant. */
  recall(): void {
    this.#px = rememberedWidths(this.viewer.tenant);
  }

  /** The width that was chosen, as CSS takes it; none where none was. */
  of(column: Column | 'time'): string {
    const px = this.#px.get(column);
    return px ? `${px}px` : '';
  }

  /** What the list needs with these columns. */
  least(columns: Column[]): number {
    return (['time', ...columns] as const).reduce(
      (sum, column) => sum + (this.#px.get(column) ?? COLUMN_PX[column]),
      SENTENCE_PX,
    );
  }

  #set(column: Column | 'time', px: number | null): void {
    if (px === null) this.#px.delete(column);
    else this.#px.set(column, Math.round(Math.min(MAX_PX, Math.max(MIN_PX, px))));
    rememberWidths(this.viewer.tenant, this.#px);
    this.viewer.requestUpdate();
  }

  /** A handle that is dragged, moved by the arrows, and reset by a double click or Enter. */
  grip(column: Column | 'time', name: string): TemplateResult {
    // A column behind the sentence grows towards it, also where the page goes from right to left.
    const grows = (e: Event): number =>
      (getComputedStyle(e.target as Element).direction === 'rtl' ? -1 : 1) * (column === 'time' ? 1 : -1);
    const wide = (e: Event): number => (e.target as Element).parentElement!.offsetWidth;
    const key = (e: KeyboardEvent): void => {
      const by = { ArrowLeft: -STEP_PX, ArrowRight: STEP_PX }[e.key];
      if (by) this.#set(column, wide(e) + by * grows(e));
      else if (e.key === 'Home') this.#set(column, MIN_PX);
      else if (e.key === 'End') this.#set(column, MAX_PX);
      else if (e.key === 'Enter') this.#set(column, null);
      else return;
      e.preventDefault();
    };
    return html`<span
      class="grip"
      role="separator"
      tabindex="0"
      aria-orientation="vertical"
      data-column=${column}
      aria-label=${this.viewer.words.t('column.width', { name })}
      aria-valuemin=${MIN_PX}
      aria-valuemax=${MAX_PX}
      aria-valuenow=${this.#px.get(column) ?? COLUMN_PX[column]}
      @keydown=${key}
      @dblclick=${() => this.#set(column, null)}
      @pointerdown=${(e: PointerEvent) => {
        (e.target as Element).setPointerCapture(e.pointerId);
        this.#from = { x: e.clientX, px: wide(e) };
      }}
      @pointermove=${(e: PointerEvent) => {
        if (this.#from) this.#set(column, this.#from.px + (e.clientX - this.#from.x) * grows(e));
      }}
      @lostpointercapture=${() => (this.#from = null)}
    ></span>`;
  }
}
