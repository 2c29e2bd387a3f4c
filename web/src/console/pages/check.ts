/** A copy of the log, checked here: whether it is what was recorded, and which entry is not. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import type { Bytes } from '../../proof/bytes.ts';
import {
  checkCopy,
  holds,
  MAX_FINDINGS,
  NoCopy,
  unsaid,
  type CopyReport,
  type Finding,
  type Held,
} from '../../proof/copy.ts';
import type { Deleted } from '../../proof/deletions.ts';
import { recall } from '../../proof/memory.ts';
import { checkpoint } from '../../proof/note.ts';
import { tilePath } from '../../proof/tiles.ts';
import { stringifyExact } from '../../shared/exact.ts';
import { ENGLISH, wordsFor, type Words } from '../../shared/i18n.ts';
import { icon } from '../../shared/icons.ts';
import type { Entry, Profile } from '../../shared/types.ts';
import { Catalog, sentenceText } from '../../viewer/sentence.ts';
import { Exporter } from '../../viewer/exporter.ts';
import { renderExport } from '../../viewer/view-export.ts';
import { Page, valuesOf } from '../page.ts';

const TILE = 256;
const HASH_BYTES = 32;

export class CheckPage extends Page {
  #origin = '';
  readonly #exporter = new Exporter(() => this.app.requestUpdate());
  /** Whether whoever takes a copy has to say why. */
  #asksWhy = false;
  /** What is known of this log, which a file that is dropped early waits for. */
  #known: Promise<void> = Promise.resolve();
  #catalog = new Catalog(null);
  #viewerWords: Words = ENGLISH;
  #name = '';
  #entries = 0;
  #running: AbortController | null = null;
  #report: CopyReport | null = null;
  #failed: 'format' | 'other' | null = null;

  override load(): Promise<void> {
    this.#known = this.#learn();
    return this.#known;
  }

  async #learn(): Promise<void> {
    const [note, profile] = await Promise.all([
      this.api.text(this.path('/log/checkpoint')),
      this.api.get<Profile>(this.path('/profile')).catch(() => null),
    ]);
    this.#origin = checkpoint(note).origin;
    this.#catalog = new Catalog(profile);
    this.#asksWhy = profile?.reason_for_exports === true;
    this.#viewerWords = await wordsFor([this.words.locale]);
  }

  /** The keys that this browser saw first, else those that the log names; of another log, none. */
  readonly #held: Held = {
    keys: async (origin) => {
      const known = recall(origin)?.keys;
      if (known) return known;
      return origin === this.#origin ? (await this.api.text(this.path('/log/key'))).trim().split('\n') : [];
    },
    leaves: async (origin, size, from) => {
      if (origin !== this.#origin) return [];
      const width = Math.min(TILE, size - from);
      try {
        const tile = await this.api.bytes(
          this.path(`/log/tile/0/${tilePath(BigInt(from / TILE))}${width < TILE ? `.p/${width}` : ''}`),
        );
        return Array.from({ length: width }, (_, i) => tile.slice(i * HASH_BYTES, (i + 1) * HASH_BYTES) as Bytes);
      } catch {
        return [];
      }
    },
  };

  async #check(file: File): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#name = file.name;
    this.#report = null;
    this.#failed = null;
    this.#entries = 0;
    this.app.requestUpdate();
    // When the log cannot be asked, the page says so beside.
    await this.#known.catch(() => undefined);
    try {
      const report = await checkCopy(
        file,
        this.#held,
        (entries) => {
          this.#entries = entries;
          this.app.requestUpdate();
        },
        running.signal,
      );
      if (!running.signal.aborted) this.#report = report;
    } catch (error) {
      if (!running.signal.aborted) this.#failed = error instanceof NoCopy ? 'format' : 'other';
    }
    if (this.#running === running) this.#running = null;
    this.app.requestUpdate();
  }

  override render(): TemplateResult {
    const words = this.words;
    const take = (files: FileList | null | undefined): void => {
      const file = files?.[0];
      if (file) void this.#check(file);
    };
    const over = (event: DragEvent): void => {
      event.preventDefault();
      (event.currentTarget as HTMLElement).classList.toggle('over', event.type === 'dragover');
      if (event.type === 'drop') take(event.dataTransfer?.files);
    };
    return html`<div class="page">
      ${this.heading(words.t('check.title'), words.t('check.about'))}
      <label class="drop" @dragover=${over} @dragleave=${over} @drop=${over}
        >${icon('shieldCheck')}<span
          ><strong>${words.t('check.choose')}</strong><span class="muted">${words.t('check.form')}</span></span
        >
        <input
          type="file"
          class="visually-hidden"
          accept=".ndjson,.gz"
          @change=${(e: Event) => {
            const input = e.target as HTMLInputElement;
            take(input.files);
            input.value = '';
          }}
      /></label>
      <div role="status">${this.#renderState()}</div>
      <section class="block">
        <h2>${words.t('check.make')}</h2>
        <div class="inside sheet">
          <p class="muted">${words.t('check.make.about')}</p>
          ${
            this.app.may(this.tenant, ['audit.export']) && this.app.seesWhole(this.tenant)
              ? this.#renderDownload()
              : nothing
          }
          <pre class="code" tabindex="0" aria-label=${words.t('check.make')}>
./indelible export --tenant ${this.tenant}${
              this.#asksWhy ? ` --reason '${words.t('check.make.reason')}'` : ''
            } --out ${this.tenant}.ndjson
./indelible verify ${this.tenant}.ndjson</pre>
        </div>
      </section>
    </div>`;
  }

  /** The whole log as a file, as `indelible export` writes it. */
  #renderDownload(): TemplateResult {
    const words = this.words;
    const submit = (event: SubmitEvent): void => {
      const { reason } = valuesOf(event);
      void this.#exporter.start(
        this.api,
        this.path('/log/entries'),
        { header: true, reason: reason ?? '' },
        `${this.tenant}.ndjson`,
        'ndjson',
      );
    };
    return html`<form class="ask" @submit=${submit}>
        ${
          this.#asksWhy
            ? html`<label class="line"
                >${words.t('reason')}<input
                  class="field"
                  name="reason"
                  required
                  pattern=".*\\S.*"
                  maxlength="2000"
                  autocomplete="off"
              /></label>`
            : nothing
        }
        <button class="button primary download" ?disabled=${this.#exporter.isRunning}>
          ${icon('download')}${words.t('check.download')}
        </button>
      </form>
      ${renderExport({ words: this.#viewerWords, exporter: this.#exporter })}`;
  }

  #renderState(): TemplateResult | typeof nothing {
    const words = this.words;
    if (this.#running) {
      return html`<div class="notice" data-check="running">
        ${icon('clock')}<span>${words.t('check.running', { count: this.#entries })}</span>
        <button
          class="link"
          @click=${() => {
            this.#running?.abort();
            this.#running = null;
            this.app.requestUpdate();
          }}
        >
          ${words.t('check.stop')}
        </button>
      </div>`;
    }
    if (this.#failed)
      return html`<div class="notice danger" data-check="unreadable">
        ${icon('alert')}<span>${words.t(`check.unreadable.${this.#failed}`, { name: this.#name })}</span>
      </div>`;
    return this.#report ? this.#renderReport(this.#report) : nothing;
  }

  #renderReport(report: CopyReport): TemplateResult {
    const words = this.words;
    const good = holds(report);
    // A signature that this browser cannot check says nothing against the copy.
    const open = report.signature === 'unsupported' && holds({ ...report, signature: 'signed' });
    const reasons = [
      report.signature === 'signed' ? null : words.maybe(`check.signature.${report.signature}`, report.signature),
      report.whole ? null : words.t('check.cut'),
      report.root === false ? words.t('check.root', { entries: report.entries, size: report.size }) : null,
    ].filter((reason) => reason !== null);
    return html`<div class="sheet" data-check=${good ? 'holds' : open ? 'open' : 'broken'}>
      <div class="notice ${good ? 'good' : open ? '' : 'danger'}">
        ${icon(good ? 'shieldCheck' : open ? 'alert' : 'shieldX')}<span
          ><strong>${words.t(good ? 'check.good' : open ? 'check.open' : 'check.bad', { name: this.#name })}</strong> ${
            good
              ? words.t(report.complete ? 'check.good.whole' : 'check.good.part', { count: report.entries })
              : nothing
          }</span
        >
      </div>
      ${
        report.findings.length
          ? html`<section class="block">
              <h2>${words.t('check.findings', { count: report.findings.length + report.further })}</h2>
              <ul class="findings">
                ${report.findings.map((finding) => this.#renderFinding(finding))}
              </ul>
              ${
                report.further
                  ? html`<div class="none">${words.t('check.further', { count: report.further })}</div>`
                  : nothing
              }
            </section>`
          : nothing
      }
      ${
        reasons.length
          ? html`<ul class="reasons">
              ${reasons.map((reason) => html`<li>${reason}</li>`)}
            </ul>`
          : nothing
      }
      ${report.deletions.length ? this.#renderDeletions(report) : nothing}
      ${report.withheld ? html`<p class="muted">${words.t('check.withheld', { count: report.withheld })}</p>` : nothing}
      <dl class="facts">
        <dt>${words.t('health.origin')}</dt>
        <dd><code>${report.origin}</code></dd>
        <dt>${words.t('health.size')}</dt>
        <dd>${words.n(report.size)}</dd>
      </dl>
      <p class="muted">
        ${words.t('check.unproven', { tenant: report.tenant })}${
          report.filter ? ` ${words.t('check.unproven.filter', { filter: report.filter })}` : nothing
        }
      </p>
    </div>`;
  }

  /** What is gone, and the entry that recorded it; what nobody recorded comes first. */
  #renderDeletions(report: CopyReport): TemplateResult {
    const words = this.words;
    const { deletions, complete } = report;
    const missing = unsaid(report);
    const all = [...missing, ...deletions.filter((deleted) => !missing.includes(deleted))];
    return html`<section class="block" data-deletions>
      <h2>${words.t('check.deletions')}</h2>
      <ul class="findings">
        ${all.slice(0, MAX_FINDINGS).map((deleted) => this.#renderDeleted(deleted, complete))}
      </ul>
      ${
        all.length > MAX_FINDINGS
          ? html`<div class="none">${words.t('check.further', { count: all.length - MAX_FINDINGS })}</div>`
          : nothing
      }
    </section>`;
  }

  #renderDeleted({ kind, first, end, by }: Deleted, complete: boolean): TemplateResult {
    const words = this.words;
    const isUnsaid = complete && !by;
    const what = words.t(isUnsaid ? `check.unsaid.${kind}` : `check.${kind}`, {
      count: end - first,
      first: String(first),
      last: String(end - 1),
    });
    if (by) {
      return html`<li class="said-so">
        ${icon('minus')}
        <div>
          ${what}
          ${
            by.id
              ? html`<a class="link" href=${this.log('', { entry: by.id, time: 'newest' })}
                  >${words.t('check.by', { seq: String(by.seq) })}</a
                >`
              : words.t('check.by', { seq: String(by.seq) })
          }
        </div>
      </li>`;
    }
    return isUnsaid
      ? html`<li>
          ${icon('close')}
          <div><strong>${what}</strong></div>
        </li>`
      : html`<li class="said-so">
          ${icon('minus')}
          <div>${what} ${words.t('check.part')}</div>
        </li>`;
  }

  /** What the copy says happened, and the way to what the log says. */
  #renderFinding({ seq, fault, facts }: Finding): TemplateResult {
    const words = this.words;
    const id = typeof facts?.['id'] === 'string' ? facts['id'] : '';
    return html`<li>
      ${icon('close')}
      <div>
        <strong>${words.t('check.altered', { seq: String(seq) })}</strong> ${words.maybe(`check.fault.${fault}`, fault)}
        ${
          facts
            ? html`<div class="said">
                <span class="muted">${words.t('check.said')}</span> ${said(facts, this.#catalog, this.#viewerWords)}
              </div>`
            : nothing
        }
        ${
          id
            ? html`<a class="link" href=${this.log('', { entry: id, time: 'newest' })}>${words.t('check.recorded')}</a>`
            : nothing
        }
      </div>
    </li>`;
  }
}

/** Facts are no whole entry, and an altered one may lack anything. */
function said(facts: Record<string, unknown>, catalog: Catalog, words: Words): string {
  const blank = {
    id: '',
    tenant: '',
    seq: 0,
    recorded_at: '',
    occurred_at: '',
    action: '',
    category: '',
    verb: '',
    security_relevant: false,
    outcome: 'unknown' as const,
  };
  try {
    const entry: Entry = { ...blank, actor: { type: 'user' }, ...facts };
    // Without the personal part an actor has an id, and no name.
    const text = sentenceText(
      { ...entry, actor: { ...entry.actor, name: entry.actor.name ?? entry.actor.id ?? '' } },
      catalog,
      words,
    );
    return `“${text}”`;
  } catch {
    return stringifyExact(facts).slice(0, 300);
  }
}
