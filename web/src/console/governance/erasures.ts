/** Data subjects' requests: received, looked at, approved or turned down. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { dateText, localZone } from '../../shared/time.ts';
import { quote } from '../../query/lexer.ts';
import { icon } from '../../shared/icons.ts';
import { certificateButtons, certificateLinks } from './certificates.ts';
import { Page, linesOf, valuesOf } from '../page.ts';

interface Erasure {
  id: string;
  state: 'received' | 'waiting' | 'processing' | 'deferred' | 'fulfilled' | 'rejected';
  received_at: string;
  due_at: string;
  /** When it is carried out though one person alone received and approved it. */
  waits_until?: string;
  fulfilled_at?: string;
  rejected_at?: string;
  overdue: boolean;
  entries: number;
  deferred: number;
  /** The entries that record it, each with its receipt. */
  records: string[];
  /** Who received it, and whom else they count as. */
  asked_by?: string[];
  approved_by?: string;
  /** Shows later whom it was about; only where it was just received or settled. */
  receipt?: Record<string, unknown>;
}

/** Texts that go on to name the person. */
interface Staying {
  entries: number;
  entry_ids: string[];
  configuration: { kind: string; id: string; fields: string[] }[];
  complete: boolean;
}

interface Preview {
  entries: number;
  deferred: number;
  kept_for_author: number;
  staying: Staying;
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has to have begun to save it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export class ErasuresPage extends Page {
  #erasures: Erasure[] | null = null;
  #preview: Preview | null = null;

  override async load(): Promise<void> {
    this.#erasures = (
      await this.api.get<{ erasures: Erasure[] }>(this.path('/erasures'), { limit: 1000 })
    ).erasures.reverse();
  }

