/** What an admin asks first: is anything wrong, what is unusual, what is due, what is normal. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { Problem } from '../../shared/api.ts';
import { wordsFor, type Words, ENGLISH } from '../../shared/i18n.ts';
import { icon, type IconName } from '../../shared/icons.ts';
import { dateText, fullText, localZone, minuteText } from '../../shared/time.ts';
import type {
  Bucket,
  FacetsAnswer,
  FacetValue,
  HistogramAnswer,
  Page as EntriesPage,
  Profile,
} from '../../shared/types.ts';
import { vars } from '../../shared/vars.ts';
import { checkpoint } from '../../proof/note.ts';
import { consistencyOf, examine, standing } from '../../proof/past.ts';
import { Catalog, sentenceText } from '../../viewer/sentence.ts';
import { WITHOUT_READS } from '../../query/reads.ts';
import { Page } from '../page.ts';
import {
  busiestNight,
  failedToday,
  manyExports,
  NORM_WEEKS,
  outlier,
  UNUSUAL_FACTOR,
  UNUSUAL_FROM,
} from './unusual.ts';
import { renderOversight, type Oversight } from './oversight.ts';
import { renderDays, renderRanked, renderSpark } from './overview-charts.ts';
import { renderDue } from './overview-due.ts';
import { EXPORTS, FAILED_SIGN_INS, NEW_COUNTRY_DAYS, renderUnusual, SECURITY_CHANGES } from './overview-unusual.ts';

const HOUR_MILLIS = 3_600_000;
const DAY_MILLIS = 24 * HOUR_MILLIS;
const SIGN_INS = 'verb:login outcome:success';
const SECURITY = 'security:true';

/** Leaves out what the caller may not see. */
async function optional(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Problem) || (error.status !== 403 && error.status !== 404)) throw error;
  }
}

export class OverviewPage extends Page {
  #viewerWords: Words = ENGLISH;
  #catalog = new Catalog(null);
  #log: { state: 'good' | 'partly' | 'bad'; size: number } | null = null;
  #failed: Bucket[] = [];
  #exports: Bucket[] = [];
  /** Security-relevant changes by the hour, of the last four weeks. */
  #hours: Bucket[] = [];
  #pending = 0;
  #security: EntriesPage | null = null;
  #securityCount = 0;
  #newCountries: FacetValue[] = [];
  /** Null when places are not the caller's to see; so are actors. */
  #countries: FacetValue[] | null = null;
  #actors: { id: string; name: string; count: number }[] | null = null;
  #activity: HistogramAnswer | null = null;
  /** Holds in force; null when they are not the caller's to see. */
  #holds: number | null = null;
  #retention: { period: string; cut_off?: string } | null = null;
  #expiring: number | null = null;
  #reviews: number | null = null;
  #oversight: Oversight | null = null;
  #loaded = false;
  #hour = 0;

  /** The time from which the numbers count, and so their links. */
  #ago(days: number): string {
    return new Date(this.#hour - days * DAY_MILLIS).toISOString();
  }

