/** `<indelible-console>`: sign-in, the rail, and the pages around the viewer. */
import { LitElement, nothing, type TemplateResult } from 'lit';
import { html } from '../shared/html.ts';
import '../viewer/viewer.ts';
import { icon, type IconName } from '../shared/icons.ts';
import { Problem } from '../shared/api.ts';
import { problemText } from '../shared/problems.ts';
import { tokens } from '../shared/tokens.ts';
import { visibleAlone } from '../shared/visible.ts';
import type { Tenant } from '../shared/types.ts';
import type { ConsoleApp } from './app.ts';
import { nameCells } from './cards.ts';
import { applyChoices, keepChoices, OFFERED, readChoices, type Choices } from './choices.ts';
import { OPERATOR_PAGES, TENANT_PAGES } from './menu.ts';
import type { Page } from './page.ts';
import { keepPlace, takePlace } from './place.ts';
import { Connection, type Session } from './session.ts';
import { renderSignIn } from './sign-in.ts';
import { consoleStyles } from './styles.ts';
import { CONSOLE_ENGLISH, consoleWordsFor, type ConsoleWords } from './words.ts';

export class IndelibleConsole extends LitElement implements ConsoleApp {
  static override styles = [tokens, consoleStyles];

  readonly connection = new Connection();
  words: ConsoleWords = CONSOLE_ENGLISH;
  session: Session | null = null;
  tenants: Tenant[] = [];
  choices: Choices = readChoices();

  #state: 'starting' | 'signed-out' | 'signed-in' | 'failed' = 'starting';
  #problem: Problem | null = null;
  #page: Page | null = null;
  /** The side sheet that was opened last. */
  #shownSheet: Page['sheet'] = null;
  #pageName = '';
  #railOpen = false;
  #focusMain = false;
  /** Whether the session ended by itself. */
  #hasEnded = false;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('popstate', () => this.#route());
    applyChoices(this.choices, this);
    this.addEventListener('click', this.#followLink);
    this.addEventListener('indelible-signed-out', () => this.sessionEnded());
    void this.#start();
  }

