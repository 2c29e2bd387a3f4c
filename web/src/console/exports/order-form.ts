/** The fields that an export and a schedule have in common, and the preview of what they would hold. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { icon } from '../../shared/icons.ts';
import { Problem } from '../../shared/api.ts';
import { ENGLISH, wordsFor, type Words } from '../../shared/i18n.ts';
import { problemText } from '../../shared/problems.ts';
import { clockText, dateText, zoneName } from '../../shared/time.ts';
import type { Entry, Profile } from '../../shared/types.ts';
import { WITHOUT_READS } from '../../query/reads.ts';
import { presetOf } from '../../viewer/preset.ts';
import { Catalog, sentenceText } from '../../viewer/sentence.ts';
import type { Page } from '../page.ts';
import {
  ALWAYS,
  fromLink,
  isTable,
  offeredFormats,
  orderOf,
  OWN_PERIOD,
  SPANS,
  toggled,
  type Begins,
  type Draft,
  type Preview,
} from './order.ts';
import { QueryField } from './query-field.ts';

const PREVIEW_AFTER_MILLIS = 350;

/** The profile, and the viewer's words for the sentences of entries. */
export interface Surroundings {
  profile: Profile | null;
  viewerWords: Words;
}

export async function surroundingsOf(page: Page): Promise<Surroundings> {
  const [profile, viewerWords] = await Promise.all([
    page.api.get<Profile>(page.path('/profile')).catch(() => null),
    wordsFor([page.words.locale]).catch((): Words => ENGLISH),
  ]);
  return { profile, viewerWords };
}

interface Options {
  /** Whether the period is chosen: a schedule's is what is new since its last run. */
  hasPeriod: boolean;
  mayAsk: boolean;
  maySeePersonal: boolean;
}

export class OrderForm {
  preview: Preview | null = null;
  #problem: Problem | null = null;
  #isAsking = false;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #columns: string[] = [];
  readonly #query: QueryField;
  readonly #catalog: Catalog;

  constructor(
    private readonly page: Page,
    private readonly around: Surroundings,
    private readonly options: Options,
    public draft: Draft,
  ) {
    this.#catalog = new Catalog(around.profile);
    this.#query = new QueryField(page, options.mayAsk, around.viewerWords, (text) => this.#queryTyped(text));
    this.#query.value = draft.query;
    const offered = offeredFormats(around.profile?.exports);
    if (!offered.includes(draft.format) && offered[0]) this.draft = { ...draft, format: offered[0] };
    this.#ask(0);
  }

  /** Where the viewer of this tenant begins. */
  get begins(): Begins {
    return { q: WITHOUT_READS, range: presetOf(this.around.profile).range };
  }

  /** Whether it can be asked for as it is: nothing is wrong with it, and some column is left. */
  get isReady(): boolean {
    return this.#problem === null && this.draft.columns?.size !== 0;
  }

  get needsReason(): boolean {
    return this.around.profile?.reason_for_exports === true;
  }

  set(change: Partial<Draft>): void {
    this.draft = { ...this.draft, ...change };
    this.#ask(PREVIEW_AFTER_MILLIS);
    this.page.changed();
  }

  /** Begins with what somebody looked at. */
  take(draft: Draft): void {
    this.#query.value = draft.query;
    this.set(draft);
  }

