/** Schedules: exports that leave by themselves; when they ran, when they will, and making one. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { icon } from '../../shared/icons.ts';
import { problemText } from '../../shared/problems.ts';
import { localZone } from '../../shared/time.ts';
import { DestinationTest } from './destination-test.ts';
import { ExportTabPage } from './exports-page.ts';
import { emptyDraft, fromLink } from './order.ts';
import { ScheduleForm } from './schedule-form.ts';
import { cronOf, timesOf, type Times } from './cron.ts';
import {
  draftOf,
  emptySchedule,
  isRunning,
  pauseText,
  placeOf,
  scheduleOf,
  type Run,
  type Schedule,
  type ScheduleDraft,
} from './schedule.ts';

const LOOK: Record<string, string> = { done: 'good', failed: 'bad' };
const SUNDAY = Date.UTC(2026, 0, 4);
const DAY_MILLIS = 86_400_000;
const RUNS_LIMIT = 50;

/** What the buttons of a row say. */
type RowKey = 'history' | 'runNow' | 'test' | 'pause' | 'resume' | 'change' | 'delete';

/** A schedule that was just made, with what is shown this once. */
type Made = Schedule & { signing_secret?: string };

export class SchedulesPage extends ExportTabPage {
  override readonly tab = 'schedules';
  #schedules: Schedule[] | null = null;
  /** The sheet that shows runs, and how it is brought up to date. */
  #history: { sheet: unknown; again: () => Promise<void> } | null = null;

  override async load(): Promise<void> {
    await this.#list();
    this.#watch();
    const address = this.takeAddress();
    if (address !== null) await this.#openForm(null, address);
  }

