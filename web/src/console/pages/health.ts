/** How a tenant's log is: its newest checkpoint, its keys, and how far the index has come. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { hex } from '../../proof/bytes.ts';
import { checkpoint, type Checkpoint } from '../../proof/note.ts';
import { consistencyOf, examine, standing, type Examined } from '../../proof/past.ts';
import { fullText, localZone } from '../../shared/time.ts';
import { icon } from '../../shared/icons.ts';
import type { Page as EntriesPage } from '../../shared/types.ts';
import { Page } from '../page.ts';

interface LogKey {
  id: string;
  verifier_key: string;
  created_at: string;
  retired_at?: string;
}

/** How far the witnesses have come, as the server says; `indelible verify` checks what they signed. */
interface Quorum {
  quorum: number;
  reached: boolean;
  newest_size: number;
  cosigned_size?: number;
  witnesses: { name: string; verifier_key: string; cosigned_at?: string }[];
}

export class HealthPage extends Page {
  #note: Checkpoint | null = null;
  #examined: Examined | null = null;
  #keys: LogKey[] = [];
  #newest: EntriesPage | null = null;
  #quorum: Quorum | null = null;

  override async load(): Promise<void> {
    const [note, keys, newest, quorum] = await Promise.all([
      this.api.text(this.path('/log/checkpoint')),
      this.api.get<{ keys: LogKey[] }>(this.path('/log/keys')),
      this.api.get<EntriesPage>(this.path('/events'), { limit: 1 }),
      this.api.get<Quorum>(this.path('/log/witnesses')),
    ]);
    this.#note = checkpoint(note);
    this.#keys = keys.keys;
    this.#newest = newest;
    this.#quorum = quorum;
    const offered = this.#keys.filter((key) => !key.retired_at).map((key) => key.verifier_key);
    this.#examined = await examine(this.#note, offered, [], consistencyOf(this.api, this.tenant));
  }

