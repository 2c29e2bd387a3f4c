/** What the reports over the log's entries share: a question in the address, its form, and names of people and grants. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { fromInput, localZone, toInput } from '../../shared/time.ts';
import type { ConsoleWords } from '../words.ts';
import { EvidenceTabPage } from './evidence-page.ts';
import type { EvidenceTab } from './evidence-page.ts';
import { valuesOf } from '../page.ts';

export interface Grant {
  kind: 'sign_in' | 'role' | 'permission_set' | 'membership' | 'key' | 'session' | 'access';
  what: string;
  account?: string;
  granted_at: string;
  entry: string;
  seq: number;
  granted_by: string;
  self_granted: boolean;
  until?: string;
}

export interface Person {
  realm: string;
  type: string;
  id: string;
  name?: string;
  open_sessions: number;
}

export interface Completeness {
  complete: boolean;
  since_seq: number;
  purged: number;
  carried: number;
}

/** How far back the entries reach, in words. */
export function completenessText(words: ConsoleWords, it: Completeness): string {
  const seq = String(it.since_seq);
  if (!it.complete) return words.t('evidence.incomplete', { seq });
  if (it.since_seq > 0) return words.t('evidence.completeSnapshot', { seq });
  return it.purged > 0
    ? words.t('evidence.completeCarried', { seq, purged: words.n(it.purged) })
    : words.t('evidence.complete', { seq });
}

export abstract class ReportPage extends EvidenceTabPage {
  abstract override readonly tab: EvidenceTab;

  /** The question, as the address has it behind `#`. */
  protected get asked(): URLSearchParams {
    return new URLSearchParams(location.hash.slice(1));
  }

  /** Asks what a form says; empty fields ask nothing. Times of a form are in the reader's zone. */
  protected readonly ask = (event: SubmitEvent): void => {
    const asked = new URLSearchParams();
    for (const [name, value] of Object.entries(valuesOf(event))) {
      const field = (event.target as HTMLFormElement).elements.namedItem(name);
      const isTime = field instanceof HTMLInputElement && field.type === 'datetime-local';
      const time = isTime ? fromInput(value, localZone()) : null;
      const text = time === null ? value.trim() : new Date(time).toISOString();
      if (text) asked.set(name, text);
    }
    history.replaceState(null, '', `${location.pathname}#${asked.toString()}`);
    void this.reload();
  };

  protected renderField(name: string, label: string, isRequired = false): TemplateResult {
    return html`<label class="line"
      >${label}<input
        class="field"
        name=${name}
        autocomplete="off"
        maxlength="600"
        ?required=${isRequired}
        .value=${this.asked.get(name) ?? ''}
      />
    </label>`;
  }

  protected renderTimeField(name: string, label: string): TemplateResult {
    const time = Date.parse(this.asked.get(name) ?? '');
    return html`<label class="line"
      >${label}<input
        class="field"
        type="datetime-local"
        step="1"
        name=${name}
        .value=${Number.isNaN(time) ? '' : toInput(time, localZone())}
      />
    </label>`;
  }

  protected renderForm(fields: TemplateResult, more: TemplateResult | typeof nothing = nothing): TemplateResult {
    return html`<form class="question does" @submit=${this.ask}>
      ${fields}
      <div class="end">${more}<button class="button primary">${this.words.t('evidence.show')}</button></div>
    </form>`;
  }

  /** An entry's address in the log. */
  protected entry(id: string): string {
    return this.log('', { entry: id, time: 'newest' });
  }

  protected renderWho(person: Person): TemplateResult {
    return html`${person.name ? html`${person.name}<br />` : nothing}<span class="mono">${person.id}</span> ${
        person.realm === 'product'
          ? nothing
          : html`<span class="tag">${person.realm === 'log' ? this.words.t('evidence.realm.log') : person.realm}</span>`
      }
      ${person.type === 'user' ? nothing : html`<span class="tag">${person.type}</span>`}`;
  }

  /** A grant, and the entry that gave it. */
  protected renderGrant(grant: Grant): TemplateResult {
    const words = this.words;
    const account = grant.account ? ` (${grant.account})` : '';
    return html`<li>
      ${words.t(`evidence.kind.${grant.kind}`)} <strong>${grant.what}</strong>${account}
      <span class="muted">
        ${words.t('evidence.since')} ${this.renderTime(grant.granted_at)}, ${words.t('evidence.by')}
        <span class="mono">${grant.granted_by}</span>
      </span>
      ${grant.self_granted ? html`<span class="tag security">${words.t('evidence.self')}</span>` : nothing}
      ${
        grant.until
          ? html`<span class="tag">${words.t('evidence.until')} ${this.renderTime(grant.until)}</span>`
          : nothing
      }
      <a class="link" href=${this.entry(grant.entry)}
        >${words.t('evidence.entry')}<span class="visually-hidden"> ${grant.seq}</span></a
      >
    </li>`;
  }

  protected renderGrants(grants: Grant[]): TemplateResult {
    return grants.length
      ? html`<ul class="plain">
          ${grants.map((grant) => this.renderGrant(grant))}
        </ul>`
      : html`<span class="muted">–</span>`;
  }

  protected renderCompleteness(it: Completeness): TemplateResult {
    return html`<p class=${it.complete ? 'muted' : 'notice'}>${completenessText(this.words, it)}</p>`;
  }

  /** Where a person's story and offboarding are. */
  protected renderPersonLinks(person: Person): TemplateResult {
    const at = (page: string, name: string, value: string): string =>
      `/t/${encodeURIComponent(this.tenant)}/${page}#${new URLSearchParams({ [name]: value }).toString()}`;
    const key = `${person.realm}/${person.type}/${person.id}`;
    return html`<a class="button" href=${at('offboarding', 'person', key)}
        >${this.words.t('offboarding.title')}<span class="visually-hidden"> ${person.id}</span></a
      >
      <a class="button" href=${at('story', 'person', person.id)}
        >${this.words.t('story.title')}<span class="visually-hidden"> ${person.id}</span></a
      >`;
  }
}