  override async load(): Promise<void> {
    this.#viewerWords = await wordsFor([this.words.locale]);
    // To the hour, so that looking again within it is the same look.
    this.#hour = Math.floor(this.api.now() / HOUR_MILLIS) * HOUR_MILLIS;
    const ago = (days: number): string => this.#ago(days);
    const zone = localZone();
    // The rows first: figures beside them are parts of that look, and no entries of their own in the log.
    await this.#loadSecurity();
    await Promise.all([
      this.#countSecurity(ago(7)),
      optional(this.#loadCountries(zone)),
      optional(this.#loadLog()),
      this.#histogram({ q: FAILED_SIGN_INS, from: ago(7 * NORM_WEEKS + 1), interval: 'day', zone }).then(
        (buckets) => void (this.#failed = buckets),
      ),
      this.#histogram({ q: EXPORTS, from: ago(7 * NORM_WEEKS + 7), interval: 'day', zone }).then(
        (buckets) => void (this.#exports = buckets),
      ),
      this.#histogram({ q: SECURITY_CHANGES, from: ago(7 * NORM_WEEKS), interval: 'hour', zone }).then(
        (buckets) => void (this.#hours = buckets),
      ),
      this.#loadActivity(zone),
      optional(
        this.api
          .get<{ period: string; cut_off?: string }>(this.path('/retention'))
          .then((a) => void (this.#retention = a)),
      ),
      optional(this.#loadOversight()),
      optional(this.#loadKeys()),
      optional(this.#loadReviews()),
      optional(this.#loadActors(zone)),
    ]);
    this.#loaded = true;
  }

  #facets(zone: string, parameters: Record<string, string | number>): Promise<FacetsAnswer> {
    return this.api.get<FacetsAnswer>(this.path('/facets'), { zone, ...parameters });
  }

  async #loadActivity(zone: string): Promise<void> {
    this.#activity = await this.api.get<HistogramAnswer>(this.path('/histogram'), {
      q: WITHOUT_READS,
      from: this.#ago(30),
      interval: 'day',
      by: 'outcome',
      zone,
    });
  }

  async #loadOversight(): Promise<void> {
    this.#oversight = await this.api.get<Oversight>(this.path('/oversight'));
    this.#holds = this.app.seesWhole(this.tenant) ? this.#oversight.holds_in_force : null;
  }

  /** Without whoever reads: reading would make them the most active. */
  async #loadActors(zone: string): Promise<void> {
    const asked = { q: WITHOUT_READS, from: '-7d', fields: 'actor_id', limit: 6, names: 'true' };
    const { facets } = await this.#facets(zone, asked);
    this.#actors = (facets['actor_id'] ?? []).map(({ value, count, name }) => ({
      id: value,
      count,
      name: name ?? value,
    }));
  }

  async #histogram(parameters: Record<string, string>): Promise<Bucket[]> {
    return (await this.api.get<HistogramAnswer>(this.path('/histogram'), parameters)).buckets;
  }

  async #loadLog(): Promise<void> {
    const [note, keys] = await Promise.all([
      this.api.text(this.path('/log/checkpoint')),
      this.api.text(this.path('/log/key')),
    ]);
    const found = checkpoint(note);
    this.#pending = Math.max(0, (this.#security?.indexed_through ?? -1) + 1 - Number(found.size));
    const examined = await examine(found, keys.trim().split('\n'), [], consistencyOf(this.api, this.tenant));
    this.#log = { state: standing(examined), size: Number(found.size) };
  }

  async #loadSecurity(): Promise<void> {
    const [profile, security] = await Promise.all([
      this.api.get<Profile>(this.path('/profile')).catch(() => null),
      this.api.get<EntriesPage>(this.path('/events'), { q: SECURITY, from: '-7d', limit: 6 }),
    ]);
    this.#catalog = new Catalog(profile);
    this.#security = security;
  }

  async #countSecurity(from: string): Promise<void> {
    this.#securityCount = (
      await this.api.get<FacetsAnswer>(this.path('/facets'), { q: SECURITY, from, fields: 'outcome', limit: 1 })
    ).count;
  }

  async #loadCountries(zone: string): Promise<void> {
    const [signIns, lately, before] = await Promise.all([
      // What lists places or people is, in these words, known to the server as the overview's.
      this.#facets(zone, { q: SIGN_INS, from: '-30d', fields: 'country', limit: 8 }),
      this.#facets(zone, { from: `-${NEW_COUNTRY_DAYS}d`, fields: 'country', limit: 50 }),
      this.#facets(zone, { from: '-90d', to: `-${NEW_COUNTRY_DAYS}d`, fields: 'country', limit: 1000 }),
    ]);
    this.#countries = signIns.facets['country'] ?? [];
    const known = new Set((before.facets['country'] ?? []).map((value) => value.value));
    this.#newCountries = known.size ? (lately.facets['country'] ?? []).filter((value) => !known.has(value.value)) : [];
  }

  async #loadReviews(): Promise<void> {
    const { reviews } = await this.api.get<{ reviews: { state: string }[] }>(this.path('/reviews'), { limit: 1000 });
    this.#reviews = reviews.filter(({ state }) => state !== 'upcoming').length;
  }

  async #loadKeys(): Promise<void> {
    const { keys } = await this.api.get<{ keys: { expires_at?: string | null; revoked_at?: string | null }[] }>(
      this.path('/keys'),
      { limit: 1000 },
    );
    const now = this.api.now();
    const soon = now + 30 * DAY_MILLIS;
    this.#expiring = keys.filter(
      (key) =>
        !key.revoked_at && key.expires_at && Date.parse(key.expires_at) > now && Date.parse(key.expires_at) < soon,
    ).length;
  }

  #tile(
    label: string,
    number: string,
    about: string,
    href: string,
    kind = '',
    symbol: IconName | null = null,
  ): TemplateResult {
    return html`<a class="tile ${kind}" href=${href}
      ><div class="label">${symbol ? icon(symbol) : nothing}${label}</div>
      <div class="number">${number}</div>
      <div class="about">${about}</div></a
    >`;
  }

  override render(): TemplateResult {
    const words = this.words;
    return html`<div class="page">
      ${this.heading(
        this.app.tenantName(this.tenant),
        words.t('overview.about'),
        html`<a class="button primary" href=${this.log('')}>${icon('list')}${words.t('overview.open')}</a>`,
      )}
      ${this.#loaded ? this.#renderLoaded() : this.#renderWaiting()}
    </div>`;
  }

  /** Nothing is counted yet, so that no number is shown that would change at once. */
  #renderWaiting(): TemplateResult {
    const tile = html`<div class="tile">
      <div class="label">&nbsp;</div>
      <div class="number"><span class="skeleton" ${vars({ '--w': '50%' })}></span></div>
      <div class="about">&nbsp;</div>
    </div>`;
    return html`<div class="tiles" aria-hidden="true">${[tile, tile, tile, tile]}</div>`;
  }

  #renderLoaded(): TemplateResult {
    return html`${this.#renderTiles()} ${this.#renderUnusual()}
      ${this.#oversight ? renderOversight(this.words, this.tenant, this.#oversight) : nothing}
      <div class="columns">
        ${this.#renderSecurity()}
        ${renderDue(this.words, this.tenant, {
          retention: this.#retention,
          expiring: this.#expiring,
          holds: this.#holds,
          reviews: this.#reviews,
        })}
      </div>
      ${this.#renderActivity()} ${this.#renderMost()}`;
  }

  #renderUnusual(): TemplateResult | typeof nothing {
    const unusual = {
      failed: outlier(this.#failed),
      night: busiestNight(this.#hours),
      exports: manyExports(this.#exports),
      exportsFrom: this.#ago(7),
      newCountries: this.#newCountries,
    };
    return renderUnusual(this.words, unusual, (q, more) => this.log(q, more));
  }

  #renderTiles(): TemplateResult {
    const words = this.words;
    const { today, norm } = failedToday(this.#failed);
    const log = this.#log;
    const tenant = `/t/${encodeURIComponent(this.tenant)}`;
    const security = this.#securityCount;
    return html`<div class="tiles">
      ${
        log
          ? this.#tile(
              words.t('overview.log'),
              words.t(`overview.log.${log.state}`),
              this.#pending
                ? words.t('overview.log.pending', { count: log.size, pending: this.#pending })
                : words.t('overview.log.size', { count: log.size }),
              `${tenant}/health`,
              log.state === 'partly' ? '' : log.state,
              log.state === 'good' ? 'shieldCheck' : log.state === 'bad' ? 'shieldX' : 'alert',
            )
          : nothing
      }
      ${this.#tile(
        words.t('overview.failed'),
        words.n(today),
        words.t('overview.failed.norm', { norm: words.n(Math.round(norm)) }),
        this.log(FAILED_SIGN_INS, { from: this.#failed[this.#failed.length - 1]?.start ?? this.#ago(0) }),
        today >= UNUSUAL_FROM && today > UNUSUAL_FACTOR * norm ? 'bad' : '',
      )}
      ${this.#tile(
        words.t('overview.security'),
        words.n(security),
        words.t('overview.week'),
        this.log(SECURITY, { from: this.#ago(7) }),
        security ? 'warn' : '',
      )}
      ${
        this.#holds === null
          ? html`<div class="tile">
              <div class="label">${words.t('overview.holds')}</div>
              <div class="number" aria-hidden="true">–</div>
              <div class="about">${words.t('overview.holds.notYours')}</div>
            </div>`
          : this.#tile(
              words.t('overview.holds'),
              words.n(this.#holds),
              words.t('overview.holds.about'),
              `${tenant}/holds`,
            )
      }
    </div>`;
  }

  /** The last security-relevant entries. */
  #renderSecurity(): TemplateResult {
    const words = this.words;
    const zone = localZone();
    return html`<section class="block">
      <h2>
        ${words.t('overview.security')}<a class="link more" href=${this.log(SECURITY)}>${words.t('overview.all')}</a>
      </h2>
      ${
        this.#security?.entries.length
          ? html`<ul class="sentences">
              ${this.#security.entries.map(
                (entry) =>
                  html`<li>
                    <a
                      href=${this.log(SECURITY, { entry: entry.id })}
                      title=${fullText(Date.parse(entry.occurred_at), zone, words.locale)}
                      ><span>${sentenceText(entry, this.#catalog, this.#viewerWords)}</span
                      ><span class="muted"
                        >${dateText(Date.parse(entry.occurred_at), zone, words.locale)},
                        ${minuteText(Date.parse(entry.occurred_at), zone)}</span
                      ></a
                    >
                  </li>`,
              )}
            </ul>`
          : html`<div class="none">${words.t('overview.security.none')}</div>`
      }
    </section>`;
  }

  #renderActivity(): TemplateResult {
    const words = this.words;
    const days = this.#activity?.buckets ?? [];
    return html`<section class="block">
      <h2>
        ${words.t('overview.activity')}<a class="link more" href=${this.log(WITHOUT_READS, { from: this.#ago(30) })}
          >${this.#activity ? words.t('overview.entries', { count: this.#activity.count }) : ''}</a
        >
      </h2>
      ${renderSpark(words, days)}${renderDays(words, days)}
    </section>`;
  }

  /** Where people sign in from, and who does most. */
  #renderMost(): TemplateResult {
    const words = this.words;
    return html`<div class="columns">
      ${renderRanked(
        words,
        words.t('overview.countries'),
        this.#countries?.map((c) => ({
          label: words.country(c.value),
          count: c.count,
          href: this.log(`${SIGN_INS} country:${c.value}`, { time: 'P30D' }),
        })),
      )}
      ${renderRanked(
        words,
        words.t('overview.actors'),
        this.#actors?.map((a) => ({
          label: a.name,
          count: a.count,
          href: this.log(`actor_id:"${a.id}" ${WITHOUT_READS}`, { time: 'P7D' }),
        })),
      )}
    </div>`;
  }
}
