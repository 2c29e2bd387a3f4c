/** The keys and the query language on one page. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../shared/html.ts';
import { icon } from '../shared/icons.ts';
import type { Key } from '../shared/i18n.ts';
import type { ViewHost } from './view-host.ts';

const KEYS: [string[], Key][] = [
  [['/'], 'keys.search'],
  [['j', 'k'], 'keys.move'],
  [['Enter'], 'keys.open'],
  [['Esc'], 'keys.close'],
  [['x'], 'keys.exclude'],
  [['[', ']'], 'keys.window'],
  [['l'], 'keys.live'],
  [['?'], 'keys.help'],
];

const EXAMPLES: [string, Key][] = [
  ['actor:ana outcome:failure', 'example.both'],
  ['actor:ana,bo', 'example.either'],
  ['-action:user.*', 'example.not'],
  ['target:ticket/42', 'example.target'],
  ['changed:role security:true', 'example.changed'],
  ['ip:203.0.113.0/24 OR country:BR', 'example.or'],
  ['"quota exceeded" after:-7d', 'example.text'],
];

export function renderHelp(v: ViewHost): TemplateResult | typeof nothing {
  if (!v.helpOpen) return nothing;
  const words = v.words;
  return html`<dialog aria-labelledby="help-title" @close=${v.helpClosed}>
    <header>
      <h2 id="help-title">${words.t('help')}</h2>
      <button
        class="button plain icon-only"
        aria-label=${words.t('close')}
        @click=${(e: Event) => (e.target as Element).closest('dialog')?.close()}
      >
        ${icon('close')}
      </button>
    </header>
    <div class="inside">
      <section>
        <h3>${words.t('keys.title')}</h3>
        <dl class="keys">
          ${KEYS.map(
            ([keys, text]) =>
              html`<dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt>
                <dd>${words.t(text)}</dd>`,
          )}
        </dl>
      </section>
      <section>
        <h3>${words.t('language.title')}</h3>
        <dl class="keys examples">
          ${EXAMPLES.map(
            ([query, text]) =>
              html`<dt><code>${query}</code></dt>
                <dd>${words.t(text)}</dd>`,
          )}
        </dl>
      </section>
    </div>
  </dialog>`;
}
