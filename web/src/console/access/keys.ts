/**
 * A tenant's API keys: made, rotated, revoked; what they may, from where, until when, and whether anybody uses them.
 */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { icon } from '../../shared/icons.ts';
import { dateText, fullText, localZone } from '../../shared/time.ts';
import { AccessPage, OWN_TIME, PERMISSIONS, READING, UntilChoice, type Choice } from './access.ts';
import { linesOf, valuesOf, type Page } from '../page.ts';

interface Key {
  id: string;
  name: string;
  scopes: string[];
  permissions?: string[];
  networks?: string[];
  made_by?: string;
  created_at: string;
  expires_at?: string | null;
  revoked_at?: string | null;
  last_used_at?: string | null;
}

/** Scopes, and the permissions that each stands for. */
const SCOPES: Record<string, readonly string[]> = { 'events.write': ['events.write'], 'events.read': READING };
/** Whoever manages keys makes those of the product that sends events, which no role needs. */
const FREE = ['events.write'];
const SINGLE_PERMISSIONS = PERMISSIONS.filter((permission) => !FREE.includes(permission));
const DAY_MILLIS = 86_400_000;
const EXPIRY_DAYS = [30, 90, 365];
const PRESET_EXPIRY_DAYS = 90;
const OVERLAPS = ['PT0S', 'PT1H', 'P1D', 'P7D', 'P30D'] as const;
const PRESET_OVERLAP = 'P1D';

/** Whoever made a key, without the kind of caller that stands before. */
function whoOf(maker: string): string {
  return maker.slice(maker.indexOf(':') + 1);
}

export class KeysPage extends AccessPage {
  override readonly tab = 'keys';
  #keys: Key[] | null = null;

  override async load(): Promise<void> {
    this.#keys = await this.all<Key>('/keys', 'keys');
  }

