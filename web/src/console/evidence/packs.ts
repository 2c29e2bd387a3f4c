/** Evidence packs: those under way and those that are kept, and making one. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { Problem } from '../../shared/api.ts';
import { bytesText } from '../../shared/i18n.ts';
import { icon } from '../../shared/icons.ts';
import { problemText } from '../../shared/problems.ts';
import { dateText, localZone } from '../../shared/time.ts';
import type { Profile } from '../../shared/types.ts';
import { isUnderWay, Pace, shareOf, type Job } from '../exports/job.ts';
import { valuesOf } from '../page.ts';
import { EvidenceTabPage } from './evidence-page.ts';

type Texts = Record<string, string>;

export interface Template {
  id: string;
  title: Texts;
  about: Texts;
  controls: { id: string; words: Texts }[];
  sections: { id: string; title: Texts; shows: Texts; query?: string; controls: string[] }[];
  not_shown: { controls: string[]; what: Texts }[];
}

type Pack = Job & { template?: string };

const LOOK: Record<string, string> = { done: 'good', failed: 'bad', withdrawn: 'bad' };
const LIST_LIMIT = 100;
const YEAR_DAYS = 365;
const DAY_MILLIS = 86_400_000;

/** The date of some days ago, as date fields have it. */
export function dayBefore(now: number, days: number): string {
  return new Date(now - days * DAY_MILLIS).toISOString().slice(0, 10);
}

export class PacksPage extends EvidenceTabPage {
  override readonly tab = 'packs';
  #packs: Pack[] | null = null;
  #templates: Template[] = [];
  #needsReason = false;
  #isWatching = false;
  /** The pack that was begun last, which its row tells. */
  #begun = '';

  override async load(): Promise<void> {
    const [packs, templates, profile] = await Promise.all([
      this.#list(),
      this.api.get<{ templates: Template[] }>(this.path('/packs/templates')),
      this.api.get<Profile>(this.path('/profile')).catch(() => null),
    ]);
    this.#packs = packs;
    this.#templates = templates.templates;
    this.#needsReason = (profile as { reason_for_exports?: boolean } | null)?.reason_for_exports ?? false;
    void this.#watch();
  }

