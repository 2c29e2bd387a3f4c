/** How a change is undone: the inverse in words and as JSON, and what touched the same fields later. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import type { Api } from '../../shared/api.ts';
import { icon } from '../../shared/icons.ts';
import type { Entry } from '../../shared/types.ts';
import type { ConsoleWords } from '../words.ts';

interface Reversal {
  reversible: boolean;
  inverse: { target?: { type: string; id: string }; changes: unknown[] };
  unknown: string[];
  words: { en: string[]; de: string[] };
  all_later: boolean;
  later: Entry[];
}

export class ReversalSheet {
  #reversal: Reversal | null = null;

  /**
   * @param words the console's
   * @param describe an entry's sentence and its address
   */
  constructor(
    private readonly words: ConsoleWords,
    private readonly describe: (entry: Entry) => [string, string],
  ) {}

  async load(api: Api, path: string): Promise<void> {
    this.#reversal = await api.get<Reversal>(path);
  }

  /** The inverse, to be copied; empty when there is none. */
  get json(): string {
    return this.#reversal?.inverse.changes.length ? JSON.stringify(this.#reversal.inverse, null, 2) : '';
  }

  render(): TemplateResult {
    const { words } = this;
    const reversal = this.#reversal;
    if (!reversal) return html`<p>…</p>`;
    const steps = words.locale.startsWith('de') ? reversal.words.de : reversal.words.en;
    return html`${
        reversal.reversible
          ? nothing
          : html`<p class="notice">
              ${icon('alert')}${words.t('reversal.unknown', { fields: reversal.unknown.join(', ') })}
            </p>`
      }
      <ul>
        ${steps.map((step) => html`<li>${step}</li>`)}
      </ul>
      ${this.json ? html`<pre class="mono" tabindex="0">${this.json}</pre>` : nothing}
      <h3>${words.t('reversal.later')}</h3>
      ${
        reversal.later.length
          ? html`<p class="notice">${icon('alert')}${words.t('reversal.touched')}</p>
              <ul>
                ${reversal.later.map((entry) => {
                  const [sentence, address] = this.describe(entry);
                  return html`<li><a class="link" href=${address}>${sentence}</a></li>`;
                })}
              </ul>`
          : html`<p>${words.t('reversal.untouched')}</p>`
      }`;
  }
}
