/** What the pages about who may do what share: their tabs, and the choosers of their sheets. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { fromInput, localZone, toInput, zoneName } from '../../shared/time.ts';
import { ListPage, SHOWN_ROWS } from '../list-page.ts';
import { linesOf } from '../page.ts';

/** The pages of access in the order of their tabs, each with the permissions of which one is needed to see it. */
export const ACCESS_TABS = {
  access: ['members.manage'],
  accounts: ['members.manage'],
  permissions: ['members.manage', 'permission_sets.manage'],
  keys: ['keys.manage'],
  auditors: ['members.manage'],
  support: ['support.grant'],
  sessions: ['members.manage'],
} as const;

export type AccessTab = keyof typeof ACCESS_TABS;

/** What reads entries, and can be held for some accounts alone. */
export const READING = ['audit.view', 'audit.view_personal', 'audit.export', 'audit.verify'];

/** Every permission that there is; docs/operate/access.md. */
export const PERMISSIONS = [
  ...READING,
  'events.write',
  'retention.manage',
  'holds.manage',
  'erasures.manage',
  'members.manage',
  'permission_sets.manage',
  'keys.manage',
  'settings.manage',
  'support.grant',
  'views.manage',
  'streams.manage',
  'alerts.manage',
  'schedules.manage',
  'evidence.create',
  'reviews.manage',
];

const DAY_MILLIS = 86_400_000;

export interface Account {
  id: string;
  name: string;
}

export interface PermissionSet {
  id: string;
  name: string;
  permissions: string[];
  custom?: boolean;
}

export interface Role {
  id: string;
  name: string;
  scope: 'tenant' | 'account';
  permission_sets: string[];
}

export interface Roles {
  roles?: Role[];
  permission_sets?: PermissionSet[];
  support_access?: boolean;
}

/** Accounts that somebody chooses: those with a name as boxes, others by their ids. */
export class AccountChoice {
  readonly #boxes: Set<string>;
  /** As it is typed, one id on each line. */
  others: string;

  constructor(
    readonly known: Account[],
    chosen: readonly string[] = [],
  ) {
    const ids = new Set(known.slice(0, SHOWN_ROWS).map(({ id }) => id));
    this.#boxes = new Set(chosen.filter((id) => ids.has(id)));
    this.others = chosen.filter((id) => !ids.has(id)).join('\n');
  }