  /** What others who hold the log to account have said of it. */
  #witnesses(quorum: Quorum, time: (value: string) => string): TemplateResult {
    const words = this.words;
    const size = quorum.cosigned_size;
    const state = !quorum.witnesses.length ? 'none' : quorum.reached ? 'reached' : 'missed';
    const signed = quorum.witnesses.filter((witness) => witness.cosigned_at).length;
    return html`<section class="block" data-quorum=${state}>
      <h2>${words.t('health.witnesses')}</h2>
      <div class="inside sheet">
        <p>
          ${
            state === 'none'
              ? words.t('health.quorum.none')
              : html`<span class="tag ${state === 'reached' ? 'good' : 'bad'}"
                    >${words.t(`health.quorum.${state}`)}</span
                  >
                  ${
                    size === undefined
                      ? words.t('health.quorum.nothing', { quorum: quorum.quorum, all: quorum.witnesses.length })
                      : words.t('health.quorum.size', {
                          signed,
                          all: quorum.witnesses.length,
                          quorum: quorum.quorum,
                          size: words.n(size),
                          newest: words.n(quorum.newest_size),
                        })
                  }`
          }
        </p>
      </div>
      ${
        state === 'none'
          ? nothing
          : html`<div class="scroll" tabindex="0" role="region" aria-label=${words.t('health.witnesses')}>
              <table class="rows cards">
                <thead>
                  <tr>
                    <th scope="col">${words.t('health.witness')}</th>
                    <th scope="col">${words.t('health.key')}</th>
                    <th scope="col">${words.t('health.cosigned')}</th>
                  </tr>
                </thead>
                <tbody>
                  ${quorum.witnesses.map(
                    (witness) =>
                      html`<tr>
                        <td>${witness.name}</td>
                        <td><code>${witness.verifier_key}</code></td>
                        <td>${witness.cosigned_at ? time(witness.cosigned_at) : '–'}</td>
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
      }
    </section>`;
  }

  override render(): TemplateResult {
    const words = this.words;
    const note = this.#note;
    return html`<div class="page">
      ${this.heading(
        words.t('health.title'),
        words.t('health.about'),
        html`<button class="button" @click=${() => this.reload()}>${words.t('health.again')}</button>`,
      )}
      ${
        note
          ? html`${this.#examined ? this.#renderStanding(this.#examined) : nothing} ${this.#renderCheckpoint(note)}`
          : nothing
      }
      ${this.#renderKeys()} ${this.#quorum ? this.#witnesses(this.#quorum, (value) => this.#time(value)) : nothing}
      ${this.#renderOffline()}
    </div>`;
  }

  #time(value: string): string {
    return fullText(Date.parse(value), localZone(), this.words.locale);
  }

  /** The newest checkpoint, and the one that this browser saw before. */
  #renderCheckpoint(note: Checkpoint): TemplateResult {
    const words = this.words;
    const seen = this.#examined?.before;
    return html`<section class="block">
      <h2>${words.t('health.checkpoint')}</h2>
      <div class="inside">
        <dl class="facts">
          <dt>${words.t('health.origin')}</dt>
          <dd><code>${note.origin}</code></dd>
          <dt>${words.t('health.size')}</dt>
          <dd>${words.n(Number(note.size))}</dd>
          <dt>${words.t('health.root')}</dt>
          <dd><code>${hex(note.root)}</code></dd>
          <dt>${words.t('health.signature')}</dt>
          <dd>${words.maybe(`health.signature.${this.#examined?.signature}`, this.#examined?.detail ?? '')}</dd>
          ${
            seen
              ? html`<dt>${words.t('health.seen')}</dt>
                  <dd>${words.t('health.seen.at', { size: Number(seen.size), time: this.#time(seen.at) })}</dd>`
              : nothing
          }
          <dt>${words.t('health.indexed')}</dt>
          <dd>${this.#newest?.indexed_through === null ? '–' : words.n((this.#newest?.indexed_through ?? 0) + 1)}</dd>
        </dl>
      </div>
    </section>`;
  }

  #renderKeys(): TemplateResult {
    const words = this.words;
    return html`<section class="block">
      <h2>${words.t('health.keys')}</h2>
      <div class="scroll" tabindex="0" role="region" aria-label=${words.t('health.keys')}>
        <table class="rows cards">
          <thead>
            <tr>
              <th scope="col">${words.t('health.key')}</th>
              <th scope="col">${words.t('access.since')}</th>
              <th scope="col">${words.t('health.state')}</th>
            </tr>
          </thead>
          <tbody>
            ${this.#keys.map(
              (key) =>
                html`<tr>
                  <td><code>${key.verifier_key}</code></td>
                  <td>${this.#time(key.created_at)}</td>
                  <td>
                    ${
                      key.retired_at
                        ? words.t('health.retired')
                        : html`<span class="tag good">${words.t('health.signs')}</span>`
                    }
                  </td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </section>`;
  }

  /** How the log is verified without the browser. */
  #renderOffline(): TemplateResult {
    const words = this.words;
    return html`<section class="block">
      <h2>${words.t('health.offline')}</h2>
      <div class="inside sheet">
        <p class="muted">${words.t('health.offline.about')}</p>
        <pre class="code" tabindex="0" aria-label=${words.t('health.offline')}>
./indelible verify ${location.origin} --tenant ${this.tenant}${
            this.#keys[0] ? ` --key '${this.#keys[0].verifier_key}'` : ''
          }</pre>
      </div>
    </section>`;
  }

  #renderStanding(examined: Examined): TemplateResult {
    const words = this.words;
    const state = standing(examined);
    const { signature, growth, detail } = examined;
    const text =
      state === 'bad'
        ? words.t('health.bad')
        : state === 'partly'
          ? words.t('health.partly', {
              why: growth
                ? `${words.t('health.unchecked')} ${detail}`
                : words.maybe(`health.signature.${signature}`, ''),
            })
          : words.t(growth === 'first' ? 'health.first' : growth === 'forgets' ? 'health.forgets' : 'health.good');
    return html`<div
      class="notice ${state === 'good' ? 'good' : state === 'bad' ? 'danger' : ''}"
      role="status"
      data-log=${state}
    >
      ${icon(state === 'good' ? 'shieldCheck' : state === 'bad' ? 'shieldX' : 'alert')}<span>${text}</span>
    </div>`;
  }
}
