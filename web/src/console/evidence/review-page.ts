/** Who had access as of a date: everybody with the entries that gave it, who left, what changed. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { icon } from '../../shared/icons.ts';
import { ReportPage, type Completeness, type Grant, type Person } from './report-page.ts';

interface Reviewed extends Person {
  grants: Grant[];
}

interface Leaver extends Reviewed {
  left_at: string;
  entry: string;
  left_by: string;
  hours?: number;
}

interface Difference {
  realm: string;
  type: string;
  id: string;
  grant: Grant;
}

export interface Review {
  as_of: string;
  since?: string;
  size: number;
  completeness: Completeness;
  counts: { people: number; grants: number; leavers: number };
  people: Reviewed[];
  leavers: Leaver[];
  differences?: {
    people_added: string[];
    people_gone: string[];
    grants_added: Difference[];
    grants_removed: Difference[];
  };
}

export class AccessReviewPage extends ReportPage {
  override readonly tab = 'access-review';
  #review: Review | null = null;
  #own = 0;

  override async load(): Promise<void> {
    const { asked } = this;
    const answer = await this.api.get<{ granted_by_you: number; review: Review }>(this.path('/access-review'), {
      as_of: asked.get('as_of'),
      since: asked.get('since') ?? 'last',
    });
    this.#review = answer.review;
    this.#own = answer.granted_by_you;
  }

  override render(): TemplateResult {
    const words = this.words;
    return this.frame(
      nothing,
      html`${this.renderForm(
        html`${this.renderTimeField('as_of', words.t('evidence.asOf'))}
        ${this.renderTimeField('since', words.t('access-review.since'))}`,
        this.may('audit.export')
          ? html`<a class="button" download href=${this.#file('csv')}
                >${icon('download')}${words.t('access-review.table')}</a
              >
              <a class="button" download href=${this.#file('json')}
                >${icon('download')}${words.t('access-review.file')}</a
              >`
          : nothing,
      )}${this.#review ? this.#renderReview(this.#review) : nothing}`,
    );
  }

  #file(format: 'json' | 'csv'): string {
    const asked = new URLSearchParams({ since: this.asked.get('since') ?? 'last', format });
    const asOf = this.asked.get('as_of');
    if (asOf) asked.set('as_of', asOf);
    return `${this.path('/access-review/file')}?${asked.toString()}`;
  }

  #renderReview(review: Review): TemplateResult {
    const words = this.words;
    const { people, grants, leavers } = review.counts;
    return html`<p>
        ${words.t('access-review.counts', {
          people: words.n(people),
          grants: words.n(grants),
          leavers: words.n(leavers),
        })}
        ${this.renderTime(review.as_of)}
      </p>
      ${this.renderCompleteness(review.completeness)}
      ${
        this.#own > 0
          ? html`<p class="notice">${icon('alert')}${words.t('access-review.own', { count: words.n(this.#own) })}</p>`
          : nothing
      }
      ${this.renderTable(
        words.t('access-review.people'),
        [words.t('evidence.who'), words.t('evidence.what'), words.t('evidence.sessions'), ''],
        review.people.map((person) => this.#renderPerson(person)),
        words.t('access-review.nobody'),
      )}
      ${this.renderTable(
        words.t('access-review.leavers'),
        [words.t('evidence.who'), words.t('evidence.left'), words.t('evidence.remaining'), ''],
        review.leavers.map((leaver) => this.#renderLeaver(leaver)),
        words.t('access-review.noLeavers'),
      )}
      ${review.differences ? this.#renderDifferences(review.differences) : nothing}`;
  }

  #renderPerson(person: Reviewed): TemplateResult {
    return html`<tr data-person=${person.id}>
      <td class="named">${this.renderWho(person)}</td>
      <td>${this.renderGrants(person.grants)}</td>
      <td>${this.words.n(person.open_sessions)}</td>
      <td class="actions">${this.renderPersonLinks(person)}</td>
    </tr>`;
  }

  #renderLeaver(leaver: Leaver): TemplateResult {
    const words = this.words;
    return html`<tr data-leaver=${leaver.id}>
      <td class="named">${this.renderWho(leaver)}</td>
      <td>
        ${this.renderTime(leaver.left_at)}, ${words.t('evidence.by')} <span class="mono">${leaver.left_by}</span>
        <a class="link" href=${this.entry(leaver.entry)}
          >${words.t('evidence.entry')}<span class="visually-hidden"> ${leaver.id}</span></a
        >
      </td>
      <td>
        ${
          leaver.hours === undefined
            ? html`<span class="tag security">${words.t('access-review.left')}</span>
                ${this.renderGrants(leaver.grants)}`
            : words.t('access-review.hours', { hours: words.n(leaver.hours) })
        }
      </td>
      <td class="actions">${this.renderPersonLinks(leaver)}</td>
    </tr>`;
  }

  #renderDifferences(differences: NonNullable<Review['differences']>): TemplateResult {
    const words = this.words;
    const rows = (list: Difference[]): TemplateResult[] =>
      list.map(
        (one) =>
          html`<tr>
            <td class="named"><span class="mono">${one.id}</span></td>
            <td>${this.renderGrants([one.grant])}</td>
          </tr>`,
      );
    const columns = [words.t('evidence.who'), words.t('evidence.what')];
    return html`${
      this.#review?.since
        ? html`<p>${words.t('access-review.compared')} ${this.renderTime(this.#review.since)}</p>`
        : nothing
    }${this.renderTable(
      words.t('access-review.added'),
      columns,
      rows(differences.grants_added),
      words.t('access-review.noneAdded'),
    )}${this.renderTable(
      words.t('access-review.removed'),
      columns,
      rows(differences.grants_removed),
      words.t('access-review.noneRemoved'),
    )}`;
  }
}
