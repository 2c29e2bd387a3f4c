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
  #signature: SignatureResult | null = null;
  #seen: Memory | null = null;
  #consistent: boolean | null = null;
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

  /** What others who hold the log to account have said of it. */
  #witnesses(quorum: Quorum, time: (value: string) => string): TemplateResult {
    const words = this.words;
    const size = quorum.cosigned_size;
    const state = !quorum.witnesses.length ? 'none' : quorum.reached ? 'reached' : 'missed';
    const signed = quorum.witnesses.filter((witness) => witness.cosigned_at).length;
    return html`<section class="block" data-quorum=${state}><h2>${words.t('health.witnesses')}</h2><div class="inside sheet">
        <p>${state === 'none'
          ? words.t('health.quorum.none')
          : html`<span class="tag ${state === 'reached' ? 'good' : 'bad'}">${words.t(`health.quorum.${state}`)}</span> ${size === undefined
              ? words.t('health.quorum.nothing', { quorum: quorum.quorum, all: quorum.witnesses.length })
              : words.t('health.quorum.size', { signed, all: quorum.witnesses.length, quorum: quorum.quorum, size: words.n(size), newest: words.n(quorum.newest_size) })}`}</p></div>
      ${state === 'none'
        ? nothing
        : html`<div class="scroll" tabindex="0" role="region" aria-label=${words.t('health.witnesses')}><table class="rows">
        <thead><tr><th scope="col">${words.t('health.witness')}</th><th scope="col">${words.t('health.key')}</th><th scope="col">${words.t('health.cosigned')}</th></tr></thead>
        <tbody>${quorum.witnesses.map((witness) => html`<tr><td>${witness.name}</td><td><code>${witness.verifier_key}</code></td><td>${witness.cosigned_at ? time(witness.cosigned_at) : '–'}</td></tr>`)}</tbody></table></div>`}</section>`;
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
      ${this.#quorum ? this.#witnesses(this.#quorum, time) : nothing}
      <section class="block"><h2>${words.t('health.offline')}</h2><div class="inside sheet"><p class="muted">${words.t('health.offline.about')}</p>
        <pre class="code" tabindex="0" aria-label=${words.t('health.offline')}>./indelible verify ${location.origin} --tenant ${this.tenant}${this.#keys[0] ? ` --key '${this.#keys[0].verifier_key}'` : ''}</pre></div></section>
    </div>`;
  }
}
