/** How long entries are kept: what asks for it, what is due on a day, changing it, and the purges that there were. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { ENGLISH, wordsFor, type Words } from '../../shared/i18n.ts';
import { dateText, fromInput, localZone, toInput } from '../../shared/time.ts';
import { icon } from '../../shared/icons.ts';
import type { Entry, Page as EntriesPage, Profile } from '../../shared/types.ts';
import { actorName, Catalog } from '../../viewer/sentence.ts';
import { certificateButtons, certificateLinks } from './certificates.ts';
import { Page, valuesOf } from '../page.ts';
import { periodDays, periodText } from './period.ts';
import { RetentionChange, type Retention, type Tier } from './retention-change.ts';
import { renderPreview, type Preview } from './retention-preview.ts';

const PURGES = 'action:audit.entries.purge';
/** Purges are listed as many at a time. */
const PURGES_LIMIT = 20;

interface Purged {
  entries: number;
  purges: { id: string }[];
}

export class RetentionPage extends Page {
  #retention: Retention | null = null;
  #tiers: Tier[] = [];
  #catalog = new Catalog(null);
  #sentences: Words = ENGLISH;
  #preview: Preview | null = null;
  /** The day that is asked about, as a date field has it; today's when it is empty. */
  #day = '';
  #purges: Entry[] | null = null;
  #more: string | null = null;

  override async load(): Promise<void> {
    const [retention, profile, sentences] = await Promise.all([
      this.api.get<Retention>(this.path('/retention')),
      this.api.get<Profile & { retention?: { tiers?: Tier[] } }>(this.path('/profile')),
      wordsFor([this.words.locale]),
      this.#loadPurges(),
    ]);
    this.#retention = retention;
    this.#tiers = profile.retention?.tiers ?? [];
    this.#catalog = new Catalog(profile);
    this.#sentences = sentences;
  }

