/** Reviews of the log: what is due, what is new since the last one, signing off, and follow-ups. */
import { nothing, type TemplateResult } from 'lit';
import { Problem } from '../../shared/api.ts';
import { html } from '../../shared/html.ts';
import { icon } from '../../shared/icons.ts';
import { dateText, localZone } from '../../shared/time.ts';
import { linesOf, valuesOf } from '../page.ts';
import { EvidenceTabPage } from './evidence-page.ts';
import { dayBefore } from './packs.ts';

interface FollowUp {
  id: string;
  what: string;
  assignee: string;
  due: string;
  state: 'open' | 'overdue' | 'closed';
  closed_by?: string;
  closed_with?: string;
}

export interface Review {
  id: string;
  name: string;
  what: 'query' | 'view' | 'pack' | 'access';
  value?: string;
  other_than_granter: boolean;
  reviewer: string;
  reviewer_id?: string;
  reviewer_email?: string;
  answerable: string;
  answerable_email?: string;
  every: string;
  due: string;
  state: 'upcoming' | 'due' | 'overdue';
  look_for: string;
  unseen: { from_seq: number; to_seq: number; query?: string };
  last?: { by: string; at: string; has_findings: boolean; findings: string; grants_of_others?: number };
  follow_ups: FollowUp[];
}

const LOOK: Record<string, string> = { due: 'security', overdue: 'bad', open: '', closed: 'good' };
const PERIODS = ['P7D', 'P1M', 'P3M', 'P6M', 'P12M'];
const FOLLOW_UP_DAYS = 14;
const KINDS = ['query', 'view', 'pack', 'access'] as const;

export class ReviewsPage extends EvidenceTabPage {
  override readonly tab = 'reviews';
  #reviews: Review[] | null = null;

  override async load(): Promise<void> {
    try {
      this.#reviews = await this.all<Review>('/reviews', 'reviews');
    } catch (problem) {
      // Whoever does not manage reviews sees those that name them.
      if (this.may('reviews.manage') || !(problem instanceof Problem) || problem.status !== 403) throw problem;
      this.#reviews = [];
    }
  }

  override render(): TemplateResult {
    const words = this.words;
    return this.frame(
      this.may('reviews.manage')
        ? html`<button class="button primary" @click=${() => this.#openPlan(null)}>
            ${icon('check')}${words.t('reviews.plan')}
          </button>`
        : nothing,
      this.renderTable(
        words.t('reviews.title'),
        [words.t('reviews.name'), words.t('reviews.due'), words.t('reviews.last'), words.t('reviews.followUps'), ''],
        this.#reviews?.map((review) => this.#renderRow(review)) ?? null,
        words.t(this.may('reviews.manage') ? 'reviews.none' : 'reviews.noneOfYours'),
      ),
    );
  }

