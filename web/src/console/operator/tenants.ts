/** The operator's list of tenants. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { dateText, localZone } from '../../shared/time.ts';
import { icon } from '../../shared/icons.ts';
import type { FacetsAnswer, Tenant } from '../../shared/types.ts';
import { tenantPath } from '../../shared/api.ts';
import { Page, valuesOf } from '../page.ts';
import { Sorting, type SortColumn } from '../sorting.ts';

const USUAL_PROFILE = 'standard';
/** The columns whose largest numbers come first. */
const NUMBERS: ReadonlySet<string> = new Set(['entries', 'since']);
/** As long as the server takes one. */
const MAX_REASON_LENGTH = 8192;

/** What is left of a tenant that was deleted: one for each entry that records it. */
function certificateOf(id: string): string {
  return `/v1/closed-tenants/${encodeURIComponent(id)}/certificate`;
}

/** As much as one entry records of a deletion. */
interface ClosureRecord {
  id: string;
  entries: number;
}

export class TenantsPage extends Page {
  #wanted = '';
  readonly #sorting = new Sorting<Tenant>('name', () => this.app.requestUpdate());
  /** The server's profiles, an operator's own among them; the usual one first. */
  #profiles = [USUAL_PROFILE];

  override async load(): Promise<void> {
    await this.app.loadTenants();
    this.app.requestUpdate();
    await this.#learnProfiles();
  }

