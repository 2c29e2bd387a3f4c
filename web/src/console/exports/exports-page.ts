/** The tabs that the pages of exports and of their schedules share. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { Problem } from '../../shared/api.ts';
import { ListPage } from '../list-page.ts';
import { Pace } from './job.ts';
import { OrderForm, surroundingsOf } from './order-form.ts';
import type { Draft } from './order.ts';

/** The two pages, each with the permission that is needed to see it. */
export const EXPORT_TABS = { exports: ['audit.export'], schedules: ['schedules.manage'] } as const;
export type ExportTab = keyof typeof EXPORT_TABS;

export abstract class ExportTabPage extends ListPage {
  abstract readonly tab: ExportTab;
  #isWatching = false;

  /**
   * Looks again and again while something is under way and somebody looks.
   *
   * @param moves what is under way, as it was seen last; null once nothing is
   * @param look loads it anew
   */
  protected async watch(moves: () => unknown, look: () => Promise<void>): Promise<void> {
    if (this.#isWatching) return;
    this.#isWatching = true;
    const pace = new Pace();
    let pause = pace.after(moves());
    while (this.app.page === this && moves() !== null) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      if (this.app.page !== this) break;
      if (document.hidden) continue;
      try {
        await look();
        pause = pace.after(moves());
      } catch (error) {
        if (error instanceof Problem && error.status === 401) {
          this.app.sessionEnded();
          break;
        }
        pause = pace.afterFailure();
      }
      this.changed();
    }
    this.#isWatching = false;
  }

  protected frame(about: string, action: TemplateResult | typeof nothing, body: TemplateResult): TemplateResult {
    const words = this.words;
    const tabs = (Object.keys(EXPORT_TABS) as ExportTab[]).filter(
      (tab) => this.may(...EXPORT_TABS[tab]) && (tab === 'exports' || this.app.seesWhole(this.tenant)),
    );
    return html`<div class="page">
      ${
        tabs.length > 1
          ? html`<nav class="tabs" aria-label=${words.t('nav.exports')}>
              ${tabs.map(
                (tab) =>
                  html`<a
                    href="/t/${encodeURIComponent(this.tenant)}/${tab}"
                    aria-current=${tab === this.tab ? 'page' : nothing}
                    >${words.t(`${tab}.title`)}</a
                  >`,
              )}
            </nav>`
          : nothing
      }
      ${this.heading(words.t(`${this.tab}.title`), about, action)}${body}
    </div>`;
  }

  /** The form for what is exported. */
  protected async orderForm(draft: Draft, hasPeriod: boolean): Promise<OrderForm> {
    const mayAsk = this.may('audit.view');
    const maySeePersonal = this.may('audit.view_personal');
    return new OrderForm(this, await surroundingsOf(this), { hasPeriod, mayAsk, maySeePersonal }, draft);
  }

  /** What the address asks a form to begin with, once; null when it asks for none. */
  protected takeAddress(): string | null {
    const { hash } = location;
    if (!/^#new=?(?:&|$)/.test(hash)) return null;
    history.replaceState(null, '', location.pathname);
    return hash;
  }

  /** What a query finds, as a link to it; one that is null is not the caller's to see. */
  protected renderQuery(query: string | null | undefined, more: Record<string, string> = {}): TemplateResult {
    if (query === null) return html`<span class="muted">${this.words.t('exports.query.withheld')}</span>`;
    return html`<a class="link mono" href=${this.log(query ?? '', more)}
      >${query || this.words.t('exports.everything')}</a
    >`;
  }
}
