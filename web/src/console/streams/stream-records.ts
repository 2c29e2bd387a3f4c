/** The ledger of a stream, its dead letters, and what was not delivered, as they were read last. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import type { Api } from '../../shared/api.ts';
import type { ConsoleWords } from '../words.ts';
import { isReceived, type Batch, type DeadLetter, type Undelivered } from './stream.ts';

const LIMIT = 50;
const NEWEST = 'newest';

interface LedgerPage {
  ledger: Batch[];
  next_cursor?: string | null;
  complete_to_seq?: number | null;
}

/** What the page lends to the ledger's table. */
interface Around {
  time: (at: string) => TemplateResult;
  table: (columns: string[], rows: TemplateResult[] | null) => TemplateResult;
  more: () => void;
  command: string;
}

export class StreamRecords {
  ledger: Batch[] | null = null;
  letters: DeadLetter[] | null = null;
  undelivered: Undelivered[] | null = null;
  #next: string | null = null;
  #completeTo: number | null = null;

  constructor(
    private readonly api: Api,
    private readonly path: string,
  ) {}

  async load(): Promise<void> {
    this.ledger = null;
    this.#next = null;
    await this.look();
  }

  /** Reads all but what was loaded further down. */
  async look(): Promise<void> {
    const [page, letters, undelivered] = await Promise.all([
      this.api.get<LedgerPage>(`${this.path}/ledger`, { limit: LIMIT, order: NEWEST }),
      this.api.get<{ dead_letters: DeadLetter[] }>(`${this.path}/dead-letters`, { limit: LIMIT }),
      this.api.get<{ undelivered: Undelivered[] }>(`${this.path}/undelivered`),
    ]);
    const first = this.ledger === null;
    const known = new Set(page.ledger.map(({ number }) => number));
    this.ledger = [...page.ledger, ...(this.ledger ?? []).filter(({ number }) => !known.has(number))];
    if (first) this.#next = page.next_cursor ?? null;
    this.#completeTo = page.complete_to_seq ?? null;
    this.letters = letters.dead_letters;
    this.undelivered = undelivered.undelivered;
  }

  async more(): Promise<void> {
    const page = await this.api.get<LedgerPage>(`${this.path}/ledger`, {
      limit: LIMIT,
      order: NEWEST,
      cursor: this.#next,
    });
    this.ledger = [...(this.ledger ?? []), ...page.ledger];
    this.#next = page.next_cursor ?? null;
  }

  renderLedger(words: ConsoleWords, around: Around): TemplateResult {
    const columns = [
      words.t('streams.ledger.number'),
      words.t('streams.range'),
      words.t('streams.ledger.matched'),
      words.t('streams.ledger.sent'),
      words.t('streams.ledger.arrived'),
      words.t('streams.ledger.dead'),
      words.t('streams.ledger.at'),
    ];
    return html`${around.table(columns, this.ledger?.map((batch) => this.#renderBatch(batch, words, around)) ?? null)}
    ${
      this.ledger?.length
        ? html`<div class="under">
            ${
              this.#completeTo === null
                ? nothing
                : html`<p class="muted">${words.t('streams.ledger.about', { seq: words.n(this.#completeTo) })}</p>`
            }
            ${
              this.#next
                ? html`<div><button class="button" @click=${around.more}>${words.t('streams.more')}</button></div>`
                : nothing
            }
            <p class="muted">${words.t('streams.ledger.reconcile')}</p>
            <pre class="code" tabindex="0" aria-label=${words.t('streams.ledger.reconcile')}>${around.command}</pre>
          </div>`
        : nothing
    }`;
  }

  #renderBatch(batch: Batch, words: ConsoleWords, around: Around): TemplateResult {
    const purged = batch.purged ?? 0;
    return html`<tr data-batch=${batch.number}>
      <td class="number" title=${batch.sha256 ? `SHA-256 ${batch.sha256}` : nothing}>
        ${words.n(batch.number)}
        ${batch.replay ? html`<span class="tag">${words.t('streams.ledger.replay')}</span>` : nothing}
        ${batch.repeated ? html`<span class="tag security">${words.t('streams.ledger.repeated')}</span>` : nothing}
      </td>
      <td class="number">
        ${
          batch.abandoned
            ? html`<span class="muted">${words.t('streams.ledger.abandoned')}</span>`
            : `${words.n(batch.first_seq)} – ${words.n(batch.last_seq)}`
        }
      </td>
      <td class="number">${words.n(batch.matched)}</td>
      <td class="number">${words.n(batch.sent)}</td>
      <td class="number">
        ${
          isReceived(batch)
            ? words.n(batch.acknowledged ?? 0)
            : words.t('streams.ledger.written', { count: words.n(batch.written ?? 0) })
        }
      </td>
      <td class="number">
        ${words.n(batch.dead_letters ?? 0)}${
          purged
            ? html`<br /><span class="missing">${words.t('streams.ledger.purged', { count: purged })}</span>`
            : nothing
        }
      </td>
      <td>${around.time(batch.at)}</td>
    </tr>`;
  }
}
