/** What the list of streams and the page of one have in common: paths, what can be done, and looking again. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { Problem } from '../../shared/api.ts';
import { icon } from '../../shared/icons.ts';
import { ListPage } from '../list-page.ts';
import { valuesOf } from '../page.ts';
import { surroundingsOf } from '../exports/order-form.ts';
import { draftOf, emptyDraft, streamOf, type Draft, type State, type Stream } from './stream.ts';
import { StreamForm } from './stream-form.ts';
import { StreamTest } from './stream-test.ts';

/** As long as the server takes one. */
const PAUSE_REASON_MOST_CHARS = 500;
const LOOK_MILLIS = 3_000;
const LOOK_AFTER_FAILURE_MILLIS = 15_000;

export const LOOK: Record<State, string> = {
  active: 'good',
  waiting: '',
  failing: 'security',
  parked: 'bad',
  paused: 'security',
};

/** A stream that was just made or changed, with what is shown this once. */
export type Made = Stream & { signing_secret?: string; signing_key?: string };

export abstract class StreamsBase extends ListPage {
  #isWatching = false;

  protected streams(rest = ''): string {
    return this.path(`/streams${rest}`);
  }

  protected streamPath({ id }: { id: string }, rest = ''): string {
    return this.streams(`/${encodeURIComponent(id)}${rest}`);
  }

  /** The address of the list, or of one stream's page. */
  protected address(id?: string): string {
    const before = `/t/${encodeURIComponent(this.tenant)}`;
    return id === undefined ? `${before}/streams` : `${before}/stream#${encodeURIComponent(id)}`;
  }

  protected get mayManage(): boolean {
    return this.may('streams.manage');
  }

  /** Whether more can be made or changed: what is sent leaves the log as an export does. */
  protected get mayMake(): boolean {
    return this.mayManage && this.may('audit.export');
  }

  /** Looks again and again, as long as somebody does. */
  protected async watch(look: () => Promise<void>): Promise<void> {
    if (this.#isWatching) return;
    this.#isWatching = true;
    let pause = LOOK_MILLIS;
    const isShown = (): boolean => this.app.page === this && this.app.renderRoot.isConnected;
    while (isShown()) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      if (!isShown()) break;
      if (document.hidden || this.sheet) continue;
      try {
        await look();
        pause = LOOK_MILLIS;
      } catch (error) {
        if (error instanceof Problem && error.status === 401) {
          this.app.sessionEnded();
          break;
        }
        pause = LOOK_AFTER_FAILURE_MILLIS;
      }
      this.changed();
    }
    this.#isWatching = false;
  }

  protected renderState({ state, paused_because: why }: Stream): TemplateResult {
    const words = this.words;
    return html`<span class="tag ${LOOK[state] ?? ''}">${words.maybe(`streams.state.${state}`, state)}</span>${
        state === 'paused' && why ? html`<br /><span class="muted">${why}</span>` : nothing
      }`;
  }

  protected renderQuery(query: string | null | undefined): TemplateResult {
    const words = this.words;
    if (query === null) return html`<span class="muted">${words.t('exports.query.withheld')}</span>`;
    const text = query || words.t('streams.everything');
    return html`<a class="link mono" href=${this.log(query ?? '', { time: 'newest' })}>${text}</a>`;
  }

  /** What goes wrong without a sheet stands on the page. */
  protected tell(): void {
    if (!this.sheetProblem || this.sheet) return;
    this.problem = this.sheetProblem;
    this.changed();
  }

  protected pause(stream: Stream): void {
    const words = this.words;
    const submit = (event: SubmitEvent): void => {
      const { reason } = valuesOf(event);
      void this.act(async () => {
        await this.api.send('POST', this.streamPath(stream, '/pause'), reason ? { reason } : {});
        await this.reload();
        this.done(words.t('streams.pauseDone', { name: stream.name }), 'audit.stream.pause');
      });
    };
    this.open(
      words.t('streams.pause.title', { name: stream.name }),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <p class="muted">${words.t('streams.state.paused.about')}</p>
          <label class="line"
            >${words.t('reason')}<textarea
              class="field short"
              name="reason"
              maxlength=${PAUSE_REASON_MOST_CHARS}
            ></textarea>
          </label>
          ${this.renderEnd(words.t('streams.pause'))}
        </form>`,
    );
  }

  protected resume(stream: Stream): void {
    void this.act(async () => {
      await this.api.send('POST', this.streamPath(stream, '/resume'));
      await this.reload();
      this.done(this.words.t('streams.resumeDone', { name: stream.name }), 'audit.stream.resume');
    }).then(() => this.tell());
  }

  /** Sends something small to the receiver, and says what became of it. */
  protected test(stream: Stream): void {
    const test = new StreamTest(
      this.words,
      () => this.api.send('POST', this.streamPath(stream, '/test')),
      () => this.changed(),
    );
    this.open(this.words.t('streams.test.title', { name: stream.name }), () => test.render());
  }

  protected async openForm(stream: Stream | null): Promise<void> {
    const words = this.words;
    const draft = stream ? draftOf(stream) : emptyDraft();
    const form = new StreamForm(this, draft, {
      isNew: stream === null,
      mayAsk: this.may('audit.view'),
      maySeePersonal: this.may('audit.view_personal'),
      isOperator: this.app.isOperator,
      viewerWords: (await surroundingsOf(this)).viewerWords,
    });
    const title = stream ? words.t('streams.change.title', { name: stream.name }) : words.t('streams.new');
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      void this.act(() => this.#save(form.draft, stream));
    };
    this.open(
      title,
      () =>
        html`<form class="sheet" @submit=${submit}>
          ${form.render()} ${this.renderEnd(words.t(stream ? 'streams.save' : 'streams.new'), form.isReady)}
        </form>`,
    );
  }

  async #save(draft: Draft, stream: Stream | null): Promise<void> {
    const words = this.words;
    const body = streamOf(draft, stream === null);
    const saved = stream
      ? await this.api.send<Made>('PUT', this.streamPath(stream), body)
      : await this.api.send<Made>('POST', this.streams(), body);
    await this.reload();
    this.done(
      words.t(stream ? 'streams.saved' : 'streams.made', { name: saved.name }),
      stream ? 'audit.stream.update' : 'audit.stream.create',
      html`${this.renderSecret(saved)}
        <div class="forms">
          <button class="button" @click=${() => this.test(saved)}>${words.t('streams.test')}</button>
        </div>`,
    );
  }

  /** What a receiver checks signatures with; shown where it was just made. */
  protected renderSecret({ signing_secret: secret, signing_key: key }: Made): TemplateResult | typeof nothing {
    const words = this.words;
    const shown = secret ?? key;
    if (!shown) return nothing;
    const label = secret ? 'streams.signing.label' : 'streams.signing.key';
    return html`<div class="notice security">
        ${icon('alert')}<span>${words.t(secret ? 'streams.signing' : 'streams.signing.key')}</span>
      </div>
      <pre class="code" tabindex="0" aria-label=${words.t(label)}>${shown}</pre>
      <div>${this.renderCopy(shown)}</div>`;
  }
}