  async #loadPurges(cursor: string | null = null): Promise<void> {
    const page = await this.api.get<EntriesPage>(this.path('/events'), { q: PURGES, limit: PURGES_LIMIT, cursor });
    this.#purges = cursor ? [...(this.#purges ?? []), ...page.entries] : page.entries;
    this.#more = page.next_cursor;
  }

  get #mayChange(): boolean {
    return this.app.may(this.tenant, ['retention.manage']);
  }

  #period(period: string): string {
    return periodText(period, this.words);
  }

  #date(time: string): string {
    return dateText(Date.parse(time), localZone(), this.words.locale);
  }

  get #today(): string {
    return toInput(Date.now(), localZone()).slice(0, 10);
  }

  override render(): TemplateResult {
    const words = this.words;
    const retention = this.#retention;
    return html`<div class="page">
      ${this.heading(
        words.t('retention.title'),
        words.t('retention.about'),
        retention?.configurable && this.#mayChange
          ? html`<button class="button primary" @click=${this.#change}>${words.t('retention.change')}</button>`
          : nothing,
      )}
      ${
        retention
          ? html`<div class="tiles">
                <div class="tile">
                  <div class="label">${words.t('retention.kept')}</div>
                  <div class="number">${this.#period(retention.period)}</div>
                  <div class="about">
                    ${
                      retention.version === 0
                        ? words.t('retention.preset')
                        : words.t('retention.version', { version: retention.version })
                    }
                  </div>
                </div>
                <div class="tile">
                  <div class="label">${words.t('retention.cutOff')}</div>
                  <div class="number">${retention.cut_off ? this.#date(retention.cut_off) : '–'}</div>
                  <div class="about">${words.t('retention.cutOff.help')}</div>
                </div>
                <div class="tile">
                  <div class="label">${words.t('retention.bounds')}</div>
                  <div class="number">${this.#period(retention.least)}</div>
                  <div class="about">
                    ${words.t('retention.to', { most: this.#period(retention.most) })}${
                      retention.tier ? `, ${words.t('retention.tier.is', { name: retention.tier })}` : ''
                    }
                  </div>
                </div>
              </div>
              ${this.#renderRequirements(retention)} ${this.#mayChange ? this.#renderDue() : nothing}
              ${this.#renderPurges()}`
          : nothing
      }
    </div>`;
  }

  #renderRequirements(retention: Retention): TemplateResult {
    const words = this.words;
    return html`<section class="block">
      <h2>${words.t('retention.requirements')}</h2>
      <table class="rows">
        <thead>
          <tr>
            <th scope="col">${words.t('retention.who')}</th>
            <th scope="col">${words.t('retention.period')}</th>
          </tr>
        </thead>
        <tbody>
          ${retention.requirements.map(
            (each) =>
              html`<tr>
                <td>${retention.version === 0 ? words.t('retention.preset') : each.name}</td>
                <td>
                  ${this.#period(each.period)}${
                    periodDays(each.period) === periodDays(retention.period)
                      ? html` <span class="tag good">${words.t('retention.holds')}</span>`
                      : nothing
                  }
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </section>`;
  }

  #renderDue(): TemplateResult {
    const words = this.words;
    const asked = (event: Event): void => {
      this.#day = (event.target as HTMLInputElement).value;
      this.#preview = null;
      this.app.requestUpdate();
    };
    const isNow = !this.#day || this.#day === this.#today;
    return html`<section class="block">
      <h2>${words.t('retention.due')}</h2>
      <div class="inside sheet">
        <div class="ask">
          <label class="line"
            >${words.t('retention.day')}<input
              class="field"
              type="date"
              name="day"
              min=${this.#today}
              .value=${this.#day || this.#today}
              @change=${asked}
          /></label>
          <button class="button count" ?disabled=${this.busy} @click=${this.#count}>
            ${words.t('retention.count')}
          </button>
        </div>
        ${
          this.#preview
            ? this.#renderPreview(this.#preview)
            : html`<p class="muted">${words.t('retention.due.help')}</p>`
        }
        ${!this.sheet && this.sheetProblem ? this.notice(this.sheetProblem) : nothing}
        ${
          this.#preview?.entries && isNow
            ? html`<div>
                <button class="button danger" @click=${this.#purge}>${words.t('retention.purge')}</button>
              </div>`
            : nothing
        }
      </div>
    </section>`;
  }

  #renderPreview(preview: Preview): TemplateResult {
    const category = (id: string): string =>
      this.#sentences.maybe(`category.${id}`, this.#sentences.sentence(this.#catalog.category(id)));
    return renderPreview(preview, this.words, category, `/t/${encodeURIComponent(this.tenant)}/holds`);
  }

  #renderPurges(): TemplateResult {
    const words = this.words;
    const more = (): void => void this.act(() => this.#loadPurges(this.#more));
    return html`<section class="block purges">
      <h2>${words.t('retention.purges')}</h2>
      ${
        this.#purges?.length
          ? html`<div class="scroll" tabindex="0" role="region" aria-label=${words.t('retention.purges')}>
                <table class="rows cards">
                  <thead>
                    <tr>
                      <th scope="col">${words.t('retention.purges.when')}</th>
                      <th scope="col">${words.t('retention.purges.entries')}</th>
                      <th scope="col">${words.t('retention.purges.before')}</th>
                      <th scope="col">${words.t('retention.purges.why')}</th>
                      <th scope="col">${words.t('certificate')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${this.#purges.map((entry) => this.#renderPurge(entry))}
                  </tbody>
                </table>
              </div>
              ${
                this.#more
                  ? html`<div class="inside">
                      <button class="button" ?disabled=${this.busy} @click=${more}>
                        ${words.t('retention.purges.older')}
                      </button>
                    </div>`
                  : nothing
              }`
          : html`<div class="none">${this.#purges ? words.t('retention.purges.none') : '…'}</div>`
      }
    </section>`;
  }

  #renderPurge(entry: Entry): TemplateResult {
    const words = this.words;
    const cutOff = entry.details?.['cut_off'];
    const day = this.#date(entry.recorded_at);
    return html`<tr data-id=${entry.id}>
      <td><a class="link" href=${this.log(PURGES, { entry: entry.id, time: 'newest' })}>${day}</a></td>
      <td>${words.n(Number(entry.details?.['entries'] ?? 0))}</td>
      <td>${typeof cutOff === 'string' ? this.#date(cutOff) : '–'}</td>
      <td>
        ${actorName(entry, this.#sentences)}${
          entry.actor.type !== 'system' && entry.reason
            ? html`<br /><span class="muted">“${entry.reason}”</span>`
            : nothing
        }
      </td>
      <td>${certificateLinks(words, this.tenant, entry.id, day)}</td>
    </tr>`;
  }

  readonly #count = (): void => {
    // A day is over at its end: until then what is due on it goes.
    const end = this.#day && this.#day !== this.#today ? fromInput(`${this.#day}T23:59:59`, localZone(), true) : null;
    this.#preview = null;
    void this.act(async () => {
      this.#preview = await this.api.get<Preview>(
        this.path('/retention/preview'),
        end === null ? {} : { at: new Date(end).toISOString() },
      );
    });
  };

  readonly #purge = (): void => {
    const words = this.words;
    let typed = '';
    const submit = (event: SubmitEvent): void => {
      const { reason } = valuesOf(event);
      void this.act(async () => {
        const purged = await this.api.send<Purged>('POST', this.path('/retention/purge'), { reason });
        const records = purged.purges.map(({ id }) => id);
        this.#preview = null;
        await this.reload();
        this.done(
          words.t('retention.purged', { count: purged.entries }),
          'audit.entries.purge',
          records.length ? certificateButtons(words, this.tenant, records) : nothing,
        );
        void this.#listed(records);
      });
    };
    this.open(
      words.t('retention.purge'),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <div class="notice danger">
            ${icon('alert')}<span>${words.t('retention.purge.warning', { count: this.#preview?.entries ?? 0 })}</span>
          </div>
          ${this.#preview ? this.#renderPreview(this.#preview) : nothing}
          <label class="line">${words.t('reason')}<textarea class="field" name="reason" required></textarea></label>
          <label class="line"
            >${words.t('typeName', { name: this.tenant })}<input
              class="field mono"
              autocomplete="off"
              @input=${(e: Event) => {
                typed = (e.target as HTMLInputElement).value;
                this.app.requestUpdate();
              }}
          /></label>
          <div class="end">
            <button class="button" type="button" @click=${this.close}>${words.t('cancel')}</button
            ><button class="button danger" ?disabled=${this.busy || typed !== this.tenant}>
              ${words.t('retention.purge')}
            </button>
          </div>
        </form>`,
    );
  };

  /** Lists the purge that was just made; its entry is found a moment after it is recorded. */
  async #listed(records: string[]): Promise<void> {
    try {
      await this.lookFor(
        () => true,
        async () => {
          await this.#loadPurges();
          return records.every((id) => this.#purges?.some((entry) => entry.id === id));
        },
      );
    } catch {
      // The sheet has its certificate; the list has it when the page is opened again.
    }
    this.app.requestUpdate();
  }

  readonly #change = (): void => {
    const words = this.words;
    const change = new RetentionChange(this.#retention!, {
      tenant: this.tenant,
      words,
      tiers: this.app.isOperator ? this.#tiers : [],
      isBusy: () => this.busy,
      changed: () => this.app.requestUpdate(),
      close: this.close,
      act: (work) => this.act(work),
      preview: (period) => this.api.get<Preview>(this.path('/retention/preview'), { period }),
      renderPreview: (preview) => this.#renderPreview(preview),
      save: async (body) => {
        await this.api.send('PUT', this.path('/retention'), body);
        this.#preview = null;
        await this.reload();
      },
      done: (period) =>
        this.done(words.t('retention.changed', { period: this.#period(period) }), 'audit.retention.change'),
    });
    this.open(words.t('retention.change'), change.render);
  };
}
