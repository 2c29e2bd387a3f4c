/** One page of the console: loads what it shows, and shows it. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../shared/html.ts';
import { Problem, tenantPath, type Api } from '../shared/api.ts';
import { renderClock } from '../shared/clock.ts';
import { comesBack, Return } from '../shared/coming-back.ts';
import { ENGLISH, wordsFor, type Words } from '../shared/i18n.ts';
import { icon } from '../shared/icons.ts';
import { COLUMN } from '../shared/problem-words.ts';
import { problemText } from '../shared/problems.ts';
import type { Entry, Page as EntriesPage, Profile } from '../shared/types.ts';
import { Catalog, sentenceText } from '../viewer/sentence.ts';
import type { ConsoleApp } from './app.ts';
import type { ConsoleWords } from './words.ts';

/** How often what is recorded in a moment is looked for: at first, and once it has taken long. */
const LOOK_MILLIS = 300;
const LOOK_SELDOM_MILLIS = 3_000;
/** Somebody else may have made such a change since. */
const LOOK_AMONG = 5;
/** A server that is busy finds it late; one that has not found it by then is looked at no more. */
const LOOK_FOR_MILLIS = 600_000;
/** The server's clock in an answer's header has no milliseconds. */
const CLOCK_MILLIS = 1_000;

/** The entry that a change made, once it is found. */
export interface Made {
  action: string;
  entry: Entry | null;
  sentence: string;
}

export abstract class Page {
  problem: Problem | null = null;
  /** What the side sheet holds; null when it is closed. */
  sheet: { title: string; body: () => TemplateResult } | null = null;
  sheetProblem: Problem | null = null;
  busy = false;
  /** Whether what it shows was loaded, or could not be: before, nothing can be done with it. */
  #isSettled = false;
  #hasLoaded = false;
  readonly #return = new Return();
  #copied = '';
  /** The entries that sheets showed: the next change of the same kind has another one. */
  readonly #shown = new Set<string>();

  constructor(
    protected readonly app: ConsoleApp,
    readonly tenant: string,
  ) {}

  get api(): Api {
    return this.app.connection.api;
  }

  get words(): ConsoleWords {
    return this.app.words;
  }

  /** Whether what it shows was loaded, or could not be. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Whether the caller may not see what it shows, or not know of it. */
  get isRefused(): boolean {
    return !this.#hasLoaded && (this.problem?.status === 403 || this.problem?.status === 404);
  }

  /** Whether the page has the whole room, without a scroll bar of its own. */
  get isWhole(): boolean {
    return false;
  }

  path(rest: string): string {
    return tenantPath(this.tenant, rest);
  }

  /** The address of a log page with a query. */
  log(q: string, more: Record<string, string> = {}): string {
    const view = new URLSearchParams({ ...(q ? { q } : {}), ...more });
    return `/t/${encodeURIComponent(this.tenant)}/log#${view.toString()}`;
  }

  abstract load(): Promise<void>;

  abstract render(): TemplateResult;

  async reload(): Promise<void> {
    try {
      await this.load();
      this.problem = null;
      this.#hasLoaded = true;
    } catch (error) {
      this.problem = error instanceof Problem ? error : new Problem(0, 'unknown', String(error));
      if (this.problem.status === 401) this.app.sessionEnded();
    }
    this.#isSettled = true;
    this.app.requestUpdate();
    this.#comeBack();
  }