  async #list(): Promise<void> {
    this.#schedules = await this.all<Schedule>('/schedules', 'schedules');
  }

  #watch(): void {
    const moves = (): unknown => {
      const running = (this.#schedules ?? []).flatMap(({ last_run: last }) => (last && isRunning(last) ? [last] : []));
      return running.length ? running : null;
    };
    void this.watch(moves, async () => {
      await this.#list();
      if (this.sheet && this.sheet === this.#history?.sheet) await this.#history.again();
    });
  }

  override render(): TemplateResult {
    const words = this.words;
    return this.frame(
      words.t('schedules.about'),
      this.may('schedules.manage') && this.may('audit.export')
        ? html`<button class="button primary" @click=${() => void this.#openForm(null, '')}>
            ${icon('timer')}${words.t('schedules.new')}
          </button>`
        : nothing,
      this.renderTable(
        words.t('schedules.title'),
        [
          words.t('schedules.name'),
          words.t('schedules.when'),
          words.t('schedules.nextRun'),
          words.t('schedules.lastRun'),
          '',
        ],
        this.#schedules?.map((schedule) => this.#renderRow(schedule)) ?? null,
        words.t('schedules.none'),
      ),
    );
  }

  #renderRow(schedule: Schedule): TemplateResult {
    const words = this.words;
    const { destination, last_run: last } = schedule;
    const place = placeOf(destination);
    return html`<tr data-schedule=${schedule.id} data-state=${schedule.state}>
      <td class="named">
        <strong>${schedule.name}</strong><br />${this.renderQuery(schedule.query)}<br /><span class="tag"
          >${schedule.format.toUpperCase()}</span
        >
        <span class="tag">${words.t(`schedules.to.${destination.type}`)}</span>${
          place ? html`<br /><span class="muted">${place}</span>` : nothing
        }
      </td>
      <td>${this.#timesText(timesOf(schedule.cron))}<br /><span class="muted">${schedule.zone}</span></td>
      <td>${this.#renderNext(schedule)}</td>
      <td>${last ? this.#renderRunState(last) : html`<span class="muted">${words.t('schedules.never')}</span>`}</td>
      <td class="actions">${this.#renderActions(schedule)}</td>
    </tr>`;
  }

  /** When it runs, in words; an expression of its maker's own as it is. */
  #timesText(times: Times): TemplateResult {
    const words = this.words;
    const { preset, time, weekday, day } = times;
    if (preset === 'own') return html`<code>${cronOf(times)}</code>`;
    const name = new Intl.DateTimeFormat(words.locale, { weekday: 'long', timeZone: 'UTC' });
    return html`${words.t(`schedules.says.${preset}`, {
      time,
      minute: String(Number(time.split(':')[1])),
      weekday: name.format(SUNDAY + weekday * DAY_MILLIS),
      day: String(day),
    })}`;
  }

  #renderNext(schedule: Schedule): TemplateResult {
    const words = this.words;
    if (schedule.state === 'active')
      return schedule.next_run_at ? this.renderTime(schedule.next_run_at) : html`<span class="muted">–</span>`;
    const why = pauseText(schedule, words);
    return html`<span class="tag security">${words.t('schedules.paused')}</span>${
        why ? html`<br /><span class="muted">${why}</span>` : nothing
      }`;
  }

  #renderRunState(run: Run): TemplateResult {
    const words = this.words;
    return html`<span class="tag ${LOOK[run.state] ?? ''}">${words.maybe(`schedules.run.${run.state}`, run.state)}</span
      ><br />${this.renderTime(run.ended_at ?? run.due_at)}${
        run.problem ? html`<br /><span class="missing">${problemText(words, run.problem)}</span>` : nothing
      }`;
  }

  #renderActions(schedule: Schedule): TemplateResult {
    const words = this.words;
    const { name } = schedule;
    const button = (key: RowKey, click: () => unknown): TemplateResult =>
      this.rowButton(words.t(`schedules.${key}`), name, () => void click());
    const history = button('history', () => this.#openHistory(schedule));
    if (!this.may('schedules.manage')) return history;
    const pausing = schedule.state === 'paused' ? 'resume' : 'pause';
    return html`${history}${button('runNow', () => this.#run(schedule))}${button('test', () =>
      this.#test(schedule),
    )}${button(pausing, () => this.#pause(schedule, pausing))}${
      // Whoever may not see its query would put another in its place.
      schedule.query === null ? nothing : button('change', () => this.#openForm(schedule, ''))
    }${button('delete', () => this.#remove(schedule))}`;
  }

  #pathOf({ id }: Schedule, rest = ''): string {
    return this.path(`/schedules/${encodeURIComponent(id)}${rest}`);
  }

  #run(schedule: Schedule): void {
    void this.act(async () => {
      await this.api.send('POST', this.#pathOf(schedule, '/run'));
      await this.reload();
      await this.#openHistory(schedule);
    }).then(() => this.#tell());
  }

  #pause(schedule: Schedule, how: 'pause' | 'resume'): void {
    void this.act(async () => {
      await this.api.send('POST', this.#pathOf(schedule, `/${how}`));
      await this.reload();
      this.done(this.words.t(`schedules.${how}Done`, { name: schedule.name }), `audit.schedule.${how}`);
    }).then(() => this.#tell());
  }

  /** What goes wrong without a sheet stands on the page. */
  #tell(): void {
    if (!this.sheetProblem || this.sheet) return;
    this.problem = this.sheetProblem;
    this.changed();
  }

  /** Sends a small file to the destination, and says what became of it. */
  #test(schedule: Schedule): void {
    const test = new DestinationTest(
      this.words,
      () => this.api.send('POST', this.#pathOf(schedule, '/test')),
      () => this.changed(),
    );
    this.open(this.words.t('schedules.test.title', { name: schedule.name }), () => test.render());
  }

  #remove(schedule: Schedule): void {
    const words = this.words;
    this.openRemoval({
      title: words.t('schedules.delete.title', { name: schedule.name }),
      warning: words.t('schedules.delete.warning'),
      name: schedule.name,
      button: words.t('schedules.delete'),
      hasNoReason: true,
      remove: async () => {
        await this.api.send('DELETE', this.#pathOf(schedule));
        await this.reload();
        this.done(words.t('schedules.deleted', { name: schedule.name }), 'audit.schedule.remove');
      },
    });
  }

  async #openHistory(schedule: Schedule): Promise<void> {
    const words = this.words;
    let runs: Run[] | null = null;
    let next: string | null = null;
    const more = async (): Promise<void> => {
      const page: { runs: Run[]; next_cursor?: string | null } = await this.api.get(this.#pathOf(schedule, '/runs'), {
        limit: RUNS_LIMIT,
        cursor: next,
      });
      runs = [...(runs ?? []), ...page.runs];
      next = page.next_cursor ?? null;
      this.changed();
    };
    this.open(
      words.t('schedules.history.title', { name: schedule.name }),
      () =>
        html`${
          runs?.length
            ? html`<ol class="runs">
                ${runs.map((run) => this.#renderRun(run))}
              </ol>`
            : html`<p class="muted" role="status">${words.t(runs ? 'schedules.history.none' : 'exports.asking')}</p>`
        }${
          next
            ? html`<div>
                <button class="button" @click=${() => void this.act(more)}>${words.t('exports.more')}</button>
              </div>`
            : nothing
        }`,
    );
    const again = async (): Promise<void> => {
      const page: { runs: Run[] } = await this.api.get(this.#pathOf(schedule, '/runs'), { limit: RUNS_LIMIT });
      const known = new Set(page.runs.map(({ id }) => id));
      runs = [...page.runs, ...(runs ?? []).filter(({ id }) => !known.has(id))];
    };
    this.#history = { sheet: this.sheet, again };
    await this.act(more);
  }

  #renderRun(run: Run): TemplateResult {
    const words = this.words;
    const { window: range, attempts = 0 } = run;
    return html`<li data-run=${run.state}>
      <div class="aside">
        ${this.renderTime(run.due_at)}<span class="tag ${LOOK[run.state] ?? ''}"
          >${words.maybe(`schedules.run.${run.state}`, run.state)}</span
        >
      </div>
      <span class="muted"
        >${run.entries === undefined ? nothing : words.t('exports.entries', { count: run.entries })}${
          range ? html` · ${words.t('schedules.run.window', { from: range.from_seq, to: range.to_seq })}` : nothing
        }${attempts > 1 ? html` · ${words.t('schedules.run.attempts', { count: attempts })}` : nothing}</span
      >
      ${run.problem ? html`<span class="missing">${problemText(words, run.problem)}</span>` : nothing}
      ${run.delivered_to ? html`<span>${words.t('schedules.run.to', { place: run.delivered_to })}</span>` : nothing}
      ${
        run.export && run.state === 'done'
          ? html`<a class="link" download href=${this.path(`/exports/${encodeURIComponent(run.export)}/file`)}
              >${words.t('exports.download')}</a
            >`
          : nothing
      }
    </li>`;
  }

  async #openForm(schedule: Schedule | null, address: string): Promise<void> {
    const words = this.words;
    const draft = schedule ? draftOf(schedule, words.language) : emptySchedule(localZone(), words.language);
    const content = await this.orderForm(draft.content, false);
    const taken = address ? fromLink(address, emptyDraft(content.draft.zone), content.begins) : null;
    if (taken) content.take({ ...content.draft, query: taken.query, zone: taken.zone });
    const form = new ScheduleForm(this, content, draft, schedule?.id ?? null);
    const title = schedule ? words.t('schedules.change.title', { name: schedule.name }) : words.t('schedules.new');
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      void this.act(() => this.#save(form.whole, schedule));
    };
    this.open(
      title,
      () =>
        html`<form class="sheet" @submit=${submit}>
          ${form.render()} ${this.renderEnd(words.t(schedule ? 'schedules.save' : 'schedules.new'), form.isReady)}
        </form>`,
    );
  }

  async #save(draft: ScheduleDraft, schedule: Schedule | null): Promise<void> {
    const words = this.words;
    const body = scheduleOf(draft, words.language, schedule === null);
    const saved = schedule
      ? await this.api.send<Made>('PUT', this.#pathOf(schedule), body)
      : await this.api.send<Made>('POST', this.path('/schedules'), body);
    await this.reload();
    const secret = saved.signing_secret;
    const test = html`<div class="forms">
      <button class="button" @click=${() => this.#test(saved)}>${words.t('schedules.test')}</button>
    </div>`;
    const shown = secret
      ? html`<div class="notice security">${icon('alert')}<span>${words.t('schedules.signing')}</span></div>
          <pre class="code" tabindex="0" aria-label=${words.t('schedules.signing.label')}>${secret}</pre>
          <div>${this.renderCopy(secret)}</div>`
      : nothing;
    this.done(
      words.t(schedule ? 'schedules.saved' : 'schedules.madeDone', { name: saved.name }),
      schedule ? 'audit.schedule.update' : 'audit.schedule.create',
      html`${shown}${test}`,
    );
  }
}
