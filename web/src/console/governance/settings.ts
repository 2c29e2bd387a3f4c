/** What the tenant decides otherwise than its profile, and the actions that the profile does not know. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import type { ConsoleWords } from '../words.ts';
import { parseExact, stringifyExact } from '../../shared/exact.ts';
import { icon } from '../../shared/icons.ts';
import type { Tenant } from '../../shared/types.ts';
import { Page, valuesOf } from '../page.ts';
import { EXAMPLES, withExample } from './profile-examples.ts';

interface Settings extends Tenant {
  record_views?: boolean;
  erasures_take_two?: boolean;
  erasure_wait_days?: number;
  support_access?: boolean;
  publishes_log?: boolean;
}

/** What the tenant changes of its profile, in the form of a profile's file. */
interface ProfileChanges {
  version: number;
  changes: Record<string, unknown>;
  in_force: boolean;
}

type Choice = [value: string, text: string];

/** A profile's period as days, where it is one of days. */
function presetDue(period: string, words: ConsoleWords): string {
  const days = /^P(\d+)D$/.exec(period)?.[1];
  return days === undefined ? period : words.t('settings.due.days', { count: Number(days) });
}

/** A field of a form that chooses one of a few values. */
function select(name: string, label: string, chosen: string, choices: Choice[], help = ''): TemplateResult {
  return html`<label class="line"
    >${label}<select class="button" name=${name}>
      ${choices.map(
        ([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`,
      )}</select
    >${help ? html`<span class="help">${help}</span>` : nothing}</label
  >`;
}

export class SettingsPage extends Page {
  #tenant: Settings | null = null;
  #unknown: { action: string; count: number }[] = [];
  #changes: ProfileChanges | null = null;
  /** Whether reading is recorded now, whoever decided so. */
  #recorded = false;
  /** What becomes of events without a required reason, and when erasures are due, whoever decided so. */
  #reasons = '';
  #due = '';

  override async load(): Promise<void> {
    const [tenant, unknown, profile, changes] = await Promise.all([
      this.api.get<Settings>(this.path('')),
      this.api.get<{ unknown_actions: { action: string; count: number }[] }>(this.path('/unknown-actions'), {
        limit: 100,
      }),
      this.api.get<{ record_views?: boolean; missing_reasons?: string; erasure_due?: string }>(this.path('/profile')),
      this.api.get<ProfileChanges>(this.path('/profile/changes')),
    ]);
    this.#changes = changes;
    this.#tenant = tenant;
    this.#unknown = unknown.unknown_actions;
    this.#recorded = profile.record_views ?? false;
    this.#reasons = profile.missing_reasons ?? '';
    this.#due = profile.erasure_due ?? '';
  }

  override render(): TemplateResult {
    const words = this.words;
    const tenant = this.#tenant;
    const may = this.app.may(this.tenant, ['settings.manage']);
    return html`<div class="page">
      ${this.heading(
        words.t('settings.title'),
        words.t('settings.about'),
        tenant && may
          ? html`<button class="button primary" @click=${this.#change}>${words.t('settings.change')}</button>`
          : nothing,
      )}
      ${tenant ? this.#renderNow(tenant) : nothing} ${this.#changes ? this.#renderChanges(this.#changes, may) : nothing}
      ${this.#renderUnlisted()}
    </div>`;
  }

  #renderNow(tenant: Settings): TemplateResult {
    const words = this.words;
    return html`<section class="block">
      <h2>${words.t('settings.now')}</h2>
      <div class="inside">
        <dl class="facts">
          <dt>${words.t('settings.name')}</dt>
          <dd>${tenant.name}</dd>
          <dt>${words.t('settings.profile')}</dt>
          <dd><code>${tenant.profile}</code></dd>
          <dt>${words.t('settings.unknown')}</dt>
          <dd>${words.maybe(`settings.unknown.${tenant.unknown_actions}`, tenant.unknown_actions)}</dd>
          <dt>${words.t('settings.reasons')}</dt>
          <dd>${this.#reasonsText(tenant)}</dd>
          <dt>${words.t('settings.views')}</dt>
          <dd>${this.#views(tenant)}</dd>
          <dt>${words.t('settings.due')}</dt>
          <dd>${this.#dueText(tenant)}</dd>
          <dt>${words.t('settings.two')}</dt>
          <dd>${this.#twoText(tenant)}</dd>
          <dt>${words.t('settings.support')}</dt>
          <dd>${words.t(tenant.support_access ? 'settings.support.yes' : 'settings.support.no')}</dd>
          <dt>${words.t('settings.public')}</dt>
          <dd>${words.t(tenant.publishes_log ? 'settings.public.yes' : 'settings.public.no')}</dd>
        </dl>
      </div>
    </section>`;
  }

  /** What the tenant changes of its profile. */
  #renderChanges(changes: ProfileChanges, may: boolean): TemplateResult {
    const words = this.words;
    return html`<section class="block">
      <h2>
        ${words.t('settings.profileChanges')}${
          may
            ? html`<button class="link more" @click=${this.#changeProfile}>
                ${words.t('settings.profileChange')}
              </button>`
            : nothing
        }
      </h2>
      ${
        Object.keys(changes.changes).length
          ? html`<div class="inside sheet">
              ${
                changes.in_force
                  ? nothing
                  : html`<div class="notice danger">
                      ${icon('alert')}<span>${words.t('settings.profileChanges.notInForce')}</span>
                    </div>`
              }
              <pre class="code" tabindex="0" aria-label=${words.t('settings.profileChanges')}>
${stringifyExact(changes.changes, 2)}</pre>
            </div>`
          : html`<div class="none">${words.t('settings.profileChanges.none')}</div>`
      }
    </section>`;
  }

  /** Actions that the profile does not know. */
  #renderUnlisted(): TemplateResult {
    const words = this.words;
    return html`<section class="block">
      <h2>${words.t('settings.unlisted')}</h2>
      ${
        this.#unknown.length
          ? html`<ul class="ranked">
              ${this.#unknown.map(
                ({ action, count }) =>
                  html`<li>
                    <a href=${this.log(`action:${action} flag:unknown_action`)}
                      ><code>${action}</code><span class="count">${words.n(count)}</span></a
                    >
                  </li>`,
              )}
            </ul>`
          : html`<div class="none">${this.#tenant ? words.t('settings.unlisted.none') : '…'}</div>`
      }
    </section>`;
  }

  #reasonsText(tenant: Settings): string {
    const words = this.words;
    const now = words.maybe(`settings.reasons.${this.#reasons}`, this.#reasons);
    return tenant.missing_reasons === undefined ? `${words.t('settings.views.preset')}: ${now}` : now;
  }

  #dueText(tenant: Settings): string {
    const words = this.words;
    return tenant.erasure_due_days === undefined
      ? `${words.t('settings.views.preset')}: ${presetDue(this.#due, words)}`
      : words.t('settings.due.days', { count: tenant.erasure_due_days });
  }

  #twoText(tenant: Settings): string {
    const words = this.words;
    return tenant.erasures_take_two
      ? words.t('settings.two.yes', { count: tenant.erasure_wait_days ?? 7 })
      : words.t('settings.two.no');
  }

  #views(tenant: Settings): string {
    const words = this.words;
    return tenant.record_views === undefined
      ? `${words.t('settings.views.preset')}: ${words.t(this.#recorded ? 'settings.views.yes' : 'settings.views.no')}`
      : words.t(tenant.record_views ? 'settings.views.yes' : 'settings.views.no');
  }

  readonly #changeProfile = (): void => {
    const words = this.words;
    const { version, changes } = this.#changes!;
    const submit = (event: SubmitEvent): void => {
      const { text, reason } = valuesOf(event);
      void this.act(async () => {
        await this.api.send('PUT', this.path('/profile/changes'), {
          version,
          changes: parseExact(text || '{}'),
          reason,
        });
        await this.reload();
        this.done(words.t('settings.profileChanged'), 'audit.profile.change');
      });
    };
    this.open(
      words.t('settings.profileChange'),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <div class="forms" role="group" aria-label=${words.t('settings.example')}>
            <span class="which">${words.t('settings.example')}</span>${Object.entries(EXAMPLES).map(
              ([name, example]) =>
                html`<button
                  class="button"
                  type="button"
                  @click=${(e: Event) => {
                    const field = (e.target as Element)
                      .closest('form')!
                      .querySelector<HTMLTextAreaElement>('[name=text]')!;
                    field.value = withExample(field.value, example);
                    field.focus();
                  }}
                >
                  ${words.maybe(`settings.example.${name}`, name)}
                </button>`,
            )}
          </div>
          <label class="line"
            >${words.t('settings.profileChanges')}<textarea
              class="field mono tall"
              name="text"
              spellcheck="false"
              .value=${stringifyExact(changes, 2)}
            ></textarea
            ><span class="help">${words.t('settings.profileChanges.help')}</span></label
          >
          <label class="line"
            >${words.t('reason')}<textarea class="field" name="reason" required maxlength="8192"></textarea>
          </label>
          <div class="end">
            <button class="button" type="button" @click=${this.close}>${words.t('cancel')}</button
            ><button class="button primary" ?disabled=${this.busy}>${words.t('settings.profileChange')}</button>
          </div>
        </form>`,
    );
  };

  readonly #change = (): void => {
    const words = this.words;
    const tenant = this.#tenant!;
    const submit = (event: SubmitEvent): void => {
      const values = valuesOf(event);
      void this.act(() => this.#save(values));
    };
    // Whether support may be let in is the tenant's own decision; anybody may take it back.
    const maySupport = tenant.support_access || (!this.app.isOperator && this.app.may(this.tenant, ['support.grant']));
    this.open(
      words.t('settings.change'),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <label class="line"
            >${words.t('settings.name')}<input
              class="field"
              name="name"
              required
              maxlength="200"
              .value=${tenant.name}
              autocomplete="off"
          /></label>
          ${this.#renderPolicies(tenant)}
          ${this.app.may(this.tenant, ['erasures.manage']) ? this.#renderErasureFields(tenant) : nothing}
          ${maySupport ? this.#renderSupport(tenant) : nothing}
          ${tenant.publishes_log || !this.app.isOperator ? this.#renderPublic(tenant) : nothing}
          <label class="line"
            >${words.t('reason')}<textarea class="field" name="reason" maxlength="8192"></textarea>
          </label>
          <div class="end">
            <button class="button" type="button" @click=${this.close}>${words.t('cancel')}</button
            ><button class="button primary" ?disabled=${this.busy}>${words.t('settings.change')}</button>
          </div>
        </form>`,
    );
  };

  async #save(values: Record<string, string>): Promise<void> {
    const { name, unknown, reasons, due, two, wait, views, support, published, reason } = values;
    await this.api.send('PATCH', this.path(''), {
      name,
      unknown_actions: unknown,
      missing_reasons: reasons === 'preset' ? null : reasons,
      ...(due === undefined ? {} : { erasure_due_days: due ? Number(due) : null }),
      ...(two === undefined
        ? {}
        : { erasures_take_two: two === 'yes', ...(wait ? { erasure_wait_days: Number(wait) } : {}) }),
      record_views: views === 'preset' ? null : views === 'yes',
      ...(support === undefined ? {} : { support_access: support === 'yes' }),
      ...(published === undefined ? {} : { publishes_log: published === 'yes' }),
      ...(reason ? { reason } : {}),
    });
    await this.app.loadTenants();
    await this.reload();
    this.done(this.words.t('settings.changed'), 'audit.tenant.update');
  }

  /** What is recorded, and what becomes of an event that lacks something. */
  #renderPolicies(tenant: Settings): TemplateResult {
    const words = this.words;
    return html`${select('unknown', words.t('settings.unknown'), tenant.unknown_actions, [
      ['accept_and_flag', words.t('settings.unknown.accept_and_flag')],
      ['reject', words.t('settings.unknown.reject')],
    ])}
    ${select('reasons', words.t('settings.reasons'), tenant.missing_reasons ?? 'preset', [
      ['preset', words.t('settings.views.preset')],
      ['accept_and_flag', words.t('settings.reasons.accept_and_flag')],
      ['reject', words.t('settings.reasons.reject')],
    ])}
    ${select(
      'views',
      words.t('settings.views'),
      tenant.record_views === undefined ? 'preset' : tenant.record_views ? 'yes' : 'no',
      [
        ['preset', words.t('settings.views.preset')],
        ['yes', words.t('settings.views.yes')],
        ['no', words.t('settings.views.no')],
      ],
    )}`;
  }

  #renderErasureFields(tenant: Settings): TemplateResult {
    const words = this.words;
    return html`<label class="line"
        >${words.t('settings.due')}<input
          class="field"
          name="due"
          type="number"
          min="1"
          max="92"
          step="1"
          placeholder=${this.#due}
          .value=${String(tenant.erasure_due_days ?? '')}
        /><span class="help">${words.t('settings.due.help')}</span></label
      >
      ${select(
        'two',
        words.t('settings.two'),
        tenant.erasures_take_two ? 'yes' : 'no',
        [
          ['yes', words.t('settings.two.choice.yes')],
          ['no', words.t('settings.two.no')],
        ],
        words.t('settings.two.help'),
      )}
      <label class="line"
        >${words.t('settings.wait')}<input
          class="field"
          name="wait"
          type="number"
          min="1"
          max="30"
          step="1"
          .value=${String(tenant.erasure_wait_days ?? 7)}
        /><span class="help">${words.t('settings.wait.help')}</span></label
      >`;
  }

  #renderPublic(tenant: Settings): TemplateResult {
    const words = this.words;
    return html`${select('published', words.t('settings.public'), tenant.publishes_log ? 'yes' : 'no', [
        ['no', words.t('settings.public.no')],
        ['yes', words.t('settings.public.yes')],
      ])}
      <p class="help">${words.t('settings.public.help')}</p>`;
  }

  #renderSupport(tenant: Settings): TemplateResult {
    const words = this.words;
    return select('support', words.t('settings.support'), tenant.support_access ? 'yes' : 'no', [
      ['no', words.t('settings.support.no')],
      ['yes', words.t('settings.support.yes')],
    ]);
  }
}
