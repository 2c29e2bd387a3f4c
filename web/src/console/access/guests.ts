/** Those who read for a time: auditors from outside, and support staff where the tenant wants it. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { Problem } from '../../shared/api.ts';
import { quote } from '../../query/lexer.ts';
import { icon } from '../../shared/icons.ts';
import { fullText, localZone } from '../../shared/time.ts';
import type { FacetsAnswer } from '../../shared/types.ts';
import {
  AccessPage,
  AccountChoice,
  OWN_TIME,
  READING,
  UntilChoice,
  type Account,
  type Choice,
  type Roles,
} from './access.ts';
import { valuesOf, type Made } from '../page.ts';

interface Guest {
  id: string;
  user: { id: string; name?: string; email?: string };
  permissions: string[];
  accounts?: string[];
  filter?: string;
  granted_by: string;
  expires_at: string;
  state: 'active' | 'expired';
}

/** How the two kinds differ: where they are in the API, what becomes an entry, how long they may read. */
interface Kind {
  words: 'auditors' | 'support';
  path: string;
  list: string;
  created: string;
  ended: string;
  spans: readonly ('PT1H' | 'PT4H' | 'P1D' | 'P3D' | 'P7D' | 'P14D' | 'P30D' | 'P90D')[];
  presetSpan: string;
}

const AUDITORS: Kind = {
  words: 'auditors',
  path: '/auditor-links',
  list: 'auditor_links',
  created: 'audit.auditor_link.create',
  ended: 'audit.auditor_link.end',
  spans: ['P1D', 'P7D', 'P14D', 'P30D', 'P90D'],
  presetSpan: 'P14D',
};

const SUPPORT: Kind = {
  words: 'support',
  path: '/support-grants',
  list: 'support_grants',
  created: 'audit.support_access_granted',
  ended: 'audit.support_access_ended',
  spans: ['PT1H', 'PT4H', 'P1D', 'P3D', 'P7D'],
  presetSpan: 'PT4H',
};

const COUNT_AFTER_MILLIS = 250;
const PRESET_PERMISSIONS = ['audit.view', 'audit.verify'];

/** What is chosen for a link that is not made yet. */
interface Draft {
  permissions: Set<string>;
  accounts: AccountChoice;
  until: UntilChoice;
  filter: string;
  isWithin: boolean;
}

abstract class GuestsPage extends AccessPage {
  protected abstract readonly kind: Kind;
  #guests: Guest[] | null = null;
  #accounts: Account[] = [];
  #preview = '';
  #counted = '';
  #typing: ReturnType<typeof setTimeout> | undefined;

  protected async loadGuests(): Promise<void> {
    const [answer, accounts] = await Promise.all([
      this.api.get<Record<string, Guest[]>>(this.path(this.kind.path)),
      this.accountsIfSeen(),
    ]);
    this.#guests = answer[this.kind.list] ?? [];
    this.#accounts = accounts;
  }

  protected renderGuests(none: string): TemplateResult {
    const words = this.words;
    return this.renderTable(
      words.t(`${this.kind.words}.title`),
      [words.t('access.name'), words.t('guests.reads'), words.t('guests.until'), words.t('guests.by'), ''],
      this.#guests?.map((guest) => this.#renderRow(guest)) ?? null,
      none,
    );
  }