  #isOver(key: Key): boolean {
    return Boolean(key.revoked_at) || (Boolean(key.expires_at) && Date.parse(key.expires_at!) < Date.now());
  }

  /** What a key may: scopes, and the permissions that are in none of them. */
  #names(key: Key): string[] {
    const meant = new Set(key.scopes.flatMap((scope) => SCOPES[scope] ?? []));
    return [...key.scopes, ...(key.permissions ?? []).filter((permission) => !meant.has(permission))];
  }

  override render(): TemplateResult {
    const words = this.words;
    const keys = this.#keys && [...this.#keys].sort((a, b) => Number(this.#isOver(a)) - Number(this.#isOver(b)));
    return this.frame(
      words.t('access.keys'),
      words.t('access.about'),
      this.may('keys.manage')
        ? html`<button class="button primary" @click=${this.#create}>${icon('key')}${words.t('access.create')}</button>`
        : nothing,
      this.renderTable(
        words.t('access.keys'),
        [words.t('access.name'), words.t('access.may'), words.t('keys.lastUse'), words.t('access.until'), ''],
        keys?.map((key) => this.#renderRow(key)) ?? null,
        words.t('access.none'),
      ),
    );
  }

  #renderRow(key: Key): TemplateResult {
    const words = this.words;
    const date = (time: string): string => dateText(Date.parse(time), localZone(), words.locale);
    const until = key.revoked_at
      ? html`<span class="tag bad">${words.t('access.revoked')}</span>`
      : !key.expires_at
        ? words.t('access.never')
        : this.#isOver(key)
          ? html`<span class="tag bad">${words.t('access.expired')}</span>`
          : html`<span title=${fullText(Date.parse(key.expires_at), localZone(), words.locale)}
              >${date(key.expires_at)}</span
            >`;
    return html`<tr>
      <td><strong>${key.name}</strong><br /><code class="muted">${key.id}</code></td>
      <td>
        ${this.renderPermissionTags(this.#names(key))}${
          key.networks?.length
            ? html`<br /><span class="muted">${words.t('keys.from', { networks: key.networks.join(', ') })}</span>`
            : nothing
        }
      </td>
      <td>
        ${
          key.last_used_at
            ? html`<span title=${fullText(Date.parse(key.last_used_at), localZone(), words.locale)}
                >${date(key.last_used_at)}</span
              >`
            : html`<span class="muted">${words.t('access.never')}</span>`
        }
      </td>
      <td>
        ${until}<br /><span class="muted"
          >${
            key.made_by
              ? words.t('keys.madeBy', { date: date(key.created_at), who: whoOf(key.made_by) })
              : words.t('keys.made', { date: date(key.created_at) })
          }</span
        >
      </td>
      <td class="actions">
        <a class="button plain" href=${this.log(`actor_id:${key.id}`)}
          >${words.t('access.used')}<span class="visually-hidden"> ${key.name}</span></a
        >
        ${
          this.#isOver(key) || !this.may('keys.manage')
            ? nothing
            : html`${
                this.covers((key.permissions ?? []).filter((permission) => !FREE.includes(permission)))
                  ? this.rowButton(words.t('keys.rotate'), key.name, () => this.#rotate(key))
                  : nothing
              }${this.rowButton(words.t('access.revoke'), key.name, () => this.#revoke(key))}`
        }
      </td>
    </tr>`;
  }

  /** When a key that is made by this form is to expire. */
  #expiry(values: Record<string, string>): { expires_at?: string } {
    const chosen = values['expires'] ?? '';
    const time =
      chosen === OWN_TIME ? this.ownTime(values) : Number(chosen) ? Date.now() + Number(chosen) * DAY_MILLIS : null;
    return time === null ? {} : { expires_at: new Date(time).toISOString() };
  }

  #expiryChoices(none: string): Choice[] {
    return [
      ...EXPIRY_DAYS.map((days): Choice => [String(days), this.words.t('access.days', { count: days })]),
      ['0', none],
    ];
  }

  readonly #create = (): void => {
    const words = this.words;
    const scopes = new Set(['events.write']);
    const permissions = new Set<string>();
    const until = new UntilChoice();
    const submit = (event: SubmitEvent): void => {
      const values = valuesOf(event);
      const networks = linesOf(values['networks']);
      void this.act(async () => {
        const made = await this.api.send<Key & { secret: string }>('POST', this.path('/keys'), {
          name: values['name'],
          scopes: [...scopes],
          permissions: [...permissions],
          ...(networks.length ? { networks } : {}),
          ...this.#expiry(values),
          ...(values['reason'] ? { reason: values['reason'] } : {}),
        });
        const entry = this.made('audit.key.create');
        await this.reload();
        this.#showSecret(made, entry);
      });
    };
    this.open(
      words.t('access.create'),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <label class="line"
            >${words.t('access.name')}<input
              class="field"
              name="name"
              required
              maxlength="256"
              autocomplete="off"
            /><span class="help">${words.t('access.name.help')}</span></label
          >
          ${this.#renderScopes(scopes)}
          <details class="more" ?open=${permissions.size > 0}>
            <summary>${words.t('keys.single')}</summary>
            ${this.renderPermissions(words.t('keys.single.beside'), SINGLE_PERMISSIONS, permissions)}
          </details>
          <label class="line"
            >${words.t('keys.networks')}<textarea
              class="field mono short"
              name="networks"
              spellcheck="false"
              placeholder="203.0.113.0/24"
            ></textarea
            ><span class="help">${words.t('keys.networks.help')}</span></label
          >
          ${this.renderUntil(
            words.t('access.until'),
            this.#expiryChoices(words.t('access.never')),
            String(PRESET_EXPIRY_DAYS),
            until,
          )}
          ${this.renderReason()} ${this.renderEnd(words.t('access.create'), scopes.size + permissions.size > 0)}
        </form>`,
    );
  };

  #renderScopes(chosen: Set<string>): TemplateResult {
    const words = this.words;
    return html`<fieldset>
      <legend>${words.t('access.may')}</legend>
      ${Object.entries(SCOPES).map(([scope, meant]) => {
        const isOwn = FREE.includes(scope) || this.covers(meant);
        return html`<label class="choice"
          ><input
            type="checkbox"
            name=${scope}
            .checked=${chosen.has(scope)}
            ?disabled=${!isOwn}
            @change=${(e: Event) => {
              if ((e.target as HTMLInputElement).checked) chosen.add(scope);
              else chosen.delete(scope);
              this.app.requestUpdate();
            }}
          /><span
            >${this.called(scope)} <code class="muted">${scope}</code><br /><span class="help"
              >${isOwn ? words.maybe(`scope.${scope}`, '') : words.t('access.notOwn')}</span
            ></span
          ></label
        >`;
      })}
    </fieldset>`;
  }

  #rotate(key: Key): void {
    const words = this.words;
    const until = new UntilChoice();
    const submit = (event: SubmitEvent): void => {
      const values = valuesOf(event);
      void this.act(async () => {
        const made = await this.api.send<Key & { secret: string }>(
          'POST',
          this.path(`/keys/${encodeURIComponent(key.id)}/rotate`),
          {
            overlap: values['overlap'],
            ...this.#expiry(values),
            ...(values['reason'] ? { reason: values['reason'] } : {}),
          },
        );
        const entry = this.made('audit.key.create');
        await this.reload();
        this.#showSecret(made, entry);
      });
    };
    const same = key.expires_at
      ? words.t('keys.rotate.sameTime', { date: dateText(Date.parse(key.expires_at), localZone(), words.locale) })
      : words.t('access.never');
    this.open(
      words.t('keys.rotate.title', { name: key.name }),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <p class="muted">${words.t('keys.rotate.about')}</p>
          <div>
            ${this.renderPermissionTags(this.#names(key))}${
              key.networks?.length
                ? html`<br /><span class="muted">${words.t('keys.from', { networks: key.networks.join(', ') })}</span>`
                : nothing
            }
          </div>
          <label class="line"
            >${words.t('keys.overlap')}<select class="field" name="overlap">
              ${OVERLAPS.map(
                (overlap) =>
                  html`<option value=${overlap} ?selected=${overlap === PRESET_OVERLAP}>
                    ${words.t(`keys.overlap.${overlap}`)}
                  </option>`,
              )}</select
            ><span class="help">${words.t('keys.overlap.help')}</span></label
          >
          ${this.renderUntil(words.t('keys.rotate.until'), this.#expiryChoices(same), '0', until)}
          ${this.renderReason()} ${this.renderEnd(words.t('keys.rotate'))}
        </form>`,
    );
  }

  #showSecret(key: { name: string; secret: string }, made: ReturnType<Page['made']>): void {
    const words = this.words;
    this.open(
      words.t('access.secret'),
      () =>
        html`<div class="notice security">${icon('alert')}<span>${words.t('access.secret.once')}</span></div>
          <pre class="code" tabindex="0" aria-label=${key.name}>${key.secret}</pre>
          <div class="sheet">
            <div class="end">
              ${this.renderCopy(key.secret)}<button class="button primary" @click=${this.close}>
                ${words.t('access.secret.kept')}
              </button>
            </div>
            ${this.renderMade(made)}
          </div>`,
    );
  }

  #revoke(key: Key): void {
    const words = this.words;
    this.openRemoval({
      title: words.t('access.revoke.title', { name: key.name }),
      warning: words.t('access.revoke.warning'),
      name: key.name,
      button: words.t('access.revoke'),
      remove: async (reason) => {
        await this.api.send('DELETE', this.path(`/keys/${encodeURIComponent(key.id)}`), undefined, { reason });
        await this.reload();
        this.done(words.t('access.revokedDone', { name: key.name }), 'audit.key.revoke');
      },
    });
  }
}
