/** What an admin asks first: is anything wrong, what is unusual, what is due, what is normal. */
import { nothing, svg, type TemplateResult } from 'lit';
import { html } from '../../shared/html.ts';
import { Problem } from '../../shared/api.ts';
import { wordsFor, type Words, ENGLISH } from '../../shared/i18n.ts';
import { icon, type IconName } from '../../shared/icons.ts';
import { dateText, fullText, localZone, minuteText, wallTime } from '../../shared/time.ts';
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

const HOUR_MILLIS = 3_600_000;
const DAY_MILLIS = 24 * HOUR_MILLIS;
const NORM_WEEKS = 4;
const FAILED_SIGN_INS = 'verb:login outcome:failure';
const SIGN_INS = 'verb:login outcome:success';
const EXPORTS = 'verb:export';
const SECURITY = 'security:true';
/** What is changed and not only tried. */
const SECURITY_CHANGES = 'security:true -verb:login';
/** So many changes in one night are no accident. */
const NIGHT_LEAST = 3;
const NEW_COUNTRY_DAYS = 14;
/** From this hour on, and before that one, nobody is expected to change what is security-relevant. */
const NIGHT_FROM = 22;
const NIGHT_TO = 6;
/** A day is unusual when it has so many times the norm, and more than a handful. */
const UNUSUAL_FACTOR = 3;
const UNUSUAL_FROM = 5;

/** What keeps anybody from covering their tracks, and where that is weaker than it could be. */
interface Oversight {
  erasures_take_two: boolean;
  erasure_wait_days: number;
  waiting_erasures: { id: string; waits_until: string }[];
  holds_in_force: number;
  weaknesses: { kind: string; action?: string; field?: string }[];
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
    const facets = (parameters: Record<string, string | number>): Promise<FacetsAnswer> =>
      this.api.get<FacetsAnswer>(this.path('/facets'), { zone, ...parameters });
    const optional = async (work: Promise<void>): Promise<void> => {
      try {
        await work;
      } catch (error) {
        // What the caller may not see is left out; anything else is shown.
        if (!(error instanceof Problem) || (error.status !== 403 && error.status !== 404)) throw error;
      }
    };
    await Promise.all([
      this.#countSecurity(ago(7)),
      optional(this.#loadCountries(facets)),
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
      this.api
        .get<HistogramAnswer>(this.path('/histogram'), {
          q: WITHOUT_READS,
          from: ago(30),
          interval: 'day',
          by: 'outcome',
          zone,
        })
        .then((h) => void (this.#activity = h)),
      optional(
        this.api
          .get<{ period: string; cut_off?: string }>(this.path('/retention'))
          .then((a) => void (this.#retention = a)),
      ),
      optional(
        this.api.get<Oversight>(this.path('/oversight')).then((a) => {
          this.#oversight = a;
          this.#holds = this.app.seesWhole(this.tenant) ? a.holds_in_force : null;
        }),
      ),
      optional(this.#loadKeys()),
      // Without whoever reads: reading would make them the most active.
      optional(
        facets({ q: WITHOUT_READS, from: '-7d', fields: 'actor_id', limit: 6, names: 'true' }).then((a) => {
          this.#actors = (a.facets['actor_id'] ?? []).map(({ value, count, name }) => ({
            id: value,
            count,
            name: name ?? value,
          }));
        }),
      ),
    ]);
    this.#loaded = true;
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

  async #loadCountries(facets: (p: Record<string, string | number>) => Promise<FacetsAnswer>): Promise<void> {
    const [signIns, lately, before] = await Promise.all([
      // What lists places or people is, in these words, known to the server as the overview's.
      facets({ q: SIGN_INS, from: '-30d', fields: 'country', limit: 8 }),
      facets({ from: `-${NEW_COUNTRY_DAYS}d`, fields: 'country', limit: 50 }),
      facets({ from: '-90d', to: `-${NEW_COUNTRY_DAYS}d`, fields: 'country', limit: 1000 }),
    ]);
    this.#countries = signIns.facets['country'] ?? [];
    const known = new Set((before.facets['country'] ?? []).map((value) => value.value));
    this.#newCountries = known.size ? (lately.facets['country'] ?? []).filter((value) => !known.has(value.value)) : [];
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

  /** Failed sign-ins of today, and of the same weekday before, on average. */
  get #failedToday(): { today: number; norm: number } {
    const days = this.#failed;
    const today = days[days.length - 1]?.count ?? 0;
    const same = Array.from({ length: NORM_WEEKS }, (_, week) => days[days.length - 1 - 7 * (week + 1)]?.count).filter(
      (c): c is number => c !== undefined,
    );
    return { today, norm: same.length ? same.reduce((sum, c) => sum + c, 0) / same.length : 0 };
  }

  /** The day of the last four weeks that stands out most, if one does. */
  get #outlier(): Bucket | null {
    const counts = this.#failed.map((day) => day.count).sort((a, b) => a - b);
    const median = counts[Math.floor(counts.length / 2)] ?? 0;
    const top = this.#failed.reduce<Bucket | null>((best, day) => (!best || day.count > best.count ? day : best), null);
    return top && top.count >= UNUSUAL_FROM && top.count >= UNUSUAL_FACTOR * Math.max(1, median) ? top : null;
  }

  /** Exports of the last 7 days, and of a week before them on average, when there are far more than usual. */
  get #manyExports(): { count: number; norm: number } | null {
    const counts = this.#exports.map((day) => day.count);
    const sum = (days: number[]): number => days.reduce((all, day) => all + day, 0);
    const count = sum(counts.slice(-7));
    const norm = sum(counts.slice(0, -7)) / NORM_WEEKS;
    return count >= UNUSUAL_FROM && count >= UNUSUAL_FACTOR * norm ? { count, norm } : null;
  }

