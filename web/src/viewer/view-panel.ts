/** One entry in whole, beside the list. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../shared/html.ts';
import { quote } from '../query/lexer.ts';
import { isContainer, stringifyExact } from '../shared/exact.ts';
import { icon, type IconName } from '../shared/icons.ts';
import { problemText } from '../shared/problems.ts';
import { after, dateText, fullText } from '../shared/time.ts';
import type { Actor, Entry, RecordedBy, Target } from '../shared/types.ts';
import { actorName, chainOf, humanize, partyName, sentenceOf } from './sentence.ts';
import { deviceOf } from './device.ts';
import { periodText } from './view-empty.ts';
import { outcome, renderPart, valueButton } from './view-list.ts';
import { renderChanges, renderJson } from './view-json.ts';
import { renderProof } from './view-proof.ts';
import type { ViewHost } from './view-host.ts';

export function renderPanel(v: ViewHost): TemplateResult | typeof nothing {
  const { model, words } = v;
  if (model.view.entry === null) return nothing;
  const entry = model.entry.value;
  return html`<section class="panel" aria-label=${words.t('entry.label')} tabindex="-1">
    ${renderTop(v, entry)}
    ${
      entry
        ? html`<div class="content">${content(v, entry)}</div>`
        : model.entry.problem
          ? renderGone(v)
          : html`<div class="content" aria-busy="true"><p class="skeleton"></p></div>`
    }
  </section>`;
}

/** The buttons over the entry. */
function renderTop(v: ViewHost, entry: Entry | null): TemplateResult {
  const { model, words } = v;
  const at = model.entries.findIndex((e) => e.id === model.view.entry);
  return html`<div class="top">
    <button
      class="button plain icon-only"
      aria-label=${words.t('entry.close')}
      title="${words.t('entry.close')} Esc"
      @click=${() => v.close()}
    >
      ${icon('close')}
    </button>
    <span class="where">${entry ? words.t('entry.number', { seq: entry.seq }) : ''}</span>
    <button
      class="button plain icon-only"
      aria-label=${words.t('entry.newer')}
      title="${words.t('entry.newer')} k"
      ?disabled=${at <= 0}
      @click=${() => model.step(-1)}
    >
      ${icon('up')}
    </button>
    <button
      class="button plain icon-only"
      aria-label=${words.t('entry.older')}
      title="${words.t('entry.older')} j"
      ?disabled=${at < 0 || at >= model.entries.length - 1}
      @click=${() => model.step(1)}
    >
      ${icon('down')}
    </button>
    <button
      class="button plain icon-only permalink"
      aria-label=${words.t('entry.link')}
      title=${words.t('entry.link')}
      ?disabled=${!v.links}
      @click=${() => v.copy(new URL(v.address({ ...model.fallback, entry: model.view.entry }), location.href).href)}
    >
      ${icon('link')}
    </button>
    <button
      class="button plain icon-only copy-json"
      aria-label=${words.t('entry.json')}
      title=${words.t('entry.json')}
      ?disabled=${!entry}
      @click=${() => v.copy(stringifyExact(entry, 2))}
    >
      ${icon('copy')}
    </button>
  </div>`;
}

function renderGone(v: ViewHost): TemplateResult {
  const problem = v.model.entry.problem!;
  const title = problem.status === 404 ? v.words.t('entry.gone') : v.words.t('problem.title');
  return html`<div class="empty" role="alert">
    <h2>${title}</h2>
    <p>${problem.status === 404 ? v.words.t('entry.gone.help') : problemText(v.words, problem)}</p>
  </div>`;
}

function content(v: ViewHost, entry: Entry): unknown {
  const { model, words } = v;
  const zone = model.zone;
  const occurred = Date.parse(entry.occurred_at);
  return [
    html`<header>
      <h2>${sentenceOf(entry, model.catalog, words).map((part) => renderPart(v, part))}</h2>
      <div class="muted">${fullText(occurred, zone, words.locale)}</div>
    </header>`,
    html`<div class="notices">${renderProof(v)}${notices(v, entry)}</div>`,
    entry.changes?.length ? section(words.t('entry.changes'), renderChanges(v, entry.changes)) : nothing,
    entry.reason ? section(words.t('entry.reason'), html`<div>${entry.reason}</div>`) : nothing,
    section(
      words.t('entry.what'),
      facts([
        [words.t('column.action'), html`<span class="mono">${valueButton(v, 'action', entry.action)}</span>`],
        [
          words.t('column.category'),
          valueButton(v, 'category', entry.category, model.name('category', entry.category)),
        ],
        [
          words.t('column.outcome'),
          html`${outcome(v, entry)}${entry.outcome_reason ? html` – ${entry.outcome_reason}` : nothing}`,
        ],
        entry.account ? [words.t('column.account'), valueButton(v, 'account', entry.account)] : null,
        entry.flags?.length
          ? [
              words.t('entry.flags'),
              html`<span class="tags"
                >${entry.flags.map(
                  (flag) => html`<span class="tag">${words.maybe(`flag.${flag}`, humanize(flag))}</span>`,
                )}</span
              >`,
            ]
          : null,
      ]),
    ),
    section(words.t('entry.who'), who(v, entry)),
    entry.targets?.length
      ? section(
          words.t('entry.target'),
          entry.targets.map((target) => targetLine(v, target)),
        )
      : nothing,
    where(v, entry),
    entry.details && Object.keys(entry.details).length ? details(v, entry.details) : nothing,
    section(words.t('entry.kept'), kept(v, entry)),
    section(words.t('entry.related'), related(v, entry)),
    html`<details>
      <summary class="link">${words.t('entry.raw')}</summary>
      ${renderJson(entry, 2)}
    </details>`,
  ];
}

