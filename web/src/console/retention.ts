/** How long entries are kept: what asks for it, what is due, and changing it. */
import { html, nothing, type TemplateResult } from 'lit';
import { dateText, localZone } from '../shared/time.ts';
import { icon } from '../shared/icons.ts';
import { Page, valuesOf } from './page.ts';

interface Retention {
  version: number;
  period: string;
  requirements: { name: string; period: string }[];
  tier?: string;
  least: string;
  most: string;
  configurable: boolean;
  cut_off?: string;
}

interface Preview {
  period: string;
  at: string;
  cut_off?: string;
  entries: number;
  kept_by_holds: number;
  categories: { category: string; entries: number }[];
}

export class RetentionPage extends Page {
  #retention: Retention | null = null;
  #preview: Preview | null = null;

  override async load(): Promise<void> {
    this.#retention = await this.api.get<Retention>(this.path('/retention'));
  }

  #period(period: string): string {
    const match = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?$/.exec(period);
    if (!match) return this.words.t('retention.lifetime');
    const [, years, months, days] = match.map((part) => Number(part ?? 0));
    return [
      years ? this.words.t('retention.years', { count: years }) : '',
      months ? this.words.t('retention.months', { count: months }) : '',
      days ? this.words.t('retention.days', { count: days }) : '',
    ].filter(Boolean).join(' ');
  }

  #date(time: string): string {
    return dateText(Date.parse(time), localZone(), this.words.locale);
  }

  override render(): TemplateResult {
    const words = this.words;
    const retention = this.#retention;
    return html`<div class="page">
      ${this.heading(words.t('retention.title'), words.t('retention.about'), retention?.configurable && this.app.may(this.tenant, ['retention.manage']) ? html`<button class="button primary" @click=${this.#change}>${words.t('retention.change')}</button>` : nothing)}
      ${retention
        ? html`<div class="tiles">
            <div class="tile"><div class="label">${words.t('retention.kept')}</div><div class="number">${this.#period(retention.period)}</div><div class="about">${retention.version === 0 ? words.t('retention.preset') : words.t('retention.version', { version: retention.version })}</div></div>
            <div class="tile"><div class="label">${words.t('retention.cutOff')}</div><div class="number">${retention.cut_off ? this.#date(retention.cut_off) : '–'}</div><div class="about">${words.t('retention.cutOff.help')}</div></div>
            <div class="tile"><div class="label">${words.t('retention.bounds')}</div><div class="number">${this.#period(retention.least)}</div><div class="about">${words.t('retention.to', { most: this.#period(retention.most) })}</div></div>
          </div>
          <section class="block"><h2>${words.t('retention.requirements')}</h2><table class="rows"><thead><tr><th scope="col">${words.t('retention.who')}</th><th scope="col">${words.t('retention.period')}</th></tr></thead>
            <tbody>${retention.requirements.map((r) => html`<tr><td>${r.name}</td><td>${this.#period(r.period)}${r.period === retention.period ? html` <span class="tag good">${words.t('retention.holds')}</span>` : nothing}</td></tr>`)}</tbody></table></section>
          <section class="block"><h2>${words.t('retention.due')}</h2><div class="inside sheet">
            ${this.#preview ? this.#renderPreview(this.#preview) : html`<p class="muted">${words.t('retention.due.help')}</p>`}
            <div>${this.app.may(this.tenant, ['retention.manage']) ? html`<button class="button" ?disabled=${this.busy} @click=${this.#count}>${words.t('retention.count')}</button>` : nothing}
              ${this.#preview?.entries && this.app.may(this.tenant, ['retention.manage']) ? html` <button class="button danger" @click=${this.#purge}>${words.t('retention.purge')}</button>` : nothing}</div>
          </div></section>`
        : nothing}
    </div>`;
  }

  #renderPreview(preview: Preview): TemplateResult {
    const words = this.words;
    return html`<dl class="facts"><dt>${words.t('retention.goes')}</dt><dd><strong>${words.n(preview.entries)}</strong>${preview.categories.length ? html` <span class="muted">(${preview.categories.map((c) => `${c.category} ${words.n(c.entries)}`).join(', ')})</span>` : nothing}</dd>
      <dt>${words.t('retention.held')}</dt><dd>${words.n(preview.kept_by_holds)}</dd></dl>`;
  }

  readonly #count = (): void => {
    void this.act(async () => {
      this.#preview = await this.api.get<Preview>(this.path('/retention/preview'));
    });
  };

  readonly #purge = (): void => {
    const words = this.words;
    let typed = '';
    const submit = (event: SubmitEvent): void => {
      const { reason } = valuesOf(event);
      void this.act(async () => {
        const purged = await this.api.send<{ entries: number }>('POST', this.path('/retention/purge'), { reason });
        this.#preview = null;
        await this.reload();
        this.done(words.t('retention.purged', { count: purged.entries }), 'audit.entries.purge');
      });
    };
    this.open(words.t('retention.purge'), () => html`<form class="sheet" @submit=${submit}>
      <div class="notice danger">${icon('alert')}<span>${words.t('retention.purge.warning', { count: this.#preview?.entries ?? 0 })}</span></div>
      <label class="line">${words.t('reason')}<textarea class="field" name="reason" required></textarea></label>
      <label class="line">${words.t('typeName', { name: this.tenant })}<input class="field mono" autocomplete="off" @input=${(e: Event) => {
        typed = (e.target as HTMLInputElement).value;
        this.app.requestUpdate();
      }} /></label>
      <div class="end"><button class="button" type="button" @click=${this.close}>${words.t('cancel')}</button><button class="button danger" ?disabled=${this.busy || typed !== this.tenant}>${words.t('retention.purge')}</button></div>
    </form>`);
  };

  readonly #change = (): void => {
    const words = this.words;
    const now = this.#retention!;
    let wanted = now.period;
    let preview: Preview | null = null;
    let confirmed = '';
    const look = (event: Event): void => {
      wanted = (event.target as HTMLInputElement).value.trim();
      preview = null;
      void this.act(async () => {
        if (/^(lifetime|P(\d+[YMWD])+)$/.test(wanted)) preview = await this.api.get<Preview>(this.path('/retention/preview'), { period: wanted });
      });
    };
    const submit = (event: SubmitEvent): void => {
      const { name, reason } = valuesOf(event);
      void this.act(async () => {
        await this.api.send('PUT', this.path('/retention'), {
          version: now.version,
          requirements: [{ name, period: wanted }],
          reason,
          ...(preview?.entries ? { confirm_entries: preview.entries, confirm_at: preview.at } : {}),
        });
        await this.reload();
        this.done(words.t('retention.changed', { period: this.#period(wanted) }), 'audit.retention.change');
      });
    };
    this.open(words.t('retention.change'), () => html`<form class="sheet" @submit=${submit}>
      <label class="line">${words.t('retention.period')}<input class="field mono" required .defaultValue=${now.period} pattern="lifetime|P([0-9]+[YMWD])+" autocomplete="off" @change=${look} /><span class="help">${words.t('retention.period.help', { least: this.#period(now.least), most: this.#period(now.most) })}</span></label>
      <label class="line">${words.t('retention.who')}<input class="field" name="name" required maxlength="200" .defaultValue=${now.requirements[0]?.name ?? ''} autocomplete="off" /></label>
      <div class="before-after"><span>${this.#period(now.period)}</span>${icon('right')}<strong>${this.#period(wanted)}</strong></div>
      ${preview ? this.#renderPreview(preview) : nothing}
      ${preview?.entries
        ? html`<div class="notice danger">${icon('alert')}<span>${words.t('retention.shorter', { count: preview.entries })}</span></div>
          <label class="line">${words.t('typeName', { name: this.tenant })}<input class="field mono" autocomplete="off" @input=${(e: Event) => {
            confirmed = (e.target as HTMLInputElement).value;
            this.app.requestUpdate();
          }} /></label>`
        : nothing}
      <label class="line">${words.t('reason')}<textarea class="field" name="reason" required></textarea></label>
      <div class="end"><button class="button" type="button" @click=${this.close}>${words.t('cancel')}</button><button class="button primary" ?disabled=${this.busy || (Boolean(preview?.entries) && confirmed !== this.tenant)}>${words.t('retention.change')}</button></div>
    </form>`);
  };
}
