/** Who reaches the log: API keys, console sessions, and what each permission set allows. */
import { html, nothing, type TemplateResult } from 'lit';
import { Problem } from '../shared/api.ts';
import { dateText, fullText, localZone } from '../shared/time.ts';
import { icon } from '../shared/icons.ts';
import { Page, valuesOf } from './page.ts';

interface Key {
  id: string;
  name: string;
  scopes: string[];
  permissions?: string[];
  created_at: string;
  expires_at?: string | null;
  revoked_at?: string | null;
}

interface OpenSession {
  id: string;
  kind: string;
  user: { id: string; name?: string };
  created_at: string;
  expires_at: string;
  current: boolean;
}

interface PermissionSet {
  id: string;
  name: string;
  permissions: string[];
  custom?: boolean;
}

interface Assignment {
  role?: string;
  permission_set?: string;
  accounts?: string[];
}

interface Member {
  id: string;
  name?: string;
  email?: string;
  assignments: Assignment[];
  permissions: string[];
}

const SCOPES = ['events.write', 'events.read'];
const DAY_MILLIS = 86_400_000;
const EXPIRY_DAYS = [30, 90, 365];

export class AccessPage extends Page {
  #keys: Key[] | null = null;
  #sessions: OpenSession[] | null = null;
  #sets: PermissionSet[] | null = null;
  #members: Member[] | null = null;

  override async load(): Promise<void> {
    const [keys, members, sessions, profile] = await Promise.allSettled([
      this.api.get<{ keys: Key[] }>(this.path('/keys'), { limit: 1000 }),
      this.api.get<{ members: Member[] }>(this.path('/members'), { limit: 1000 }),
      this.api.get<{ sessions: OpenSession[] }>('/v1/sessions', { tenant: this.tenant }),
      this.api.get<{ permission_sets?: PermissionSet[] }>(this.path('/profile')),
    ]);
    this.#keys = keys.status === 'fulfilled' ? keys.value.keys : null;
    this.#sessions = sessions.status === 'fulfilled' ? sessions.value.sessions : null;
    this.#sets = profile.status === 'fulfilled' ? (profile.value.permission_sets ?? null) : null;
    this.#members = members.status === 'fulfilled' ? members.value.members : null;
    if (keys.status === 'rejected' && keys.reason instanceof Problem && keys.reason.status === 403 && this.#members) return;
    if (keys.status === 'rejected' && keys.reason instanceof Problem) throw keys.reason;
  }

  #isOver(key: Key): boolean {
    return Boolean(key.revoked_at) || (Boolean(key.expires_at) && Date.parse(key.expires_at!) < Date.now());
  }

