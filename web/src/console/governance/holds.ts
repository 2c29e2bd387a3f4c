/** Legal holds: what is in force, and applying and releasing one. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { Problem } from '../../shared/api.ts';
import { dateText, localZone } from '../../shared/time.ts';
import { icon } from '../../shared/icons.ts';
import type { FacetsAnswer } from '../../shared/types.ts';
import { ListPage } from '../list-page.ts';
import { valuesOf } from '../page.ts';

interface Hold {
  id: string;
  name: string;
  /** Null when it asks for what is personal, and the caller may not see that. */
  query: string | null;
  state: 'in_force' | 'release_asked' | 'released';
  two_people_to_release: boolean;
  applied_at: string;
  released_at?: string;
  /** Who applied it, and why. */
  applied_by?: string;
  reason?: string;
  history?: { state: string; by: string; at: string; reason?: string }[];
}

const COUNT_AFTER_MILLIS = 250;

export class HoldsPage extends ListPage {
  #holds: Hold[] | null = null;
  #counts = new Map<string, number>();
  #preview = '';
  /** Whether what is typed covers the whole log. */
  #isWhole = true;
  #typing: ReturnType<typeof setTimeout> | undefined;

  override async load(): Promise<void> {
    this.#holds = (await this.api.get<{ holds: Hold[] }>(this.path('/holds'), { released: true, limit: 1000 })).holds;
    this.app.requestUpdate();
    await Promise.all(
      this.#holds
        .filter((hold) => hold.state !== 'released')
        .map(async ({ id, query }) => {
          if (query !== null) this.#counts.set(id, await this.#count(query));
        }),
    );
  }