  /** Shows everything as somebody chose it, from now on and the next time. */
  async #choose(choices: Choices): Promise<void> {
    this.choices = choices;
    keepChoices(choices);
    applyChoices(choices, this);
    await this.#learnWords();
    this.#route();
    this.requestUpdate();
    await this.#page?.reload();
  }

  #renderChoices(): TemplateResult {
    const words = this.words;
    const choice = (name: keyof Choices): TemplateResult =>
      html`<label
        >${words.t(`choices.${name}`)}<select
          class="button"
          name=${name}
          @change=${(e: Event) => void this.#choose({ ...this.choices, [name]: (e.target as HTMLSelectElement).value })}
        >
          ${OFFERED[name].map(
            (value) =>
              html`<option value=${value} ?selected=${this.choices[name] === value}>
                ${words.maybe(`choices.${name}.${value}`, value)}
              </option>`,
          )}
        </select></label
      >`;
    return html`<details class="choices">
      <summary>${icon('sliders')}${words.t('choices')}</summary>
      ${choice('language')}${choice('theme')}${choice('zone')}
    </details>`;
  }

  /** Nothing is shown before, so that nobody reads English first. */
  async #learnWords(): Promise<void> {
    try {
      this.words = await consoleWordsFor([this.choices.language, ...navigator.languages].filter(Boolean));
    } catch {
      // English is part of the program.
    }
    document.documentElement.lang = this.words.locale;
  }

  async #start(): Promise<void> {
    const learned = this.#learnWords();
    const code = location.pathname === '/sign-in' ? location.hash.slice(1) : '';
    // The code is used up and must not stay in the history.
    if (code) history.replaceState(null, '', '/sign-in');
    try {
      const session = code ? await this.connection.signIn({ code }) : await this.connection.current();
      await learned;
      if (session) await this.#signedIn(session);
      else this.#state = 'signed-out';
    } catch (error) {
      await learned;
      this.#problem = error instanceof Problem ? error : new Problem(0, 'unknown', String(error));
      this.#state = code || this.#problem.status === 401 ? 'signed-out' : 'failed';
    }
    this.requestUpdate();
  }

  async #signedIn(session: Session): Promise<void> {
    this.session = session;
    this.#problem = null;
    this.#state = 'signed-in';
    await this.loadTenants();
    const place = takePlace();
    if (location.pathname === '/sign-in') history.replaceState(null, '', place ?? '/');
    this.#hasEnded = false;
    this.#route();
  }

  async loadTenants(): Promise<void> {
    const answer = await this.connection.api.get<{ tenants: Tenant[] }>('/v1/tenants', { limit: 1000 });
    this.tenants = answer.tenants;
  }

  get isOperator(): boolean {
    return this.session?.kind === 'operator';
  }

  /** Whether the caller may do one of these in a tenant; when the server does not say, it decides itself later. */
  may(tenant: string, permissions: readonly string[]): boolean {
    const granted = this.session?.tenants?.find((t) => t.id === tenant)?.permissions;
    return this.isOperator || !granted || permissions.some((p) => granted.includes(p));
  }

  /** Whether the caller sees the tenant's whole log, and not only some accounts or what a filter leaves. */
  seesWhole(tenant: string): boolean {
    const accounts = this.session?.tenants?.find((t) => t.id === tenant)?.accounts ?? null;
    return this.isOperator || (accounts === null && !this.session?.filter);
  }

  /** The page that is shown. */
  get page(): Page | null {
    return this.#page;
  }

  /** Goes to an address of the console. */
  go(address: string): void {
    history.pushState(null, '', address);
    this.#focusMain = true;
    // A viewer that is already there reads the address too.
    window.dispatchEvent(new PopStateEvent('popstate'));
  }

  readonly #followLink = (event: MouseEvent): void => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.ctrlKey ||
      event.metaKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = (event.composedPath() as Element[]).find(
      (e): e is HTMLAnchorElement => e instanceof HTMLAnchorElement,
    );
    if (!link || link.target || link.origin !== location.origin || link.hasAttribute('download')) return;
    if (!/^\/($|t\/|tenants$|system$)/.test(link.pathname)) return;
    event.preventDefault();
    this.#railOpen = false;
    this.go(link.pathname + link.search + link.hash);
  };

  #route(): void {
    if (this.#state !== 'signed-in') return;
    const parts = location.pathname.split('/').filter(Boolean).map(decodeURIComponent);
    let tenant = '';
    let name = '';
    let pages = OPERATOR_PAGES;
    if (parts[0] === 't' && parts[1]) {
      pages = TENANT_PAGES;
      tenant = parts[1];
      name = parts[2] ?? 'overview';
    } else if (this.isOperator) {
      name = parts[0] ?? 'tenants';
    } else {
      const first = this.tenants[0];
      if (first) {
        history.replaceState(null, '', `/t/${encodeURIComponent(first.id)}`);
        this.#route();
        return;
      }
    }
    const found = pages[name] ?? pages[Object.keys(pages)[0]!]!;
    if (!pages[name]) name = Object.keys(pages)[0]!;
    if (this.#pageName !== name || this.#page?.tenant !== tenant) {
      this.#pageName = name;
      this.#page = new found.page(this, tenant);
      void this.#page.reload();
    }
    const called = this.words.maybe(`access.tab.${name}`, this.words.maybe(`nav.${name}`, name));
    const title = tenant ? `${called} · ${this.tenantName(tenant)}` : called;
    document.title = `${visibleAlone(title)} · Indelible`;
    this.requestUpdate();
  }

  tenantName(id: string): string {
    return this.tenants.find((tenant) => tenant.id === id)?.name ?? id;
  }

  override updated(): void {
    nameCells(this.renderRoot);
    // Once for each sheet: one that was just closed is still here until the browser tells of it.
    const sheet = this.#page?.sheet ?? null;
    if (sheet !== this.#shownSheet) {
      this.#shownSheet = sheet;
      const dialog = this.renderRoot.querySelector<HTMLDialogElement>('dialog.side');
      if (dialog && !dialog.open) dialog.showModal();
    }
    if (this.#focusMain) {
      this.#focusMain = false;
      this.renderRoot.querySelector<HTMLElement>('main')?.focus();
    }
  }

  override render(): TemplateResult | typeof nothing {
    if (this.#state === 'starting') return nothing;
    if (this.#state === 'signed-out') return this.#renderSignIn();
    if (this.#state === 'failed') {
      return html`<main class="sign-in">
        <div class="card">
          <h1>${this.words.t('failed.title')}</h1>
          <p>${this.#problem ? problemText(this.words, this.#problem) : nothing}</p>
          <div><button class="button" @click=${() => location.reload()}>${this.words.t('retry')}</button></div>
        </div>
      </main>`;
    }
    const page = this.#page;
    return html`<a
        class="button skip"
        href="#main"
        @click=${(e: Event) => {
          e.preventDefault();
          this.renderRoot.querySelector<HTMLElement>('main')?.focus();
        }}
        >${this.words.t('skip')}</a
      >
      <div class="frame">
        ${this.#renderRail()}
        ${
          this.session?.watermark
            ? html`<div class="watermark" aria-hidden="true">${this.session.watermark}</div>`
            : nothing
        }
        <main
          id="main"
          tabindex="-1"
          aria-busy=${page?.isSettled ? 'false' : 'true'}
          class=${page?.isWhole ? 'whole' : ''}
        >
          ${page?.isRefused ? this.#renderRefused(page) : (page?.render() ?? nothing)}${page?.renderSheet() ?? nothing}
        </main>
      </div>`;
  }

  /** A page of which nothing may be seen. */
  #renderRefused(page: Page): TemplateResult {
    return html`<div class="page" data-refused>
      <header>
        <div>
          <h1>${this.words.t('notYours.title')}</h1>
          <p>${page.problem ? problemText(this.words, page.problem) : nothing}</p>
        </div>
      </header>
      <div><a class="button" href="/">${this.words.t('notYours.back')}</a></div>
    </div>`;
  }

  #item(name: string, address: string, symbol: IconName): TemplateResult {
    const here = TENANT_PAGES[this.#pageName]?.under ?? this.#pageName;
    return html`<a class="item" href=${address} aria-current=${here === name ? 'page' : nothing}
      >${icon(symbol)}${this.words.maybe(`nav.${name}`, name)}</a
    >`;
  }

  /** Of pages that one item stands for, it leads to the first that the caller may see. */
  #tenantItems(tenant: string): TemplateResult[] {
    const seen = new Map<string, TemplateResult>();
    for (const [name, page] of tenant ? Object.entries(TENANT_PAGES) : []) {
      const inRail = page.under ?? name;
      if (!seen.has(inRail) && this.may(tenant, page.needs ?? []) && (!page.whole || this.seesWhole(tenant)))
        seen.set(inRail, this.#item(inRail, `/t/${encodeURIComponent(tenant)}/${name}`, page.icon));
    }
    return [...seen.values()];
  }

  #renderTenants(tenant: string): TemplateResult {
    const words = this.words;
    return html`<h2>${words.t('nav.tenant')}</h2>
      <select
        class="button tenant"
        aria-label=${words.t('nav.tenant')}
        @change=${(e: Event) => {
          const chosen = (e.target as HTMLSelectElement).value;
          if (chosen) this.go(`/t/${encodeURIComponent(chosen)}/${tenant ? this.#pageName : 'overview'}`);
        }}
      >
        ${
          this.tenants.some((t) => t.id === tenant)
            ? nothing
            : html`<option value="" selected>${tenant || words.t('nav.choose')}</option>`
        }
        ${this.tenants.map((t) => html`<option value=${t.id} ?selected=${t.id === tenant}>${t.name}</option>`)}
      </select>`;
  }

  #renderWho(): TemplateResult {
    const words = this.words;
    return html`<div class="who">
      <span title=${this.session?.name ?? ''}
        >${this.isOperator ? words.t('operator') : (this.session?.name ?? '')}</span
      >
      <button
        class="button plain icon-only"
        aria-label=${words.t('signOut')}
        title=${words.t('signOut')}
        @click=${() => this.#signOut()}
      >
        ${icon('signOut')}
      </button>
    </div>`;
  }

  #renderRail(): TemplateResult {
    const words = this.words;
    const tenant = this.#page?.tenant ?? '';
    return html`<nav class="rail" aria-label=${words.t('nav.label')}>
      <a class="brand" href="/">${icon('shieldCheck')}Indelible</a>
      ${tenant ? html`<span class="here">${this.tenantName(tenant)}</span>` : nothing}
      <button
        class="button plain icon-only menu-button"
        aria-label=${words.t('nav.label')}
        aria-expanded=${this.#railOpen}
        @click=${() => {
          this.#railOpen = !this.#railOpen;
          this.requestUpdate();
        }}
      >
        ${icon('menu')}
      </button>
      <div class="rest ${this.#railOpen ? 'open' : ''}">
        ${
          this.isOperator
            ? Object.entries(OPERATOR_PAGES).map(([name, page]) => this.#item(name, `/${name}`, page.icon))
            : nothing
        }
        ${this.tenants.length ? this.#renderTenants(tenant) : nothing} ${this.#tenantItems(tenant)}
        <span class="grow"></span>${this.#renderChoices()} ${this.#renderWho()}
      </div>
    </nav>`;
  }

  /** The server knows the session no more; the address stays, so that signing in again leads back. */
  sessionEnded(): void {
    if (this.session && location.pathname !== '/sign-in') {
      keepPlace(location.pathname + location.search + location.hash);
      this.#hasEnded = true;
    }
    this.session = null;
    this.#page = null;
    this.#pageName = '';
    this.#state = 'signed-out';
    this.requestUpdate();
  }

  async #signOut(): Promise<void> {
    await this.connection.signOut();
    history.replaceState(null, '', '/sign-in');
    this.sessionEnded();
  }

  #renderSignIn(): TemplateResult {
    const signIn = async (key: string): Promise<void> => {
      try {
        await this.#signedIn(await this.connection.signIn({ key }));
      } catch (error) {
        this.#problem = error instanceof Problem ? error : new Problem(0, 'unknown', String(error));
        this.requestUpdate();
      }
    };
    return renderSignIn(this.words, { hasEnded: this.#hasEnded, problem: this.#problem, signIn });
  }
}

customElements.define('indelible-console', IndelibleConsole);
