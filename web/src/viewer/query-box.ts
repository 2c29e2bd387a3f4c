/** What is being typed: the draft, its suggestions, and its fault. */
import * as chips from '../query/chips.ts';
import { bare } from '../query/reads.ts';
import { complete, completionAt, FIELDS, type Completion } from '../query/complete.ts';
import type { ViewerHost } from './host.ts';

export interface Suggestion {
  text: string;
  about: string;
  count: number | null;
}

const ASK_AFTER_MILLIS = 120;

export class QueryBox {
  draft = '';
  suggestions: Suggestion[] = [];
  selected = -1;
  open = false;

  #at: Completion | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(private readonly viewer: ViewerHost) {}

  /** The query that is shown, as its reader wrote it. */
  get shown(): string {
    return bare(this.viewer.model.view.q);
  }

  /** The draft is again what is shown. */
  reset(): void {
    this.draft = this.shown;
    this.close();
  }

  get input(): HTMLInputElement | null {
    return this.viewer.renderRoot?.querySelector<HTMLInputElement>('.query input') ?? null;
  }

  focus(): void {
    this.input?.focus();
    this.input?.select();
  }

  /** Begins a qualifier behind what is there, and offers its values. */
  begin(field: string): void {
    const { input } = this;
    if (!input) return;
    this.draft = `${this.draft.trim()} ${field}:`.trim();
    input.value = this.draft;
    input.focus();
    input.setSelectionRange(this.draft.length, this.draft.length);
    this.#suggest();
    this.viewer.requestUpdate();
  }

  /** Marks a stretch of the query, to be typed over. */
  edit(from: number, to: number): void {
    this.input?.focus();
    this.input?.setSelectionRange(from, to);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#asked++;
    this.open = false;
    this.selected = -1;
    this.suggestions = [];
    this.viewer.requestUpdate?.();
  }

  readonly typed = (event: Event): void => {
    this.draft = (event.target as HTMLInputElement).value;
    this.#suggest();
    this.viewer.requestUpdate();
  };

  readonly caretMoved = (): void => {
    if (this.viewer.shadowRoot?.activeElement === this.input) this.#suggest();
  };

  readonly left = (): void => {
    // A click on a suggestion comes after the focus has gone.
    setTimeout(() => this.close(), 150);
  };

  readonly pressed = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const count = this.suggestions.length;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!this.open) this.#suggest();
      if (count)
        this.selected =
          (this.selected +
            (event.key === 'ArrowDown' ? 1 : -1) +
            count +
            (this.selected < 0 && event.key === 'ArrowUp' ? 1 : 0)) %
          count;
      event.preventDefault();
    } else if (event.key === 'Enter') {
      if (this.open && this.selected >= 0) this.take(this.selected);
      else this.submit();
      event.preventDefault();
    } else if (event.key === 'Tab' && this.open && this.selected >= 0) {
      this.take(this.selected);
      event.preventDefault();
    } else if (event.key === 'Escape') {
      if (this.open) this.close();
      else if (this.draft !== this.shown) this.reset();
      else this.input?.blur();
      event.preventDefault();
    } else {
      return;
    }
    this.viewer.requestUpdate();
  };

  submit(): void {
    this.close();
    const { model } = this.viewer;
    if (this.draft.trim() !== this.shown) model.query(model.own(this.draft.trim()));
    else void model.reload();
  }

  take(index: number): void {
    const chosen = this.suggestions[index];
    if (!chosen || !this.#at) return;
    const { text, caret } = complete(this.draft, this.#at, chosen.text);
    this.draft = text;
    const field = this.#at.kind === 'field';
    this.close();
    void this.viewer.updateComplete.then(() => {
      this.input?.focus();
      this.input?.setSelectionRange(caret, caret);
      if (field) this.#suggest();
    });
  }

  #suggest(): void {
    const caret = this.input?.selectionStart ?? this.draft.length;
    const at = completionAt(this.draft, caret);
    this.#at = at;
    this.selected = -1;
    clearTimeout(this.#timer);
    if (!at) {
      this.close();
      return;
    }
    if (at.kind === 'field') {
      const typed = at.typed.toLowerCase();
      this.#show(
        this.#fields()
          .filter((name) => name.startsWith(typed) || (typed.length > 1 && name.includes(typed)))
          .slice(0, 12)
          .map((name) => ({ text: name, about: this.viewer.words.maybe(`field.${name}`, ''), count: null })),
      );
      return;
    }
    const field = FIELDS[at.field];
    if (field?.choices) {
      this.#show(field.choices.filter((c) => c.startsWith(at.typed)).map((text) => ({ text, about: '', count: null })));
    } else if (field?.facet) {
      const facet = field.facet;
      this.open = false;
      this.#timer = setTimeout(() => void this.#askValues(at, facet), ASK_AFTER_MILLIS);
    } else {
      this.close();
    }
  }

  /** The fields, those first that the profile offers. */
  #fields(): string[] {
    const all = Object.keys(FIELDS);
    const offered = this.viewer.model.preset.filters.filter((name) => all.includes(name));
    return [...offered, ...all.filter((name) => !offered.includes(name))];
  }

  async #askValues(at: Completion & { kind: 'value' }, facet: string): Promise<void> {
    const asked = ++this.#asked;
    try {
      // Among what else of the draft is shown by now: what is not yet asked for is not counted for anybody either.
      const { model } = this.viewer;
      const shown = new Set(chips.chips(model.view.q).map(({ text }) => text));
      const rest = chips
        .chips(chips.without(this.draft, { from: at.chipFrom, to: at.chipTo }))
        .filter(({ text }) => shown.has(text));
      const values = await model.counts.suggested(facet, model.own(rest.map(({ text }) => text).join(' ')), at.typed);
      if (asked !== this.#asked) return;
      this.#show(
        values.map(({ value, count }) => {
          const name = this.viewer.model.name(facet, value);
          return { text: value, about: name === value ? '' : name, count };
        }),
      );
    } catch {
      // Without values there is nothing to suggest.
    }
  }

  #show(suggestions: Suggestion[]): void {
    this.suggestions = suggestions;
    this.open = suggestions.length > 0;
    this.viewer.requestUpdate();
  }
}