  /** A server that is away or busy comes back; then the page is there without anybody asking. */
  #comeBack(): void {
    this.#return.after(this.problem, () => {
      if (this.app.page === this && this.sheet === null) void this.reload();
    });
  }

  /** Has the page shown again, as it is now. */
  changed(): void {
    this.app.requestUpdate();
  }

  /** A field of the sheet that is open. */
  field(name: string): HTMLInputElement | HTMLTextAreaElement | null {
    return this.app.renderRoot.querySelector(`dialog [name="${CSS.escape(name)}"]`);
  }

  protected open(title: string, body: () => TemplateResult): void {
    this.sheet = { title, body };
    this.sheetProblem = null;
    this.app.requestUpdate();
  }

  close = (): void => {
    this.sheet = null;
    this.app.requestUpdate();
  };

  /** The browser tells of it in a task of its own: by then another sheet may be open. */
  readonly #closed = (event: Event): void => {
    if (!(event.currentTarget as HTMLDialogElement).open) this.close();
  };

  /** Does what a sheet asks for; what goes wrong is shown in the sheet. */
  protected async act(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.sheetProblem = null;
    this.app.requestUpdate();
    try {
      await work();
    } catch (error) {
      this.sheetProblem = error instanceof Problem ? error : new Problem(0, 'unknown', String(error));
      void this.app.updateComplete.then(() => this.#pointOut());
    }
    this.busy = false;
    this.app.requestUpdate();
  }

  /** Leads to the first field that something is wrong with, in a query to the place. */
  #pointOut(): void {
    const [fault] = (this.sheetProblem?.body['errors'] ?? []) as { pointer?: string; detail: string }[];
    // The innermost that is a field: of `/destination/addresses/0` the addresses.
    const names = fault?.pointer?.split('/').slice(1).reverse() ?? [];
    const field = names.map((name) => this.field(name)).find((each) => each !== null);
    if (!field) return;
    field.focus();
    const at = COLUMN.exec(fault!.detail)?.[1];
    if (!at) return;
    // Columns count code points, a field's selection UTF-16 units.
    const from = [...field.value].slice(0, Number(at) - 1).join('').length;
    const word = /^\S+/.exec(field.value.slice(from))?.[0] ?? '';
    field.setSelectionRange(from, from + word.length);
  }

  renderProblem(): TemplateResult | typeof nothing {
    return this.problem ? this.notice(this.problem) : nothing;
  }

  protected notice(problem: Problem): TemplateResult {
    return html`<div class="notice danger" role="alert">${icon('alert')}${problemText(this.words, problem)}</div>`;
  }

  renderSheet(): TemplateResult | typeof nothing {
    const { sheet } = this;
    if (!sheet) return nothing;
    return html`<dialog class="side" aria-labelledby="sheet-title" @close=${this.#closed}>
      <header>
        <h2 id="sheet-title">${sheet.title}</h2>
        <button
          class="button plain icon-only"
          aria-label=${this.words.t('close')}
          @click=${(e: Event) => (e.target as Element).closest('dialog')?.close()}
        >
          ${icon('close')}
        </button>
      </header>
      <div class="inside">${this.sheetProblem ? this.notice(this.sheetProblem) : nothing} ${sheet.body()}</div>
    </dialog>`;
  }

  /** What a sheet says when the change is made: that it is an entry now, and which. */
  done(text: string, action: string, more: TemplateResult | typeof nothing = nothing): void {
    const made = this.made(action);
    this.open(
      this.words.t('done'),
      () =>
        html`<div class="notice good">${icon('check')}<span>${text}</span></div>
          ${this.renderMade(made)}${more}`,
    );
  }

  /** Looks for the entry of the change that was just answered; it is found a moment later. */
  protected made(action: string): Made {
    const made: Made = { action, entry: null, sentence: '' };
    void this.#find(made, this.api.changedAt - CLOCK_MILLIS, this.api.changedReason);
    return made;
  }

  /** Looks again and again, until something is found or nobody waits for it any more. */
  protected async lookFor(isWanted: () => boolean, look: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + LOOK_FOR_MILLIS;
    for (
      let pause = LOOK_MILLIS;
      Date.now() < end && isWanted() && this.app.page === this;
      pause = Math.min(pause * 1.5, LOOK_SELDOM_MILLIS)
    ) {
      try {
        if (await look()) return;
      } catch (error) {
        if (!(error instanceof Problem) || !comesBack(error)) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  async #find(made: Made, from: number, reason: string): Promise<void> {
    const q = `action:${made.action} -verb:read`;
    try {
      const [profile, words] = await Promise.all([
        this.api.get<Profile>(this.path('/profile')).catch(() => null),
        wordsFor([this.words.locale]).catch((): Words => ENGLISH),
      ]);
      await this.lookFor(
        () => this.sheet !== null,
        async () => {
          const { entries } = await this.api.get<EntriesPage>(this.path('/events'), { q, limit: LOOK_AMONG });
          // That of the change a moment ago may be there already, with another reason.
          const mayBe = (each: Entry): boolean => !reason || !each.reason || each.reason.trim() === reason;
          const entry = entries.find(
            (each) => Date.parse(each.recorded_at) >= from && !this.#shown.has(each.id) && mayBe(each),
          );
          if (!entry) return false;
          this.#shown.add(entry.id);
          Object.assign(made, { entry, sentence: sentenceText(entry, new Catalog(profile), words) });
          return true;
        },
      );
    } catch {
      // Who may not read the log is told that there is an entry, and not which.
    }
    this.app.requestUpdate();
  }

  protected renderMade({ action, entry, sentence }: Made): TemplateResult {
    const more: Record<string, string> = entry ? { entry: entry.id, time: 'newest' } : {};
    return html`<p>${this.words.t('done.entry')}</p>
      ${
        entry
          ? html`<p class="made" role="status">
              ${sentence}${entry.reason ? html`<br /><span class="muted">“${entry.reason}”</span>` : nothing}
            </p>`
          : nothing
      }
      <div>
        <a class="button primary" href=${this.log(`action:${action}`, more)} @click=${this.close}
          >${this.words.t('done.show')}</a
        >
      </div>`;
  }

  protected renderCopy(text: string, look = 'button'): TemplateResult {
    const isCopied = this.#copied === text;
    const copy = async (): Promise<void> => {
      try {
        await navigator.clipboard.writeText(text);
        this.#copied = text;
      } catch {
        // The text stands beside the button.
        this.#copied = '';
      }
      this.app.requestUpdate();
    };
    return html`<button class=${look} type="button" @click=${copy}>
      ${icon(isCopied ? 'check' : 'copy')} ${this.words.t(isCopied ? 'copied' : 'copy')}
    </button>`;
  }

  protected heading(title: string, about: string, action: TemplateResult | typeof nothing = nothing): TemplateResult {
    const does = action === nothing ? nothing : html`<span class="does" ?inert=${!this.#isSettled}>${action}</span>`;
    return html`<header>
        <div>
          <h1>${title}</h1>
          <p>${about}</p>
        </div>
        ${does}
      </header>
      ${this.renderProblem()}${renderClock(this.api, this.words)}`;
  }
}

/** The values of a form's fields by name. */
export function valuesOf(event: Event): Record<string, string> {
  event.preventDefault();
  const found: Record<string, string> = {};
  for (const [name, value] of new FormData(event.target as HTMLFormElement)) found[name] = String(value);
  return found;
}

/** The lines of a text that have something in them. */
export function linesOf(text: string | undefined): string[] {
  return (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}