  async #count(q: string): Promise<number> {
    return (await this.api.get<FacetsAnswer>(this.path('/facets'), { q, fields: 'outcome', limit: 1 })).count;
  }

  override render(): TemplateResult {
    const words = this.words;
    const inForce = this.#holds?.filter((hold) => hold.state !== 'released') ?? [];
    const released = this.#holds?.filter((hold) => hold.state === 'released') ?? [];
    return html`<div class="page">
      ${this.heading(
        words.t('holds.title'),
        words.t('holds.about'),
        !this.app.may(this.tenant, ['holds.manage'])
          ? nothing
          : html`<button class="button primary" @click=${this.#apply}>
              ${icon('lock')}${words.t('holds.apply')}
            </button>`,
      )}
      <section class="block">
        <h2>${words.t('holds.inForce')}</h2>
        ${
          inForce.length
            ? this.#table(inForce)
            : html`<div class="none">${this.#holds ? words.t('holds.none') : '…'}</div>`
        }
      </section>
      ${
        released.length
          ? html`<section class="block">
              <h2>${words.t('holds.released')}</h2>
              ${this.#table(released)}
            </section>`
          : nothing
      }
    </div>`;
  }

  #table(holds: Hold[]): TemplateResult {
    const words = this.words;
    const date = (time: string): string => dateText(Date.parse(time), localZone(), words.locale);
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${words.t('holds.title')}>
      <table class="rows cards">
        <thead>
          <tr>
            <th scope="col">${words.t('holds.name')}</th>
            <th scope="col">${words.t('holds.query')}</th>
            <th scope="col">${words.t('holds.entries')}</th>
            <th scope="col">${words.t('holds.since')}</th>
            <th scope="col"><span class="visually-hidden">${words.t('actions')}</span></th>
          </tr>
        </thead>
        <tbody>
          ${holds.map(
            (hold) =>
              html`<tr>
                <td>
                  <strong>${hold.name}</strong>${
                    hold.state === 'release_asked' ? html` <span class="tag">${words.t('holds.asked')}</span>` : nothing
                  }${
                    hold.two_people_to_release
                      ? html`<br /><span class="muted">${words.t('holds.two')}</span>`
                      : nothing
                  }
                  ${(hold.history ?? []).map(
                    (made) =>
                      html`<br /><span class="muted"
                          >${words.maybe(`holds.made.${made.state}`, made.state)} ${date(made.at)},
                          <code>${made.by}</code>${made.reason ? html`: “${made.reason}”` : nothing}</span
                        >`,
                  )}
                </td>
                <td>
                  ${
                    hold.query
                      ? html`<a class="link mono" href=${this.log(hold.query)}>${hold.query}</a>`
                      : words.t(hold.query === null ? 'holds.withheld' : 'holds.everything')
                  }
                </td>
                <td>${this.#counts.has(hold.id) ? words.n(this.#counts.get(hold.id)!) : '–'}</td>
                <td>${date(hold.applied_at)}${hold.released_at ? html` – ${date(hold.released_at)}` : nothing}</td>
                <td class="actions">
                  ${
                    hold.state === 'released' || !this.app.may(this.tenant, ['holds.manage'])
                      ? nothing
                      : html`<button class="button" @click=${() => this.#release(hold)}>
                          ${words.t('holds.release')}
                        </button>`
                  }
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  /** Says how many entries the query holds, once nothing more is typed. */
  readonly #typed = (event: Event): void => {
    const q = (event.target as HTMLInputElement).value;
    this.#isWhole = !q.trim();
    this.#preview = '';
    this.app.requestUpdate();
    clearTimeout(this.#typing);
    this.#typing = setTimeout(async () => {
      try {
        this.#preview = this.words.t('holds.preview', { count: await this.#count(q) });
      } catch (error) {
        this.#preview = error instanceof Problem ? this.words.problem(error).text : String(error);
      }
      this.app.requestUpdate();
    }, COUNT_AFTER_MILLIS);
  };

  readonly #apply = (): void => {
    const words = this.words;
    this.#preview = '';
    this.#isWhole = true;
    const submit = (event: SubmitEvent): void => {
      const { name, query, reason, two } = valuesOf(event);
      void this.act(async () => {
        await this.api.send('POST', this.path('/holds'), {
          name,
          reason,
          ...(query ? { query } : {}),
          two_people_to_release: two === 'on',
        });
        await this.reload();
        this.done(words.t('holds.applied', { name: name ?? '' }), 'audit.hold.apply');
      });
    };
    this.open(
      words.t('holds.apply'),
      () =>
        html`<form class="sheet" @submit=${submit}>
          <label class="line"
            >${words.t('holds.name')}<input class="field" name="name" required maxlength="200" autocomplete="off"
          /></label>
          <label class="line"
            >${words.t('holds.query')}<input
              class="field mono"
              name="query"
              maxlength="4096"
              autocomplete="off"
              spellcheck="false"
              @input=${this.#typed}
            /><span class="help">${words.t('holds.query.help')}</span></label
          >
          <div class="muted" role="status">${this.#preview}</div>
          ${
            this.#isWhole
              ? html`<label class="choice"
                  ><input type="checkbox" name="everything" required />${words.t('holds.everything.choice')}</label
                >`
              : nothing
          }
          <label class="choice"><input type="checkbox" name="two" />${words.t('holds.two.choice')}</label>
          <label class="line">${words.t('reason')}<textarea class="field" name="reason" required></textarea></label>
          <div class="end">
            <button class="button" type="button" @click=${this.close}>${words.t('cancel')}</button
            ><button class="button primary" ?disabled=${this.busy}>${words.t('holds.apply')}</button>
          </div>
        </form>`,
    );
  };

  #release(hold: Hold): void {
    const words = this.words;
    this.openRemoval({
      title: words.t('holds.release.title', { name: hold.name }),
      warning: words.t('holds.release.warning', { count: this.#counts.get(hold.id) ?? 0 }),
      name: hold.name,
      button: words.t('holds.release'),
      isReasonRequired: true,
      remove: async (reason) => {
        await this.api.send('DELETE', this.path(`/holds/${encodeURIComponent(hold.id)}`), undefined, {
          reason: reason ?? '',
        });
        await this.reload();
        this.done(
          words.t(hold.two_people_to_release && hold.state === 'in_force' ? 'holds.askedDone' : 'holds.releasedDone', {
            name: hold.name,
          }),
          'audit.hold.*',
        );
      },
    });
  }
}
