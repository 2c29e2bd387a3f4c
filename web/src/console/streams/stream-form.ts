/** The fields of a stream: what is sent, in which form, where to, and from where on. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { icon } from '../../shared/icons.ts';
import { Problem } from '../../shared/api.ts';
import type { Words } from '../../shared/i18n.ts';
import { problemText } from '../../shared/problems.ts';
import { localZone } from '../../shared/time.ts';
import { emptyDraft as emptyOrder, fromLink, orderOf, type Preview } from '../exports/order.ts';
import { QueryField } from '../exports/query-field.ts';
import type { Page } from '../page.ts';
import {
  EXAMPLES,
  FIELDS,
  FORMATS,
  LIMITS,
  offeredDestinations,
  withType,
  type DestinationType,
  type Draft,
  type Field,
  type Format,
} from './stream.ts';

const PREVIEW_AFTER_MILLIS = 350;
const MOST_CHARS = 2_000;
const MAP_MOST_CHARS = 65_536;
const PEM_MOST_CHARS = 20_000;
const NOTHING_TO_BEGIN_WITH = { q: '', range: { kind: 'newest' } } as const;

interface Options {
  isNew: boolean;
  /** Whether the log may be asked for values and counts. */
  mayAsk: boolean;
  maySeePersonal: boolean;
  isOperator: boolean;
  viewerWords: Words;
}