  #name(guest: Guest): string {
    return guest.user.name ?? guest.user.id;
  }

  #renderRow(guest: Guest): TemplateResult {
    const words = this.words;
    const places = guest.accounts?.map((id) => this.#accounts.find((account) => account.id === id)?.name ?? id);
    return html`<tr>
      <td>
        <strong>${this.#name(guest)}</strong
        >${guest.user.email ? html`<br /><span class="muted">${guest.user.email}</span>` : nothing}
      </td>
      <td>
        ${this.renderPermissionTags(guest.permissions)}${
          places
            ? html`<br /><span class="muted">${words.t('guests.within', { accounts: places.join(', ') })}</span>`
            : nothing
        }${guest.filter ? html`<br /><a class="link mono" href=${this.log(guest.filter)}>${guest.filter}</a>` : nothing}
      </td>
      <td>
        ${
          guest.state === 'expired'
            ? html`<span class="tag bad">${words.t('access.expired')}</span>`
            : this.renderTime(guest.expires_at)
        }
      </td>
      <td><code class="muted">${guest.granted_by}</code></td>
      <td class="actions">${this.rowButton(words.t('access.end'), this.#name(guest), () => this.#end(guest))}</td>
    </tr>`;
  }

  /** Counts the entries that somebody would read now, once nothing more is typed. */
  #count(q: string): void {
    if (q === this.#counted) return;
    this.#counted = q;
    clearTimeout(this.#typing);
    if (!q || !this.may('audit.view')) {
      this.#preview = '';
      return;
    }
    this.#typing = setTimeout(async () => {
      let text: string;
      try {
        const { count } = await this.api.get<FacetsAnswer>(this.path('/facets'), { q, fields: 'outcome', limit: 1 });
        text = this.words.t('holds.preview', { count });
      } catch (error) {
        text = error instanceof Problem ? this.words.problem(error).text : String(error);
      }
      if (q !== this.#counted) return;
      this.#preview = text;
      this.app.requestUpdate();
    }, COUNT_AFTER_MILLIS);
  }

  protected readonly openNew = (): void => {
    const draft: Draft = {
      permissions: new Set(PRESET_PERMISSIONS),
      accounts: new AccountChoice(this.#accounts),
      until: new UntilChoice(),
      filter: '',
      isWithin: false,
    };
    this.#count('');
    this.open(this.words.t(`${this.kind.words}.new`), () => this.#renderNew(draft));
  };

  /** Makes the link, and shows it once. */
  async #make(values: Record<string, string>, { permissions, accounts, filter, isWithin }: Draft): Promise<void> {
    const { kind } = this;
    const { id, name, email, reason } = values;
    const time = values['expires'] === OWN_TIME ? this.ownTime(values) : null;
    const made = await this.api.send<Guest & { url: string }>('POST', this.path(kind.path), {
      user: { id, ...(name ? { name } : {}), ...(email ? { email } : {}) },
      permissions: [...permissions],
      ...(isWithin ? { accounts: accounts.ids } : {}),
      ...(filter.trim() ? { filter } : {}),
      expires_in: time === null ? values['expires'] : `PT${Math.round((time - Date.now()) / 1000)}S`,
      reason,
    });
    const entry = this.made(kind.created);
    await this.reload();
    this.open(this.words.t('guests.link'), () => this.#renderLink(made, entry));
  }

  #renderLink(made: Guest & { url: string }, entry: Made): TemplateResult {
    const words = this.words;
    return html`<div class="notice security">
        ${icon('alert')}<span>${words.t('guests.link.once', { name: this.#name(made) })}</span>
      </div>
      <pre class="code" tabindex="0" aria-label=${words.t('guests.link')}>${made.url}</pre>
      <p class="muted">
        ${words.t('members.link.until', {
          time: fullText(Date.parse(made.expires_at), localZone(), words.locale),
        })}
      </p>
      <div class="sheet">
        <div class="end">${this.renderCopy(made.url, 'button primary')}</div>
        ${this.renderMade(entry)}
      </div>`;
  }

  #renderNew(draft: Draft): TemplateResult {
    const words = this.words;
    const { kind } = this;
    const { permissions, accounts, until } = draft;
    const submit = (event: SubmitEvent): void => {
      const values = valuesOf(event);
      void this.act(() => this.#make(values, draft));
    };
    const count = (): void => this.#countDraft(draft);
    const typed = (event: Event): void => {
      draft.filter = (event.target as HTMLInputElement).value;
      count();
    };
    const spans = kind.spans.map((span): Choice => [span, words.t(`guests.span.${span}`)]);
    return html`<form class="sheet" @submit=${submit}>
      ${this.#renderWho()} ${this.renderUntil(words.t('guests.until'), spans, kind.presetSpan, until)}
      ${this.renderPermissions(words.t('access.may'), READING, permissions, ['audit.view'])} ${this.#renderWhere(draft)}
      ${draft.isWithin ? this.renderAccounts(accounts, words.t('guests.where.which'), '', count) : nothing}
      <label class="line"
        >${words.t('guests.filter')}<input
          class="field mono"
          name="filter"
          maxlength="4096"
          autocomplete="off"
          spellcheck="false"
          @input=${typed}
        /><span class="help">${words.t('guests.filter.help')}</span></label
      >
      <div class="muted" role="status">${this.#preview}</div>
      ${this.renderReason(true)}
      ${this.renderEnd(words.t(`${kind.words}.new`), !draft.isWithin || accounts.ids.length > 0)}
    </form>`;
  }

  /** Counts what would be read with what is chosen so far. */
  #countDraft({ accounts, filter, isWithin }: Draft): void {
    const within = isWithin && accounts.ids.length ? `account:${accounts.ids.map((id) => quote(id)).join(',')}` : '';
    this.#count(`${filter.trim() ? `(${filter})` : ''} ${within}`.trim());
    this.app.requestUpdate();
  }

  /** The fields for who gets the link. */
  #renderWho(): TemplateResult {
    const words = this.words;
    const { kind } = this;
    return html`<label class="line"
        >${words.t('members.id')}<input class="field mono" name="id" required maxlength="200" autocomplete="off" /><span
          class="help"
          >${words.t('guests.id.help')}</span
        ></label
      >
      <label class="line"
        >${words.t('access.name')}<input class="field" name="name" required maxlength="200" autocomplete="off" />${
          kind.words === 'auditors' ? html`<span class="help">${words.t('auditors.name.help')}</span>` : nothing
        }</label
      >
      <label class="line"
        >${words.t('members.email')}<input class="field" name="email" type="email" maxlength="200" autocomplete="off"
      /></label>`;
  }

  /** Whether the link is for the whole tenant or some accounts. */
  #renderWhere(draft: Draft): TemplateResult {
    const words = this.words;
    const place = (event: Event): void => {
      draft.isWithin = (event.target as HTMLSelectElement).value === 'accounts';
      this.#countDraft(draft);
    };
    return html`<label class="line"
      >${words.t('guests.where')}<select class="field" @change=${place}>
        <option value="tenant">${words.t('guests.where.tenant')}</option>
        <option value="accounts">${words.t('members.where.accounts')}</option>
      </select></label
    >`;
  }

  #end(guest: Guest): void {
    const words = this.words;
    const name = this.#name(guest);
    const submit = (event: SubmitEvent): void => {
      const { reason } = valuesOf(event);
      void this.act(async () => {
        await this.api.send('DELETE', this.path(`${this.kind.path}/${encodeURIComponent(guest.id)}`), undefined, {
          reason,
        });
        await this.reload();
        this.done(words.t('guests.ended', { name }), this.kind.ended);
      });
    };
    this.open(
      words.t('guests.end.title', { name }),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <div class="notice danger">${icon('alert')}<span>${words.t('guests.end.warning')}</span></div>
          ${this.renderReason()} ${this.renderEnd(words.t('access.end'), true, 'danger')}
        </form>`,
    );
  }
}

export class AuditorsPage extends GuestsPage {
  override readonly tab = 'auditors';
  protected override readonly kind = AUDITORS;

  override async load(): Promise<void> {
    await this.loadGuests();
  }

  override render(): TemplateResult {
    const words = this.words;
    return this.frame(
      words.t('auditors.title'),
      words.t('auditors.about'),
      this.covers(PRESET_PERMISSIONS)
        ? html`<button class="button primary" @click=${this.openNew}>${icon('link')}${words.t('auditors.new')}</button>`
        : nothing,
      this.renderGuests(words.t('auditors.none')),
    );
  }
}

export class SupportPage extends GuestsPage {
  override readonly tab = 'support';
  protected override readonly kind = SUPPORT;
  #isWanted: boolean | null = null;

  override async load(): Promise<void> {
    const [profile] = await Promise.all([this.api.get<Roles>(this.path('/profile')), this.loadGuests()]);
    this.#isWanted = profile.support_access ?? false;
  }

  override render(): TemplateResult {
    const words = this.words;
    return this.frame(
      words.t('support.title'),
      words.t('support.about'),
      this.#isWanted && this.covers(PRESET_PERMISSIONS)
        ? html`<button class="button primary" @click=${this.openNew}>${icon('link')}${words.t('support.new')}</button>`
        : nothing,
      html`${
        this.#isWanted === null ? nothing : this.#renderWanted(this.#isWanted)
      }${this.renderGuests(words.t('support.none'))}`,
    );
  }

  #renderWanted(isWanted: boolean): TemplateResult {
    const words = this.words;
    // Whether support may be let in is the tenant's own decision; the operator can only take it back.
    const maySay = this.may('settings.manage') && (isWanted || !this.app.isOperator);
    return html`<section class="block">
      <h2>${words.t('support.wanted')}</h2>
      <div class="inside aside">
        <span
          >${words.t(isWanted ? 'support.wanted.yes' : 'support.wanted.no')}${
            !isWanted && !maySay ? ` ${words.t('support.wanted.who')}` : ''
          }</span
        >
        ${
          maySay
            ? html`<button class="button" @click=${() => this.#decide(!isWanted)}>
                ${words.t(isWanted ? 'support.optOut' : 'support.optIn')}
              </button>`
            : nothing
        }
      </div>
    </section>`;
  }

  #decide(isWanted: boolean): void {
    const words = this.words;
    const submit = (event: SubmitEvent): void => {
      const { reason } = valuesOf(event);
      void this.act(async () => {
        await this.api.send('PATCH', this.path(''), { support_access: isWanted, ...(reason ? { reason } : {}) });
        await this.reload();
        this.done(words.t(isWanted ? 'support.optedIn' : 'support.optedOut'), 'audit.tenant.update');
      });
    };
    const text = words.t(isWanted ? 'support.optIn' : 'support.optOut');
    this.open(
      text,
      () =>
        html`<form class="sheet" @submit=${submit}>
          ${
            isWanted
              ? html`<p class="muted">${words.t('support.optIn.about')}</p>`
              : html`<div class="notice danger">${icon('alert')}<span>${words.t('support.optOut.warning')}</span></div>`
          }
          ${this.renderReason()} ${this.renderEnd(text, true, isWanted ? 'primary' : 'danger')}
        </form>`,
    );
  }
}
