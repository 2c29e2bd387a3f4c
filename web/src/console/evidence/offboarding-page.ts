/** Whether a person who left was shut out of everything, now or as of a date. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { icon } from '../../shared/icons.ts';
import { ReportPage, type Completeness, type Grant, type Person } from './report-page.ts';

interface Taken {
  grant: Grant;
  at: string;
  entry?: string;
  by?: string;
}

interface Step {
  step: 'account' | 'rights' | 'keys' | 'sessions';
  state: 'done' | 'missing' | 'nothing';
  remaining: Grant[];
  taken: Taken[];
}

interface Check {
  as_of: string;
  completeness: Completeness;
  done: boolean;
  person: Person;
  left?: { left_at: string; entry: string; left_by: string; hours?: number };
  session_ended_at?: string;
  steps: Step[];
}

const LOOK = { done: 'good', missing: 'bad', nothing: '' } as const;

export class OffboardingPage extends ReportPage {
  override readonly tab = 'offboarding';
  #check: Check | null = null;

  override async load(): Promise<void> {
    const person = this.asked.get('person');
    this.#check = null;
    if (!person) return;
    this.#check = await this.api.get<Check>(this.path('/offboarding'), { person, as_of: this.asked.get('as_of') });
  }

  override render(): TemplateResult {
    const words = this.words;
    return this.frame(
      nothing,
      html`${this.renderForm(
        html`${this.renderField('person', words.t('offboarding.person'), true)}
        ${this.renderTimeField('as_of', words.t('evidence.asOf'))}`,
      )}${this.#check ? this.#renderCheck(this.#check) : nothing}`,
    );
  }

  #renderCheck(check: Check): TemplateResult {
    const words = this.words;
    return html`<div class="notice ${check.done ? 'good' : 'danger'}" role="status">
        ${icon(check.done ? 'check' : 'alert')}<span
          >${words.t(check.done ? 'offboarding.done' : 'offboarding.missing')} ${this.renderWho(check.person)}
          (${words.t('evidence.asOf')} ${this.renderTime(check.as_of)})</span
        >
      </div>
      ${
        check.left
          ? html`<p>
              ${words.t('evidence.left')} ${this.renderTime(check.left.left_at)}, ${words.t('evidence.by')}
              <span class="mono">${check.left.left_by}</span>.
              ${
                check.left.hours === undefined
                  ? nothing
                  : words.t('access-review.hours', { hours: words.n(check.left.hours) })
              }
              <a class="link" href=${this.entry(check.left.entry)}>${words.t('evidence.entry')}</a>
            </p>`
          : html`<p>${words.t('offboarding.notLeft')}</p>`
      }
      ${this.renderCompleteness(check.completeness)}
      ${this.renderTable(
        words.t('offboarding.steps'),
        [
          words.t('offboarding.step'),
          words.t('offboarding.state'),
          words.t('evidence.remaining'),
          words.t('offboarding.taken'),
        ],
        check.steps.map((step) => this.#renderStep(step, check)),
        '',
      )}`;
  }

  #renderStep(step: Step, check: Check): TemplateResult {
    const words = this.words;
    return html`<tr data-step=${step.step} data-state=${step.state}>
      <td class="named">${words.t(`offboarding.step.${step.step}`)}</td>
      <td><span class="tag ${LOOK[step.state]}">${words.t(`offboarding.state.${step.state}`)}</span></td>
      <td>${this.renderGrants(step.remaining)}</td>
      <td>
        ${
          step.taken.length
            ? html`<ul class="plain">
                ${step.taken.map((taken) => this.#renderTaken(taken))}
              </ul>`
            : step.step === 'sessions' && check.session_ended_at
              ? html`${words.t('offboarding.lastSession')} ${this.renderTime(check.session_ended_at)}`
              : html`<span class="muted">–</span>`
        }
      </td>
    </tr>`;
  }

  #renderTaken(taken: Taken): TemplateResult {
    const words = this.words;
    return html`<li>
      ${words.t(`evidence.kind.${taken.grant.kind}`)} <strong>${taken.grant.what}</strong>, ${this.renderTime(taken.at)}
      ${
        taken.entry
          ? html`<span class="muted">${words.t('evidence.by')} <span class="mono">${taken.by}</span></span>
              <a class="link" href=${this.entry(taken.entry)}
                >${words.t('evidence.entry')}<span class="visually-hidden"> ${taken.grant.what}</span></a
              >`
          : html`<span class="muted">${words.t('offboarding.byItself')}</span>`
      }
    </li>`;
  }
}
