/** The fields of a schedule: when, from where on, and where its files go. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { icon } from '../../shared/icons.ts';
import { Problem } from '../../shared/api.ts';
import { problemText } from '../../shared/problems.ts';
import { fullText, isZone } from '../../shared/time.ts';
import type { Page } from '../page.ts';
import { cronOf, LAST_COMMON_DAY, PRESETS, type Preset, type Times } from './cron.ts';
import { DestinationTest } from './destination-test.ts';
import type { OrderForm } from './order-form.ts';
import { DESTINATIONS, destinationOf, type DestinationType, type ScheduleDraft } from './schedule.ts';

const PREVIEW_AFTER_MILLIS = 300;
/** A Sunday, to name the days of the week by. */
const SUNDAY = Date.UTC(2026, 0, 4);
const DAY_MILLIS = 86_400_000;
const MILLISECONDS = /\.000(?= )/;

interface Coming {
  next: string[];
  in_words?: string;
}

export class ScheduleForm {
  #coming: Coming | null = null;
  #problem: Problem | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;
  #test: DestinationTest | null = null;

  constructor(
    private readonly page: Page,
    readonly content: OrderForm,
    public draft: ScheduleDraft,
    /** The schedule that is changed; null for a new one. */
    private readonly id: string | null,
  ) {
    this.#ask(0);
  }

  private get isNew(): boolean {
    return this.id === null;
  }

  get isReady(): boolean {
    return this.content.isReady && this.#problem === null;
  }

  /** What is to be sent, with what is exported. */
  get whole(): ScheduleDraft {
    return { ...this.draft, content: this.content.draft };
  }

