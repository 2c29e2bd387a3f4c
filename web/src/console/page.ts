/** One page of the console: loads what it shows, and shows it. */
import { html, nothing, type TemplateResult } from 'lit';
import { Problem, tenantPath, type Api } from '../shared/api.ts';
import { icon } from '../shared/icons.ts';
import type { ConsoleWords } from './words.ts';
import type { IndelibleConsole } from './console.ts';

export abstract class Page {
  problem: Problem | null = null;
  /** What the side sheet holds; null when it is closed. */
  sheet: { title: string; body: () => TemplateResult } | null = null;
  sheetProblem: Problem | null = null;
  busy = false;

  constructor(
    protected readonly app: IndelibleConsole,
    readonly tenant: string,
  ) {}

  get api(): Api {
    return this.app.connection.api;
  }

  get words(): ConsoleWords {
    return this.app.words;
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
    return `/t/${encodeURIComponent(this.tenant)}/log#${new URLSearchParams({ ...(q ? { q } : {}), ...more }).toString()}`;
  }

  abstract load(): Promise<void>;

  abstract render(): TemplateResult;

  async reload(): Promise<void> {
    try {
      await this.load();
      this.problem = null;
    } catch (error) {
      this.problem = error instanceof Problem ? error : new Problem(0, 'unknown', String(error));
      if (this.problem.status === 401) this.app.sessionEnded();
    }
    this.app.requestUpdate();
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

  /** Does what a sheet asks for; what goes wrong is shown in the sheet. */
  protected async act(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.sheetProblem = null;
    this.app.requestUpdate();
    try {
      await work();
    } catch (error) {
      this.sheetProblem = error instanceof Problem ? error : new Problem(0, 'unknown', String(error));
    }
    this.busy = false;
    this.app.requestUpdate();
  }

  renderProblem(): TemplateResult | typeof nothing {
    return this.problem ? html`<div class="notice danger" role="alert">${icon('alert')}<span>${this.problem.detail}</span></div>` : nothing;
  }

  renderSheet(): TemplateResult | typeof nothing {
    const { sheet } = this;
    if (!sheet) return nothing;
    return html`<dialog class="side" aria-labelledby="sheet-title" @close=${this.close}>
      <header><h2 id="sheet-title">${sheet.title}</h2><button class="button plain icon-only" aria-label=${this.words.t('close')} @click=${(e: Event) => (e.target as Element).closest('dialog')?.close()}>${icon('close')}</button></header>
      <div class="inside">
        ${this.sheetProblem ? html`<div class="notice danger" role="alert">${icon('alert')}<span>${this.sheetProblem.detail}</span></div>` : nothing}
        ${sheet.body()}
      </div>
    </dialog>`;
  }

  /** What a sheet says when the change is made: that it is an entry now. */
  protected done(text: string, action: string): void {
    this.open(this.words.t('done'), () => html`<div class="notice good">${icon('check')}<span>${text}</span></div>
      <p>${this.words.t('done.entry')}</p>
      <div><a class="button primary" href=${this.log(`action:${action}`)} @click=${this.close}>${this.words.t('done.show')}</a></div>`);
  }

  protected heading(title: string, about: string, action: TemplateResult | typeof nothing = nothing): TemplateResult {
    return html`<header><div><h1>${title}</h1><p>${about}</p></div>${action}</header>${this.renderProblem()}`;
  }
}

/** The values of a form's fields by name. */
export function valuesOf(event: Event): Record<string, string> {
  event.preventDefault();
  const found: Record<string, string> = {};
  for (const [name, value] of new FormData(event.target as HTMLFormElement)) found[name] = String(value);
  return found;
}