  async #list(): Promise<Pack[]> {
    return (await this.api.get<{ packs: Pack[] }>(this.path('/packs'), { limit: LIST_LIMIT })).packs;
  }

  /** Looks again and again while something is under way and somebody looks. */
  async #watch(): Promise<void> {
    if (this.#isWatching) return;
    this.#isWatching = true;
    const pace = new Pace();
    const moves = (): unknown[] =>
      this.#packs?.filter(isUnderWay).map(({ id, state, entries }) => [id, state, entries]) ?? [];
    let pause = pace.after(moves());
    while (this.app.page === this && moves().length) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      if (this.app.page !== this || document.hidden) continue;
      try {
        this.#packs = await this.#list();
        pause = pace.after(moves());
      } catch (error) {
        if (error instanceof Problem && error.status === 401) this.app.sessionEnded();
        pause = pace.afterFailure();
      }
      this.changed();
    }
    this.#isWatching = false;
  }

  /** Where what a section shows is seen: its entries, or who has access. */
  #section(query: string | undefined): string {
    return query === undefined ? `/t/${encodeURIComponent(this.tenant)}/access-review` : this.log(query);
  }

  #in(texts: Texts | undefined): string {
    return texts?.[this.words.language] ?? texts?.['en'] ?? '';
  }

  #named(pack: Pack): string {
    const template = this.#templates.find(({ id }) => id === pack.template);
    return this.#in(template?.title) || (pack.template ?? '');
  }

  override render(): TemplateResult {
    const words = this.words;
    return this.frame(
      this.may('audit.export')
        ? html`<button class="button primary" @click=${() => this.#openNew()}>
            ${icon('download')}${words.t('packs.new')}
          </button>`
        : nothing,
      this.renderTable(
        words.t('packs.title'),
        [words.t('packs.what'), words.t('exports.state'), words.t('exports.file'), words.t('exports.made'), ''],
        this.#packs?.map((pack) => this.#renderRow(pack)) ?? null,
        words.t('packs.none'),
      ),
    );
  }

  #renderRow(pack: Pack): TemplateResult {
    const words = this.words;
    return html`<tr data-pack=${pack.id} data-state=${pack.state}>
      <td class="named">
        <strong>${this.#named(pack)}</strong><br /><span class="muted">${this.#period(pack)}</span>
        ${
          pack.id === this.#begun
            ? html`<span class="visually-hidden" role="status">${words.t('packs.begun')}</span>`
            : nothing
        }
      </td>
      <td>${this.#renderState(pack)}</td>
      <td>${this.#renderFile(pack)}</td>
      <td>
        ${this.renderTime(pack.created_at)}<br /><span class="muted"
          >${pack.created_by?.name ?? pack.created_by?.id ?? ''}</span
        >
      </td>
      <td class="actions">${this.#renderActions(pack)}</td>
    </tr>`;
  }

  #period({ from, to }: Pack): string {
    const text = (time: string): string => dateText(Date.parse(time), 'UTC', this.words.locale);
    return from && to ? `${text(from)} – ${text(to)}` : '';
  }

  #renderState(pack: Pack): TemplateResult {
    const words = this.words;
    const tag = html`<span class="tag ${LOOK[pack.state] ?? ''}"
      >${words.maybe(`exports.state.${pack.state}`, pack.state)}</span
    >`;
    if (isUnderWay(pack)) {
      const share = shareOf(pack);
      return html`${tag}<progress
          max="1"
          .value=${share ?? 0}
          ?hidden=${share === null}
          aria-label=${words.t('exports.progress', { name: this.#named(pack) })}
        ></progress>`;
    }
    if (pack.problem) return html`${tag}<br /><span class="missing">${problemText(words, pack.problem)}</span>`;
    if (pack.state === 'withdrawn') return html`${tag}<br /><span class="muted">${words.t('exports.withdrawn')}</span>`;
    return pack.state === 'done'
      ? html`${tag}<br /><span class="muted">${words.t('exports.entries', { count: pack.counts?.entries ?? 0 })}</span>`
      : tag;
  }

  #renderFile(pack: Pack): TemplateResult {
    const words = this.words;
    const { file } = pack;
    if (!file || pack.state !== 'done') return html`<span class="muted">–</span>`;
    return html`<a class="button primary" download href=${this.path(`/exports/${encodeURIComponent(pack.id)}/file`)}
        >${icon('download')}${words.t('exports.download')}<span class="visually-hidden"> ${this.#named(pack)}</span></a
      >
      <span class="muted">${bytesText(file.bytes, words)}</span><br /><span class="muted"
        >${words.t('exports.until', { date: dateText(Date.parse(file.expires_at), localZone(), words.locale) })}</span
      >`;
  }

  #renderActions(pack: Pack): TemplateResult {
    const words = this.words;
    const path = this.path(`/exports/${encodeURIComponent(pack.id)}`);
    const name = this.#named(pack);
    return isUnderWay(pack)
      ? this.rowButton(words.t('exports.cancel'), name, () => this.#change('POST', `${path}/cancel`))
      : html`${
          pack.file && pack.state === 'done'
            ? this.rowButton(words.t('packs.check'), name, () => this.#openCheck(pack))
            : nothing
        }${this.rowButton(words.t('exports.remove'), name, () => this.#change('DELETE', path))}`;
  }

  async #change(method: string, path: string): Promise<void> {
    try {
      await this.api.send(method, path);
      await this.reload();
    } catch (error) {
      this.problem = error instanceof Problem ? error : new Problem(0, 'unknown', String(error));
      this.changed();
    }
  }

  /** How whoever gets a pack checks it. */
  #openCheck(pack: Pack): void {
    const words = this.words;
    const command = `indelible verify ${pack.file?.name ?? ''} --key LOG.vkey`;
    this.open(
      words.t('packs.check.title'),
      () =>
        html`<p>${words.t('packs.check.about')}</p>
          <pre class="mono">${command}</pre>
          ${this.renderCopy(command)}
          <dl class="facts">
            <dt>SHA-256</dt>
            <dd><code>${pack.file?.sha256}</code></dd>
          </dl>
          <p class="muted">${words.t('packs.check.entry')}</p>
          <div>
            <a
              class="button"
              href=${this.log(`action:audit.evidence_created target_id:${pack.id}`, { time: 'newest' })}
              @click=${this.close}
              >${words.t('done.show')}</a
            >
          </div>`,
    );
  }

  #openNew(): void {
    const words = this.words;
    const now = this.api.now();
    let chosen = this.#templates[0];
    const submit = (event: SubmitEvent): void => {
      const values = valuesOf(event);
      void this.act(() => this.#begin(values));
    };
    this.open(
      words.t('packs.new'),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <label class="line"
            >${words.t('packs.what')}<select
              class="field"
              name="template"
              @change=${(e: Event) => {
                const { value } = e.target as HTMLSelectElement;
                chosen = this.#templates.find(({ id }) => id === value);
                this.changed();
              }}
            >
              ${this.#templates.map(({ id, title }) => html`<option value=${id}>${this.#in(title)}</option>`)}
            </select></label
          >
          ${chosen ? this.#renderTemplate(chosen) : nothing}
          <label class="line"
            >${words.t('exports.from')}<input
              class="field"
              type="date"
              name="from"
              required
              .value=${dayBefore(now, YEAR_DAYS)}
          /></label>
          <label class="line"
            >${words.t('exports.to')}<input
              class="field"
              type="date"
              name="to"
              required
              .value=${dayBefore(now, -1)}
            /><span class="help">${words.t('packs.period.help')}</span></label
          >
          ${
            this.may('audit.view_personal')
              ? html`<label class="choice"
                  ><input type="checkbox" name="withhold" />${words.t('packs.withhold')}</label
                >`
              : html`<p class="muted">${words.t('exports.personal.notYours')}</p>`
          }
          ${this.renderReason(this.#needsReason)} ${this.renderEnd(words.t('exports.begin'))}
        </form>`,
    );
  }

  #renderTemplate(template: Template): TemplateResult {
    const words = this.words;
    return html`<p>${this.#in(template.about)}</p>
      <details>
        <summary>${words.t('packs.shows')}</summary>
        <ul>
          ${template.sections.map(
            ({ title, shows, query }) =>
              html`<li><a class="link" href=${this.#section(query)}>${this.#in(title)}</a>: ${this.#in(shows)}</li>`,
          )}
        </ul>
      </details>
      <details>
        <summary>${words.t('packs.notShown')}</summary>
        <ul>
          ${template.not_shown.map(
            ({ controls, what }) =>
              html`<li>
                ${controls.length ? html`<strong>${controls.join(', ')}</strong>: ` : nothing}${this.#in(what)}
              </li>`,
          )}
        </ul>
      </details>`;
  }

  async #begin({ template, from, to, withhold, reason }: Record<string, string>): Promise<void> {
    const job = await this.api.send<Job>('POST', this.path('/packs'), {
      id: crypto.randomUUID(),
      template,
      from: `${from}T00:00:00Z`,
      to: `${to}T00:00:00Z`,
      language: this.words.language,
      withhold_personal: withhold === 'on',
      ...(reason ? { reason } : {}),
    });
    this.#begun = job.id;
    this.close();
    await this.reload();
  }
}