  #set(change: Partial<ScheduleDraft>): void {
    this.draft = { ...this.draft, ...change };
    this.page.changed();
  }

  #setTimes(change: Partial<Times>): void {
    const times = { ...this.draft.times, ...change };
    // Whoever goes on with an expression of their own begins with what there was.
    if (change.preset === 'own' && !times.cron) times.cron = cronOf(this.draft.times);
    this.#set({ times });
    this.#ask(PREVIEW_AFTER_MILLIS);
  }

  #setZone(zone: string): void {
    this.content.set({ zone });
    this.#ask(PREVIEW_AFTER_MILLIS);
  }

  #ask(afterMillis: number): void {
    clearTimeout(this.#timer);
    const asked = ++this.#asked;
    this.#timer = setTimeout(async () => {
      const { page } = this;
      const { zone } = this.content.draft;
      try {
        const coming = await page.api.get<Coming>(page.path('/schedules/preview'), {
          cron: cronOf(this.draft.times),
          zone,
          language: page.words.language,
        });
        if (asked !== this.#asked) return;
        this.#coming = coming;
        this.#problem = null;
      } catch (error) {
        if (asked !== this.#asked) return;
        this.#coming = null;
        this.#problem = error instanceof Problem ? error : new Problem(0, 'unknown', String(error));
      }
      page.changed();
    }, afterMillis);
  }

  render(): TemplateResult {
    const { words } = this.page;
    const { content } = this;
    return html`<label class="line"
        >${words.t('schedules.name')}<input
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
      ${this.#renderWhen()} ${content.renderWhich()}
      <div class="notice">${icon('clock')}<span>${words.t('schedules.window')}</span></div>
      ${this.isNew ? this.#renderStart() : nothing}
      ${this.#box(words.t('schedules.sendEmpty'), 'send_empty', this.draft.sendsEmpty, (sendsEmpty) =>
        this.#set({ sendsEmpty }),
      )}
      ${content.renderFormat()} ${content.renderPersonal()} ${this.#renderDestination()} ${content.renderReason()}
      ${content.renderPreview()}`;
  }

  #renderWhen(): TemplateResult {
    const { words } = this.page;
    const { times } = this.draft;
    const { preset } = times;
    const hasHour = preset !== 'hourly' && preset !== 'own';
    return html`<fieldset>
      <legend>${words.t('schedules.when')}</legend>
      <div class="two">
        <label class="line"
          >${words.t('schedules.often')}<select
            class="field"
            name="preset"
            @change=${(e: Event) => this.#setTimes({ preset: (e.target as HTMLSelectElement).value as Preset })}
          >
            ${PRESETS.map(
              (each) =>
                html`<option value=${each} .selected=${each === preset}>
                  ${words.t(`schedules.preset.${each}`)}
                </option>`,
            )}
          </select></label
        >
        ${
          hasHour
            ? html`<label class="line"
                >${words.t('schedules.time')}<input
                  class="field"
                  type="time"
                  name="time"
                  required
                  .value=${times.time}
                  @change=${(e: Event) => this.#setTimes({ time: (e.target as HTMLInputElement).value || times.time })}
              /></label>`
            : nothing
        }
        ${this.#renderDay()}
      </div>
      ${preset === 'own' ? this.#renderCron() : nothing} ${this.#renderZone()} ${this.#renderComing()}
    </fieldset>`;
  }

  #renderDay(): TemplateResult | typeof nothing {
    const { words } = this.page;
    const { preset, time, weekday, day } = this.draft.times;
    const number = (e: Event): number => Number((e.target as HTMLSelectElement).value);
    const options = (values: number[], chosen: number, text: (value: number) => string): TemplateResult[] =>
      values.map((each) => html`<option value=${each} .selected=${each === chosen}>${text(each)}</option>`);
    const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
    if (preset === 'hourly') {
      return html`<label class="line"
        >${words.t('schedules.minute')}<input
          class="field"
          type="number"
          name="minute"
          min="0"
          max="59"
          required
          .value=${String(Number(time.split(':')[1]))}
          @change=${(e: Event) =>
            this.#setTimes({ time: `00:${(e.target as HTMLInputElement).value.padStart(2, '0')}` })}
      /></label>`;
    }
    if (preset === 'weekly') {
      const name = new Intl.DateTimeFormat(words.locale, { weekday: 'long', timeZone: 'UTC' });
      // Weeks begin on Monday where ISO 8601 holds.
      const days = upTo(7).map((i) => (i + 1) % 7);
      return html`<label class="line"
        >${words.t('schedules.weekday')}<select
          class="field"
          name="weekday"
          @change=${(e: Event) => this.#setTimes({ weekday: number(e) })}
        >
          ${options(days, weekday, (each) => name.format(SUNDAY + each * DAY_MILLIS))}
        </select></label
      >`;
    }
    if (preset !== 'monthly') return nothing;
    return html`<label class="line"
      >${words.t('schedules.day')}<select
        class="field"
        name="day"
        @change=${(e: Event) => this.#setTimes({ day: number(e) })}
      >
        ${options(
          upTo(LAST_COMMON_DAY).map((i) => i + 1),
          day,
          String,
        )}
      </select></label
    >`;
  }

  #renderCron(): TemplateResult {
    const { words } = this.page;
    return html`<label class="line"
      >${words.t('schedules.cron')}<input
        class="field mono"
        name="cron"
        required
        maxlength="200"
        autocomplete="off"
        spellcheck="false"
        .value=${this.draft.times.cron}
        @input=${(e: Event) => this.#setTimes({ cron: (e.target as HTMLInputElement).value })}
      /><span class="help">${words.t('schedules.cron.help')}</span></label
    >`;
  }

  #renderZone(): TemplateResult {
    const { words } = this.page;
    const zones = Intl.supportedValuesOf('timeZone');
    return html`<label class="line"
        >${words.t('schedules.zone')}<input
          class="field"
          name="zone"
          list="zones"
          required
          autocomplete="off"
          spellcheck="false"
          .value=${this.content.draft.zone}
          @change=${(e: Event) => this.#setZone((e.target as HTMLInputElement).value.trim())}
      /></label>
      <datalist id="zones">
        ${['UTC', ...zones.filter((zone) => zone !== 'UTC')].map((zone) => html`<option value=${zone}></option>`)}
      </datalist>`;
  }

  /** The next five times, in the zone of the schedule. */
  #renderComing(): TemplateResult {
    const { words } = this.page;
    if (this.#problem)
      return html`<div class="notice danger" role="status">${icon('alert')}${problemText(words, this.#problem)}</div>`;
    const { zone } = this.content.draft;
    const coming = this.#coming;
    const { preset } = this.draft.times;
    const text = (time: string): string =>
      fullText(Date.parse(time), isZone(zone) ? zone : 'UTC', words.locale).replace(MILLISECONDS, '');
    return html`<div role="status" class="coming">
      ${preset === 'own' && coming?.in_words ? html`<span>${coming.in_words}</span>` : nothing}
      <span class="help">${words.t('schedules.next')}</span>
      <ol class="sample">
        ${(coming?.next ?? []).map(
          (time) =>
            html`<li>
              <span>${text(time)}</span>
            </li>`,
        )}
      </ol>
    </div>`;
  }

  #renderStart(): TemplateResult {
    const { words } = this.page;
    return html`<fieldset>
      <legend>${words.t('schedules.start')}</legend>
      ${(['now', 'beginning'] as const).map(
        (start) =>
          html`<label class="choice"
            ><input
              type="radio"
              name="start"
              value=${start}
              .checked=${this.draft.start === start}
              @change=${() => this.#set({ start })}
            /><span>${words.t(`schedules.start.${start}`)}</span></label
          >`,
      )}
    </fieldset>`;
  }

  #renderDestination(): TemplateResult {
    const { words } = this.page;
    const { type } = this.draft;
    return html`<fieldset>
      <legend>${words.t('schedules.destination')}</legend>
      <label class="line"
        ><span class="visually-hidden">${words.t('schedules.destination')}</span
        ><select
          class="field"
          name="destination"
          @change=${(e: Event) => {
            this.#test = null;
            this.#set({ type: (e.target as HTMLSelectElement).value as DestinationType });
          }}
        >
          ${DESTINATIONS.map(
            (each) =>
              html`<option value=${each} .selected=${each === type}>${words.t(`schedules.to.${each}`)}</option>`,
          )}
        </select></label
      >
      <span class="help">${words.t(`schedules.to.${type}.help`)}</span>
      ${this.#renderFields(type)} ${type === 'inbox' ? nothing : this.#renderTest()}
    </fieldset>`;
  }

  /** A destination can be tested as it stands in the form, before it is saved. */
  #renderTest(): TemplateResult {
    const test = this.#test;
    return html`<div>
        <button
          class="button"
          type="button"
          name="test"
          ?disabled=${test !== null && !test.isOver}
          @click=${this.#tests}
        >
          ${this.page.words.t('schedules.test')}
        </button>
      </div>
      ${test?.render() ?? nothing}`;
  }

  readonly #tests = (): void => {
    const { page } = this;
    const body = { destination: destinationOf(this.draft), ...(this.id === null ? {} : { schedule: this.id }) };
    this.#test = new DestinationTest(
      page.words,
      () => page.api.send('POST', page.path('/schedules/test'), body),
      () => page.changed(),
    );
    page.changed();
  };

  #renderFields(type: DestinationType): TemplateResult | typeof nothing {
    const { words } = this.page;
    switch (type) {
      case 'inbox':
        return nothing;
      case 'email':
        return html`<label class="line"
            >${words.t('schedules.addresses')}<textarea
              class="field short"
              name="addresses"
              required
              spellcheck="false"
              .value=${this.draft.fields['addresses'] ?? ''}
              @input=${this.#typed}
            ></textarea
            ><span class="help">${words.t('schedules.addresses.help')}</span></label
          ><label class="line"
            >${words.t('schedules.language')}<select class="field" name="language" @change=${this.#typed}>
              ${(['en', 'de'] as const).map(
                (language) =>
                  html`<option value=${language} .selected=${this.draft.fields['language'] === language}>
                    ${words.t(`choices.language.${language}`)}
                  </option>`,
              )}
            </select></label
          >`;
      case 'directory':
        return this.#text('path', 'schedules.path', {
          help: words.t('schedules.path.help'),
          hint: 'nightly',
          optional: true,
        });
      case 's3':
        return this.#renderBucket();
      case 'webhook':
        return html`${this.#text('url', 'schedules.url', { type: 'url', hint: 'https://example.com/audit' })}${
          this.isNew ? nothing : this.#fieldBox('new_secret', words.t('schedules.newSecret'))
        }`;
    }
  }

  #renderBucket(): TemplateResult {
    const { words } = this.page;
    return html`${this.#text('bucket', 'schedules.bucket')}${this.#text('prefix', 'schedules.prefix', {
      optional: true,
      hint: 'audit',
    })}${this.#text('region', 'schedules.region', { hint: 'eu-central-1' })}${this.#text(
      'endpoint',
      'schedules.endpoint',
      { optional: true, type: 'url', help: words.t('schedules.endpoint.help') },
    )}${this.#text('access_key', 'schedules.accessKey')}${this.#text('secret', 'schedules.secret', {
      type: 'password',
      optional: !this.isNew,
      help: this.isNew ? '' : words.t('schedules.secret.kept'),
    })}${this.#fieldBox('path_style', words.t('schedules.pathStyle'))}`;
  }

  #fieldBox(name: string, label: string): TemplateResult {
    return this.#box(label, name, this.draft.fields[name] === 'true', (on) => this.#setField(name, String(on)));
  }

  #box(label: string, name: string, isChecked: boolean, toggle: (on: boolean) => void): TemplateResult {
    return html`<label class="choice"
      ><input
        type="checkbox"
        name=${name}
        .checked=${isChecked}
        @change=${(e: Event) => toggle((e.target as HTMLInputElement).checked)}
      />${label}</label
    >`;
  }

  #text(
    name: string,
    label: `schedules.${'path' | 'bucket' | 'prefix' | 'region' | 'endpoint' | 'accessKey' | 'secret' | 'url'}`,
    { type = 'text', help = '', hint = '', optional = false } = {},
  ): TemplateResult {
    return html`<label class="line"
      >${this.page.words.t(label)}<input
        class="field mono"
        type=${type}
        name=${name}
        maxlength="2000"
        autocomplete=${type === 'password' ? 'new-password' : 'off'}
        spellcheck="false"
        placeholder=${hint || nothing}
        ?required=${!optional}
        .value=${this.draft.fields[name] ?? ''}
        @input=${this.#typed}
      />${help ? html`<span class="help">${help}</span>` : nothing}</label
    >`;
  }

  readonly #typed = (event: Event): void => {
    const { name, value } = event.target as HTMLInputElement;
    this.#setField(name, value);
  };

  #setField(name: string, value: string): void {
    this.draft = { ...this.draft, fields: { ...this.draft.fields, [name]: value } };
  }
}