function section(title: string, body: unknown): TemplateResult {
  return html`<section>
    <h3>${title}</h3>
    ${body}
  </section>`;
}

function facts(rows: ([string, unknown] | null)[]): TemplateResult {
  return html`<dl class="facts">
    ${rows.map((row) =>
      row
        ? html`<dt>${row[0]}</dt>
            <dd>${row[1]}</dd>`
        : nothing,
    )}
  </dl>`;
}

function notices(v: ViewHost, entry: Entry): unknown {
  const words = v.words;
  const notice = (kind: string, name: IconName, text: string): TemplateResult =>
    html`<div class="notice ${kind}">${icon(name)}<span>${text}</span></div>`;
  return [
    entry.security_relevant ? notice('security', 'alert', words.t('security.notice')) : nothing,
    entry.holds?.map((hold) => notice('', 'lock', words.t('hold.notice', { name: hold.name }))) ?? nothing,
    entry.personal_erased ? notice('', 'minus', words.t('erased.notice')) : nothing,
  ];
}

function who(v: ViewHost, entry: Entry): TemplateResult {
  const words = v.words;
  const { actor } = entry;
  const name = actorName(entry, words);
  const list = (values: string[], field: string): TemplateResult =>
    html`<span class="tags"
      >${values.map((value) => html`<span class="tag">${valueButton(v, field, value)}</span>`)}</span
    >`;
  return facts([
    [words.t('actor.name'), actor.id ? valueButton(v, 'actor_id', actor.id, name, true) : name],
    actor.email ? [words.t('actor.email'), actor.email] : null,
    [words.t('actor.type'), words.maybe(`actor.type.${actor.type}`, actor.type)],
    actor.id ? [words.t('actor.id'), html`<code>${actor.id}</code>`] : null,
    actor.roles?.length ? [words.t('actor.roles'), list(actor.roles, 'role')] : null,
    actor.permissions?.length ? [words.t('actor.permissions'), list(actor.permissions, 'permission')] : null,
    ...agent(v, actor),
    ...chainOf(actor).flatMap((party): ([string, unknown] | null)[] => {
      const called = partyName(party, entry, words);
      const kind = html` <span class="muted">${words.maybe(`actor.type.${party.type}`, party.type)}</span>`;
      return [
        [words.t('actor.behalf'), html`${party.id ? valueButton(v, 'on_behalf_of', party.id, called) : called}${kind}`],
        ...agent(v, party),
      ];
    }),
  ]);
}

/** What an AI agent runs on. */
function agent(v: ViewHost, { model, version }: Actor): ([string, unknown] | null)[] {
  return [
    model ? [v.words.t('actor.model'), valueButton(v, 'model', model)] : null,
    version ? [v.words.t('actor.version'), valueButton(v, 'version', version)] : null,
  ];
}

/** Only addresses that lead to a page; what an event says is not to run anything. */
export function safeHref(href: string | undefined): string | null {
  if (!href) return null;
  try {
    const url = new URL(href, location.href);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null;
  }
}

function targetLine(v: ViewHost, target: Target): TemplateResult {
  const href = safeHref(target.href);
  return html`<div>
    ${valueButton(v, 'target', `${target.type}/${target.id}`, target.name ?? target.id, true)}
    <span class="muted">${humanize(target.type).toLowerCase()}</span>
    <code class="muted">${target.id}</code>
    ${
      href
        ? html` <a class="link" href=${href} target="_blank" rel="noopener noreferrer"
            >${v.words.t('target.open')} ${icon('external')}</a
          >`
        : nothing
    }
  </div>`;
}

