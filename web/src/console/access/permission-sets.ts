/**
 * What can be given: the profile's roles and permission sets, and the permission sets that a tenant makes for
 * itself.
 */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { icon } from '../../shared/icons.ts';
import { AccessPage, PERMISSIONS, type PermissionSet, type Role, type Roles } from './access.ts';
import { valuesOf } from '../page.ts';

export class PermissionSetsPage extends AccessPage {
  override readonly tab = 'permissions';
  #sets: PermissionSet[] | null = null;
  #roles: Role[] = [];

  override async load(): Promise<void> {
    const { roles, permission_sets: sets } = await this.api.get<Roles>(this.path('/profile'));
    this.#roles = roles ?? [];
    this.#sets = sets ?? [];
  }

  override render(): TemplateResult {
    const words = this.words;
    const columns = [words.t('access.name'), words.t('access.may'), ''];
    const own = this.#sets?.filter((set) => set.custom);
    const builtIn = this.#sets?.filter((set) => !set.custom);
    return this.frame(
      words.t('access.sets'),
      words.t('sets.about'),
      this.may('permission_sets.manage')
        ? html`<button class="button primary" @click=${this.#make}>${icon('plus')}${words.t('sets.make')}</button>`
        : nothing,
      html`${this.renderTable(
        words.t('sets.own'),
        columns,
        own?.map((set) => this.#renderRow(set)) ?? null,
        words.t('sets.own.none'),
      )}
      ${this.renderTable(
        words.t('sets.builtIn'),
        columns.slice(0, 2),
        builtIn?.map((set) => this.#renderRow(set)) ?? null,
        words.t('sets.builtIn.none'),
      )}
      ${
        this.#roles.length
          ? this.renderTable(
              words.t('access.roles'),
              [words.t('access.name'), words.t('access.sets')],
              this.#roles.map((role) => this.#renderRole(role)),
              '',
            )
          : nothing
      }`,
    );
  }

  #renderRow(set: PermissionSet): TemplateResult {
    const words = this.words;
    return html`<tr>
      <td class="named"><strong>${set.name}</strong><br /><code class="muted">${set.id}</code></td>
      <td>${this.renderPermissionTags(set.permissions)}</td>
      ${
        set.custom
          ? html`<td class="actions">
              ${
                this.may('permission_sets.manage') && this.covers(set.permissions)
                  ? html`${this.rowButton(words.t('sets.change'), set.name, () =>
                      this.#change(set),
                    )}${this.rowButton(words.t('sets.remove'), set.name, () => this.#remove(set))}`
                  : nothing
              }
            </td>`
          : nothing
      }
    </tr>`;
  }

  #said(permission: string): string {
    return `${this.called(permission)} (${permission})`;
  }

  #renderRole(role: Role): TemplateResult {
    const words = this.words;
    const names = role.permission_sets.map((id) => this.#sets?.find((set) => set.id === id && !set.custom)?.name ?? id);
    return html`<tr>
      <td class="named">
        <strong>${role.name}</strong
        >${role.scope === 'account' ? html` <span class="tag">${words.t('sets.ofAccount')}</span>` : nothing}<br /><code
          class="muted"
          >${role.id}</code
        >
      </td>
      <td>
        ${
          names.length
            ? names.map((name) => html`<span class="tag">${name}</span> `)
            : html`<span class="muted">${words.t('members.nothing')}</span>`
        }
      </td>
    </tr>`;
  }

  readonly #make = (): void => {
    const words = this.words;
    const chosen = new Set(this.may('audit.view') ? ['audit.view'] : []);
    const submit = (event: SubmitEvent): void => {
      const { id = '', name, reason } = valuesOf(event);
      void this.act(async () => {
        await this.api.send('POST', this.path('/permission-sets'), {
          id,
          ...(name ? { name } : {}),
          permissions: [...chosen],
          ...(reason ? { reason } : {}),
        });
        await this.reload();
        this.done(words.t('sets.made', { name: name || id }), 'audit.permission_set.create');
      });
    };
    this.open(
      words.t('sets.make'),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <label class="line"
            >${words.t('members.id')}<input
              class="field mono"
              name="id"
              required
              maxlength="100"
              pattern="[a-z0-9][a-z0-9_\\-]*"
              title=${words.t('sets.id.help')}
              autocomplete="off"
            /><span class="help">${words.t('sets.id.help')}</span></label
          >
          <label class="line"
            >${words.t('access.name')}<input class="field" name="name" maxlength="200" autocomplete="off"
          /></label>
          ${this.renderPermissions(words.t('access.may'), PERMISSIONS, chosen)} ${this.renderReason()}
          ${this.renderEnd(words.t('sets.make'), chosen.size > 0)}
        </form>`,
    );
  };

  #change(set: PermissionSet): void {
    const words = this.words;
    const chosen = new Set(set.permissions);
    // What a later version of the program knows is kept.
    const offered = [...PERMISSIONS, ...set.permissions.filter((permission) => !PERMISSIONS.includes(permission))];
    const submit = (event: SubmitEvent): void => {
      const { name, reason } = valuesOf(event);
      void this.act(async () => {
        await this.api.send('PATCH', this.path(`/permission-sets/${encodeURIComponent(set.id)}`), {
          name,
          permissions: [...chosen],
          ...(reason ? { reason } : {}),
        });
        await this.reload();
        this.done(words.t('sets.changed', { name: name ?? set.id }), 'audit.permission_set.update');
      });
    };
    this.open(
      words.t('sets.change.title', { name: set.name }),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <div class="notice">${icon('alert')}<span>${words.t('sets.change.about')}</span></div>
          <label class="line"
            >${words.t('access.name')}<input
              class="field"
              name="name"
              required
              maxlength="200"
              autocomplete="off"
              .value=${set.name}
          /></label>
          ${this.renderPermissions(words.t('access.may'), offered, chosen)}
          ${this.renderDelta(
            set.permissions.map((each) => this.#said(each)),
            [...chosen].map((each) => this.#said(each)),
          )}
          ${this.renderReason()} ${this.renderEnd(words.t('sets.change'), chosen.size > 0)}
        </form>`,
    );
  }

  /** How many members have it now; null for whoever may not know. */
  async #holders(set: PermissionSet): Promise<number | null> {
    if (!this.may('members.manage')) return null;
    const members = await this.all<{ assignments: { permission_set?: string }[] }>('/members', 'members');
    return members.filter(({ assignments }) => assignments.some((assignment) => assignment.permission_set === set.id))
      .length;
  }

  #remove(set: PermissionSet): void {
    const words = this.words;
    const title = words.t('sets.remove.title', { name: set.name });
    this.open(title, () => html``);
    void this.act(async () => {
      const holders = await this.#holders(set);
      this.openRemoval({
        title,
        warning: holders === null ? words.t('sets.remove.warning') : words.t('sets.remove.holders', { count: holders }),
        name: set.name,
        button: words.t('sets.remove'),
        remove: async (reason) => {
          await this.api.send('DELETE', this.path(`/permission-sets/${encodeURIComponent(set.id)}`), undefined, {
            reason,
          });
          await this.reload();
          this.done(words.t('sets.removed', { name: set.name }), 'audit.permission_set.remove');
        },
      });
    });
  }
}
