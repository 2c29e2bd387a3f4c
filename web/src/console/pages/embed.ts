/** How a product shows the log in its own pages, and what that looks like. */
import type { TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { Page } from '../page.ts';

export class EmbedPage extends Page {
  #logKey = '';

  override async load(): Promise<void> {
    this.#logKey = (await this.api.text(this.path('/log/key'))).trim().split('\n').join(' ');
  }

  get #snippet(): string {
    return `<script type="module" src="${location.origin}/viewer.js"></script>

<indelible-viewer api="${location.origin}" tenant="${this.tenant}"
  log-key="${this.#logKey}"></indelible-viewer>

<script type="module">
  const viewer = document.querySelector('indelible-viewer');
  // Your backend asks Indelible for a token, for the user who is signed in to your product.
  viewer.tokenSource = async () => (await fetch('/your-backend/audit-token', { method: 'POST' })).text();
</script>`;
  }

  get #mint(): string {
    const body = {
      user: { id: 'u_7', name: 'Ana' },
      permissions: ['audit.view', 'audit.verify'],
      origins: ['https://app.example.com'],
      expires_in: 'PT15M',
    };
    return `curl -sS ${location.origin}/v1/tenants/${this.tenant}/viewer-sessions \\
  -H "Authorization: Bearer $INDELIBLE_KEY" -H 'Content-Type: application/json' \\
  -d '${JSON.stringify(body)}'`;
  }

  override render(): TemplateResult {
    const words = this.words;
    const { key } = this.app.connection;
    const block = (title: string, text: string, about: string): TemplateResult =>
      html`<section class="block">
        <h2>${title}${this.renderCopy(text, 'link more')}</h2>
        <div class="inside sheet">
          <p class="muted">${about}</p>
          <pre class="code" tabindex="0" aria-label=${title}>${text}</pre>
        </div>
      </section>`;
    return html`<div class="page">
      ${this.heading(words.t('embed.title'), words.t('embed.about'))}
      ${block(words.t('embed.snippet'), this.#snippet, words.t('embed.snippet.about'))}
      ${block(words.t('embed.token'), this.#mint, words.t('embed.token.about'))}
      <section class="block">
        <h2>${words.t('embed.look')}</h2>
        <div class="inside sheet">
          <p class="muted">${words.t('embed.look.about')}</p>
          <pre class="code" tabindex="0" aria-label=${words.t('embed.look')}>
indelible-viewer {
  --indelible-accent: #6d28d9;
  --indelible-font: "Inter", sans-serif;
  --indelible-radius: 10px;
}</pre>
        </div>
      </section>
      <section>
        <h2>${words.t('embed.preview')}</h2>
        <div class="preview">
          <indelible-viewer
            tenant=${this.tenant}
            log-key=${this.#logKey}
            locale=${words.locale}
            .tokenSource=${key ? this.#token : null}
          ></indelible-viewer>
        </div>
      </section>
    </div>`;
  }

  readonly #token = (): Promise<string> => Promise.resolve(this.app.connection.key ?? '');
}
