/** A page that is a list: its table, the buttons of its rows, and the sheets that change one. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../shared/html.ts';
import { icon } from '../shared/icons.ts';
import { dateText, fullText, localZone, minuteText } from '../shared/time.ts';
import { Page, valuesOf } from './page.ts';

/** How many rows a list shows before it asks to be searched, and how many accounts a chooser has as boxes. */
export const SHOWN_ROWS = 200;
const PAGE_LIMIT = 1000;

/** What is taken away for good, and how it is said. */
export interface Removal {
  title: string;
  warning: TemplateResult | string;
  /** What is typed to confirm. */
  name: string;
  button: string;
  isReasonRequired?: boolean;
  /** Whether nobody is asked why. */
  hasNoReason?: boolean;
  /** What else goes, or stays, with it. */
  more?(): TemplateResult | typeof nothing;
  remove(reason: string | undefined): Promise<void>;
}

export abstract class ListPage extends Page {
  protected may(...permissions: string[]): boolean {
    return this.app.may(this.tenant, permissions);
  }

  /** Every page of a list. */
  protected async all<T>(path: string, member: string): Promise<T[]> {
    const found: T[] = [];
    for (let cursor: string | null = null; ;) {
      const page: Record<string, unknown> = await this.api.get(this.path(path), { limit: PAGE_LIMIT, cursor });
      found.push(...(page[member] as T[]));
      cursor = (page['next_cursor'] as string | null | undefined) ?? null;
      if (!cursor) return found;
    }
  }

  /** A block with a table, or with what is said when there is nothing. */
  protected renderTable(
    title: string,
    columns: string[],
    rows: TemplateResult[] | null,
    none: string,
    more: TemplateResult | typeof nothing = nothing,
  ): TemplateResult {
    const words = this.words;
    return html`<section class="block">
      <h2>${title}${more}</h2>
      ${
        rows?.length
          ? html`<div class="scroll" tabindex="0" role="region" aria-label=${title}>
                <table class="rows cards">
                  <thead>
                    <tr>
                      ${columns.map(
                        (column) =>
                          html`<th scope="col">
                            ${column || html`<span class="visually-hidden">${words.t('actions')}</span>`}
                          </th>`,
                      )}
                    </tr>
                  </thead>
                  <tbody>
                    ${rows.slice(0, SHOWN_ROWS)}
                  </tbody>
                </table>
              </div>
              ${
                rows.length > SHOWN_ROWS
                  ? html`<div class="none">${words.t('access.further', { count: rows.length - SHOWN_ROWS })}</div>`
                  : nothing
              }`
          : html`<div class="none">${rows || this.problem ? none : '…'}</div>`
      }
    </section>`;
  }

  /** A button in a row: what it is about is said to those who do not see the row. */
  protected rowButton(text: string, about: string, click: () => void): TemplateResult {
    return html`<button class="button" @click=${click}>${text}<span class="visually-hidden"> ${about}</span></button> `;
  }

  /** A time to the minute; to the millisecond for whoever points at it. */
  protected renderTime(text: string): TemplateResult {
    const time = Date.parse(text);
    const { locale } = this.words;
    return html`<span class="time" title=${fullText(time, localZone(), locale)}
      >${dateText(time, localZone(), locale)}, ${minuteText(time, localZone())}</span
    >`;
  }

  protected renderReason(isRequired = false): TemplateResult {
    return html`<label class="line"
      >${this.words.t('reason')}<textarea
        class="field"
        name="reason"
        maxlength="8192"
        ?required=${isRequired}
      ></textarea>
    </label>`;
  }

  protected renderEnd(text: string, isReady = true, look = 'primary'): TemplateResult {
    return html`<div class="end">
      <button class="button" type="button" @click=${this.close}>${this.words.t('cancel')}</button
      ><button class="button ${look}" ?disabled=${this.busy || !isReady}>${text}</button>
    </div>`;
  }

  /** A sheet that takes something away once its name is typed. */
  protected openRemoval(removal: Removal): void {
    const words = this.words;
    let typed = '';
    const submit = (event: SubmitEvent): void => {
      const { reason } = valuesOf(event);
      void this.act(() => removal.remove(reason || undefined));
    };
    this.open(
      removal.title,
      () =>
        html`<form class="sheet" @submit=${submit}>
          <div class="notice danger">${icon('alert')}<span>${removal.warning}</span></div>
          ${removal.more?.() ?? nothing} ${removal.hasNoReason ? nothing : this.renderReason(removal.isReasonRequired)}
          <label class="line"
            >${words.t('typeName', { name: removal.name })}<input
              class="field"
              autocomplete="off"
              @input=${(e: Event) => {
                typed = (e.target as HTMLInputElement).value;
                this.app.requestUpdate();
              }}
          /></label>
          ${this.renderEnd(removal.button, typed.trim() === removal.name.trim(), 'danger')}
        </form>`,
    );
  }
}
