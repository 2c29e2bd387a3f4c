/** The sheet in which a tenant's requirements on retention are changed, and by an operator its tier. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { Problem } from '../../shared/api.ts';
import { icon } from '../../shared/icons.ts';
import { valuesOf } from '../page.ts';
import { LIFETIME, longest, periodDays, periodOf, periodText } from './period.ts';
import type { Preview } from './retention-preview.ts';
import type { ConsoleWords } from '../words.ts';

/** As many as the server takes. */
const MAX_REQUIREMENTS = 20;
const MAX_NAME_LENGTH = 200;
/** What a profile presets is a requirement of this name. */
const PRESET = 'profile';

export interface Requirement {
  name: string;
  period: string;
}

export interface Tier {
  name: string;
  period: string;
}

export interface Retention {
  version: number;
  period: string;
  requirements: Requirement[];
  tier?: string;
  least: string;
  most: string;
  configurable: boolean;
  cut_off?: string;
}

/** What the sheet needs of the page that it belongs to. */
export interface Around {
  tenant: string;
  words: ConsoleWords;
  /** The tiers that may be chosen; none for who may not choose. */
  tiers: Tier[];
  isBusy(): boolean;
  changed(): void;
  close(): void;
  act(work: () => Promise<void>): Promise<void>;
  preview(period: string): Promise<Preview>;
  renderPreview(preview: Preview): TemplateResult;
  save(body: Record<string, unknown>): Promise<void>;
  done(period: string): void;
}

export class RetentionChange {
  #requirements: Requirement[];
  /** The periods as they are saved, by how they are shown: what nobody changes stays as it is. */
  readonly #asSaved = new Map<string, string>();
  #tier: string;
  #preview: Preview | null = null;
  /** The period that the preview is of, as it was typed. */
  #previewed: string | null = null;
  #typed = '';

  constructor(
    private readonly now: Retention,
    private readonly around: Around,
  ) {
    this.#requirements = now.requirements.map(({ name, period }) => ({ name, period: this.#written(period) }));
    for (const { period } of now.requirements) this.#asSaved.set(this.#written(period), period);
    this.#tier = now.tier ?? '';
  }