  #queryTyped(text: string): void {
    const taken = fromLink(text, this.draft, this.begins);
    if (taken) this.take(taken);
    else this.set({ query: text });
  }

  #ask(afterMillis: number): void {
    clearTimeout(this.#timer);
    const asked = ++this.#asked;
    this.#isAsking = true;
    this.#timer = setTimeout(async () => {
      const { api } = this.page;
      try {
        // Nobody has to give a reason for a preview.
        const body = orderOf(this.draft, this.page.words.language, api.now());
        const preview = await api.ask<Preview>(this.page.path('/exports/preview'), body);
        if (asked !== this.#asked) return;
        this.preview = preview;
        this.#problem = null;
        const all = [...preview.columns, ...preview.left_out];
        if (all.length > this.#columns.length || this.draft.columns === null) this.#columns = all;
      } catch (error) {
        if (asked !== this.#asked) return;
        this.preview = null;
        this.#problem = error instanceof Problem ? error : new Problem(0, 'unknown', String(error));
      }
      this.#isAsking = false;
      this.page.changed();
    }, afterMillis);
  }

  renderWhich(): TemplateResult {
    const { words } = this.page;
    return html`${this.#query.render(words.t('exports.query'), words.t('exports.query.help'))}
    ${this.options.hasPeriod ? this.#renderPeriod() : nothing}`;
  }

  #renderPeriod(): TemplateResult {
    const { words } = this.page;
    const { period, from, to, zone } = this.draft;
    const spans = [ALWAYS, ...SPANS, OWN_PERIOD] as string[];
    const shown = spans.includes(period) ? spans : [...spans.slice(0, -1), period, OWN_PERIOD];
    const time = (name: 'from' | 'to', value: string): TemplateResult =>
      html`<label class="line"
        >${words.t(`exports.${name}`)}<input
          class="field"
          type="datetime-local"
          step="any"
          name=${name}
          .value=${value}
          @change=${(e: Event) => this.set({ [name]: (e.target as HTMLInputElement).value })}
      /></label>`;
    return html`<label class="line"
        >${words.t('exports.period')}<select
          class="field"
          name="period"
          @change=${(e: Event) => this.set({ period: (e.target as HTMLSelectElement).value })}
        >
          ${shown.map(
            (each) =>
              html`<option value=${each} .selected=${each === period}>
                ${words.maybe(`exports.period.${each}`, each)}
              </option>`,
          )}
        </select></label
      >
      ${
        period === OWN_PERIOD
          ? html`<div class="two">${time('from', from)}${time('to', to)}</div>
              <span class="help">${words.t('until.zone', { zone: zoneName(zone) })}</span>`
          : nothing
      }`;
  }

  renderFormat(): TemplateResult {
    const { words } = this.page;
    const { format } = this.draft;
    return html`<fieldset>
        <legend>${words.t('exports.format')}</legend>
        ${offeredFormats(this.around.profile?.exports).map(
          (each) =>
            html`<label class="choice"
              ><input
                type="radio"
                name="format"
                value=${each}
                .checked=${each === format}
                @change=${() => this.set({ format: each })}
              /><span
                >${each.toUpperCase()}<br /><span class="help">${words.t(`exports.format.${each}`)}</span></span
              ></label
            >`,
        )}
      </fieldset>
      ${isTable(format) ? this.#renderColumns() : nothing}`;
  }

  #renderColumns(): TemplateResult | typeof nothing {
    const { words } = this.page;
    const { columns } = this.draft;
    const all = this.#columns;
    if (!all.length) return nothing;
    const left = columns ? all.filter((each) => !columns.has(each)) : [];
    return html`<details class="more" ?open=${columns !== null}>
      <summary>
        ${
          columns
            ? words.t('exports.columns.some', { count: columns.size, all: all.length })
            : words.t('exports.columns.all', { count: all.length })
        }
      </summary>
      <fieldset>
        <legend class="visually-hidden">${words.t('exports.columns')}</legend>
        <div class="boxes columns-of">
          ${all.map(
            (each) =>
              html`<label class="choice"
                ><input
                  type="checkbox"
                  value=${each}
                  .checked=${columns?.has(each) ?? true}
                  @change=${() => this.set({ columns: toggled(columns, each, all) })}
                /><code>${each}</code></label
              >`,
          )}
        </div>
        ${
          columns
            ? html`<div>
                <button class="button" type="button" @click=${() => this.set({ columns: null })}>
                  ${words.t('exports.columns.whole')}
                </button>
              </div>`
            : nothing
        }
      </fieldset>
      ${
        columns?.size === 0
          ? html`<p class="missing" role="alert">${words.t('exports.columns.none')}</p>`
          : left.length
            ? html`<p class="help" data-left-out>
                ${words.t('exports.leftOut', { count: left.length })} <span class="mono">${left.join(', ')}</span>
              </p>`
            : nothing
      }
    </details>`;
  }

  renderPersonal(): TemplateResult {
    const { words } = this.page;
    const isTheirs = this.options.maySeePersonal && this.preview?.personal !== 'not_yours';
    if (!isTheirs)
      return html`<div class="notice" data-personal="not_yours">
        ${icon('lock')}<span>${words.t('exports.personal.notYours')}</span>
      </div>`;
    return html`<fieldset data-personal=${this.draft.withholds ? 'withheld' : 'included'}>
      <legend>${words.t('exports.personal')}</legend>
      ${[false, true].map(
        (withholds) =>
          html`<label class="choice"
            ><input
              type="radio"
              name="personal"
              value=${withholds ? 'withheld' : 'included'}
              .checked=${this.draft.withholds === withholds}
              @change=${() => this.set({ withholds })}
            /><span
              >${words.t(withholds ? 'exports.personal.withheld' : 'exports.personal.included')}<br /><span class="help"
                >${words.t(withholds ? 'exports.personal.withheld.help' : 'exports.personal.included.help')}</span
              ></span
            ></label
          >`,
      )}
    </fieldset>`;
  }

  renderReason(): TemplateResult {
    const { words } = this.page;
    return html`<label class="line"
      >${words.t(this.needsReason ? 'exports.reason.required' : 'exports.reason')}<textarea
        class="field"
        name="reason"
        maxlength="2000"
        ?required=${this.needsReason}
        .value=${this.draft.reason}
        @input=${(e: Event) => {
          // What is previewed does not depend on it.
          this.draft = { ...this.draft, reason: (e.target as HTMLTextAreaElement).value };
        }}
      ></textarea
      ><span class="help">${words.t('exports.reason.help')}</span></label
    >`;
  }

  /** How many entries it would hold, and the first five of them. */
  renderPreview(): TemplateResult {
    const { words } = this.page;
    const { preview } = this;
    const problem = this.#problem;
    return html`<section class="outlook" aria-labelledby="preview-title" aria-busy=${this.#isAsking}>
      <h3 id="preview-title">${words.t('exports.preview')}</h3>
      ${
        problem
          ? html`<div class="notice danger" role="status">${icon('alert')}${problemText(words, problem)}</div>`
          : preview
            ? html`<p role="status" data-estimate=${preview.estimate}>
                  ${words.t('exports.preview.estimate', { count: preview.estimate })}
                </p>
                ${preview.warnings.map(
                  ({ code, text }) =>
                    html`<div class="notice security">
                      ${icon('alert')}<span>${words.maybe(`exports.warning.${code}`, text)}</span>
                    </div>`,
                )}
                ${
                  preview.sample.length
                    ? html`<ol class="sample">
                        ${preview.sample.map((entry) => this.#renderEntry(entry))}
                      </ol>`
                    : nothing
                }`
            : html`<p class="muted" role="status">${words.t('exports.preview.asking')}</p>`
      }
    </section>`;
  }

  #renderEntry(entry: Entry): TemplateResult {
    const { locale } = this.page.words;
    const { zone } = this.draft;
    const time = Date.parse(entry.occurred_at);
    return html`<li>
      <span class="muted">${dateText(time, zone, locale)}, ${clockText(time, zone)}</span>
      <span>${sentenceText(entry, this.#catalog, this.around.viewerWords)}</span>
    </li>`;
  }
}
