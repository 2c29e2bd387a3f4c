/** `<indelible-viewer>`: the audit log of one tenant, for any page. */
import { LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { html } from '../shared/html.ts';
import { Api, type TokenSource } from '../shared/api.ts';
import { wordsFor, type Words } from '../shared/i18n.ts';
import { isZone } from '../shared/time.ts';
import { tokens } from '../shared/tokens.ts';
import type { Entry } from '../shared/types.ts';
import type { Verdict } from '../proof/check.ts';
import { Brush } from './brush.ts';
import { Exporter } from './exporter.ts';
import { FacetSearch } from './facet-search.ts';
import { Keyboard } from './keyboard.ts';
import { readView, writeView, type Range, type View } from './link.ts';
import { Widths } from './column-width.ts';
import { Model } from './model.ts';
import { QueryBox } from './query-box.ts';
import { RowKeys } from './row-keys.ts';
import { SavedViews } from './saved.ts';
import { sentenceText } from './sentence.ts';
import { viewerStyles } from './styles.ts';
import { renderBar } from './view-bar.ts';
import { renderChart } from './view-chart.ts';
import { renderFacets } from './view-facets.ts';
import type { Menu, ViewHost } from './view-host.ts';
import { renderList } from './view-list.ts';

const TOAST_MILLIS = 2_000;
const PENDING_RETRY_MILLIS = 1_500;
/** So long after the pointer moved over the rows, none comes in between: it may be about to click. */
const POINTING_MILLIS = 1_500;

export class IndelibleViewer extends LitElement implements ViewHost {
  static override styles = [tokens, viewerStyles];

  static override properties = {
    api: {},
    tenant: {},
    locale: {},
    zone: {},
    tenantZone: { attribute: 'tenant-zone' },
    logKey: { attribute: 'log-key' },
    links: { type: Boolean },
    stateKey: { attribute: 'state-key' },
    theme: { reflect: true },
    tokenSource: { attribute: false },
    noCommands: { type: Boolean, attribute: 'no-commands' },
    exportPages: { attribute: false },
  };

  /** Address of the server, such as `https://audit.example.com`; the page's own when left out. */
  declare api: string;
  /** Whose log. */
  declare tenant: string;
  /** Language, such as `de`; that of the page or the browser when left out. */
  declare locale: string;
  /** `local`, `UTC`, or the name of a zone. */
  declare zone: string;
  /** The tenant's own zone, offered beside the reader's and UTC. */
  declare tenantZone: string;
  /** The log's verifier keys, separated by spaces, against which checkpoints are checked. */
  declare logKey: string;
  /** Whether the view is kept in the page's address. */
  declare links: boolean;
  /** Tells this viewer's part of the address from another's. */
  declare stateKey: string;
  declare theme: string;
  /** Whether the query is not offered as a command: a product's own readers have no use for it. */
  declare noCommands: boolean;
  /** Address of the console's pages, which take the query over; null in a product's page. */
  declare exportPages: string | null;
  /** Gives a viewer token; null when the browser's session on the server signs in. */
  declare tokenSource: TokenSource | null;

  readonly model = new Model({
    changed: () => this.requestUpdate(),
    viewChanged: (push) => this.#viewChanged(push),
    signedOut: () => this.dispatchEvent(new CustomEvent('indelible-signed-out', { bubbles: true, composed: true })),
    loaded: () => void this.updateComplete.then(() => this.#showOpenRow()),
    addressHas: (what) => {
      const all = new URLSearchParams(location.hash.slice(1));
      return (
        this.links && (what === 'time' ? ['time', 'from', 'to'] : [what]).some((name) => all.has(this.#prefix + name))
      );
    },
  });
  readonly queryBox = new QueryBox(this);
  readonly brush = new Brush(this);
  readonly rowKeys = new RowKeys();
  readonly keyboard = new Keyboard(this);
  readonly exporter = new Exporter(() => this.requestUpdate());
  readonly facetSearch = new FacetSearch(this.model, () => this.requestUpdate());
  readonly saved = new SavedViews(this.model, () => this.requestUpdate());

  menu: Menu | null = null;
  facetsOpen = false;
  chartAsTable = false;
  helpOpen = false;
  /** The columns that the reader made wider or narrower. */
  readonly widths = new Widths(this);
  toast = '';
  verdict: Verdict = { state: 'checking' };
  /** How many entries each link to related ones leads to. */
  relatedCounts = new Map<string, number>();

  /** What is not needed at first sight; null until it is loaded. */
  later: typeof import('./later.ts') | null = null;
  #coming: Promise<void> | null = null;
  #menuOpener: HTMLElement | null = null;
  #started = '';
  #words = '';
  #checking: AbortController | null = null;
  #checked: Entry | null = null;
  #counted: Entry | null = null;
  #toastTimer: ReturnType<typeof setTimeout> | undefined;
  #pointing: ReturnType<typeof setTimeout> | null = null;
  readonly #onHash = (): void => this.#readAddress();

  constructor() {
    super();
    this.api = '';
    this.tenant = '';
    this.locale = '';
    this.zone = 'local';
    this.tenantZone = '';
    this.logKey = '';
    this.links = false;
    this.stateKey = '';
    this.tokenSource = null;
    this.noCommands = false;
    this.exportPages = null;
    this.model.live.isReading = () => this.#isReading();
  }

  get words(): Words {
    return this.model.words;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.keyboard.connect();
    window.addEventListener('hashchange', this.#onHash);
    window.addEventListener('popstate', this.#onHash);
    this.#started = '';
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.keyboard.disconnect();
    window.removeEventListener('hashchange', this.#onHash);
    window.removeEventListener('popstate', this.#onHash);
    this.#checking?.abort();
    this.exporter.stop();
    this.model.stop();
  }

  /** Nothing is shown of what is on no page; coming to one asks for an update. */
  override shouldUpdate(): boolean {
    return this.isConnected;
  }

  override willUpdate(changed: PropertyValues): void {
    const wanted = [this.locale, document.documentElement.lang, ...navigator.languages].filter(Boolean);
    if (wanted.join() !== this.#words) {
      this.#words = wanted.join();
      void wordsFor(wanted).then((words) => {
        this.model.words = words;
        this.requestUpdate();
      });
    }
    if (changed.has('zone') && isZone(this.zone === 'local' ? 'UTC' : this.zone)) {
      this.model.fallback.zone = this.zone;
      this.model.view.zone = this.zone;
    }
    this.model.tenantZone = this.tenantZone && isZone(this.tenantZone) ? this.tenantZone : null;
    const wants = `${this.api}|${this.tenant}`;
    if (this.isConnected && this.tenant && (wants !== this.#started || changed.has('tokenSource'))) {
      this.#started = wants;
      this.model.api = new Api(this.api.replace(/\/$/, ''), this.tokenSource);
      this.model.tenant = this.tenant;
      this.widths.recall();
      if (this.links) this.model.view = readView(location.hash, this.#prefix, this.model.fallback);
      this.queryBox.reset();
      void this.model.start();
    }
    this.#checkOpenEntry();
    if (this.model.view.entry !== null) void this.#whole();
  }

  override render(): TemplateResult {
    return html`<div
      class="viewer"
      @pointermove=${this.prepare}
      @keydown=${this.keyboard.pressed}
      @focusin=${this.keyboard.used}
      @pointerdown=${this.keyboard.used}
      @click=${this.#clicked}
    >
      ${renderBar(this)}
      <div class="body">
        ${renderFacets(this)}
        <div class="main">${renderChart(this)} ${renderList(this)}</div>
        ${
          this.later
            ? this.later.renderPanel(this)
            : this.model.view.entry === null
              ? nothing
              : html`<section class="panel" aria-busy="true" aria-label=${this.words.t('entry.label')}></section>`
        }
      </div>
      ${this.later?.renderMenu(this)} ${this.later?.renderHelp(this)}
      <div class="toast" role="status">${this.toast ? html`<span>${this.toast}</span>` : nothing}</div>
    </div>`;
  }

  get #prefix(): string {
    return this.stateKey ? `${this.stateKey}.` : '';
  }

  #viewChanged(push: boolean): void {
    this.queryBox.reset();
    this.dispatchEvent(
      new CustomEvent('indelible-view', { detail: { ...this.model.view }, bubbles: true, composed: true }),
    );
    if (!this.links) return;
    const address = this.address(this.model.view);
    if (push) history.pushState(history.state, '', address);
    else history.replaceState(history.state, '', address);
  }

  #readAddress(): void {
    if (!this.links) return;
    const view = readView(location.hash, this.#prefix, this.model.fallback);
    if (JSON.stringify(view) === JSON.stringify(this.model.view)) return;
    const was = this.model.view;
    this.model.view = view;
    this.queryBox.reset();
    const same = view.q === was.q && view.zone === was.zone && JSON.stringify(view.range) === JSON.stringify(was.range);
    const isHere = view.entry === null || this.model.entries.some(({ id }) => id === view.entry);
    if (!same || (view.entry !== was.entry && !isHere)) void this.model.find();
    else if (view.entry !== was.entry) void this.model.openEntry();
    this.requestUpdate();
  }

  /** The page's address with a view in it. */
  address(view: View): string {
    const fragment = writeView(location.hash, this.#prefix, view, this.model.fallback);
    return location.pathname + location.search + (fragment ? `#${fragment}` : '');
  }

  /** The row of the open entry, into the upper half of the list: what lies around it is seen too. */
  #showOpenRow(): void {
    const row = this.renderRoot.querySelector('tr.open');
    const list = row?.closest('.list');
    if (!row || !list) return;
    const top = row.getBoundingClientRect().top - list.getBoundingClientRect().top;
    if (top < 0 || top > list.clientHeight / 2) list.scrollTop += top - list.clientHeight / 3;
  }

  #isReading(): boolean {
    const list = this.renderRoot.querySelector('.list');
    const inRows = this.shadowRoot?.activeElement?.closest('tbody');
    return (
      this.#pointing !== null ||
      this.model.view.entry !== null ||
      this.menu !== null ||
      (list?.scrollTop ?? 0) > 4 ||
      Boolean(inRows)
    );
  }

  /** The pointer moves over the rows; once it rests, what came meanwhile is shown. */
  readonly pointed = (): void => {
    if (this.#pointing !== null) clearTimeout(this.#pointing);
    this.#pointing = setTimeout(() => {
      this.#pointing = null;
      if (!this.#isReading()) this.model.live.flush();
    }, POINTING_MILLIS);
  };

  /** Opens an entry; the list stays where it is. */
  open(entry: Entry): void {
    this.model.show({ entry: entry.id }, this.model.view.entry === null);
    // The list is narrower now, and its rows may be taller.
    void this.updateComplete.then(() => this.renderRoot.querySelector('tr.open')?.scrollIntoView({ block: 'nearest' }));
  }

  close(): void {
    const id = this.model.view.entry;
    this.model.show({ entry: null });
    void this.updateComplete.then(() => this.focusRow(id));
  }

  focusRow(id: string | null): void {
    if (id === null) return;
    const row = this.renderRoot.querySelector<HTMLElement>(`tr[data-id="${CSS.escape(id)}"] a`);
    (row ?? this.renderRoot.querySelector<HTMLElement>('.list'))?.focus({ preventScroll: true });
    row?.closest('tr')?.scrollIntoView({ block: 'nearest' });
  }

  /** Gets what somebody may need who comes near with a pointer or the focus. */
  readonly prepare = (): void => void this.#whole();

  /** Loads what is not needed at first sight. */
  #whole(): Promise<void> {
    this.#coming ??= import('./later.ts').then(
      (later) => {
        this.later = later;
        this.requestUpdate();
      },
      // A server that is away is asked again by whoever needs it.
      () => void (this.#coming = null),
    );
    return this.#coming.then(() => this.updateComplete).then(() => undefined);
  }

  range(range: Range): void {
    this.hideMenu();
    this.model.range(range);
  }

  #clicked = (event: Event): void => {
    if (
      this.facetsOpen &&
      !(event.composedPath() as Element[]).some(
        (e) => e.classList?.contains('facets') || e.classList?.contains('facets-button'),
      )
    ) {
      this.facetsOpen = false;
      this.requestUpdate();
    }
  };

  /** Opens a menu at the element that asked for it. */
  showMenu(menu: Menu, event: Event): void {
    event.stopPropagation();
    event.preventDefault();
    const at = (event.currentTarget as HTMLElement).getBoundingClientRect();
    this.menu = menu;
    this.#menuOpener = event.currentTarget as HTMLElement;
    if (menu.kind === 'views') void this.saved.load();
    this.requestUpdate();
    void this.#whole().then(() => {
      const element = this.renderRoot.querySelector<HTMLElement>('.menu');
      if (!element) return;
      if (!element.matches(':popover-open')) element.showPopover();
      const box = element.getBoundingClientRect();
      const below = at.bottom + 4 + box.height <= innerHeight || at.top < box.height;
      element.style.setProperty('--x', `${Math.max(4, Math.min(at.left, innerWidth - box.width - 8))}px`);
      element.style.setProperty('--y', `${Math.max(4, below ? at.bottom + 4 : at.top - box.height - 4)}px`);
      element.querySelector<HTMLElement>('button, a, input')?.focus();
    });
  }

  /**
   * Whether a menu or the help takes the keys. `menu` and `helpOpen` last until the browser tells that they closed,
   * which is later.
   */
  get covered(): boolean {
    return this.renderRoot.querySelector('.menu:popover-open, dialog[open]') !== null;
  }

  openHelp(): void {
    this.helpOpen = true;
    this.requestUpdate();
    void this.#whole().then(() => {
      const help = this.renderRoot.querySelector('dialog');
      if (help && !help.open) help.showModal();
    });
  }

  /** The browser tells of it in a task of its own: by then it may be open again. */
  helpClosed = (event: Event): void => {
    if ((event.currentTarget as HTMLDialogElement).open) return;
    this.helpOpen = false;
    this.requestUpdate();
  };

  hideMenu(): void {
    if (!this.menu) return;
    this.renderRoot.querySelector<HTMLElement>('.menu')?.hidePopover();
  }

  menuClosed = (event: Event): void => {
    if ((event as ToggleEvent).newState !== 'closed') return;
    const active = this.shadowRoot?.activeElement;
    if (!active || (event.currentTarget as HTMLElement).contains(active))
      this.#menuOpener?.focus({ preventScroll: true });
    this.menu = null;
    this.requestUpdate();
  };

  say(text: string): void {
    this.toast = text;
    clearTimeout(this.#toastTimer);
    this.#toastTimer = setTimeout(() => {
      this.toast = '';
      this.requestUpdate();
    }, TOAST_MILLIS);
    this.requestUpdate();
  }

  async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.say(this.words.t('copied'));
    } catch {
      this.say(this.words.t('notCopied'));
    }
  }

  sentence(entry: Entry): string {
    return sentenceText(entry, this.model.catalog, this.words);
  }

  /**
   * Asks how many entries each query leads to, once per entry: once its proof is there, of which they are a part for
   * the trail.
   */
  async countRelated(entry: Entry, queries: string[]): Promise<void> {
    const { state } = this.verdict;
    if (
      this.#counted === entry ||
      state === 'checking' ||
      state === 'pending' ||
      (state === 'unavailable' && this.model.recordsLooks)
    )
      return;
    this.#counted = entry;
    await Promise.all(
      queries.map(async (q) => {
        try {
          this.relatedCounts.set(q, await this.model.counts.of(q));
        } catch {
          // The link works without its number.
        }
      }),
    );
    if (this.#counted === entry) this.requestUpdate();
  }

  #checkOpenEntry(): void {
    const entry = this.model.entry.value;
    if (entry === this.#checked) return;
    this.#checked = entry;
    this.#checking?.abort();
    this.relatedCounts = new Map();
    if (!entry) return;
    if (this.model.permissions !== null && !this.model.may('audit.verify')) {
      this.verdict = { state: 'unavailable', detail: '' };
      return;
    }
    const checking = new AbortController();
    this.#checking = checking;
    this.verdict = { state: 'checking' };
    void this.#check(entry, checking.signal);
  }

  async #check(entry: Entry, signal: AbortSignal): Promise<void> {
    for (;;) {
      let verdict: Verdict;
      try {
        // Loaded with the first entry that is opened: a list needs none of it.
        const { check } = await import('../proof/check.ts');
        verdict = await check(this.model.api, entry, this.logKey.split(/\s+/).filter(Boolean), signal);
      } catch (error) {
        if (signal.aborted) return;
        verdict = { state: 'unavailable', detail: String(error) };
      }
      if (signal.aborted) return;
      this.verdict = verdict;
      this.requestUpdate();
      if (verdict.state !== 'pending') return;
      await new Promise((resolve) => setTimeout(resolve, PENDING_RETRY_MILLIS));
    }
  }
}

/** Registers the element; under another name where a page has two versions of it. */
export function defineViewer(name = 'indelible-viewer'): void {
  if (!customElements.get(name)) {
    customElements.define(name, name === 'indelible-viewer' ? IndelibleViewer : class extends IndelibleViewer {});
  }
}

defineViewer();