export class StreamForm {
  readonly #query: QueryField;
  #count: number | null = null;
  #problem: Problem | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(
    private readonly page: Page,
    public draft: Draft,
    private readonly options: Options,
  ) {
    this.#query = new QueryField(page, options.mayAsk, options.viewerWords, (text) => this.#queryTyped(text));
    this.#query.value = draft.query;
    this.#ask(0);
  }

  /** Whether it can be asked for as it is. */
  get isReady(): boolean {
    return this.#problem === null;
  }

  #set(change: Partial<Draft>): void {
    this.draft = { ...this.draft, ...change };
    this.page.changed();
  }

  #queryTyped(text: string): void {
    const taken = fromLink(text, emptyOrder(localZone()), NOTHING_TO_BEGIN_WITH);
    if (taken) this.#query.value = taken.query;
    this.#set({ query: taken?.query ?? text });
    this.#ask(PREVIEW_AFTER_MILLIS);
  }

  /** Asks how much is like that so far, as the form of an export does. */
  #ask(afterMillis: number): void {
    clearTimeout(this.#timer);
    if (!this.options.mayAsk) return;
    const asked = ++this.#asked;
    this.#timer = setTimeout(async () => {
      const { api, words } = this.page;
      const order = { ...emptyOrder(localZone()), query: this.draft.query, format: 'ndjson' as const };
      try {
        const body = orderOf(order, words.language, api.now());
        const { estimate } = await api.ask<Preview>(this.page.path('/exports/preview'), body);
        if (asked !== this.#asked) return;
        this.#count = estimate;
        this.#problem = null;
      } catch (error) {
        if (asked !== this.#asked) return;
        this.#count = null;
        this.#problem = error instanceof Problem ? error : new Problem(0, 'unknown', String(error));
      }
      this.page.changed();
    }, afterMillis);
  }

  render(): TemplateResult {
    const { words } = this.page;
    return html`<label class="line"
        >${words.t('streams.name')}<input
          class="field"
          name="name"
          required
          maxlength="200"
          autocomplete="off"
          .value=${this.draft.name}
          @input=${(e: Event) => {
            this.draft = { ...this.draft, name: (e.target as HTMLInputElement).value };
          }}
      /></label>
      ${this.#query.render(words.t('streams.query'), words.t('streams.query.help'))} ${this.#renderCount()}
      ${
        this.options.maySeePersonal
          ? nothing
          : html`<div class="notice" data-personal="not_yours">
              ${icon('lock')}<span>${words.t('streams.withheld.notYours')}</span>
            </div>`
      }
      ${this.#renderDestination()} ${this.#renderFormat()} ${this.options.isNew ? this.#renderStart() : nothing}
      ${this.#renderLimits()}`;
  }

  #renderCount(): TemplateResult | typeof nothing {
    const { words } = this.page;
    if (this.#problem)
      return html`<div class="notice danger" role="status">${icon('alert')}${problemText(words, this.#problem)}</div>`;
    if (!this.options.mayAsk) return nothing;
    return html`<p class="help" role="status" data-estimate=${this.#count ?? nothing}>
      ${
        this.#count === null
          ? words.t('streams.preview.asking')
          : words.t('streams.preview.count', { count: this.#count })
      }
    </p>`;
  }

  #renderFormat(): TemplateResult {
    const { words } = this.page;
    const { format } = this.draft;
    return html`<fieldset>
      <legend>${words.t('streams.format')}</legend>
      <label class="line"
        ><span class="visually-hidden">${words.t('streams.format')}</span
        ><select
          class="field"
          name="format"
          @change=${(e: Event) => this.#set({ format: (e.target as HTMLSelectElement).value as Format })}
        >
          ${FORMATS.map(
            (each) =>
              html`<option value=${each} .selected=${each === format}>${words.t(`streams.format.${each}`)}</option>`,
          )}
        </select></label
      >
      ${
        format === 'custom'
          ? html`<label class="line"
              >${words.t('streams.map')}<textarea
                class="field mono"
                name="map"
                required
                spellcheck="false"
                rows="10"
                maxlength=${MAP_MOST_CHARS}
                .value=${this.draft.map}
                @input=${(e: Event) => {
                  this.draft = { ...this.draft, map: (e.target as HTMLTextAreaElement).value };
                }}
              ></textarea
              ><span class="help">${words.t('streams.map.help')}</span></label
            >`
          : html`<span class="help">${words.t('streams.example')}</span>
              <pre class="code" tabindex="0" aria-label=${words.t('streams.example')}>${EXAMPLES[format]}</pre>`
      }
    </fieldset>`;
  }

  #renderDestination(): TemplateResult {
    const { words } = this.page;
    const { type } = this.draft;
    return html`<fieldset>
      <legend>${words.t('streams.destination')}</legend>
      <label class="line"
        ><span class="visually-hidden">${words.t('streams.destination')}</span
        ><select
          class="field"
          name="destination"
          @change=${(e: Event) => {
            this.draft = withType(this.draft, (e.target as HTMLSelectElement).value as DestinationType);
            this.page.changed();
          }}
        >
          ${offeredDestinations(this.options.isOperator).map(
            (each) => html`<option value=${each} .selected=${each === type}>${words.t(`streams.to.${each}`)}</option>`,
          )}
        </select></label
      >
      <span class="help">${words.t(`streams.to.${type}.help`)}</span>
      ${FIELDS[type].map((field) => this.#renderField(field))}
    </fieldset>`;
  }

  #renderField(field: Field): TemplateResult {
    const { words } = this.page;
    const { name, kind } = field;
    const value = this.draft.fields[name] ?? '';
    const label = words.maybe(`streams.field.${name}`, name);
    if (kind === 'box')
      return html`<label class="choice"
        ><input
          type="checkbox"
          name=${name}
          .checked=${value === 'true'}
          @change=${(e: Event) => this.#setField(name, String((e.target as HTMLInputElement).checked))}
        />${label}</label
      >`;
    const isOptional = field.optional === true || (kind === 'secret' && !this.options.isNew);
    const kept = kind === 'secret' && !this.options.isNew ? words.t('streams.secret.kept') : '';
    const help = kept || words.maybe(`streams.field.${name}.help`, '');
    return html`<label class="line"
      >${isOptional ? words.t('streams.optional', { label }) : label}${this.#renderInput(field, value, !isOptional)}${
        help ? html`<span class="help">${help}</span>` : nothing
      }</label
    >`;
  }

  #renderInput(field: Field, value: string, isRequired: boolean): TemplateResult {
    const { words } = this.page;
    const { name, kind, hint } = field;
    if (kind === 'choice')
      return html`<select class="field" name=${name} @change=${this.#typed}>
        ${(field.choices ?? []).map(
          (each) =>
            html`<option value=${each} .selected=${each === value}>
              ${words.maybe(`streams.field.${name}.${each}`, each)}
            </option>`,
        )}
      </select>`;
    // A key has lines, which a field for passwords would join.
    if (kind === 'pem' || kind === 'lines' || name === 'client_key')
      return html`<textarea
        class="field short mono"
        name=${name}
        maxlength=${PEM_MOST_CHARS}
        autocomplete="off"
        spellcheck="false"
        placeholder=${hint ?? nothing}
        ?required=${isRequired}
        .value=${value}
        @input=${this.#typed}
      ></textarea>`;
    const type = kind === 'secret' ? 'password' : kind;
    return html`<input
      class="field mono"
      type=${type}
      name=${name}
      maxlength=${MOST_CHARS}
      min=${kind === 'number' ? 0 : nothing}
      autocomplete=${kind === 'secret' ? 'new-password' : 'off'}
      spellcheck="false"
      placeholder=${hint ?? nothing}
      ?required=${isRequired}
      .value=${value}
      @input=${this.#typed}
    />`;
  }

  #renderStart(): TemplateResult {
    const { words } = this.page;
    const { start } = this.draft;
    return html`<fieldset>
      <legend>${words.t('streams.start')}</legend>
      ${(['now', 'time', 'seq'] as const).map(
        (each) =>
          html`<label class="choice"
            ><input
              type="radio"
              name="start"
              value=${each}
              .checked=${start === each}
              @change=${() => this.#set({ start: each })}
            /><span>${words.t(`streams.start.${each}`)}</span></label
          >`,
      )}
      ${
        start === 'time'
          ? this.#renderBegin('time', 'datetime-local', words.t('streams.start.at'), this.draft.time)
          : start === 'seq'
            ? this.#renderBegin('seq', 'number', words.t('streams.start.number'), this.draft.seq)
            : nothing
      }
    </fieldset>`;
  }

  #renderBegin(name: 'time' | 'seq', type: string, label: string, value: string): TemplateResult {
    return html`<label class="line"
      >${label}<input
        class="field"
        type=${type}
        name=${name}
        min=${type === 'number' ? 0 : nothing}
        required
        .value=${value}
        @change=${(e: Event) => this.#set({ [name]: (e.target as HTMLInputElement).value })}
    /></label>`;
  }

  #renderLimits(): TemplateResult {
    const { words } = this.page;
    const { limits } = this.draft;
    return html`<details class="more">
      <summary>${words.t('streams.limits')}</summary>
      <span class="help">${words.t('streams.limits.help')}</span>
      ${LIMITS.map(
        (name) =>
          html`<label class="line"
            >${words.t(`streams.limit.${name}`)}<input
              class="field"
              type="number"
              name=${name}
              min="1"
              .value=${limits[name]}
              @input=${(e: Event) => {
                const value = (e.target as HTMLInputElement).value;
                this.draft = { ...this.draft, limits: { ...this.draft.limits, [name]: value } };
              }}
          /></label>`,
      )}
    </details>`;
  }

  readonly #typed = (event: Event): void => {
    const { name, value } = event.target as HTMLInputElement;
    this.#setField(name, value);
  };

  #setField(name: string, value: string): void {
    this.draft = { ...this.draft, fields: { ...this.draft.fields, [name]: value } };
  }
}
