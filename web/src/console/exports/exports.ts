/** Exports: those under way and those that are kept, and making one. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { Problem } from '../../shared/api.ts';
import { bytesText } from '../../shared/i18n.ts';
import { icon } from '../../shared/icons.ts';
import { problemText } from '../../shared/problems.ts';
import { dateText, localZone, minuteText } from '../../shared/time.ts';
import { ExportTabPage } from './exports-page.ts';
import { isUnderWay, shareOf, type Job } from './job.ts';
import { ALWAYS, emptyDraft, fromLink, orderOf } from './order.ts';
import type { OrderForm } from './order-form.ts';

const LOOK: Record<string, string> = { done: 'good', failed: 'bad', withdrawn: 'bad' };
const LIST_LIMIT = 100;

export class ExportsPage extends ExportTabPage {
  override readonly tab = 'exports';
  #jobs: Job[] | null = null;
  #next: string | null = null;
  /** The export that was begun last, which its row tells. */
  #begun = '';

  override async load(): Promise<void> {
    await this.#list();
    this.#watch();
    const address = this.takeAddress();
    if (address !== null) await this.#openNew(address);
  }

  async #list(): Promise<void> {
    const page = await this.api.get<{ exports: Job[]; next_cursor?: string | null }>(this.path('/exports'), {
      limit: LIST_LIMIT,
    });
    this.#jobs = page.exports;
    this.#next = page.next_cursor ?? null;
  }

  readonly #more = async (): Promise<void> => {
    const page = await this.api.get<{ exports: Job[]; next_cursor?: string | null }>(this.path('/exports'), {
      limit: LIST_LIMIT,
      cursor: this.#next,
    });
    this.#jobs = [...(this.#jobs ?? []), ...page.exports];
    this.#next = page.next_cursor ?? null;
    this.changed();
  };

  #watch(): void {
    const moves = (): unknown => {
      const underWay = this.#jobs?.filter(isUnderWay) ?? [];
      return underWay.length ? underWay.map(({ id, state, entries }) => [id, state, entries]) : null;
    };
    void this.watch(moves, async () => {
      const rest = this.#jobs?.slice(LIST_LIMIT) ?? [];
      const next = this.#next;
      await this.#list();
      if (!rest.length) return;
      // What was loaded further down stays as it is.
      this.#jobs?.push(...rest.filter(({ id }) => !this.#jobs?.some((job) => job.id === id)));
      this.#next = next;
    });
  }

  override render(): TemplateResult {
    const words = this.words;
    return this.frame(
      words.t('exports.about'),
      this.may('audit.export')
        ? html`<button class="button primary" @click=${() => void this.#openNew('')}>
            ${icon('download')}${words.t('exports.new')}
          </button>`
        : nothing,
      html`${this.renderTable(
        words.t('exports.title'),
        [words.t('exports.query'), words.t('exports.state'), words.t('exports.file'), words.t('exports.made'), ''],
        this.#jobs?.map((job) => this.#renderRow(job)) ?? null,
        words.t('exports.none'),
      )}${
        this.#next
          ? html`<div><button class="button" @click=${this.#more}>${words.t('exports.more')}</button></div>`
          : nothing
      }`,
    );
  }

  #renderRow(job: Job): TemplateResult {
    const words = this.words;
    const who = job.created_by?.name ?? job.created_by?.id ?? '';
    return html`<tr data-export=${job.id} data-state=${job.state}>
      <td class="named">
        ${this.#renderWhich(job)}<br /><span class="tag">${job.format.toUpperCase()}</span>
        ${job.schedule ? html`<span class="tag">${words.t('exports.bySchedule')}</span>` : nothing}
        ${
          job.id === this.#begun
            ? html`<span class="visually-hidden" role="status">${words.t('exports.begun')}</span>`
            : nothing
        }
      </td>
      <td>${this.#renderState(job)}</td>
      <td>${this.#renderFile(job)}</td>
      <td>${this.renderTime(job.created_at)}<br /><span class="muted">${who}</span></td>
      <td class="actions">${this.#renderActions(job, this.#called(job))}</td>
    </tr>`;
  }

  /** A name for whoever hears a button and does not see its row. */
  #called(job: Job): string {
    const query = job.query === null ? this.words.t('exports.query.withheld') : job.query;
    return `${job.format.toUpperCase()} ${query || this.words.t('exports.everything')}`;
  }

  #renderWhich(job: Job): TemplateResult {
    const { from, to } = job;
    return html`${this.renderQuery(job.query, {
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
      ...(from || to ? {} : { time: 'newest' }),
    })}${from || to ? html`<br /><span class="muted">${this.#periodText(job)}</span>` : nothing}`;
  }

  #periodText({ from, to }: Job): string {
    const { locale } = this.words;
    const zone = localZone();
    const text = (time: string): string =>
      `${dateText(Date.parse(time), zone, locale)}, ${minuteText(Date.parse(time), zone)}`;
    return `${from ? text(from) : '…'} – ${to ? text(to) : '…'}`;
  }

  #renderState(job: Job): TemplateResult {
    const words = this.words;
    const tag = html`<span class="tag ${LOOK[job.state] ?? ''}"
      >${words.maybe(`exports.state.${job.state}`, job.state)}</span
    >`;
    if (isUnderWay(job)) {
      const share = shareOf(job);
      return html`${tag}<progress
          max="1"
          .value=${share ?? 0}
          ?hidden=${share === null}
          aria-label=${words.t('exports.progress', { name: this.#called(job) })}
        ></progress
        ><span class="muted"
          >${
            job.estimate === undefined
              ? words.t('exports.entries', { count: job.entries ?? 0 })
              : words.t('exports.entriesOf', { entries: job.entries ?? 0, count: job.estimate })
          }</span
        >`;
    }
    return html`${tag}${
      job.problem
        ? html`<br /><span class="missing">${problemText(words, job.problem)}</span>`
        : job.state === 'withdrawn'
          ? html`<br /><span class="muted">${words.t('exports.withdrawn')}</span>`
          : nothing
    }${
      job.state === 'done'
        ? html`<br /><span class="muted"
              >${words.t('exports.entries', { count: job.counts?.entries ?? job.entries ?? 0 })}</span
            >`
        : nothing
    }`;
  }

  #renderFile(job: Job): TemplateResult {
    const words = this.words;
    const { file } = job;
    if (!file || job.state !== 'done') return html`<span class="muted">–</span>`;
    const about = html`<span class="visually-hidden"> ${this.#called(job)}</span>`;
    return html`<a class="button primary" download href=${this.path(`/exports/${encodeURIComponent(job.id)}/file`)}
        >${icon('download')}${words.t('exports.download')}${about}</a
      >
      <span class="muted">${bytesText(file.bytes, words)}</span><br /><span class="muted"
        >${words.t('exports.until', { date: dateText(Date.parse(file.expires_at), localZone(), words.locale) })}</span
      >`;
  }

  #renderActions(job: Job, name: string): TemplateResult {
    const words = this.words;
    const path = this.path(`/exports/${encodeURIComponent(job.id)}`);
    if (isUnderWay(job))
      return html`${this.rowButton(words.t('exports.cancel'), name, () =>
        this.#change(() => this.api.send('POST', `${path}/cancel`)),
      )}`;
    return html`${this.rowButton(words.t('exports.details'), name, () => this.#openDetails(job))}${this.rowButton(
      words.t('exports.remove'),
      name,
      () => this.#remove(job, path),
    )}`;
  }

  async #change(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      await this.reload();
    } catch (error) {
      this.problem = error instanceof Problem ? error : new Problem(0, 'unknown', String(error));
      this.changed();
    }
  }

  #remove(job: Job, path: string): void {
    const words = this.words;
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      void this.act(async () => {
        await this.api.send('DELETE', path);
        this.close();
        await this.reload();
      });
    };
    this.open(
      words.t('exports.remove.title'),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <p>${this.#renderWhich(job)}</p>
          <p class="muted">${words.t('exports.remove.about')}</p>
          ${this.renderEnd(words.t('exports.remove'), true, 'danger')}
        </form>`,
    );
  }

  /** What is in a file, and how it is checked. */
  #openDetails(job: Job): void {
    const words = this.words;
    const row = (
      name: string,
      value: TemplateResult | string | number | null | undefined,
    ): TemplateResult | typeof nothing =>
      value === null || value === undefined || value === ''
        ? nothing
        : html`<dt>${name}</dt>
            <dd>${typeof value === 'number' ? words.n(value) : value}</dd>`;
    const { counts, file, window: range } = job;
    this.open(
      words.t('exports.details.title'),
      () =>
        html`<dl class="facts">
            ${row(words.t('exports.query'), this.#renderWhich(job))}
            ${row(words.t('exports.state'), words.maybe(`exports.state.${job.state}`, job.state))}
            ${row(words.t('exports.details.zone'), job.zone)}
            ${row(words.t('exports.details.seq'), range && `${words.n(range.from_seq)} – ${words.n(range.to_seq)}`)}
            ${row(words.t('exports.details.entries'), counts?.entries)}
            ${row(words.t('exports.details.purged'), counts?.purged)}
            ${row(words.t('exports.details.erased'), counts?.erased)}
            ${row(words.t('exports.columns'), job.left_out?.length ? undefined : words.t('exports.columns.every'))}
            ${row(
              words.t('exports.details.leftOut'),
              job.left_out?.length ? html`<span class="mono">${job.left_out.join(', ')}</span>` : undefined,
            )}
            ${row(words.t('reason'), job.reason)} ${row(words.t('exports.details.name'), file?.name)}
            ${row('SHA-256', file ? html`<code>${file.sha256}</code>` : undefined)}
            ${row(words.t('exports.details.id'), html`<code>${job.id}</code>`)}
          </dl>
          ${
            file && job.state === 'done'
              ? html`<p class="muted">${words.t('exports.manifest.about')}</p>
                  <div class="forms">
                    <a
                      class="button"
                      download
                      href=${this.path(`/exports/${encodeURIComponent(job.id)}/manifest`)}
                      data-manifest
                      >${icon('download')}${words.t('exports.manifest')}</a
                    >
                  </div>`
              : nothing
          }`,
    );
  }

  async #openNew(address: string): Promise<void> {
    const words = this.words;
    const form = await this.orderForm({ ...emptyDraft(localZone()), period: ALWAYS }, true);
    const taken = address ? fromLink(address, form.draft, form.begins) : null;
    if (taken) form.take(taken);
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      void this.act(async () => this.#begin(form));
    };
    this.open(
      words.t('exports.new'),
      () =>
        html`<form class="sheet" @submit=${submit}>
          ${form.renderWhich()} ${form.renderFormat()} ${form.renderPersonal()} ${form.renderReason()}
          ${form.renderPreview()} ${this.renderEnd(words.t('exports.begin'), form.isReady)}
        </form>`,
    );
  }

  async #begin(form: OrderForm): Promise<void> {
    const job = await this.api.send<Job>('POST', this.path('/exports'), {
      ...orderOf(form.draft, this.words.language, this.api.now()),
      id: crypto.randomUUID(),
    });
    this.#begun = job.id;
    this.close();
    await this.reload();
  }
}