function where(v: ViewHost, entry: Entry): TemplateResult | typeof nothing {
  const context = entry.context;
  if (!context) return nothing;
  const words = v.words;
  const place = context.location;
  const names = place
    ? [place.city, place.region, place.country ? words.country(place.country) : ''].filter(Boolean).join(', ')
    : '';
  const device = context.user_agent ? deviceOf(context.user_agent) : '';
  const id = (field: string, value: string | undefined): unknown =>
    value ? html`<span class="mono">${valueButton(v, field, value)}</span>` : null;
  return section(
    words.t('entry.where'),
    facts([
      names
        ? [words.t('context.place'), place?.country ? valueButton(v, 'country', place.country, names) : names]
        : null,
      context.ip ? [words.t('context.ip'), id('ip', context.ip)] : null,
      context.user_agent
        ? [words.t('context.device'), html`<span title=${context.user_agent}>${device || context.user_agent}</span>`]
        : null,
      context.session_id ? [words.t('context.session'), id('session', context.session_id)] : null,
      context.request_id ? [words.t('context.request'), id('request', context.request_id)] : null,
      context.trace_id ? [words.t('context.trace'), id('trace', context.trace_id)] : null,
      context.producer ? [words.t('context.producer'), id('producer', context.producer)] : null,
      context.producer_seq === undefined
        ? null
        : [words.t('context.producer_seq'), id('producer_seq', String(context.producer_seq))],
    ]),
  );
}

/** Details; a request and its response get a place of their own. */
function details(v: ViewHost, all: Record<string, unknown>): unknown {
  const own = ['request', 'response', 'payload'].filter((name) => isContainer(all[name]));
  const rest = Object.fromEntries(Object.entries(all).filter(([name]) => !own.includes(name)));
  const block = (title: string, value: unknown): TemplateResult =>
    html`<section>
      <h3>
        ${title} <button class="link" @click=${() => v.copy(stringifyExact(value, 2))}>${v.words.t('copy')}</button>
      </h3>
      ${renderJson(value)}
    </section>`;
  return [
    own.map((name) => block(v.words.maybe(`details.${name}`, name), all[name])),
    Object.keys(rest).length ? block(v.words.t('entry.details'), rest) : nothing,
  ];
}

/** The records of deletions, which no retention deletes (docs/operate/retention.md). */
const DELETION_RECORDS = ['audit.entries.purge', 'audit.personal.erase'];

function kept(v: ViewHost, entry: Entry): TemplateResult {
  const words = v.words;
  const { zone, retentionPeriod } = v.model;
  const recorded = Date.parse(entry.recorded_at);
  const until = retentionPeriod ? after(recorded, retentionPeriod) : null;
  return facts([
    [words.t('entry.recorded'), fullText(recorded, zone, words.locale)],
    entry.recorded_by ? [words.t('entry.recordedBy'), recordedBy(v, entry.recorded_by)] : null,
    DELETION_RECORDS.includes(entry.action)
      ? [words.t('entry.until'), words.t('entry.always')]
      : retentionPeriod
        ? [
            words.t('entry.until'),
            until === null
              ? words.t('period.lifetime')
              : html`${dateText(until, zone, words.locale)}
                  <span class="muted">(${periodText(v, retentionPeriod)})</span
                  >${entry.holds?.length ? html` ${words.t('entry.longer')}` : nothing}`,
          ]
        : null,
    entry.holds?.length ? [words.t('entry.holds'), entry.holds.map((hold) => hold.name).join(', ')] : null,
    [words.t('entry.id'), html`<code>${entry.id}</code>`],
  ]);
}

function recordedBy(v: ViewHost, { type, id }: RecordedBy): TemplateResult {
  const kind = v.words.maybe(`recordedBy.${type}`, type);
  return html`${kind}${id ? html` <span class="mono">${valueButton(v, 'recorded_by', id)}</span>` : nothing}`;
}

function related(v: ViewHost, entry: Entry): TemplateResult {
  const { model, words } = v;
  const context = entry.context ?? {};
  const target = entry.targets?.[0];
  const links: [string, string][] = [];
  if (target)
    links.push([
      words.t('related.target', { name: target.name ?? target.id }),
      `target:${quote(`${target.type}/${target.id}`)}`,
    ]);
  if (entry.actor.id)
    links.push([words.t('related.actor', { name: actorName(entry, words) }), `actor_id:${quote(entry.actor.id)}`]);
  if (context.session_id) links.push([words.t('related.session'), `session:${quote(context.session_id)}`]);
  if (context.request_id) links.push([words.t('related.request'), `request:${quote(context.request_id)}`]);
  if (context.trace_id) links.push([words.t('related.trace'), `trace:${quote(context.trace_id)}`]);
  const queries = links.map(([label, q]): [string, string] => [label, model.own(q)]);
  void v.countRelated(
    entry,
    queries.map(([, q]) => q),
  );
  return html`<div class="related">
    ${queries.map(([label, q]) => {
      const count = v.relatedCounts.get(q);
      return html`<button @click=${() => model.show({ q, range: { kind: 'newest' } })}>
        <bdi>${label}</bdi><span class="count">${count === undefined ? '' : words.n(count)}</span>
      </button>`;
    })}
  </div>`;
}