  #date(time: string): string {
    return dateText(Date.parse(time), localZone(), this.words.locale);
  }

  #renderRow(review: Review): TemplateResult {
    const words = this.words;
    const { last } = review;
    return html`<tr data-review=${review.id} data-state=${review.state}>
      <td class="named">
        <strong>${review.name}</strong><br /><span class="muted"
          >${words.t('reviews.by', { reviewer: review.reviewer, answerable: review.answerable })}</span
        ><br />${this.#renderUnseen(review)}
      </td>
      <td>
        ${this.#date(review.due)}<br /><span class="tag ${LOOK[review.state] ?? ''}"
          >${words.t(`reviews.state.${review.state}`)}</span
        >
      </td>
      <td>
        ${
          last
            ? html`${this.#date(last.at)}<br /><span class="muted">${last.by}</span>${
                  last.has_findings ? html`<br />${last.findings}` : html`<br />${words.t('reviews.noFindings')}`
                }${
                  last.grants_of_others === undefined
                    ? nothing
                    : html`<br /><span class="tag good"
                          >${words.t('reviews.independent', { grants: words.n(last.grants_of_others) })}</span
                        >`
                }`
            : words.t('reviews.never')
        }
      </td>
      <td>${review.follow_ups.map((one) => this.#renderFollowUp(review, one))}</td>
      <td class="actions">
        ${this.rowButton(words.t('reviews.signOff'), review.name, () => this.#openSignOff(review))}${
          this.may('reviews.manage')
            ? html`${this.rowButton(words.t('reviews.change'), review.name, () =>
                this.#openPlan(review),
              )}${this.rowButton(words.t('reviews.remove'), review.name, () => this.#openRemove(review))}`
            : nothing
        }
      </td>
    </tr>`;
  }

  /** Where what no review has seen is: entries, or who has access. */
  #renderUnseen(review: Review): TemplateResult | typeof nothing {
    const { unseen, what } = review;
    const text = this.words.t('reviews.unseen');
    if (what === 'access')
      return html`<a class="link" href=${`/t/${encodeURIComponent(this.tenant)}/access-review`}>${text}</a>`;
    if (unseen.query === undefined) return nothing;
    return html`<a class="link" href=${this.log(unseen.query, { time: 'newest' })}>${text}</a>`;
  }

  #renderFollowUp(review: Review, one: FollowUp): TemplateResult {
    const words = this.words;
    return html`<div>
      ${one.what}<br /><span class="muted">${one.assignee}, ${this.#date(one.due)}</span>
      <span class="tag ${LOOK[one.state === 'overdue' ? 'overdue' : one.state] ?? ''}"
        >${words.t(`reviews.followUp.${one.state}`)}</span
      >${
        one.state === 'closed'
          ? html`<br /><span class="muted">${one.closed_with}</span>`
          : html` ${this.rowButton(words.t('reviews.close'), one.what, () => this.#openClose(review, one))}`
      }
    </div>`;
  }

  #of(review: Review, rest = ''): string {
    return this.path(`/reviews/${encodeURIComponent(review.id)}${rest}`);
  }

  #line(name: string, label: string, value: string, type = 'text', isRequired = true): TemplateResult {
    return html`<label class="line"
      >${label}<input class="field" name=${name} type=${type} ?required=${isRequired} maxlength="200" .value=${value}
    /></label>`;
  }

  #text(name: string, label: string, value: string, help = '', isRequired = false): TemplateResult {
    return html`<label class="line"
      >${label}<textarea class="field" name=${name} maxlength="8000" ?required=${isRequired} .value=${value}></textarea
      >${help ? html`<span class="help">${help}</span>` : nothing}</label
    >`;
  }

  #openPlan(review: Review | null): void {
    const words = this.words;
    const submit = (event: SubmitEvent): void => {
      const values = valuesOf(event);
      void this.act(async () => {
        const { what = 'query', value = '', due, other_than_granter: other, ...rest } = values;
        const body = Object.fromEntries(Object.entries(rest).filter(([, text]) => text.trim()));
        const plan = {
          ...body,
          what,
          value: what === 'access' ? '' : value,
          other_than_granter: other === 'on',
          due: `${due}T00:00:00Z`,
          language: words.language,
        };
        await (review
          ? this.api.send('PUT', this.#of(review), plan)
          : this.api.send('POST', this.path('/reviews'), plan));
        await this.reload();
        this.done(words.t('reviews.planned', { name: values['name'] ?? '' }), 'audit.review.*');
      });
    };
    this.open(
      words.t(review ? 'reviews.change' : 'reviews.plan'),
      () =>
        html`<form class="sheet" @submit=${submit}>
          ${this.#renderPlanned(review)} ${this.#renderPeople(review)}
          ${this.#text('look_for', words.t('reviews.lookFor'), review?.look_for ?? '')}
          ${this.renderEnd(words.t(review ? 'reviews.change' : 'reviews.plan'))}
        </form>`,
    );
  }

  /** What is looked at, how often, and when next. */
  #renderPlanned(review: Review | null): TemplateResult {
    const words = this.words;
    const every = review?.every ?? 'P3M';
    const suggest = (event: Event): void => {
      const select = event.target as HTMLSelectElement;
      const rule = select.form?.elements.namedItem('other_than_granter') as HTMLInputElement;
      rule.checked = select.value === 'access';
    };
    const due = review?.due.slice(0, 10) ?? dayBefore(this.api.now(), -7);
    return html`${this.#line('name', words.t('reviews.name'), review?.name ?? '')}
      <label class="line"
        >${words.t('reviews.what')}<select class="field" name="what" @change=${suggest}>
          ${KINDS.map(
            (kind) =>
              html`<option value=${kind} ?selected=${review?.what === kind}>
                ${words.t(`reviews.what.${kind}`)}
              </option>`,
          )}
        </select></label
      >
      <label class="line"
        >${words.t('reviews.value')}<input
          class="field mono"
          name="value"
          maxlength="4096"
          spellcheck="false"
          autocomplete="off"
          .value=${review?.value ?? 'security:true'}
        /><span class="help">${words.t('reviews.value.help')}</span></label
      >
      <label class="choice"
        ><input type="checkbox" name="other_than_granter" ?checked=${review?.other_than_granter ?? false} />${words.t(
          'reviews.otherThanGranter',
        )}</label
      >
      <label class="line"
        >${words.t('reviews.every')}<select class="field" name="every">
          ${[...new Set([...PERIODS, every])].map(
            (period) =>
              html`<option value=${period} ?selected=${period === every}>
                ${words.maybe(`reviews.every.${period}`, period)}
              </option>`,
          )}
        </select></label
      >
      ${this.#line('due', words.t('reviews.next'), due, 'date')}`;
  }

  #renderPeople(review: Review | null): TemplateResult {
    const words = this.words;
    const ofReviewer = review?.reviewer_email ?? '';
    const ofAnswerable = review?.answerable_email ?? '';
    return html`${this.#line('reviewer', words.t('reviews.reviewer'), review?.reviewer ?? '')}
    ${this.#line('reviewer_id', words.t('reviews.reviewerId'), review?.reviewer_id ?? '', 'text', false)}
    ${this.#line('reviewer_email', words.t('reviews.reviewerEmail'), ofReviewer, 'email', false)}
    ${this.#line('answerable', words.t('reviews.answerable'), review?.answerable ?? '')}
    ${this.#line('answerable_email', words.t('reviews.answerableEmail'), ofAnswerable, 'email', false)}`;
  }

  #openSignOff(review: Review): void {
    const words = this.words;
    const submit = (event: SubmitEvent): void => {
      const { findings = '', follow, assignee, due } = valuesOf(event);
      const followUps = linesOf(follow).map((what) => ({ what, assignee, due: `${due}T00:00:00Z` }));
      void this.act(async () => {
        await this.api.send('POST', this.#of(review, '/sign-off'), {
          to_seq: review.unseen.to_seq,
          findings,
          follow_ups: followUps,
        });
        await this.reload();
        this.done(words.t('reviews.signedOff', { name: review.name }), 'audit.review.sign_off');
      });
    };
    this.open(
      words.t('reviews.signOff.title', { name: review.name }),
      () =>
        html`<form class="sheet" @submit=${submit}>
          ${review.look_for ? html`<p>${review.look_for}</p>` : nothing}
          <p class="muted">
            ${words.t('reviews.range', { from: review.unseen.from_seq, to: review.unseen.to_seq })}
            ${
              review.unseen.query === undefined
                ? nothing
                : html`<a class="link" target="_blank" href=${this.log(review.unseen.query, { time: 'newest' })}
                    >${words.t('reviews.unseen')}</a
                  >`
            }
          </p>
          ${this.#text('findings', words.t('reviews.findings'), '', words.t('reviews.findings.help'))}
          ${this.#text('follow', words.t('reviews.followUps'), '', words.t('reviews.followUps.help'))}
          ${this.#line('assignee', words.t('reviews.assignee'), review.answerable)}
          ${this.#line('due', words.t('reviews.until'), dayBefore(this.api.now(), -FOLLOW_UP_DAYS), 'date')}
          ${this.renderEnd(words.t('reviews.signOff'))}
        </form>`,
    );
  }

  #openClose(review: Review, one: FollowUp): void {
    const words = this.words;
    const submit = (event: SubmitEvent): void => {
      const { with: done } = valuesOf(event);
      void this.act(async () => {
        await this.api.send('POST', this.#of(review, `/follow-ups/${encodeURIComponent(one.id)}/close`), {
          with: done,
        });
        await this.reload();
        this.done(words.t('reviews.closed'), 'audit.review.follow_up');
      });
    };
    this.open(
      words.t('reviews.close'),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <p>${one.what}</p>
          ${this.#text('with', words.t('reviews.closedWith'), '', '', true)} ${this.renderEnd(words.t('reviews.close'))}
        </form>`,
    );
  }

  #openRemove(review: Review): void {
    const words = this.words;
    this.openRemoval({
      title: words.t('reviews.remove'),
      warning: words.t('reviews.remove.warning'),
      name: review.name,
      button: words.t('reviews.remove'),
      hasNoReason: true,
      remove: async () => {
        await this.api.send('DELETE', this.#of(review));
        await this.reload();
        this.done(words.t('reviews.removed', { name: review.name }), 'audit.review.remove');
      },
    });
  }
}
