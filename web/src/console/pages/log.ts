/** The viewer itself. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { Page } from '../page.ts';

export class LogPage extends Page {
  override get isWhole(): boolean {
    return true;
  }

  override async load(): Promise<void> {
    // The viewer loads for itself.
  }

  override render(): TemplateResult {
    const { key } = this.app.connection;
    return html`<h1 class="visually-hidden">${this.words.t('nav.log')}</h1>
      <indelible-viewer
        links
        theme=${this.app.choices.theme || nothing}
        zone=${this.app.choices.zone || 'local'}
        tenant=${this.tenant}
        locale=${this.words.locale}
        .exportPages=${`/t/${encodeURIComponent(this.tenant)}/`}
        .tokenSource=${key ? this.#token : null}
      ></indelible-viewer>`;
  }

  readonly #token = (): Promise<string> => Promise.resolve(this.app.connection.key ?? '');
}
