/** How a tenant's log is: its newest checkpoint, its keys, and how far the index has come. */
import { html, nothing, type TemplateResult } from 'lit';
import { hex } from '../proof/bytes.ts';
import { recall, remember, type Memory } from '../proof/memory.ts';
import { checkpoint, signatureOf, verifierKey, type Checkpoint, type SignatureResult } from '../proof/note.ts';
import { Tiles } from '../proof/tiles.ts';
import { consistencyHolds } from '../proof/tree.ts';
import { fullText, localZone } from '../shared/time.ts';
import { icon } from '../shared/icons.ts';
import type { Page as EntriesPage } from '../shared/types.ts';
import { Page } from './page.ts';

interface LogKey {
  id: string;
  verifier_key: string;
  created_at: string;
  retired_at?: string;
}

export class HealthPage extends Page {
  #note: Checkpoint | null = null;
  #signature: SignatureResult | null = null;
  #seen: Memory | null = null;
  #consistent: boolean | null = null;
  #keys: LogKey[] = [];
  #newest: EntriesPage | null = null;

  override async load(): Promise<void> {
    const [note, keys, newest] = await Promise.all([
      this.api.text(this.path('/log/checkpoint')),
      this.api.get<{ keys: LogKey[] }>(this.path('/log/keys')),
      this.api.get<EntriesPage>(this.path('/events'), { limit: 1 }),
    ]);
    this.#note = checkpoint(note);
    this.#keys = keys.keys;
    this.#newest = newest;
    this.#seen = recall(this.#note.origin);
    const known = await Promise.all((this.#seen?.keys ?? this.#keys.map((key) => key.verifier_key)).map(verifierKey));
    this.#signature = await signatureOf(this.#note, known);
    await this.#compare(this.#note, known.map((key) => key.text));
  }

  /** That the log still holds what this browser saw of it before. */
  async #compare(note: Checkpoint, keys: string[]): Promise<void> {
    const seen = this.#seen;
    if (seen && BigInt(seen.size) <= note.size) {
      const root = Uint8Array.from(seen.root.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      const tiles = new Tiles(note.size, (path) => this.api.bytes(this.path(`/log/${path}`)));
      const proof = await tiles.consistency(BigInt(seen.size));
      this.#consistent = await consistencyHolds(BigInt(seen.size), root, note.size, note.root, proof);
    } else {
      this.#consistent = seen ? false : null;
    }
    if (this.#consistent !== false && this.#signature === 'signed') {
      remember(note.origin, { keys, size: String(note.size), root: hex(note.root), at: new Date().toISOString() });
    }
  }

  override render(): TemplateResult {
    const words = this.words;
    const note = this.#note;
    const good = this.#signature === 'signed' && this.#consistent !== false;
    const time = (value: string): string => fullText(Date.parse(value), localZone(), words.locale);
    return html`<div class="page">
      ${this.heading(words.t('health.title'), words.t('health.about'), html`<button class="button" @click=${() => this.reload()}>${words.t('health.again')}</button>`)}
      ${note
        ? html`<div class="notice ${good ? 'good' : 'danger'}" role="status">${icon(good ? 'shieldCheck' : 'shieldX')}<span>${words.t(good ? (this.#consistent === null ? 'health.first' : 'health.good') : 'health.bad')}</span></div>
          <section class="block"><h2>${words.t('health.checkpoint')}</h2><div class="inside"><dl class="facts">
            <dt>${words.t('health.origin')}</dt><dd><code>${note.origin}</code></dd>
            <dt>${words.t('health.size')}</dt><dd>${words.n(Number(note.size))}</dd>
            <dt>${words.t('health.root')}</dt><dd><code>${hex(note.root)}</code></dd>
            <dt>${words.t('health.signature')}</dt><dd>${words.maybe(`health.signature.${this.#signature}`, '')}</dd>
            ${this.#seen ? html`<dt>${words.t('health.seen')}</dt><dd>${words.t('health.seen.at', { size: this.#seen.size, time: time(this.#seen.at) })}</dd>` : nothing}
            <dt>${words.t('health.indexed')}</dt><dd>${this.#newest?.indexed_through === null ? '–' : words.n((this.#newest?.indexed_through ?? 0) + 1)}</dd>
          </dl></div></section>`
        : nothing}
      <section class="block"><h2>${words.t('health.keys')}</h2><div class="scroll" tabindex="0" role="region" aria-label=${words.t('health.keys')}><table class="rows">
        <thead><tr><th scope="col">${words.t('health.key')}</th><th scope="col">${words.t('access.since')}</th><th scope="col">${words.t('health.state')}</th></tr></thead>
        <tbody>${this.#keys.map((key) => html`<tr><td><code>${key.verifier_key}</code></td><td>${time(key.created_at)}</td><td>${key.retired_at ? words.t('health.retired') : html`<span class="tag good">${words.t('health.signs')}</span>`}</td></tr>`)}</tbody></table></div></section>
      <section class="block"><h2>${words.t('health.offline')}</h2><div class="inside sheet"><p class="muted">${words.t('health.offline.about')}</p>
        <pre class="code" tabindex="0" aria-label=${words.t('health.offline')}>./indelible verify ${location.origin} --tenant ${this.tenant}${this.#keys[0] ? ` --key '${this.#keys[0].verifier_key}'` : ''}</pre></div></section>
    </div>`;
  }
}
