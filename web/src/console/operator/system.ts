/** How the server is, for the operator: readiness and its own figures. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { Problem } from '../../shared/api.ts';
import { icon } from '../../shared/icons.ts';
import { fullText, localZone } from '../../shared/time.ts';
import { endSession, OperatorSessions } from './operator-sessions.ts';
import { Page } from '../page.ts';

interface Clock {
  now: string;
  believed: string;
  ahead_seconds: number;
  doubted: boolean;
}

const DAY_SECONDS = 86_400;

export interface Figure {
  name: string;
  labels: string;
  value: number;
}

/** Reads the text format of Prometheus. */
export function figures(text: string): Figure[] {
  const found: Figure[] = [];
  for (const line of text.split('\n')) {
    const match = /^([a-zA-Z_:][\w:]*)(\{[^}]*\})? (\S+)/.exec(line);
    if (match && !line.startsWith('#'))
      found.push({ name: match[1]!, labels: match[2] ?? '', value: Number(match[3]) });
  }
  return found;
}

const TILES: [string, 'count' | 'bytes' | 'seconds'][] = [
  ['indelible_index_entries', 'count'],
  ['indelible_runs_bytes', 'bytes'],
  ['indelible_index_bytes', 'bytes'],
  ['indelible_journal_bytes', 'bytes'],
  ['indelible_index_lag_seconds', 'seconds'],
  ['indelible_checkpoints_lag_seconds', 'seconds'],
  ['indelible_checkpoints_failing', 'count'],
  ['indelible_logs_stopped', 'count'],
];

/** A figure's name, which goes on in the next line after an underscore alone. */
function breakable(name: string): unknown[] {
  return name.split('_').map((part, i) => (i ? html`_<wbr />${part}` : part));
}

export class SystemPage extends Page {
  /** What is wrong with the server; null when nothing is, undefined before it is asked. */
  #unready: Problem | null | undefined;
  #warnings: string[] = [];
  #clock: Clock | null = null;
  #figures: Figure[] = [];
  #wanted = '';
  readonly #sessions = new OperatorSessions();

  override async load(): Promise<void> {
    try {
      this.#warnings = (await this.api.get<{ warnings?: string[] }>('/health/ready')).warnings ?? [];
      this.#unready = null;
    } catch (error) {
      this.#unready = error instanceof Problem ? error : new Problem(0, 'unknown', String(error));
    }
    await this.#sessions.load(this.api);
    this.#clock = await this.api.get<Clock>('/v1/clock');
    this.#figures = figures(await this.api.text('/metrics'));
  }

  #sum(name: string): number | null {
    const all = this.#figures.filter((figure) => figure.name === name && Number.isFinite(figure.value));
    return all.length ? all.reduce((sum, figure) => sum + figure.value, 0) : null;
  }

  #tile(name: string, label: string, unit: 'count' | 'bytes' | 'seconds'): TemplateResult | null {
    const value = this.#sum(name);
    if (value === null) return null;
    const text =
      unit === 'bytes'
        ? this.#bytes(value)
        : unit === 'seconds'
          ? `${this.#fraction(value, 2)} s`
          : this.words.n(Math.round(value));
    return html`<div class="tile">
      <div class="label">${label}</div>
      <div class="number">${text}</div>
      <div class="about mono">${breakable(name)}</div>
    </div>`;
  }

  #bytes(value: number): string {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
    const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, value)) / 10));
    return `${this.#fraction(value / 1024 ** power, power ? 1 : 0)} ${units[power]}`;
  }

  #fraction(value: number, digits: number): string {
    return new Intl.NumberFormat(this.words.locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(value);
  }

  /** What the server says of itself although it takes events; that of the clock has words of its own. */
  #renderWarnings(): TemplateResult {
    return html`${this.#warnings
      .filter((text) => !text.startsWith('The clock is '))
      .map(
        (text) => html`<div class="notice danger" role="alert" lang="en">${icon('alert')}<span>${text}</span></div>`,
      )}`;
  }

  #renderClock(): TemplateResult | typeof nothing {
    const clock = this.#clock;
    if (!clock?.doubted) return nothing;
    const words = this.words;
    const time = (text: string): string => fullText(Date.parse(text), localZone(), words.locale);
    return html`<div class="notice danger" role="alert" data-clock="doubted">
      ${icon('clock')}<span
        ><strong>${words.t('system.clock.title', { count: Math.floor(clock.ahead_seconds / DAY_SECONDS) })}</strong>
        ${words.t('system.clock.about', { now: time(clock.now), believed: time(clock.believed) })}</span
      >
      <button class="button" @click=${() => this.#askToAccept(time(clock.now))}>
        ${words.t('system.clock.accept')}
      </button>
    </div>`;
  }

  #askToAccept(now: string): void {
    const words = this.words;
    const submit = (event: Event): void => {
      event.preventDefault();
      void this.act(async () => {
        await this.api.send('POST', '/v1/clock/accept');
        await this.reload();
        this.close();
      });
    };
    this.open(
      words.t('system.clock.accept'),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <div class="notice danger">${icon('alert')}<span>${words.t('system.clock.warning', { now })}</span></div>
          <div><button class="button danger" ?disabled=${this.busy}>${words.t('system.clock.accept')}</button></div>
        </form>`,
    );
  }

  readonly #end = (address: string): void => {
    void endSession(this.api, address).then(
      () => this.reload(),
      (error: unknown) => {
        this.problem = error instanceof Problem ? error : new Problem(0, 'unknown', String(error));
        this.app.requestUpdate();
      },
    );
  };

  override render(): TemplateResult {
    const words = this.words;
    const shown = this.#figures.filter(
      (figure) => figure.name.includes(this.#wanted) || figure.labels.includes(this.#wanted),
    );
    return html`<div class="page">
      ${this.heading(
        words.t('system.title'),
        words.t('system.about'),
        html`<button class="button" @click=${() => this.reload()}>${words.t('health.again')}</button>`,
      )}
      ${
        this.#unready === undefined
          ? null
          : this.#unready
            ? this.notice(this.#unready)
            : html`<div class="notice good" role="status">${icon('check')}<span>${words.t('system.ready')}</span></div>`
      }
      ${this.#renderClock()}${this.#renderWarnings()}
      <div class="tiles">
        ${TILES.map(([name, unit]) => this.#tile(name, words.maybe(`system.${name}`, name), unit))}
      </div>
      ${this.#sessions.render(words, this.#end)}
      <section class="block">
        <h2>
          <label class="visually-hidden" for="figures">${words.t('system.search')}</label
          ><input
            id="figures"
            class="field"
            placeholder=${words.t('system.search')}
            @input=${(e: Event) => {
              this.#wanted = (e.target as HTMLInputElement).value;
              this.app.requestUpdate();
            }}
          />
        </h2>
        <div class="scroll" tabindex="0" role="region" aria-label=${words.t('system.figures')}>
          <table class="rows">
            <thead>
              <tr>
                <th scope="col">${words.t('system.figures')}</th>
                <th scope="col">${words.t('system.value')}</th>
              </tr>
            </thead>
            <tbody>
              ${shown.map(
                (figure) =>
                  html`<tr>
                    <td class="mono">${breakable(figure.name)}<span class="muted">${figure.labels}</span></td>
                    <td class="number">${words.n(figure.value)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </section>
    </div>`;
  }
}
