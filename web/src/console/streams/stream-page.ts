/** One stream: how it is, what it sent, what it did not send and why. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { icon } from '../../shared/icons.ts';
import { durationText, lagText } from './lag.ts';
import { StreamRecords } from './stream-records.ts';
import { FIELDS, LIMITS, placeOf, rateText, textOf, type Stream } from './stream.ts';
import { StreamsBase, type Made } from './streams-page.ts';
import { valuesOf } from '../page.ts';

const OVERLAPS = ['PT1H', 'P1D', 'P7D'] as const;

export class StreamPage extends StreamsBase {
  #stream: Stream | null = null;
  #records: StreamRecords | null = null;

  override async load(): Promise<void> {
    const id = decodeURIComponent(location.hash.slice(1));
    const path = this.streams(`/${encodeURIComponent(id)}`);
    this.#stream = await this.api.get<Stream>(path);
    this.#records ??= new StreamRecords(this.api, path);
    await this.#records.load();
    void this.watch(() => this.#look());
  }

  async #look(): Promise<void> {
    const stream = this.#stream;
    if (!stream) return;
    this.#stream = await this.api.get<Stream>(this.streamPath(stream));
    await this.#records?.look();
  }

  override render(): TemplateResult {
    const words = this.words;
    const stream = this.#stream;
    const back = html`<p class="back">
      <a class="link" href=${this.address()}>${icon('left')}${words.t('streams.back')}</a>
    </p>`;
    if (!stream) return html`<div class="page">${back}${this.heading(words.t('nav.stream'), '…')}</div>`;
    const { destination } = stream;
    const to = words.maybe(`streams.to.${destination.type}`, destination.type);
    return html`<div class="page" data-stream=${stream.id} data-state=${stream.state}>
      ${back}${this.heading(stream.name, `${to}: ${placeOf(destination)}`, this.#renderActions(stream))}
      ${this.#renderWarning(stream)} ${this.#renderStatus(stream)} ${this.#renderUndelivered()}
      ${this.#renderDead(stream)} ${this.#renderLedger(stream)} ${this.#renderSettings(stream)}
    </div>`;
  }

  #renderActions(stream: Stream): TemplateResult | typeof nothing {
    const words = this.words;
    if (!this.mayManage) return nothing;
    const isHeld = stream.state === 'paused' || stream.state === 'parked';
    const button = (text: string, click: () => unknown, look = ''): TemplateResult =>
      html`<button class="button ${look}" @click=${() => void click()}>${text}</button>`;
    return html`<span class="buttons"
      >${button(words.t('streams.test'), () => this.test(stream))}${
        isHeld
          ? button(words.t('streams.resume'), () => this.resume(stream), 'primary')
          : button(words.t('streams.pause'), () => this.pause(stream))
      }${button(words.t('streams.replay'), () => this.#replay(stream))}${
        // Whoever may not see its query would put another in its place.
        this.mayMake && stream.query !== null ? button(words.t('streams.change'), () => this.openForm(stream)) : nothing
      }${
        stream.destination.type === 'webhook' ? button(words.t('streams.rotate'), () => this.#rotate(stream)) : nothing
      }${button(words.t('streams.delete'), () => this.#remove(stream))}</span
    >`;
  }

  #renderWarning({ state, status, paused_because: why }: Stream): TemplateResult | typeof nothing {
    const words = this.words;
    if (state === 'active' || state === 'waiting') return nothing;
    const said = state === 'paused' ? why : status?.last_error;
    return html`<div class="notice ${state === 'parked' ? 'danger' : 'security'}" role="status">
      ${icon('alert')}<span>${words.t(`streams.state.${state}.about`)}${said ? html`<br />${said}` : nothing}</span>
    </div>`;
  }

  #renderStatus({ state, status = {} }: Stream): TemplateResult {
    const words = this.words;
    const { locale } = words;
    const tile = (label: string, number: string, about = '', look = ''): TemplateResult =>
      html`<div class="tile ${look}">
        <span class="label">${label}</span
        ><span class="number">${number}</span>${about ? html`<span class="about">${about}</span>` : nothing}
      </div>`;
    const dead = status.dead_letters ?? 0;
    const trouble = state === 'parked' ? 'bad' : state === 'active' || state === 'waiting' ? '' : 'warn';
    return html`<section class="tiles" aria-label=${words.t('streams.facts')}>
      ${tile(words.t('streams.state'), words.maybe(`streams.state.${state}`, state), '', trouble)}
      ${tile(
        words.t('streams.lag'),
        words.n(status.lag_entries ?? 0),
        status.lag_entries ? durationText(status.lag_seconds ?? 0, locale) : lagText(status, words),
      )}
      ${tile(words.t('streams.rate'), rateText(status.entries_per_second ?? 0, locale))}
      ${tile(words.t('streams.facts.sent'), words.n(status.sent ?? 0))}
      ${tile(words.t('streams.facts.dead'), words.n(dead), '', dead ? 'warn' : '')}
    </section>`;
  }

  #renderSettings(stream: Stream): TemplateResult {
    const words = this.words;
    const { destination, status = {}, limits, maker } = stream;
    const fact = (label: string, value: unknown): TemplateResult | typeof nothing =>
      value === '' || value === undefined || value === null
        ? nothing
        : html`<dt>${label}</dt>
            <dd>${value}</dd>`;
    const time = (at: string | null | undefined): unknown => (at ? this.renderTime(at) : undefined);
    return html`<section class="block">
      <h2>${words.t('streams.settings')}</h2>
      <div class="inside">
        <dl class="facts">
          ${fact(words.t('streams.query'), this.renderQuery(stream.query))}
          ${fact(words.t('streams.format'), words.maybe(`streams.format.${stream.format}`, stream.format))}
          ${fact(
            words.t('streams.personal'),
            words.t(stream.withheld ? 'streams.personal.withheld' : 'streams.personal.included'),
          )}
          ${fact(words.t('streams.destination'), words.maybe(`streams.to.${destination.type}`, destination.type))}
          ${FIELDS[destination.type]?.map(({ name }) =>
            fact(
              words.maybe(`streams.field.${name}`, name),
              destination[name] === undefined || destination[name] === null
                ? undefined
                : html`<code>${textOf(destination[name])}</code>`,
            ),
          )}
          ${LIMITS.map((name) =>
            fact(
              words.t(`streams.limit.${name}`),
              limits?.[name] === undefined || limits[name] === null ? undefined : words.n(limits[name]),
            ),
          )}
          ${fact(words.t('streams.maker'), maker?.name ?? maker?.id)}
          ${fact(words.t('streams.facts.taken'), time(status.last_taken_at) ?? words.t('streams.never'))}
          ${fact(words.t('streams.next'), time(status.next_attempt_at))}
          ${fact(words.t('streams.facts.next'), status.next_seq === undefined ? '' : words.n(status.next_seq))}
        </dl>
      </div>
    </section>`;
  }

  #renderUndelivered(): TemplateResult {
    const words = this.words;
    return this.renderTable(
      words.t('streams.undelivered'),
      [words.t('streams.why'), words.t('streams.range'), words.t('streams.entries')],
      this.#records?.undelivered?.map(
        (range) =>
          html`<tr data-why=${range.why}>
            <td>${words.maybe(`streams.why.${range.why}`, range.why)}</td>
            <td class="number">${this.#range(range.from_seq, range.to_seq)}</td>
            <td class="number">${words.n(range.count)}</td>
          </tr>`,
      ) ?? null,
      words.t('streams.undelivered.none'),
    );
  }

  #range(from: number, to: number): string {
    const { words } = this;
    return from === to ? words.n(from) : `${words.n(from)} – ${words.n(to)}`;
  }

  #renderDead(stream: Stream): TemplateResult | typeof nothing {
    const words = this.words;
    const letters = this.#records?.letters ?? null;
    // Where there are none, the table before says so.
    if (letters && !letters.length) return nothing;
    return this.renderTable(
      words.t('streams.dead'),
      [
        words.t('streams.dead.entry'),
        words.t('streams.dead.seq'),
        words.t('streams.dead.reason'),
        words.t('streams.dead.at'),
        '',
      ],
      letters?.map(
        (letter) =>
          html`<tr data-dead=${letter.seq}>
            <td>
              <a class="link mono" href=${this.log('', { entry: letter.entry_id, time: 'newest' })}
                >${letter.entry_id}</a
              >
            </td>
            <td class="number">${words.n(letter.seq)}</td>
            <td>${letter.reason}</td>
            <td>${this.renderTime(letter.at)}</td>
            <td class="actions">
              ${
                this.mayManage
                  ? this.rowButton(words.t('streams.dead.retry'), letter.entry_id, () =>
                      this.#retry(stream, [letter.seq]),
                    )
                  : nothing
              }
            </td>
          </tr>`,
      ) ?? null,
      words.t('streams.dead.none'),
      this.mayManage && letters?.length
        ? html`<button class="button" @click=${() => this.#retry(stream, null)}>
            ${words.t('streams.dead.retryAll')}
          </button>`
        : nothing,
    );
  }

  #renderLedger(stream: Stream): TemplateResult {
    const records = this.#records;
    if (!records) return html``;
    return html`${records.renderLedger(this.words, {
      time: (at) => this.renderTime(at),
      table: (columns, rows) =>
        this.renderTable(this.words.t('streams.ledger'), columns, rows, this.words.t('streams.ledger.none')),
      more: () => void this.act(() => records.more()).then(() => this.tell()),
      command: `indelible reconcile --tenant ${this.tenant} --stream ${stream.id} received.ndjson`,
    })}`;
  }

  #retry(stream: Stream, seqs: number[] | null): void {
    const words = this.words;
    void this.act(async () => {
      await this.api.send('POST', this.streamPath(stream, '/dead-letters/retry'), seqs ? { seqs } : {});
      await this.reload();
      this.done(
        seqs ? words.t('streams.dead.retried', { count: seqs.length }) : words.t('streams.dead.retriedAll'),
        'audit.stream.replay',
      );
    }).then(() => this.tell());
  }

  #replay(stream: Stream): void {
    const words = this.words;
    const last = Math.max(0, (stream.status?.next_seq ?? 1) - 1);
    const number = (name: 'from' | 'to', value: number): TemplateResult =>
      html`<label class="line"
        >${words.t(`streams.replay.${name}`)}<input
          class="field"
          type="number"
          name=${name === 'from' ? 'from_seq' : 'to_seq'}
          min="0"
          required
          .defaultValue=${String(value)}
      /></label>`;
    const submit = (event: SubmitEvent): void => {
      const { from_seq: from = '0', to_seq: to = '0', reason } = valuesOf(event);
      void this.act(async () => {
        await this.api.send('POST', this.streamPath(stream, '/replay'), {
          from_seq: Number(from),
          to_seq: Number(to),
          reason,
        });
        await this.reload();
        this.done(
          words.t('streams.replay.done', { from: words.n(Number(from)), to: words.n(Number(to)) }),
          'audit.stream.replay',
        );
      });
    };
    this.open(
      words.t('streams.replay.title', { name: stream.name }),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <p class="muted">${words.t('streams.replay.about')}</p>
          <div class="two">${number('from', 0)}${number('to', last)}</div>
          ${this.renderReason(true)} ${this.renderEnd(words.t('streams.replay'))}
        </form>`,
    );
  }

  #rotate(stream: Stream): void {
    const words = this.words;
    const submit = (event: SubmitEvent): void => {
      const { overlap } = valuesOf(event);
      void this.act(async () => {
        const made = await this.api.send<Made>('POST', this.streamPath(stream, '/secret'), { overlap });
        await this.reload();
        this.done(
          words.t('streams.rotate.done', { name: stream.name }),
          'audit.stream.secret_rotate',
          html`${this.renderSecret(made)}`,
        );
      });
    };
    this.open(
      words.t('streams.rotate.title', { name: stream.name }),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <p class="muted">${words.t('streams.rotate.about')}</p>
          <label class="line"
            >${words.t('streams.rotate.overlap')}<select class="field" name="overlap">
              ${OVERLAPS.map(
                (each) =>
                  html`<option value=${each} ?selected=${each === 'P1D'}>${words.t(`streams.rotate.${each}`)}</option>`,
              )}
            </select></label
          >
          ${this.renderEnd(words.t('streams.rotate'))}
        </form>`,
    );
  }

  #remove(stream: Stream): void {
    const words = this.words;
    this.openRemoval({
      title: words.t('streams.delete.title', { name: stream.name }),
      warning: words.t('streams.delete.warning'),
      name: stream.name,
      button: words.t('streams.delete'),
      hasNoReason: true,
      remove: async () => {
        await this.api.send('DELETE', this.streamPath(stream));
        this.close();
        this.app.go(this.address());
        this.app.page?.done(words.t('streams.deleted', { name: stream.name }), 'audit.stream.remove');
      },
    });
  }
}