  /** The night of the last four weeks with the most security-relevant changes, when those are many. */
  get #busiestNight(): { from: number; count: number } | null {
    const zone = localZone();
    const nights = new Map<number, number>();
    for (const { start, count } of this.#hours) {
      const instant = Date.parse(start);
      const { hour } = wallTime(instant, zone);
      if (!count || (hour < NIGHT_FROM && hour >= NIGHT_TO)) continue;
      // The hours after midnight belong to the evening before.
      const from = instant - ((hour - NIGHT_FROM + 24) % 24) * HOUR_MILLIS;
      nights.set(from, (nights.get(from) ?? 0) + count);
    }
    const [most] = [...nights].sort((a, b) => b[1] - a[1]);
    return most && most[1] >= NIGHT_LEAST ? { from: most[0], count: most[1] } : null;
  }

  #renderUnusual(): TemplateResult | typeof nothing {
    const words = this.words;
    const zone = localZone();
    const outlier = this.#outlier;
    const exports = this.#manyExports;
    const night = this.#busiestNight;
    const iso = (instant: number): string => new Date(instant).toISOString();
    const item = (text: string, why: string, when: string, href: string): TemplateResult =>
      html`<li>
        <a href=${href}
          ><span>${text}<small class="why">${why}</small></span
          ><span class="muted">${when}</span></a
        >
      </li>`;
    const items = [
      ...(outlier
        ? [
            item(
              words.t('overview.outlier', { count: outlier.count }),
              words.t('overview.outlier.why', { factor: UNUSUAL_FACTOR }),
              dateText(Date.parse(outlier.start), zone, words.locale),
              this.log(FAILED_SIGN_INS, { from: outlier.start, to: iso(Date.parse(outlier.start) + DAY_MILLIS) }),
            ),
          ]
        : []),
      ...(night
        ? [
            item(
              words.t('overview.night', { count: night.count }),
              words.t('overview.night.why', { from: `${NIGHT_FROM}:00`, to: `0${NIGHT_TO}:00` }),
              dateText(night.from, zone, words.locale),
              this.log(SECURITY_CHANGES, {
                from: iso(night.from),
                to: iso(night.from + (24 - NIGHT_FROM + NIGHT_TO) * HOUR_MILLIS),
              }),
            ),
          ]
        : []),
      ...(exports
        ? [
            item(
              words.t('overview.exports', { count: exports.count }),
              words.t('overview.exports.why', { norm: words.n(Math.round(exports.norm)) }),
              words.t('overview.week'),
              this.log(EXPORTS, { from: this.#ago(7) }),
            ),
          ]
        : []),
      ...this.#newCountries.map((country) =>
        item(
          words.t('overview.country', { country: words.country(country.value) }),
          words.t('overview.country.why', { days: NEW_COUNTRY_DAYS }),
          words.n(country.count),
          this.log(`country:${country.value}`, { time: `P${NEW_COUNTRY_DAYS}D` }),
        ),
      ),
    ];
    if (!items.length) return nothing;
    return html`<section class="block">
      <h2>${icon('alert')}${words.t('overview.unusual')}</h2>
      <ul class="sentences unusual">
        ${items}
      </ul>
    </section>`;
  }

  /** What an admin could not hide: requests that wait, and what the operator lets be recorded less. */
  #renderOversight(): TemplateResult | typeof nothing {
    const words = this.words;
    const oversight = this.#oversight;
    if (!oversight) return nothing;
    const tenant = `/t/${encodeURIComponent(this.tenant)}`;
    const item = (text: string, when: string, href: string): TemplateResult =>
      html`<li>
        <a href=${href}><span>${text}</span><span class="muted">${when}</span></a>
      </li>`;
    const items = [
      ...oversight.waiting_erasures.map(({ id, waits_until }) =>
        item(
          words.t('overview.oversight.waiting', { id: id.slice(-12) }),
          words.t('overview.oversight.until', { date: dateText(Date.parse(waits_until), localZone(), words.locale) }),
          `${tenant}/erasures`,
        ),
      ),
      ...(oversight.erasures_take_two
        ? []
        : [item(words.t('overview.oversight.one'), words.t('overview.oversight.switch'), `${tenant}/settings`)]),
      ...oversight.weaknesses.map(({ kind, action, field }) =>
        item(
          [words.maybe(`overview.weak.${kind}`, kind), field, action && field ? `(${action})` : action]
            .filter(Boolean)
            .join(' '),
          words.t('overview.oversight.operator'),
          `${tenant}/settings`,
        ),
      ),
    ];
    if (!items.length) return nothing;
    return html`<section class="block">
      <h2>${icon('alert')}${words.t('overview.oversight')}</h2>
      <ul class="sentences oversight">
        ${items}
      </ul>
    </section>`;
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
    const words = this.words;
    const { today, norm } = this.#failedToday;
    const log = this.#log;
    const tenant = `/t/${encodeURIComponent(this.tenant)}`;
    const security = this.#securityCount;
    const zone = localZone();
    return html` <div class="tiles">
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
      </div>
      ${this.#renderUnusual()} ${this.#renderOversight()}
      <div class="columns">
        <section class="block">
          <h2>
            ${words.t('overview.security')}<a class="link more" href=${this.log(SECURITY)}
              >${words.t('overview.all')}</a
            >
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
        </section>
        <section class="block">
          <h2>${words.t('overview.due')}</h2>
          <div class="inside">
            <dl class="facts">
              ${
                this.#retention
                  ? html`<dt>${words.t('overview.purge')}</dt>
                      <dd>
                        <a class="link" href="${tenant}/retention"
                          >${
                            this.#retention.cut_off
                              ? words.t('overview.purge.before', {
                                  date: dateText(Date.parse(this.#retention.cut_off), zone, words.locale),
                                })
                              : words.t('overview.purge.never')
                          }</a
                        >
                      </dd>`
                  : nothing
              }
              ${
                this.#expiring === null
                  ? nothing
                  : html`<dt>${words.t('overview.keys')}</dt>
                      <dd>
                        <a class="link" href="${tenant}/keys"
                          >${words.t('overview.keys.soon', { count: this.#expiring })}</a
                        >
                      </dd>`
              }
              <dt>${words.t('overview.holds')}</dt>
              <dd>
                ${
                  this.#holds === null
                    ? html`<span class="muted">${words.t('notYours')}</span>`
                    : html`<a class="link" href="${tenant}/holds"
                        >${words.t('overview.holds.inForce', { count: this.#holds })}</a
                      >`
                }
              </dd>
            </dl>
          </div>
        </section>
      </div>
      <section class="block">
        <h2>
          ${words.t('overview.activity')}<a class="link more" href=${this.log(WITHOUT_READS, { from: this.#ago(30) })}
            >${this.#activity ? words.t('overview.entries', { count: this.#activity.count }) : ''}</a
          >
        </h2>
        ${this.#spark()}${this.#days()}
      </section>
      <div class="columns">
        ${this.#ranked(
          words.t('overview.countries'),
          this.#countries?.map((c) => ({
            label: words.country(c.value),
            count: c.count,
            href: this.log(`${SIGN_INS} country:${c.value}`, { time: 'P30D' }),
          })),
        )}
        ${this.#ranked(
          words.t('overview.actors'),
          this.#actors?.map((a) => ({
            label: a.name,
            count: a.count,
            href: this.log(`actor_id:"${a.id}" ${WITHOUT_READS}`, { time: 'P7D' }),
          })),
        )}
      </div>`;
  }

  #spark(): TemplateResult {
    const buckets = this.#activity?.buckets ?? [];
    const most = Math.max(1, ...buckets.map((bucket) => bucket.count));
    return html`<svg
      class="spark"
      viewBox="0 0 ${buckets.length * 10 || 10} 50"
      preserveAspectRatio="none"
      role="img"
      aria-label=${this.words.t('overview.activity')}
    >
      ${buckets.map((bucket, i) => {
        const height = bucket.count ? Math.max(1, (bucket.count / most) * 50) : 0;
        const failed = bucket.by?.['failure'] ? Math.max(1, (bucket.by['failure'] / most) * 50) : 0;
        return svg`<rect class="ok" x=${i * 10 + 1} width="8" y=${50 - height} height=${Math.max(
          0,
          height - failed,
        )} /><rect class="failure" x=${i * 10 + 1} width="8" y=${50 - failed} height=${failed} />`;
      })}
    </svg>`;
  }

  /** Where the chart begins and ends. */
  #days(): TemplateResult | typeof nothing {
    const buckets = this.#activity?.buckets ?? [];
    if (!buckets.length) return nothing;
    const day = ({ start }: Bucket): string => dateText(Date.parse(start), localZone(), this.words.locale);
    return html`<div class="spark-days" aria-hidden="true">
      <span>${day(buckets[0]!)}</span><span>${day(buckets[buckets.length - 1]!)}</span>
    </div>`;
  }

  #ranked(title: string, rows: { label: string; count: number; href: string }[] | undefined): TemplateResult {
    if (!rows)
      return html`<section class="block">
        <h2>${title}</h2>
        <div class="none">${this.words.t('notYours')}</div>
      </section>`;
    const most = Math.max(1, ...rows.map((row) => row.count));
    return html`<section class="block">
      <h2>${title}</h2>
      ${
        rows.length
          ? html`<ul class="ranked">
              ${rows.map(
                (row) =>
                  html`<li>
                    <a href=${row.href}
                      ><span>${row.label}</span><span class="count">${this.words.n(row.count)}</span
                      ><span class="share" aria-hidden="true" ${vars({ '--share': String(row.count / most) })}></span
                    ></a>
                  </li>`,
              )}
            </ul>`
          : html`<div class="none">${this.words.t('overview.nothing')}</div>`
      }
    </section>`;
  }
}
