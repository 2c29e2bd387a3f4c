/** A field for a query that offers what can be typed, as the viewer's does; a pasted link to the viewer is taken over. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import type { Words } from '../../shared/i18n.ts';
import type { FacetsAnswer } from '../../shared/types.ts';
import { complete, completionAt, FIELDS, type Completion } from '../../query/complete.ts';
import type { Page } from '../page.ts';

const ASK_AFTER_MILLIS = 150;
const LEAVE_AFTER_MILLIS = 150;
const SHOWN = 8;
const MOST_CHARS = 4096;

interface Suggestion {
  text: string;
  about: string;
}

export class QueryField {
  value = '';
  #suggestions: Suggestion[] = [];
  #selected = -1;
  #at: Completion | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  /**
   * @param mayAsk whether the log may be asked for values
   * @param viewerWords the viewer's words, which name the fields
   * @param changed is told what is typed
   */
  constructor(
    private readonly page: Page,
    private readonly mayAsk: boolean,
    private readonly viewerWords: Words,
    private readonly changed: (text: string) => void,
  ) {}

  render(label: string, help: string): TemplateResult {
    const isOpen = this.#suggestions.length > 0;
    return html`<div class="line">
      <label for="query">${label}</label>
      <div class="combo">
        <input
          id="query"
          class="field mono"
          name="query"
          maxlength=${MOST_CHARS}
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          role="combobox"
          aria-autocomplete="list"
          aria-expanded=${isOpen}
          aria-controls=${isOpen ? 'query-choices' : nothing}
          aria-activedescendant=${this.#selected >= 0 ? `query-choice-${this.#selected}` : nothing}
          aria-describedby="query-help"
          .value=${this.value}
          @input=${this.#typed}
          @keydown=${this.#pressed}
          @blur=${() => setTimeout(() => this.#close(), LEAVE_AFTER_MILLIS)}
        />
        ${
          isOpen
            ? html`<ul id="query-choices" role="listbox" aria-label=${label}>
                ${this.#suggestions.map(
                  ({ text, about }, i) =>
                    html`<li
                      id="query-choice-${i}"
                      role="option"
                      aria-selected=${i === this.#selected}
                      @mousedown=${(e: Event) => {
                        e.preventDefault();
                        this.#take(i);
                      }}
                    >
                      <code>${text}</code> <span class="muted">${about}</span>
                    </li>`,
                )}
              </ul>`
            : nothing
        }
      </div>
      <span class="help" id="query-help">${help}</span>
    </div>`;
  }

  get #input(): HTMLInputElement | null {
    return this.page.field('query') as HTMLInputElement | null;
  }

  readonly #typed = (event: Event): void => {
    this.value = (event.target as HTMLInputElement).value;
    this.changed(this.value);
    this.#suggest();
  };

  readonly #pressed = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const count = this.#suggestions.length;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!count) this.#suggest();
      else {
        const step = event.key === 'ArrowDown' ? 1 : count - (this.#selected < 0 ? 0 : 1);
        this.#selected = (this.#selected + step) % count;
      }
    } else if ((event.key === 'Enter' || event.key === 'Tab') && this.#selected >= 0) {
      this.#take(this.#selected);
    } else if (event.key === 'Escape' && count) {
      // The sheet stays: only what is offered goes.
      this.#close();
    } else {
      return;
    }
    event.preventDefault();
    this.page.changed();
  };

  #take(index: number): void {
    const chosen = this.#suggestions[index];
    if (!chosen || !this.#at) return;
    const isField = this.#at.kind === 'field';
    const { text, caret } = complete(this.value, this.#at, chosen.text);
    this.value = text;
    this.changed(text);
    this.#close();
    const input = this.#input;
    if (!input) return;
    input.value = text;
    input.focus();
    input.setSelectionRange(caret, caret);
    if (isField) this.#suggest();
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#asked++;
    this.#show([]);
  }

  #suggest(): void {
    const at = completionAt(this.value, this.#input?.selectionStart ?? this.value.length);
    clearTimeout(this.#timer);
    this.#asked++;
    this.#at = at;
    if (!at) return this.#show([]);
    const typed = at.typed.toLowerCase();
    if (at.kind === 'field')
      return this.#show(
        Object.keys(FIELDS)
          .filter((name) => typed && (name.startsWith(typed) || (typed.length > 1 && name.includes(typed))))
          .map((name) => ({ text: name, about: this.viewerWords.maybe(`field.${name}`, '') })),
      );
    const field = FIELDS[at.field];
    if (field?.choices)
      return this.#show(field.choices.filter((c) => c.startsWith(at.typed)).map((text) => ({ text, about: '' })));
    this.#show([]);
    const facet = field?.facet;
    if (facet && this.mayAsk) this.#timer = setTimeout(() => void this.#ask(facet, at.typed), ASK_AFTER_MILLIS);
  }

  async #ask(facet: string, prefix: string): Promise<void> {
    const asked = this.#asked;
    try {
      const { page } = this;
      const answer = await page.api.get<FacetsAnswer>(page.path('/facets'), { fields: facet, limit: SHOWN, prefix });
      if (asked !== this.#asked) return;
      const values = answer.facets[facet] ?? [];
      this.#show(values.map(({ value, name, count }) => ({ text: value, about: name ?? this.page.words.n(count) })));
    } catch {
      // Without values there is nothing to offer.
    }
  }

  #show(suggestions: Suggestion[]): void {
    this.#suggestions = suggestions.slice(0, SHOWN);
    this.#selected = -1;
    this.page.changed();
  }
}
