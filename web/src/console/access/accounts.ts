/** The accounts of a tenant: the parts of it that people can be given roles in, by name. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { quote } from '../../query/lexer.ts';
import { icon } from '../../shared/icons.ts';
import { AccessPage, type Account } from './access.ts';
import { valuesOf } from '../page.ts';

export class AccountsPage extends AccessPage {
  override readonly tab = 'accounts';
  #accounts: Account[] | null = null;
  #wanted = '';

  override async load(): Promise<void> {
    this.#accounts = (await this.api.get<{ accounts: Account[] }>(this.path('/accounts'))).accounts;
  }

  override render(): TemplateResult {
    const words = this.words;
    const shown = this.#accounts?.filter(({ id, name }) => `${id}\n${name}`.toLowerCase().includes(this.#wanted));
    return this.frame(
      words.t('accounts.title'),
      words.t('accounts.about'),
      this.may('members.manage')
        ? html`<button class="button primary" @click=${this.#add}>${icon('plus')}${words.t('accounts.add')}</button>`
        : nothing,
      this.renderTable(
        words.t('accounts.title'),
        [words.t('access.name'), words.t('accounts.id'), ''],
        shown?.map((account) => this.#renderRow(account)) ?? null,
        words.t(this.#wanted ? 'access.noMatch' : 'accounts.none'),
        this.#accounts?.length
          ? this.renderSearch(words.t('accounts.search'), (wanted) => (this.#wanted = wanted))
          : nothing,
      ),
    );
  }

  #renderRow(account: Account): TemplateResult {
    const words = this.words;
    return html`<tr>
      <td><strong>${account.name}</strong></td>
      <td><code>${account.id}</code></td>
      <td class="actions">
        <a class="button plain" href=${this.log(`account:${quote(account.id)}`)}
          >${words.t('access.used')}<span class="visually-hidden"> ${account.name}</span></a
        >
        ${
          this.may('members.manage')
            ? html`${this.rowButton(words.t('accounts.rename'), account.name, () =>
                this.#rename(account),
              )}${this.rowButton(words.t('accounts.remove'), account.name, () => this.#remove(account))}`
            : nothing
        }
      </td>
    </tr>`;
  }

  readonly #add = (): void => {
    const words = this.words;
    const submit = (event: SubmitEvent): void => {
      const { id = '', name, reason } = valuesOf(event);
      void this.act(async () => {
        await this.api.send('POST', this.path('/accounts'), {
          id,
          ...(name ? { name } : {}),
          ...(reason ? { reason } : {}),
        });
        await this.reload();
        this.done(words.t('accounts.added', { name: name || id }), 'audit.account.create');
      });
    };
    this.open(
      words.t('accounts.add'),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <label class="line"
            >${words.t('accounts.id')}<input
              class="field mono"
              name="id"
              required
              maxlength="200"
              autocomplete="off"
            /><span class="help">${words.t('accounts.id.help')}</span></label
          >
          <label class="line"
            >${words.t('access.name')}<input class="field" name="name" maxlength="200" autocomplete="off"
          /></label>
          ${this.renderReason()} ${this.renderEnd(words.t('accounts.add'))}
        </form>`,
    );
  };

  #rename(account: Account): void {
    const words = this.words;
    let now = account.name;
    const submit = (event: SubmitEvent): void => {
      const { name = '', reason } = valuesOf(event);
      void this.act(async () => {
        await this.api.send('PATCH', this.path(`/accounts/${encodeURIComponent(account.id)}`), {
          name,
          ...(reason ? { reason } : {}),
        });
        await this.reload();
        this.done(words.t('accounts.renamed', { name }), 'audit.account.update');
      });
    };
    this.open(
      words.t('accounts.rename.title', { name: account.name }),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <label class="line"
            >${words.t('access.name')}<input
              class="field"
              name="name"
              required
              maxlength="200"
              autocomplete="off"
              .value=${account.name}
              @input=${(e: Event) => {
                now = (e.target as HTMLInputElement).value;
                this.app.requestUpdate();
              }}
          /></label>
          ${this.renderDelta([account.name], [now])} ${this.renderReason()}
          ${this.renderEnd(words.t('accounts.rename'), now.trim() !== '' && now !== account.name)}
        </form>`,
    );
  }

  #remove(account: Account): void {
    const words = this.words;
    this.openRemoval({
      title: words.t('accounts.remove.title', { name: account.name }),
      warning: words.t('accounts.remove.warning'),
      name: account.name,
      button: words.t('accounts.remove'),
      remove: async (reason) => {
        await this.api.send('DELETE', this.path(`/accounts/${encodeURIComponent(account.id)}`), undefined, { reason });
        await this.reload();
        this.done(words.t('accounts.removed', { name: account.name }), 'audit.account.remove');
      },
    });
  }
}
