/** The tabs that the pages of evidence share: reviews of access, offboarding, stories, packs, reviews and figures. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { ListPage } from '../list-page.ts';

/** The pages, each with the permissions of which one is needed to see it. */
export const EVIDENCE_TABS = {
  'access-review': ['audit.view'],
  offboarding: ['audit.view'],
  story: ['audit.view'],
  packs: ['evidence.create'],
  reviews: ['reviews.manage'],
  figures: ['evidence.create'],
} as const satisfies Record<string, readonly string[]>;
export type EvidenceTab = keyof typeof EVIDENCE_TABS;

/** Titles are the texts `TAB.title`, what a page is for `TAB.about`; the rail's name is `nav.access-review`. */
export abstract class EvidenceTabPage extends ListPage {
  abstract readonly tab: EvidenceTab;

  protected frame(action: TemplateResult | typeof nothing, body: TemplateResult): TemplateResult {
    const words = this.words;
    const tabs = (Object.keys(EVIDENCE_TABS) as EvidenceTab[]).filter(
      (tab) => tab === this.tab || this.may(...EVIDENCE_TABS[tab]),
    );
    return html`<div class="page">
      ${
        tabs.length > 1
          ? html`<nav class="tabs" aria-label=${words.t('nav.access-review')}>
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
      ${this.heading(words.t(`${this.tab}.title`), words.t(`${this.tab}.about`), action)}${body}
    </div>`;
  }
}