  override render(): TemplateResult {
    const words = this.words;
    const date = (time: string): string => dateText(Date.parse(time), localZone(), words.locale);
    const keys = [...(this.#keys ?? [])].sort((a, b) => Number(this.#isOver(a)) - Number(this.#isOver(b)));
    return html`<div class="page">
      ${this.heading(words.t('access.title'), words.t('access.about'), html`<button class="button primary" @click=${this.#create}>${icon('key')}${words.t('access.create')}</button>`)}
      <section class="block"><h2>${words.t('access.keys')}</h2>
        ${keys.length
          ? html`<div class="scroll" tabindex="0" role="region" aria-label=${words.t('access.keys')}><table class="rows">
              <thead><tr><th scope="col">${words.t('access.name')}</th><th scope="col">${words.t('access.may')}</th><th scope="col">${words.t('access.since')}</th><th scope="col">${words.t('access.until')}</th><th scope="col"><span class="visually-hidden">${words.t('actions')}</span></th></tr></thead>
              <tbody>${keys.map((key) => html`<tr>
                <td><strong>${key.name}</strong><br /><code class="muted">${key.id}</code></td>
                <td>${[...new Set([...key.scopes, ...(key.permissions ?? [])])].map((scope) => html`<span class="tag">${scope}</span> `)}</td>
                <td>${date(key.created_at)}</td>
                <td>${key.revoked_at ? html`<span class="tag bad">${words.t('access.revoked')}</span>` : !key.expires_at ? words.t('access.never') : this.#isOver(key) ? html`<span class="tag bad">${words.t('access.expired')}</span>` : date(key.expires_at)}</td>
                <td class="actions"><a class="button plain" href=${this.log(`actor_id:${key.id}`)}>${words.t('access.used')}</a>${this.#isOver(key) ? nothing : html` <button class="button" @click=${() => this.#revoke(key)}>${words.t('access.revoke')}</button>`}</td>
              </tr>`)}</tbody></table></div>`
          : html`<div class="none">${this.#keys ? words.t('access.none') : '…'}</div>`}
      </section>
      ${this.#members ? this.#renderMembers(this.#members) : nothing}
      ${this.#sets?.length
        ? html`<section class="block"><h2>${words.t('access.sets')}</h2><table class="rows"><thead><tr><th scope="col">${words.t('access.name')}</th><th scope="col">${words.t('access.may')}</th></tr></thead>
            <tbody>${this.#sets.map((set) => html`<tr><td><strong>${set.name}</strong>${set.custom ? html` <span class="tag">${words.t('access.custom')}</span>` : nothing}</td><td>${set.permissions.map((p) => html`<span class="tag">${p}</span> `)}</td></tr>`)}</tbody></table></section>`
        : nothing}
      ${this.#sessions
        ? html`<section class="block"><h2>${words.t('access.sessions')}</h2>${this.#sessions.length
            ? html`<table class="rows"><thead><tr><th scope="col">${words.t('access.name')}</th><th scope="col">${words.t('access.since')}</th><th scope="col">${words.t('access.until')}</th><th scope="col"><span class="visually-hidden">${words.t('actions')}</span></th></tr></thead>
              <tbody>${this.#sessions.map((session) => html`<tr><td><strong>${session.user.name ?? session.user.id}</strong> <span class="tag">${session.kind}</span>${session.current ? html` <span class="tag good">${words.t('access.current')}</span>` : nothing}</td>
                <td>${fullText(Date.parse(session.created_at), localZone(), words.locale)}</td><td>${fullText(Date.parse(session.expires_at), localZone(), words.locale)}</td>
                <td class="actions">${session.current ? nothing : html`<button class="button" @click=${() => this.#end(session)}>${words.t('access.end')}</button>`}</td></tr>`)}</tbody></table>`
            : html`<div class="none">${words.t('access.sessions.none')}</div>`}</section>`
        : nothing}
    </div>`;
  }

  #renderMembers(members: Member[]): TemplateResult {
    const words = this.words;
    return html`<section class="block"><h2>${words.t('members.title')}<button class="link more" @click=${this.#addMember}>${words.t('members.add')}</button></h2>
      ${members.length
        ? html`<div class="scroll" tabindex="0" role="region" aria-label=${words.t('members.title')}><table class="rows">
            <thead><tr><th scope="col">${words.t('access.name')}</th><th scope="col">${words.t('members.has')}</th><th scope="col"><span class="visually-hidden">${words.t('actions')}</span></th></tr></thead>
            <tbody>${members.map((member) => html`<tr><td><strong>${member.name ?? member.id}</strong>${member.email ? html`<br /><span class="muted">${member.email}</span>` : nothing}</td>
              <td>${member.assignments.map((a) => html`<span class="tag" title=${(a.accounts ?? []).join(', ')}>${this.#setName(a.role ?? a.permission_set ?? '')}${a.accounts ? ` · ${a.accounts.join(', ')}` : ''}</span> `)}</td>
              <td class="actions"><button class="button" @click=${() => this.#invite(member)}>${words.t('members.link')}</button> <button class="button" @click=${() => this.#removeMember(member)}>${words.t('members.remove')}</button></td></tr>`)}</tbody></table></div>`
        : html`<div class="none">${words.t('members.none')}</div>`}</section>`;
  }

  #setName(id: string): string {
    return this.#sets?.find((set) => set.id === id)?.name ?? id;
  }

  readonly #addMember = (): void => {
    const words = this.words;
    const submit = (event: SubmitEvent): void => {
      const values = valuesOf(event);
      const sets = (this.#sets ?? []).filter((set) => values[`set:${set.id}`] === 'on');
      void this.act(async () => {
        const member = await this.api.send<Member>('POST', this.path('/members'), {
          id: values['id'],
          ...(values['name'] ? { name: values['name'] } : {}),
          ...(values['email'] ? { email: values['email'] } : {}),
          assignments: sets.map((set) => ({ permission_set: set.id })),
          ...(values['reason'] ? { reason: values['reason'] } : {}),
        });
        const made = this.made('audit.member.create');
        await this.reload();
        await this.#makeLink(member, made);
      });
    };
    this.open(words.t('members.add'), () => html`<form class="sheet" @submit=${submit}>
      <label class="line">${words.t('members.id')}<input class="field mono" name="id" required maxlength="200" autocomplete="off" /><span class="help">${words.t('members.id.help')}</span></label>
      <label class="line">${words.t('access.name')}<input class="field" name="name" maxlength="200" autocomplete="off" /></label>
      <label class="line">${words.t('members.email')}<input class="field" name="email" type="email" maxlength="200" autocomplete="off" /></label>
      <fieldset><legend>${words.t('members.has')}</legend>
        ${(this.#sets ?? []).map((set) => html`<label class="choice"><input type="checkbox" name="set:${set.id}" /><span>${set.name}<br /><span class="help">${set.permissions.join(', ')}</span></span></label>`)}</fieldset>
      <label class="line">${words.t('reason')}<textarea class="field" name="reason"></textarea></label>
      <div class="end"><button class="button" type="button" @click=${this.close}>${words.t('cancel')}</button><button class="button primary" ?disabled=${this.busy}>${words.t('members.add')}</button></div>
    </form>`);
  };

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
    this.open(words.t('members.link'), () => html`<div class="notice security">${icon('alert')}<span>${words.t('members.link.once', { name: member.name ?? member.id })}</span></div>
      <pre class="code" tabindex="0" aria-label=${words.t('members.link')}>${made.url}</pre>
      <p class="muted">${words.t('members.link.until', { time: fullText(Date.parse(made.expires_at), localZone(), words.locale) })}</p>
      <div class="sheet"><div class="end">${this.renderCopy(made.url, 'button primary')}</div>${this.renderMade(entry)}</div>`);
  }

  #removeMember(member: Member): void {
    const words = this.words;
    const submit = (event: SubmitEvent): void => {
      const { reason } = valuesOf(event);
      void this.act(async () => {
        await this.api.send('DELETE', this.path(`/members/${encodeURIComponent(member.id)}`), undefined, { reason });
        await this.reload();
        this.done(words.t('members.removed', { name: member.name ?? member.id }), 'audit.member.remove');
      });
    };
    this.open(words.t('members.remove.title', { name: member.name ?? member.id }), () => html`<form class="sheet" @submit=${submit}>
      <div class="notice danger">${icon('alert')}<span>${words.t('members.remove.warning')}</span></div>
      <label class="line">${words.t('reason')}<textarea class="field" name="reason" required></textarea></label>
      <div class="end"><button class="button" type="button" @click=${this.close}>${words.t('cancel')}</button><button class="button danger" ?disabled=${this.busy}>${words.t('members.remove')}</button></div>
    </form>`);
  }

  async #end(session: OpenSession): Promise<void> {
    await this.act(async () => {
      await this.api.send('DELETE', `/v1/sessions/${encodeURIComponent(session.id)}`);
      await this.reload();
    });
  }

  readonly #create = (): void => {
    const words = this.words;
    const submit = (event: SubmitEvent): void => {
      const values = valuesOf(event);
      const scopes = SCOPES.filter((scope) => values[scope] === 'on');
      const days = Number(values['expires'] ?? 0);
      void this.act(async () => {
        const made = await this.api.send<Key & { secret: string }>('POST', this.path('/keys'), {
          name: values['name'],
          scopes,
          ...(days ? { expires_at: new Date(Date.now() + days * DAY_MILLIS).toISOString() } : {}),
          ...(values['reason'] ? { reason: values['reason'] } : {}),
        });
        const entry = this.made('audit.key.create');
        await this.reload();
        this.#showSecret(made, entry);
      });
    };
    this.open(words.t('access.create'), () => html`<form class="sheet" @submit=${submit}>
      <label class="line">${words.t('access.name')}<input class="field" name="name" required maxlength="256" autocomplete="off" /><span class="help">${words.t('access.name.help')}</span></label>
      <fieldset><legend>${words.t('access.may')}</legend>
        ${SCOPES.map((scope) => html`<label class="choice"><input type="checkbox" name=${scope} ?checked=${scope === 'events.write'} /><span><code>${scope}</code><br /><span class="help">${words.maybe(`scope.${scope}`, '')}</span></span></label>`)}</fieldset>
      <label class="line">${words.t('access.until')}<select class="field" name="expires">${EXPIRY_DAYS.map((days) => html`<option value=${days}>${words.t('access.days', { count: days })}</option>`)}<option value="0">${words.t('access.never')}</option></select></label>
      <label class="line">${words.t('reason')}<textarea class="field" name="reason"></textarea></label>
      <div class="end"><button class="button" type="button" @click=${this.close}>${words.t('cancel')}</button><button class="button primary" ?disabled=${this.busy}>${words.t('access.create')}</button></div>
    </form>`);
  };

  #showSecret(key: { name: string; secret: string }, made: ReturnType<Page['made']>): void {
    const words = this.words;
    this.open(words.t('access.secret'), () => html`<div class="notice security">${icon('alert')}<span>${words.t('access.secret.once')}</span></div>
      <pre class="code" tabindex="0" aria-label=${key.name}>${key.secret}</pre>
      <div class="sheet"><div class="end">${this.renderCopy(key.secret)}<button class="button primary" @click=${this.close}>${words.t('access.secret.kept')}</button></div>${this.renderMade(made)}</div>`);
  }

  #revoke(key: Key): void {
    const words = this.words;
    let typed = '';
    const submit = (event: SubmitEvent): void => {
      const { reason } = valuesOf(event);
      void this.act(async () => {
        await this.api.send('DELETE', this.path(`/keys/${encodeURIComponent(key.id)}`), undefined, { reason });
        await this.reload();
        this.done(words.t('access.revokedDone', { name: key.name }), 'audit.key.revoke');
      });
    };
    this.open(words.t('access.revoke.title', { name: key.name }), () => html`<form class="sheet" @submit=${submit}>
      <div class="notice danger">${icon('alert')}<span>${words.t('access.revoke.warning')}</span></div>
      <label class="line">${words.t('reason')}<textarea class="field" name="reason" maxlength="8192"></textarea></label>
      <label class="line">${words.t('typeName', { name: key.name })}<input class="field" autocomplete="off" @input=${(e: Event) => {
        typed = (e.target as HTMLInputElement).value;
        this.app.requestUpdate();
      }} /></label>
      <div class="end"><button class="button" type="button" @click=${this.close}>${words.t('cancel')}</button><button class="button danger" ?disabled=${this.busy || typed !== key.name}>${words.t('access.revoke')}</button></div>
    </form>`);
  }
}
