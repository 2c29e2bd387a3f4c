/** Who may sign in to a tenant, and what they may do there. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { quote } from '../../query/lexer.ts';
import { icon } from '../../shared/icons.ts';
import { fullText, localZone } from '../../shared/time.ts';
import { AccessPage, PERMISSIONS, type Account, type Roles } from './access.ts';
import { givable, Holdings, keyOf, type Assignment, type Givable } from './holdings.ts';
import { valuesOf, type Page } from '../page.ts';

/** How many permissions of a role are named before the rest is counted. */
const NAMED_PERMISSIONS = 5;

interface Member {
  id: string;
  name?: string;
  email?: string;
  assignments: Assignment[];
  permissions: string[];
}

/** What somebody made, and that still works. */
interface Made {
  keys: { id: string; name: string }[];
  auditor_links: { id: string }[];
  support_grants: { id: string }[];
  session_count: number;
}

export class MembersPage extends AccessPage {
  override readonly tab = 'access';
  #members: Member[] | null = null;
  #accounts: Account[] = [];
  #roles: Roles = {};
  #wanted = '';

  override async load(): Promise<void> {
    [this.#members, this.#accounts, this.#roles] = await Promise.all([
      this.all<Member>('/members', 'members'),
      this.accountsIfSeen(),
      this.api.get<Roles>(this.path('/profile')),
    ]);
  }

  #name(member: Member): string {
    return member.name ?? member.id;
  }

  /** What an assignment is called, with the accounts that it is for. */
  #text(assignment: Assignment): string {
    const one = givable(this.#roles, [assignment]).find(({ kind, id }) => id === assignment[kind]);
    const places = assignment.accounts?.map((id) => this.#accounts.find((account) => account.id === id)?.name ?? id);
    return `${one?.name ?? ''}${places ? ` · ${places.join(', ')}` : ''}`;
  }

  override render(): TemplateResult {
    const words = this.words;
    const shown = this.#members?.filter((member) =>
      [member.id, member.name, member.email].some((text) => text?.toLowerCase().includes(this.#wanted)),
    );
    return this.frame(
      words.t('members.title'),
      words.t('members.about'),
      this.may('members.manage')
        ? html`<button class="button primary" @click=${this.#add}>${icon('plus')}${words.t('members.add')}</button>`
        : nothing,
      this.renderTable(
        words.t('members.title'),
        [words.t('access.name'), words.t('members.has'), ''],
        shown?.map((member) => this.#renderRow(member)) ?? null,
        words.t(this.#wanted ? 'access.noMatch' : 'members.none'),
        this.#members?.length
          ? this.renderSearch(words.t('members.search'), (wanted) => (this.#wanted = wanted))
          : nothing,
      ),
    );
  }

  #renderRow(member: Member): TemplateResult {
    const words = this.words;
    const name = this.#name(member);
    return html`<tr>
      <td>
        <strong>${name}</strong>${
          member.email ? html`<br /><span class="muted">${member.email}</span>` : nothing
        }${member.name ? html`<br /><code class="muted">${member.id}</code>` : nothing}
      </td>
      <td>
        ${
          member.assignments.length
            ? member.assignments.map((assignment) => html`<span class="tag">${this.#text(assignment)}</span> `)
            : html`<span class="muted">${words.t('members.nothing')}</span>`
        }
      </td>
      <td class="actions">
        <a class="button plain" href=${this.log(`actor_id:${quote(member.id)}`)}
          >${words.t('access.used')}<span class="visually-hidden"> ${name}</span></a
        >
        ${
          this.may('members.manage') && this.covers(member.permissions)
            ? html`${this.rowButton(words.t('members.change'), name, () =>
                this.#change(member),
              )}${this.rowButton(words.t('members.link'), name, () => this.#invite(member))}${this.rowButton(
                words.t('members.remove'),
                name,
                () => this.#remove(member),
              )}`
            : nothing
        }
      </td>
    </tr>`;
  }

  readonly #add = (): void => {
    const words = this.words;
    const holdings = new Holdings(this.#accounts);
    const submit = (event: SubmitEvent): void => {
      const { id, name, email, reason } = valuesOf(event);
      void this.act(async () => {
        const member = await this.api.send<Member>('POST', this.path('/members'), {
          id,
          ...(name ? { name } : {}),
          ...(email ? { email } : {}),
          assignments: holdings.assignments,
          ...(reason ? { reason } : {}),
        });
        const made = this.made('audit.member.create');
        await this.reload();
        await this.#makeLink(member, made);
      });
    };
    this.open(
      words.t('members.add'),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <label class="line"
            >${words.t('members.id')}<input
              class="field mono"
              name="id"
              required
              maxlength="200"
              autocomplete="off"
            /><span class="help">${words.t('members.id.help')}</span></label
          >
          ${this.#renderPerson()} ${this.#renderHoldings(givable(this.#roles), holdings)} ${this.renderReason()}
          ${this.renderEnd(words.t('members.add'), holdings.isWhole)}
        </form>`,
    );
  };

  #change(member: Member): void {
    const words = this.words;
    const holdings = new Holdings(this.#accounts, member.assignments);
    const ones = givable(this.#roles, member.assignments);
    const before = holdings.assignments.map((assignment) => this.#text(assignment));
    const isChanged = (): boolean =>
      JSON.stringify([...before].sort()) !==
      JSON.stringify(holdings.assignments.map((assignment) => this.#text(assignment)).sort());
    const submit = (event: SubmitEvent): void => {
      const { name = '', email = '', reason } = valuesOf(event);
      const { assignments } = holdings;
      const isRecorded = isChanged();
      void this.act(async () => {
        await this.api.send('PATCH', this.path(`/members/${encodeURIComponent(member.id)}`), {
          ...(name === (member.name ?? '') ? {} : { name: name || null }),
          ...(email === (member.email ?? '') ? {} : { email: email || null }),
          ...(isRecorded ? { assignments } : {}),
          ...(reason ? { reason } : {}),
        });
        await this.reload();
        const text = words.t('members.changed', { name: name || member.id });
        if (isRecorded) this.done(text, 'audit.member.update');
        else this.#doneUnrecorded(text);
      });
    };
    this.open(
      words.t('members.change.title', { name: this.#name(member) }),
      () =>
        html`<form class="sheet" @submit=${submit}>
          ${this.#renderPerson(member)} ${this.#renderHoldings(ones, holdings)}
          ${this.renderDelta(
            before,
            holdings.assignments.map((assignment) => this.#text(assignment)),
          )}
          ${this.renderReason()} ${this.renderEnd(words.t('members.change'), holdings.isWhole)}
        </form>`,
    );
  }

  /** Names are kept beside the log, and so make no entry. */
  #doneUnrecorded(text: string): void {
    const words = this.words;
    this.open(
      words.t('done'),
      () =>
        html`<div class="notice good">${icon('check')}<span>${text}</span></div>
          <p class="muted">${words.t('members.unrecorded')}</p>`,
    );
  }

  #renderPerson(member?: Member): TemplateResult {
    const words = this.words;
    return html`<label class="line"
        >${words.t('access.name')}<input
          class="field"
          name="name"
          maxlength="200"
          autocomplete="off"
          .value=${member?.name ?? ''}
      /></label>
      <label class="line"
        >${words.t('members.email')}<input
          class="field"
          name="email"
          type="email"
          maxlength="200"
          autocomplete="off"
          .value=${member?.email ?? ''}
      /></label>`;
  }

  #renderHoldings(all: Givable[], holdings: Holdings): TemplateResult {
    const words = this.words;
    const group = (kind: Givable['kind'], legend: string): TemplateResult | typeof nothing => {
      const ones = all.filter((one) => one.kind === kind);
      return ones.length
        ? html`<fieldset class="givables">
            <legend>${legend}</legend>
            ${ones.map((one) => this.#renderGivable(one, holdings))}
          </fieldset>`
        : nothing;
    };
    return html`${group('role', words.t('access.roles'))}${group('permission_set', words.t('access.sets'))}`;
  }

  #renderGivable(one: Givable, holdings: Holdings): TemplateResult {
    const words = this.words;
    const held = holdings.of(one);
    const isOwn = this.covers(one.permissions);
    const rerender = (): void => this.app.requestUpdate();
    const place = (event: Event): void => {
      held!.isWithin = (event.target as HTMLSelectElement).value === 'accounts';
      rerender();
    };
    return html`<div class="givable">
      <label class="choice"
        ><input
          type="checkbox"
          name=${keyOf(one.kind, one.id)}
          .checked=${Boolean(held)}
          ?disabled=${!isOwn && !held}
          @change=${(e: Event) => {
            holdings.toggle(one, (e.target as HTMLInputElement).checked);
            rerender();
          }}
        /><span
          >${one.name}<br /><span class="help"
            >${!isOwn && !held ? words.t('access.notOwn') : this.#allows(one.permissions)}</span
          ></span
        ></label
      >
      ${
        held
          ? html`<div class="where">
              ${
                one.isOfAccount
                  ? nothing
                  : html`<label class="line"
                      ><span class="visually-hidden">${words.t('members.where', { name: one.name })}</span
                      ><select class="field" @change=${place}>
                        <option value="tenant" ?selected=${!held.isWithin}>${words.t('members.where.tenant')}</option>
                        <option value="accounts" ?selected=${held.isWithin}>
                          ${words.t('members.where.accounts')}
                        </option>
                      </select></label
                    >`
              }
              ${
                held.isWithin
                  ? html`${this.renderAccounts(
                      held.accounts,
                      words.t('members.where.which', { name: one.name }),
                      words.t('members.where.help'),
                    )}${
                      held.accounts.ids.length
                        ? nothing
                        : html`<span class="missing">${words.t('members.where.missing')}</span>`
                    }`
                  : nothing
              }
            </div>`
          : nothing
      }
    </div>`;
  }

  /** The first permissions, by which one is told from another. */
  #allows(permissions: string[]): string {
    const words = this.words;
    if (!permissions.length) return words.t('members.nothing');
    const sorted = [...permissions].sort((a, b) => PERMISSIONS.indexOf(a) - PERMISSIONS.indexOf(b));
    const names = sorted.map((permission) => this.called(permission));
    if (names.length <= NAMED_PERMISSIONS + 1) return names.join(', ');
    return words.t('members.more', {
      first: names.slice(0, NAMED_PERMISSIONS).join(', '),
      count: names.length - NAMED_PERMISSIONS,
    });
  }

  #invite(member: Member): void {
    this.open(this.words.t('members.link'), () => html``);
    void this.act(() => this.#makeLink(member));
  }

  /** A link that signs a member in once. */
  async #makeLink(member: Member, added: ReturnType<Page['made']> | null = null): Promise<void> {
    const words = this.words;
    const made = await this.api.send<{ url: string; expires_at: string }>('POST', '/v1/sign-in-links', {
      tenant: this.tenant,
      user: { id: member.id, ...(member.name ? { name: member.name } : {}) },
    });
    const entry = added ?? this.made('audit.sign_in_link_created');
    this.open(
      words.t('members.link'),
      () =>
        html`<div class="notice security">
            ${icon('alert')}<span>${words.t('members.link.once', { name: this.#name(member) })}</span>
          </div>
          <pre class="code" tabindex="0" aria-label=${words.t('members.link')}>${made.url}</pre>
          <p class="muted">
            ${words.t('members.link.until', { time: fullText(Date.parse(made.expires_at), localZone(), words.locale) })}
          </p>
          <div class="sheet">
            <div class="end">${this.renderCopy(made.url, 'button primary')}</div>
            ${this.renderMade(entry)}
          </div>`,
    );
  }

  #remove(member: Member): void {
    const words = this.words;
    const name = this.#name(member);
    const path = this.path(`/members/${encodeURIComponent(member.id)}`);
    let made: Made | null = null;
    let isRevoked = false;
    const load = async (): Promise<void> => {
      made = await this.api.get<Made>(`${path}/made`);
    };
    this.openRemoval({
      title: words.t('members.remove.title', { name }),
      warning: words.t('members.remove.warning'),
      name,
      button: words.t('members.remove'),
      isReasonRequired: true,
      more: () => this.#renderMadeThings(made, isRevoked, (on) => (isRevoked = on)),
      remove: async (reason) => {
        await this.api.send('DELETE', path, undefined, { reason, ...(isRevoked ? { revoke_made: true } : {}) });
        await this.reload();
        this.done(words.t('members.removed', { name }), 'audit.member.remove');
      },
    });
    void this.act(load);
  }

  /** Keys and links go on without whoever made them, unless they are revoked too. */
  #renderMadeThings(made: Made | null, isRevoked: boolean, revoke: (on: boolean) => void): TemplateResult {
    const words = this.words;
    if (!made) return html`<p class="muted" role="status">${words.t('members.made.running')}</p>`;
    const things = [
      ...made.keys.map(({ id, name }) => words.t('members.made.key', { name, id })),
      ...made.auditor_links.map(({ id }) => words.t('members.made.auditor', { id })),
      ...made.support_grants.map(({ id }) => words.t('members.made.support', { id })),
      ...(made.session_count ? [words.t('members.made.sessions', { count: made.session_count })] : []),
    ];
    if (!things.length) return html`<p class="muted" role="status">${words.t('members.made.none')}</p>`;
    const mayRevoke =
      (!made.keys.length || this.may('keys.manage')) && (!made.support_grants.length || this.may('support.grant'));
    return html`<fieldset>
      <legend>${words.t('members.made')}</legend>
      <ul>
        ${things.map((text) => html`<li>${text}</li>`)}
      </ul>
      <label class="choice"
        ><input
          type="checkbox"
          name="revoke_made"
          .checked=${isRevoked}
          ?disabled=${!mayRevoke}
          @change=${(e: Event) => revoke((e.target as HTMLInputElement).checked)}
        />
        <span
          >${words.t('members.made.revoke')}<br /><span class="help"
            >${words.t(mayRevoke ? 'members.made.revoke.help' : 'access.notOwn')}</span
          ></span
        ></label
      >
    </fieldset>`;
  }
}