  /** A period as people write it, and as the field takes it back. */
  #written(period: string): string {
    return period === LIFETIME ? LIFETIME : periodText(period, this.around.words);
  }

  /** The period that holds when it is saved like this; null while none of them is a period. */
  get #wanted(): string | null {
    return longest(this.#requirements.map((each) => periodOf(each.period) ?? ''));
  }

  get #isShorter(): boolean {
    return this.#wanted !== null && periodDays(this.#wanted) < periodDays(this.now.period);
  }

  /** The longest that the chosen tier allows. */
  get #most(): string {
    return this.around.tiers.find((tier) => tier.name === this.#tier)?.period ?? this.now.most;
  }

  #look(): void {
    const wanted = this.#wanted;
    if (wanted === this.#previewed) {
      this.around.changed();
      return;
    }
    this.#preview = null;
    this.#previewed = null;
    this.around.changed();
    if (wanted === null || periodDays(wanted) === periodDays(this.now.period)) return;
    void this.around.act(() => this.#count(wanted));
  }

  async #count(wanted: string): Promise<void> {
    const preview = await this.around.preview(wanted);
    // What was typed meanwhile is asked about by itself.
    if (wanted !== this.#wanted) return;
    this.#preview = preview;
    this.#previewed = wanted;
  }

  readonly #add = (event: Event): void => {
    const form = (event.currentTarget as Element).closest('form')!;
    this.#requirements.push({ name: '', period: '' });
    this.around.changed();
    requestAnimationFrame(() => [...form.querySelectorAll<HTMLInputElement>('.requirement .name')].at(-1)?.focus());
  };

  #remove(at: number, event: Event): void {
    // The button that has the focus goes with its row.
    (event.currentTarget as Element).closest('form')!.querySelector<HTMLElement>('.add')?.focus();
    this.#requirements.splice(at, 1);
    this.#look();
  }

  /** What the profile presets follows the tier, as it would have if nobody had changed anything. */
  #chooseTier(name: string): void {
    const before = this.#most;
    this.#tier = name;
    for (const each of this.#requirements) {
      if (each.name === PRESET && periodDays(periodOf(each.period) ?? '') === periodDays(before))
        each.period = this.#written(this.#most);
    }
    this.#look();
    this.around.changed();
  }

  readonly #submit = (event: SubmitEvent): void => {
    const { reason } = valuesOf(event);
    const wanted = this.#wanted;
    void this.around.act(async () => {
      if (wanted === null) return;
      // Nobody deletes entries without having seen how many.
      if (this.#isShorter && this.#previewed !== wanted) {
        await this.#count(wanted);
        return;
      }
      const { around } = this;
      try {
        await around.save({
          version: this.now.version,
          requirements: this.#requirements.map(({ name, period }) => ({
            name: name.trim(),
            period: this.#asSaved.get(period) ?? periodOf(period) ?? period.trim(),
          })),
          ...(this.#tier && this.#tier !== this.now.tier ? { tier: this.#tier } : {}),
          reason,
          ...(this.#isShorter && this.#preview
            ? { confirm_entries: this.#preview.entries, confirm_at: this.#preview.at }
            : {}),
        });
      } catch (error) {
        if (error instanceof Problem && error.code === 'confirmation_required') await this.#count(wanted);
        throw error;
      }
      around.done(wanted);
    });
  };

  readonly render = (): TemplateResult => {
    const { words } = this.around;
    const wanted = this.#wanted;
    const text = (period: string): string => periodText(period, words);
    return html`<form class="sheet" @submit=${this.#submit}>
      <fieldset class="requirements">
        <legend>${words.t('retention.requirements')}</legend>
        <p class="help">${words.t('retention.requirements.help')}</p>
        ${this.#requirements.map((each, i) => this.#row(each, i))}
        ${
          this.#requirements.length < MAX_REQUIREMENTS
            ? html`<div>
                <button class="button add" type="button" @click=${this.#add}>
                  ${icon('plus')}${words.t('retention.requirement.add')}
                </button>
              </div>`
            : nothing
        }
        <p class="help">${words.t('retention.period.help', { least: text(this.now.least), most: text(this.#most) })}</p>
      </fieldset>
      ${this.around.tiers.length ? this.#renderTiers() : nothing}
      <div class="before-after" role="status">
        ${
          wanted !== null && periodDays(wanted) === periodDays(this.now.period)
            ? html`<strong>${text(this.now.period)}</strong>`
            : html`<span>${text(this.now.period)}</span>${icon('right')}<strong
                  >${wanted === null ? '…' : text(wanted)}</strong
                >`
        }
      </div>
      ${this.#preview ? this.around.renderPreview(this.#preview) : nothing}
      ${this.#isShorter && this.#preview?.entries ? this.#renderConfirm(this.#preview.entries) : nothing}
      <label class="line">${words.t('reason')}<textarea class="field" name="reason" required></textarea></label>
      <div class="end">
        <button class="button" type="button" @click=${this.around.close}>${words.t('cancel')}</button
        ><button
          class="button primary"
          ?disabled=${
            this.around.isBusy() ||
            (this.#isShorter && Boolean(this.#preview?.entries) && this.#typed !== this.around.tenant)
          }
        >
          ${words.t('retention.change')}
        </button>
      </div>
    </form>`;
  };

  #renderTiers(): TemplateResult {
    const { words } = this.around;
    const allows = (tier: Tier): string =>
      words.t('retention.tier.allows', { name: tier.name, most: periodText(tier.period, words) });
    return html`<label class="line"
      >${words.t('retention.tier')}<select
        class="field"
        name="tier"
        @change=${(e: Event) => this.#chooseTier((e.target as HTMLSelectElement).value)}
      >
        ${this.around.tiers.map(
          (tier) => html`<option value=${tier.name} ?selected=${tier.name === this.#tier}>${allows(tier)}</option>`,
        )}
      </select></label
    >`;
  }

  #row(each: Requirement, i: number): TemplateResult {
    const { words } = this.around;
    const wanted = this.#wanted;
    const number = { number: i + 1 };
    const period = periodOf(each.period);
    const isLongest = wanted !== null && period !== null && periodDays(period) === periodDays(wanted);
    const typed =
      (field: keyof Requirement) =>
      (event: Event): void => {
        each[field] = (event.target as HTMLInputElement).value;
        this.around.changed();
      };
    return html`<div class="requirement">
      <input
        class="field name"
        required
        maxlength=${MAX_NAME_LENGTH}
        autocomplete="off"
        aria-label=${words.t('retention.requirement.who', number)}
        placeholder=${words.t('retention.who')}
        .value=${each.name}
        @input=${typed('name')}
      />
      <input
        class="field period"
        required
        autocomplete="off"
        spellcheck="false"
        aria-label=${words.t('retention.requirement.period', number)}
        placeholder=${words.t('retention.period.example')}
        .value=${each.period}
        @input=${typed('period')}
        @change=${() => this.#look()}
      />
      <button
        class="button plain icon-only"
        type="button"
        ?disabled=${this.#requirements.length === 1}
        aria-label=${words.t('retention.requirement.remove', number)}
        @click=${(e: Event) => this.#remove(i, e)}
      >
        ${icon('trash')}
      </button>
      <span class="help"
        >${period === null ? '–' : periodText(period, words)}${
          isLongest ? html` <span class="tag good">${words.t('retention.longest')}</span>` : nothing
        }</span
      >
    </div>`;
  }

  #renderConfirm(count: number): TemplateResult {
    const { words, tenant } = this.around;
    return html`<div class="notice danger">${icon('alert')}<span>${words.t('retention.shorter', { count })}</span></div>
      <label class="line"
        >${words.t('typeName', { name: tenant })}<input
          class="field mono"
          autocomplete="off"
          spellcheck="false"
          @input=${(e: Event) => {
            this.#typed = (e.target as HTMLInputElement).value;
            this.around.changed();
          }}
      /></label>`;
  }
}
