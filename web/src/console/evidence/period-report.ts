/** Reports on a period: its figures beside those of the one before, and requests of data subjects. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { dateText, localZone } from '../../shared/time.ts';
import { EvidenceTabPage } from './evidence-page.ts';

interface Figure {
  name: string;
  query: string;
  count: number;
  before: number;
}

interface Compliance {
  from: string;
  to: string;
  figures: Figure[];
  top: Record<string, { value: string; count: number }[]>;
}

interface Request {
  id: string;
  type: string;
  state: 'open' | 'overdue' | 'in_time' | 'late';
  rejected: boolean;
  received: string;
  due: string;
  answered?: string;
  steps: { entry: string; at: string; action: string }[];
}

const DAYS = [7, 30, 90, 365];
const DAY_MILLIS = 86_400_000;
const FIRST_DAYS = 30;
const LOOK: Record<string, string> = { in_time: 'good', late: 'bad', overdue: 'bad', open: '' };
/** Fields of the lists, by the qualifier that finds their entries. */
const QUALIFIERS: Record<string, string> = {
  actor_id: 'actor_id',
  action: 'action',
  category: 'category',
  country: 'country',
};

export class PeriodReportPage extends EvidenceTabPage {
  override readonly tab = 'figures';
  #days = FIRST_DAYS;
  #compliance: Compliance | null = null;
  #requests: Request[] | null = null;

  override async load(): Promise<void> {
    const to = this.api.now();
    const period = {
      from: new Date(to - this.#days * DAY_MILLIS).toISOString(),
      to: new Date(to).toISOString(),
    };
    this.#compliance = await this.api.get<Compliance>(this.path('/reports/compliance'), period);
    this.#requests = (await this.api.get<{ requests: Request[] }>(this.path('/reports/requests'), period)).requests;
  }

  override render(): TemplateResult {
    const words = this.words;
    return this.frame(
      html`<label
        >${words.t('figures.period')}
        <select
          class="field"
          @change=${(e: Event) => {
            this.#days = Number((e.target as HTMLSelectElement).value);
            void this.reload();
          }}
        >
          ${DAYS.map(
            (days) =>
              html`<option value=${days} ?selected=${days === this.#days}>
                ${words.t('figures.days', { count: days })}
              </option>`,
          )}
        </select></label
      >`,
      html`${this.renderTable(
        words.t('figures.title'),
        [words.t('figures.what'), words.t('figures.count'), words.t('figures.before')],
        this.#compliance?.figures.map((figure) => this.#renderFigure(figure)) ?? null,
        '…',
      )}${this.#compliance ? Object.entries(this.#compliance.top).map((top) => this.#renderTop(top)) : nothing}
      ${this.renderTable(
        words.t('requests.title'),
        [words.t('requests.which'), words.t('exports.state'), words.t('requests.received'), words.t('requests.due')],
        this.#requests?.map((request) => this.#renderRequest(request)) ?? null,
        words.t('requests.none'),
      )}`,
    );
  }

  #within(): Record<string, string> {
    return { from: this.#compliance?.from ?? '', to: this.#compliance?.to ?? '' };
  }

  #renderFigure({ name, query, count, before }: Figure): TemplateResult {
    const words = this.words;
    return html`<tr data-figure=${name}>
      <td class="named">
        <a class="link" href=${this.log(query, this.#within())}>${words.maybe(`figures.${name}`, name)}</a>
      </td>
      <td>${words.n(count)}</td>
      <td class="muted">${words.n(before)}</td>
    </tr>`;
  }

  #renderTop([field, values]: [string, { value: string; count: number }[]]): TemplateResult | typeof nothing {
    const words = this.words;
    if (!values.length) return nothing;
    const title = words.maybe(`figures.top.${field}`, field);
    return this.renderTable(
      title,
      [title, words.t('figures.count')],
      values.map(
        ({ value, count }) =>
          html`<tr>
            <td class="named">
              <a class="link" href=${this.log(`${QUALIFIERS[field] ?? field}:${JSON.stringify(value)}`, this.#within())}
                >${value}</a
              >
            </td>
            <td>${words.n(count)}</td>
          </tr>`,
      ),
      '…',
    );
  }

  #renderRequest(request: Request): TemplateResult {
    const words = this.words;
    const date = (time: string): string => dateText(Date.parse(time), localZone(), words.locale);
    const last = request.steps.at(-1);
    return html`<tr data-request=${request.id} data-state=${request.state}>
      <td class="named">
        <a
          class="link"
          href=${this.log(`target:${JSON.stringify(`${request.type}/${request.id}`)}`, { time: 'newest' })}
          >${request.id}</a
        ><br /><span class="muted">${last ? `${last.action}, ${date(last.at)}` : ''}</span>
      </td>
      <td>
        <span class="tag ${LOOK[request.state] ?? ''}">${words.t(`requests.state.${request.state}`)}</span>${
          request.answered ? html`<br /><span class="muted">${date(request.answered)}</span>` : nothing
        }
      </td>
      <td>${date(request.received)}</td>
      <td>${date(request.due)}</td>
    </tr>`;
  }
}