  async #learnProfiles(): Promise<void> {
    const { profiles } = await this.api.get<{ profiles: { id: string }[] }>('/v1/profiles');
    this.#profiles = [USUAL_PROFILE, ...profiles.map(({ id }) => id).filter((id) => id !== USUAL_PROFILE)];
    this.app.requestUpdate();
  }

  get #columns(): SortColumn<Tenant>[] {
    const words = this.words;
    return [
      { id: 'name', title: words.t('tenants.name'), key: ({ name }) => name },
      { id: 'profile', title: words.t('tenants.profile'), key: ({ profile }) => profile },
      { id: 'entries', title: words.t('tenants.entries'), key: (tenant) => tenant.log_size ?? null },
      { id: 'since', title: words.t('tenants.since'), key: (tenant) => Date.parse(tenant.created_at) },
    ];
  }

  get #shown(): typeof this.app.tenants {
    const wanted = this.#wanted.toLowerCase();
    const matching = this.app.tenants.filter(
      (t) => !wanted || t.id.includes(wanted) || t.name.toLowerCase().includes(wanted),
    );
    return this.#sorting.sorted(matching, this.#columns, this.words.locale);
  }

  override render(): TemplateResult {
    const words = this.words;
    return html`<div class="page">
      ${this.heading(
        words.t('tenants.title'),
        words.t('tenants.about'),
        html`<button class="button primary" @click=${this.#create}>
          ${icon('plus')}${words.t('tenants.create')}
        </button>`,
      )}
      <section class="block">
        <h2>
          <label class="visually-hidden" for="wanted">${words.t('tenants.search')}</label
          ><input
            id="wanted"
            class="field"
            placeholder=${words.t('tenants.search')}
            @input=${(e: Event) => {
              this.#wanted = (e.target as HTMLInputElement).value;
              this.app.requestUpdate();
            }}
          />${this.#sorting.select(words.t('sort.by'), this.#columns, NUMBERS)}
        </h2>
        ${
          this.#shown.length
            ? html`<div class="scroll" tabindex="0" role="region" aria-label=${words.t('tenants.title')}>
                <table class="rows cards">
                  <thead>
                    <tr>
                      ${this.#columns.map((column) => this.#sorting.heading(column, NUMBERS.has(column.id)))}
                      <th scope="col"><span class="visually-hidden">${words.t('actions')}</span></th>
                    </tr>
                  </thead>
                  <tbody>
                    ${this.#shown.map((tenant) => this.#row(tenant))}
                  </tbody>
                </table>
              </div>`
            : html`<div class="none">${words.t('tenants.none')}</div>`
        }
      </section>
    </div>`;
  }

  #row(tenant: Tenant): TemplateResult {
    const words = this.words;
    return html`<tr>
      <td>
        <a class="link" href="/t/${encodeURIComponent(tenant.id)}">${tenant.name}</a><br /><code class="muted"
          >${tenant.id}</code
        >
      </td>
      <td><span class="tag">${tenant.profile}</span></td>
      <td>
        ${
          tenant.log_size === undefined
            ? '–'
            : html`<a class="link" href="/t/${encodeURIComponent(tenant.id)}/log#time=newest"
                >${words.n(tenant.log_size)}</a
              >`
        }
      </td>
      <td>${dateText(Date.parse(tenant.created_at), localZone(), words.locale)}</td>
      <td class="actions">
        <button class="button plain" @click=${() => this.#delete(tenant)}>
          <span>${words.t('tenants.delete')}<span class="visually-hidden"> ${tenant.name}</span></span>
        </button>
      </td>
    </tr>`;
  }

  /** Offers a copy of what goes, deletes it when the tenant's id is typed, and hands out the certificate. */
  #delete(tenant: Tenant): void {
    const words = this.words;
    const { id, name } = tenant;
    let entries: number | null = null;
    let typed = '';
    let why = '';
    const submit = (event: SubmitEvent): void => {
      const { reason } = valuesOf(event);
      void this.act(async () => {
        try {
          await this.api.send('DELETE', tenantPath(id), undefined, { reason, confirm: typed });
        } finally {
          // One whose deletion is not finished is gone from the list all the same.
          await this.app.loadTenants();
        }
        this.#deleted(tenant, await this.#recordsOf(id));
      });
    };
    this.open(
      words.t('tenants.delete.title', { name }),
      () =>
        html`<form class="sheet" @submit=${submit}>
          ${this.#renderWarning(entries)}
          <label class="line"
            >${words.t('reason')}<textarea
              class="field"
              name="reason"
              required
              maxlength=${MAX_REASON_LENGTH}
              @input=${(e: Event) => {
                why = (e.target as HTMLTextAreaElement).value.trim();
                this.app.requestUpdate();
              }}
            ></textarea>
          </label>
          ${this.#renderCopyFirst(id, why)}
          <label class="line"
            >${words.t('typeName', { name: id })}<input
              class="field mono"
              autocomplete="off"
              spellcheck="false"
              @input=${(e: Event) => {
                typed = (e.target as HTMLInputElement).value;
                this.app.requestUpdate();
              }}
          /></label>
          <div class="end">
            <button class="button" type="button" @click=${this.close}>${words.t('cancel')}</button
            ><button class="button danger" ?disabled=${this.busy || typed !== id}>
              ${words.t('tenants.delete.submit')}
            </button>
          </div>
        </form>`,
    );
    void this.act(async () => {
      entries = (await this.api.get<FacetsAnswer>(tenantPath(id, '/facets'), { fields: 'outcome', limit: 1 })).count;
    });
  }

  /** What goes with a tenant, and what stays. */
  #renderWarning(entries: number | null): TemplateResult {
    const words = this.words;
    return html`<div class="notice danger" role="status">
        ${icon('alert')}<span
          >${
            entries === null
              ? words.t('tenants.delete.warning.counting')
              : words.t('tenants.delete.warning', { count: entries })
          }</span
        >
      </div>
      <ul class="reasons">
        <li>${words.t('tenants.delete.everything')}</li>
        <li>${words.t('tenants.delete.holds')}</li>
        <li>${words.t('tenants.delete.remains')}</li>
      </ul>`;
  }

  /** A copy of the log, before it goes. */
  #renderCopyFirst(id: string, why: string): TemplateResult {
    const words = this.words;
    return html`<div>
        <a
          class="button copy-first"
          download
          href=${this.api.url(tenantPath(id, '/log/entries'), {
            header: true,
            reason: why || words.t('tenants.delete.copy.reason'),
          })}
          >${icon('download')}${words.t('tenants.delete.copy')}</a
        >
      </div>
      <p class="muted">${words.t('tenants.delete.copy.about')}</p>
      <pre class="code" tabindex="0" aria-label=${words.t('tenants.delete.copy')}>
./indelible export --tenant ${id} --reason '…' --out ${id}.ndjson.gz</pre>`;
  }

  /** One entry alone cannot record every deletion; then several do. */
  async #recordsOf(id: string): Promise<ClosureRecord[]> {
    const { tenants } = await this.api.get<{ tenants: { id: string; records?: string[] }[] }>('/v1/closed-tenants');
    const records = tenants.find((tenant) => tenant.id === id)?.records ?? [];
    return Promise.all(
      records.map(async (record) => {
        const { deleted } = await this.api.get<{ deleted: { entries: number } }>(certificateOf(id), { record });
        return { id: record, entries: deleted.entries };
      }),
    );
  }

  #deleted({ id, name }: Tenant, records: ClosureRecord[]): void {
    const words = this.words;
    const count = records.reduce((sum, { entries }) => sum + entries, 0);
    this.open(
      words.t('done'),
      () =>
        html`<div class="sheet">
          <div class="notice good" role="status">
            ${icon('check')}<span>${words.t('tenants.delete.done', { name, count })}</span>
          </div>
          <p>
            ${words.t('tenants.delete.certificate.about')}${
              records.length > 1 ? ` ${words.t('tenants.delete.certificate.several', { count: records.length })}` : ''
            }
          </p>
          ${records.map((record, i) => {
            const which =
              records.length > 1
                ? words.t('tenants.delete.certificate.which', { number: i + 1, count: record.entries })
                : '';
            return html`<div
              class="forms"
              role="group"
              data-record=${record.id}
              aria-label=${words.t('certificate.of', { what: which || name })}
            >
              ${which ? html`<span class="which">${which}</span>` : nothing}
              <a
                class="button ${i ? '' : 'primary'}"
                download
                href=${this.api.url(certificateOf(id), { format: 'pdf', record: record.id })}
                data-format="pdf"
                >${icon('download')}${words.t('tenants.delete.certificate.pdf')}</a
              >
              <a
                class="button"
                download
                href=${this.api.url(certificateOf(id), { record: record.id })}
                data-format="json"
                >${icon('download')}${words.t('tenants.delete.certificate')}</a
              >
            </div>`;
          })}
        </div>`,
    );
  }

  readonly #create = (): void => {
    const words = this.words;
    const submit = (event: SubmitEvent): void => {
      const { id, name, profile, reason } = valuesOf(event);
      void this.act(async () => {
        await this.api.send('POST', '/v1/tenants', { id, name: name || id, profile, ...(reason ? { reason } : {}) });
        await this.app.loadTenants();
        this.close();
        this.app.go(`/t/${encodeURIComponent(id ?? '')}`);
        this.app.page?.done(words.t('tenants.created', { name: name || (id ?? '') }), 'audit.tenant.create');
      });
    };
    this.open(
      words.t('tenants.create'),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <label class="line"
            >${words.t('tenants.id')}<input
              class="field mono"
              name="id"
              required
              pattern="[a-z0-9][a-z0-9._\\-]{0,63}"
              autocomplete="off"
            /><span class="help">${words.t('tenants.id.help')}</span></label
          >
          <label class="line"
            >${words.t('tenants.name')}<input class="field" name="name" maxlength="1024" autocomplete="off"
          /></label>
          <label class="line"
            >${words.t('tenants.profile')}<select class="field" name="profile">
              ${this.#profiles.map((p) => html`<option>${p}</option>`)}</select
            ><span class="help">${words.t('tenants.profile.help')}</span></label
          >
          <label class="line">${words.t('reason')}<textarea class="field" name="reason"></textarea></label>
          <div class="end">
            <button class="button" type="button" @click=${this.close}>${words.t('cancel')}</button
            ><button class="button primary" ?disabled=${this.busy}>${words.t('tenants.create')}</button>
          </div>
        </form>`,
    );
  };
}