  override render(): TemplateResult {
    const words = this.words;
    const maySee = this.app.may(this.tenant, ['audit.view']);
    return html`<div class="page">
      ${this.heading(
        words.t('erasures.title'),
        words.t('erasures.about'),
        html`<button class="button" @click=${this.#ask}>${words.t('erasures.subject')}</button
          ><button class="button primary" @click=${this.#receive}>
            ${icon('plus')}${words.t('erasures.receive')}
          </button>`,
      )}
      <section class="block">
        <h2>
          ${words.t('erasures.title')}<a class="link more" href="${this.path('/erasure-report')}?format=pdf" download
            >${words.t('erasures.report')}</a
          >
        </h2>
        ${
          this.#erasures?.length
            ? html`<div class="scroll" tabindex="0" role="region" aria-label=${words.t('erasures.title')}>
                <table class="rows cards">
                  <thead>
                    <tr>
                      <th scope="col">${words.t('erasures.request')}</th>
                      <th scope="col">${words.t('erasures.state')}</th>
                      <th scope="col">${words.t('erasures.received')}</th>
                      <th scope="col">${words.t('erasures.due')}</th>
                      <th scope="col">${words.t('erasures.entries')}</th>
                      ${maySee ? html`<th scope="col">${words.t('erasures.receipt')}</th>` : nothing}
                      <th scope="col"><span class="visually-hidden">${words.t('actions')}</span></th>
                    </tr>
                  </thead>
                  <tbody>
                    ${this.#erasures.map((erasure) => this.#row(erasure, maySee))}
                  </tbody>
                </table>
              </div>`
            : html`<div class="none">${this.#erasures ? words.t('erasures.none') : '…'}</div>`
        }
      </section>
    </div>`;
  }

  #date(time: string): string {
    return dateText(Date.parse(time), localZone(), this.words.locale);
  }

  #row(erasure: Erasure, maySee: boolean): TemplateResult {
    const words = this.words;
    return html`<tr>
      <td><code>${erasure.id.slice(-12)}</code>${this.#renderPeople(erasure)}</td>
      ${this.#renderState(erasure)}
      <td>${this.#date(erasure.received_at)}</td>
      <td>${this.#date(erasure.due_at)}</td>
      <td>
        ${words.n(erasure.entries)}${
          erasure.deferred
            ? html` <span class="muted">${words.t('erasures.deferred', { count: erasure.deferred })}</span>`
            : nothing
        }
      </td>
      ${maySee ? this.#renderRecords(erasure) : nothing}
      <td class="actions">
        ${
          erasure.state === 'received' || erasure.state === 'waiting'
            ? html`<button class="button" @click=${() => this.#settle(erasure)}>${words.t('erasures.settle')}</button>`
            : nothing
        }
      </td>
    </tr>`;
  }

  /** Who asked for it, and who approved. */
  #renderPeople(erasure: Erasure): TemplateResult {
    const words = this.words;
    return html`${
      erasure.asked_by?.length
        ? html`<br /><span class="muted">${words.t('erasures.askedBy', { who: erasure.asked_by[0]! })}</span>`
        : nothing
    }${
      erasure.approved_by
        ? html`<br /><span class="muted">${words.t('erasures.approvedBy', { who: erasure.approved_by })}</span>`
        : nothing
    }`;
  }

  #renderState(erasure: Erasure): TemplateResult {
    const words = this.words;
    return html`<td>
      <span class="tag ${erasure.overdue ? 'bad' : erasure.state === 'fulfilled' ? 'good' : ''}"
        >${words.maybe(
          `erasures.state.${erasure.state}`,
          erasure.state,
        )}${erasure.overdue ? `, ${words.t('erasures.overdue')}` : ''}</span
      >${
        erasure.state === 'waiting' && erasure.waits_until
          ? html`<br /><span class="muted"
                >${words.t('erasures.waitsUntil', { date: this.#date(erasure.waits_until) })}</span
              >`
          : nothing
      }
    </td>`;
  }

  /** The certificates of what was deleted: several where one entry could not record it all. */
  #renderRecords({ id, records }: Erasure): TemplateResult {
    const several = records.length > 1;
    const named = (i: number): string => id.slice(-12) + (several ? `, ${this.words.n(i + 1)}` : '');
    return html`<td>
      ${records.length ? records.map((record, i) => certificateLinks(this.words, this.tenant, record, named(i))) : '–'}
    </td>`;
  }

  readonly #receive = (): void => {
    const words = this.words;
    const submit = (event: SubmitEvent): void => {
      const { identifiers, reason } = valuesOf(event);
      void this.act(async () => {
        const received = await this.api.send<Erasure>('POST', this.path('/erasures'), {
          identifiers: linesOf(identifiers),
          ...(reason ? { reason } : {}),
        });
        await this.reload();
        this.done(
          words.t('erasures.receivedDone', { date: dateText(Date.parse(received.due_at), localZone(), words.locale) }),
          'audit.erasure.received',
          this.#receiptButton(received),
        );
      });
    };
    this.open(
      words.t('erasures.receive'),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <label class="line"
            >${words.t('erasures.who')}<textarea class="field mono" name="identifiers" required></textarea
            ><span class="help">${words.t('erasures.who.help')}</span></label
          >
          <label class="line"
            >${words.t('reason')}<textarea class="field" name="reason"></textarea
            ><span class="help">${words.t('erasures.reason.help')}</span></label
          >
          <div class="end">
            <button class="button" type="button" @click=${this.close}>${words.t('cancel')}</button
            ><button class="button primary" ?disabled=${this.busy}>${words.t('erasures.receive')}</button>
          </div>
        </form>`,
    );
  };

  /** Whoever keeps this file can show whom the request was about; nobody else can find out. */
  #receiptButton({ id, receipt }: Erasure): TemplateResult | typeof nothing {
    if (!receipt) return nothing;
    const file = (): void =>
      save(new Blob([JSON.stringify(receipt)], { type: 'application/json' }), `${id}.receipt.json`);
    return html`<div class="sheet">
      <p>${this.words.t('erasures.keepReceipt')}</p>
      <div>
        <button class="button" type="button" @click=${file}>
          ${icon('download')}${this.words.t('erasures.saveReceipt')}
        </button>
      </div>
    </div>`;
  }

  readonly #ask = (): void => {
    const words = this.words;
    const submit = (event: SubmitEvent): void => {
      const { identifiers, reason } = valuesOf(event);
      void this.act(async () => {
        const response = await this.api.fetch(this.path('/subject-reports'), {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ identifiers: linesOf(identifiers), reason, format: 'pdf' }),
        });
        save(await response.blob(), `subject-report-${this.tenant}.pdf`);
        this.done(words.t('erasures.subject.done'), 'audit.subject_report.create');
      });
    };
    this.open(
      words.t('erasures.subject'),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <p class="muted">${words.t('erasures.subject.about')}</p>
          <label class="line"
            >${words.t('erasures.who')}<textarea class="field mono" name="identifiers" required></textarea
            ><span class="help">${words.t('erasures.who.help')}</span></label
          >
          <label class="line"
            >${words.t('reason')}<textarea class="field" name="reason" required></textarea
            ><span class="help">${words.t('erasures.reason.help')}</span></label
          >
          <div class="end">
            <button class="button" type="button" @click=${this.close}>${words.t('cancel')}</button
            ><button class="button primary" ?disabled=${this.busy}>${words.t('erasures.subject.make')}</button>
          </div>
        </form>`,
    );
  };

  #settle(erasure: Erasure): void {
    const words = this.words;
    const path = this.path(`/erasures/${encodeURIComponent(erasure.id)}`);
    this.#preview = null;
    const preview = async (): Promise<void> => {
      this.#preview = await this.api.get<Preview>(`${path}/preview`);
    };
    const submit = (event: SubmitEvent): void => {
      const verb = (event.submitter as HTMLButtonElement).value;
      const { reason } = valuesOf(event);
      void this.act(() => this.#settled(path, verb, reason));
    };
    this.open(
      words.t('erasures.settle'),
      () =>
        html`<form class="sheet" @submit=${submit}>
          ${this.#renderPreview()} ${this.#preview ? this.#renderStaying(this.#preview.staying) : nothing}
          <div><a class="link" href="${path}/receipt" download>${words.t('erasures.receiptOf')}</a></div>
          <label class="line"
            >${words.t('reason')}<textarea class="field" name="reason" required></textarea
            ><span class="help">${words.t('erasures.reason.help')}</span></label
          >
          <div class="end">
            <button class="button" value="reject" ?disabled=${this.busy}>${words.t('erasures.reject')}</button
            ><button class="button danger" value="approve" ?disabled=${this.busy || !this.#preview}>
              ${words.t('erasures.approve')}
            </button>
          </div>
        </form>`,
    );
    void this.act(preview);
  }

  /** Approves or rejects, and says what came of it. */
  async #settled(path: string, verb: string, reason: string | undefined): Promise<void> {
    const settled = await this.api.send<Erasure>('POST', `${path}/${verb}`, { reason });
    await this.reload();
    if (settled.state === 'waiting') {
      this.done(
        this.words.t('erasures.waits', {
          date: dateText(Date.parse(settled.waits_until ?? settled.due_at), localZone(), this.words.locale),
        }),
        'audit.erasure.waiting',
      );
      return;
    }
    const { records } = settled;
    const receipts =
      records.length && this.app.may(this.tenant, ['audit.view'])
        ? certificateButtons(this.words, this.tenant, records)
        : nothing;
    this.done(
      this.words.t(verb === 'approve' ? 'erasures.approved' : 'erasures.rejected'),
      verb === 'approve' ? 'audit.erasure.*,audit.personal.erase' : 'audit.erasure.rejected',
      html`${receipts}${this.#receiptButton(settled)}`,
    );
  }

  /** What would go, and what is kept by holds or as the words of others. */
  #renderPreview(): TemplateResult {
    const words = this.words;
    const maySeeHolds = this.app.may(this.tenant, ['audit.view']) && this.app.seesWhole(this.tenant);
    return html`${
      this.#preview
        ? html`<div class="notice danger" role="status">
            ${icon('alert')}<span
              >${words.t('erasures.preview', { count: this.#preview.entries })}${
                this.#preview.deferred ? ` ${words.t('erasures.preview.held', { count: this.#preview.deferred })}` : ''
              }${
                this.#preview.kept_for_author
                  ? ` ${words.t('erasures.preview.author', { count: this.#preview.kept_for_author })}`
                  : ''
              }</span
            >
          </div>`
        : html`<div class="notice" role="status">
            ${icon('clock')}<span>${words.t('erasures.preview.running')}</span>
          </div>`
    }
    ${
      this.#preview?.deferred && maySeeHolds
        ? html`<div>
            <a class="link" href="/t/${encodeURIComponent(this.tenant)}/holds">${words.t('erasures.preview.holds')}</a>
          </div>`
        : nothing
    }`;
  }

  /** What an erasure does not reach is said before it is approved. */
  #renderStaying({ entries, entry_ids: ids, configuration, complete }: Staying): TemplateResult {
    const words = this.words;
    if (!entries && !configuration.length) return html`<p class="muted">${words.t('erasures.staying.none')}</p>`;
    return html`<details class="more" open>
      <summary>${words.t('erasures.staying', { count: entries + configuration.length })}</summary>
      <p class="help">${words.t('erasures.staying.help')}</p>
      <ul>
        ${configuration.map(({ kind, id, fields }) => html`<li>${kind} <code>${id}</code>: ${fields.join(', ')}</li>`)}
        ${ids.map(
          (id) =>
            html`<li>
              <a class="link" href=${this.log(`id:${quote(id)}`)}
                >${words.t('erasures.staying.entry')} <code>${id}</code></a
              >
            </li>`,
        )}
      </ul>
      ${complete ? nothing : html`<p class="help">${words.t('erasures.staying.more')}</p>`}
    </details>`;
  }
}