  get ids(): string[] {
    return [...new Set([...this.#boxes, ...linesOf(this.others)])].sort();
  }

  has(id: string): boolean {
    return this.#boxes.has(id);
  }

  toggle(id: string, on: boolean): void {
    if (on) this.#boxes.add(id);
    else this.#boxes.delete(id);
  }
}

/** A choice of a select. */
export type Choice = [value: string, text: string];

/** Until when something works: one of the spans of a select, or a time of one's own. */
export class UntilChoice {
  isOwn = false;
  /** What the field for a time of one's own begins with. */
  readonly tomorrow = toInput(Date.now() + DAY_MILLIS, localZone()).slice(0, 'yyyy-mm-ddThh:mm'.length);
}

export const OWN_TIME = 'own';

export abstract class AccessPage extends ListPage {
  abstract readonly tab: AccessTab;

  /** Whether the caller has all of these: nobody gives, changes or takes away more than they have. */
  protected covers(permissions: readonly string[]): boolean {
    return permissions.every((permission) => this.may(permission));
  }

  /** The tenant's accounts; none for whoever may not see them, who names accounts by their ids. */
  protected async accountsIfSeen(): Promise<Account[]> {
    return this.may('audit.view') ? (await this.api.get<{ accounts: Account[] }>(this.path('/accounts'))).accounts : [];
  }

  protected frame(
    title: string,
    about: string,
    action: TemplateResult | typeof nothing,
    body: TemplateResult,
  ): TemplateResult {
    const words = this.words;
    const tabs = (Object.keys(ACCESS_TABS) as AccessTab[]).filter((tab) => this.may(...ACCESS_TABS[tab]));
    return html`<div class="page">
      ${
        tabs.length > 1
          ? html`<nav class="tabs" aria-label=${words.t('nav.access')}>
              ${tabs.map(
                (tab) =>
                  html`<a
                    href="/t/${encodeURIComponent(this.tenant)}/${tab}"
                    aria-current=${tab === this.tab ? 'page' : nothing}
                    >${words.t(`access.tab.${tab}`)}</a
                  >`,
              )}
            </nav>`
          : nothing
      }
      ${this.heading(title, about, action)}${body}
    </div>`;
  }

  protected renderSearch(label: string, search: (wanted: string) => void): TemplateResult {
    return html`<label class="visually-hidden" for="wanted">${label}</label
      ><input
        id="wanted"
        class="field more"
        placeholder=${label}
        @input=${(e: Event) => {
          search((e.target as HTMLInputElement).value.trim().toLowerCase());
          this.app.requestUpdate();
        }}
      />`;
  }

  protected renderPermissionTags(permissions: readonly string[]): TemplateResult[] {
    const sorted = [...permissions].sort((a, b) => PERMISSIONS.indexOf(a) - PERMISSIONS.indexOf(b));
    return sorted.map(
      (permission) =>
        html`<span class="tag" title=${permission}
          >${this.called(permission)}<span class="visually-hidden"> (${permission})</span></span
        > `,
    );
  }

  /** A permission, or a key's scope, as people say it. */
  protected called(permission: string): string {
    return this.words.maybe(`permission.${permission}`, permission);
  }

  /** What a change adds and takes away. */
  protected renderDelta(before: readonly string[], after: readonly string[]): TemplateResult | typeof nothing {
    const words = this.words;
    const gone = before.filter((text) => !after.includes(text));
    const added = after.filter((text) => !before.includes(text));
    if (!gone.length && !added.length) return nothing;
    return html`<div role="status">
      <ul class="delta" aria-label=${words.t('access.delta')}>
        ${gone.map(
          (text) =>
            html`<li class="gone">
              <span aria-hidden="true">−</span
              ><span><span class="visually-hidden">${words.t('access.delta.gone')} </span>${text}</span>
            </li>`,
        )}
        ${added.map(
          (text) =>
            html`<li class="added">
              <span aria-hidden="true">+</span
              ><span><span class="visually-hidden">${words.t('access.delta.added')} </span>${text}</span>
            </li>`,
        )}
      </ul>
    </div>`;
  }

  /** Permissions as boxes; what the caller lacks cannot be given, and `fixed` ones cannot be taken away. */
  protected renderPermissions(
    legend: string,
    offered: readonly string[],
    chosen: Set<string>,
    fixed: readonly string[] = [],
    free: readonly string[] = [],
  ): TemplateResult {
    const words = this.words;
    const box = (permission: string): TemplateResult => {
      const isOwn = free.includes(permission) || this.may(permission);
      const toggle = (event: Event): void => {
        if ((event.target as HTMLInputElement).checked) chosen.add(permission);
        else chosen.delete(permission);
        this.app.requestUpdate();
      };
      return html`<label class="choice"
        ><input
          type="checkbox"
          name="permission:${permission}"
          .checked=${chosen.has(permission)}
          ?disabled=${!isOwn || fixed.includes(permission)}
          @change=${toggle}
        />
        <span
          >${words.maybe(`permission.${permission}`, permission)} <code class="muted">${permission}</code><br /><span
            class="help"
            >${isOwn ? words.maybe(`permission.${permission}.help`, '') : words.t('access.notOwn')}</span
          ></span
        ></label
      >`;
    };
    return html`<fieldset>
      <legend>${legend}</legend>
      ${offered.map(box)}
    </fieldset>`;
  }

  protected renderAccounts(
    choice: AccountChoice,
    legend: string,
    help: string,
    changed = (): void => this.app.requestUpdate(),
  ): TemplateResult {
    const words = this.words;
    const shown = choice.known.slice(0, SHOWN_ROWS);
    return html`<fieldset class="nested">
      <legend>${legend}</legend>
      ${help ? html`<span class="help">${help}</span>` : nothing}
      ${
        shown.length
          ? html`<div class="boxes">
              ${shown.map(
                (account) =>
                  html`<label class="choice"
                    ><input
                      type="checkbox"
                      value=${account.id}
                      .checked=${choice.has(account.id)}
                      @change=${(e: Event) => {
                        choice.toggle(account.id, (e.target as HTMLInputElement).checked);
                        changed();
                      }}
                    /><span
                      >${account.name}${
                        account.name === account.id ? nothing : html` <code class="muted">${account.id}</code>`
                      }</span
                    ></label
                  >`,
              )}
            </div>`
          : nothing
      }
      <label class="line"
        >${words.t(shown.length ? 'access.accounts.others' : 'access.accounts.ids')}<textarea
          class="field mono short"
          spellcheck="false"
          .value=${choice.others}
          @input=${(e: Event) => {
            choice.others = (e.target as HTMLTextAreaElement).value;
            changed();
          }}
        ></textarea
        ><span class="help">${words.t('access.accounts.help')}</span></label
      >
    </fieldset>`;
  }

  /** A select of spans, the last of which is a time of one's own. */
  protected renderUntil(label: string, choices: Choice[], preset: string, state: UntilChoice): TemplateResult {
    const words = this.words;
    return html`<label class="line"
        >${label}<select
          class="field"
          name="expires"
          @change=${(e: Event) => {
            state.isOwn = (e.target as HTMLSelectElement).value === OWN_TIME;
            this.app.requestUpdate();
          }}
        >
          ${[...choices, [OWN_TIME, words.t('until.own')] as Choice].map(
            ([value, text]) => html`<option value=${value} ?selected=${value === preset}>${text}</option>`,
          )}
        </select></label
      >
      ${
        state.isOwn
          ? html`<label class="line"
              >${words.t('until.time')}<input
                class="field"
                type="datetime-local"
                name="until"
                required
                .value=${state.tomorrow}
              /><span class="help">${words.t('until.zone', { zone: zoneName(localZone()) })}</span></label
            >`
          : nothing
      }`;
  }

  /** The time of one's own in a form's values; null when it is none. */
  protected ownTime(values: Record<string, string>): number | null {
    return fromInput(values['until'] ?? '', localZone());
  }
}
