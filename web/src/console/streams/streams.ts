/** The streams of a tenant: how each is doing. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { icon } from '../../shared/icons.ts';
import { lagText } from './lag.ts';
import { placeOf, rateText, type Stream } from './stream.ts';
import { StreamsBase } from './streams-page.ts';

export class StreamsPage extends StreamsBase {
  #streams: Stream[] | null = null;

  override async load(): Promise<void> {
    await this.#list();
    void this.watch(() => this.#list());
  }

  async #list(): Promise<void> {
    const found: Stream[] = [];
    for (let cursor: string | null = null; ;) {
      const page: { streams: Stream[]; next_cursor?: string | null } = await this.api.get(this.streams(), {
        limit: 1000,
        cursor,
      });
      found.push(...page.streams);
      cursor = page.next_cursor ?? null;
      if (!cursor) break;
    }
    this.#streams = found;
  }

  override render(): TemplateResult {
    const words = this.words;
    return html`<div class="page">
      ${this.heading(
        words.t('streams.title'),
        words.t('streams.about'),
        this.mayMake
          ? html`<button class="button primary" @click=${() => void this.openForm(null)}>
              ${icon('plus')}${words.t('streams.new')}
            </button>`
          : nothing,
      )}
      ${this.renderTable(
        words.t('streams.title'),
        [
          words.t('streams.name'),
          words.t('streams.state'),
          words.t('streams.lag'),
          words.t('streams.rate'),
          words.t('streams.next'),
          '',
        ],
        this.#streams?.map((stream) => this.#renderRow(stream)) ?? null,
        words.t('streams.none'),
      )}
    </div>`;
  }

  #renderRow(stream: Stream): TemplateResult {
    const words = this.words;
    const { destination, status = {} } = stream;
    return html`<tr data-stream=${stream.id} data-state=${stream.state}>
      <td class="named">
        <a class="link" href=${this.address(stream.id)}><strong>${stream.name}</strong></a
        ><br />${this.renderQuery(stream.query)}<br /><span class="tag"
          >${words.maybe(`streams.to.${destination.type}`, destination.type)}</span
        >
        <span class="tag">${words.maybe(`streams.format.${stream.format}`, stream.format)}</span><br /><span
          class="muted"
          >${placeOf(destination)}</span
        >
      </td>
      <td>
        ${this.renderState(stream)}${
          status.last_error && stream.state !== 'active'
            ? html`<br /><span class="missing">${status.last_error}</span>`
            : nothing
        }
      </td>
      <td>${lagText(status, words)}</td>
      <td class="number">${rateText(status.entries_per_second ?? 0, words.locale)}</td>
      <td>${status.next_attempt_at ? this.renderTime(status.next_attempt_at) : html`<span class="muted">–</span>`}</td>
      <td class="actions">${this.#renderActions(stream)}</td>
    </tr>`;
  }

  #renderActions(stream: Stream): TemplateResult | typeof nothing {
    const words = this.words;
    if (!this.mayManage) return nothing;
    const isHeld = stream.state === 'paused' || stream.state === 'parked';
    return html`${this.rowButton(words.t('streams.test'), stream.name, () => this.test(stream))}${this.rowButton(
      words.t(isHeld ? 'streams.resume' : 'streams.pause'),
      stream.name,
      () => (isHeld ? this.resume(stream) : this.pause(stream)),
    )}`;
  }
}
