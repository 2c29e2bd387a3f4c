/** The entries, what happened last first, as a table of sentences. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../shared/html.ts';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';

import * as chips from '../query/chips.ts';
import { breakable } from '../shared/breaks.ts';
import { vars } from '../shared/vars.ts';
import { icon, type IconName } from '../shared/icons.ts';
import { clockText, dayNumber, dayText, fullText } from '../shared/time.ts';
import type { Entry, Target } from '../shared/types.ts';
import type { Column } from './link.ts';
import { actorName, sentenceOf, targetPart, type Part } from './sentence.ts';
import { placedAt, timeMark } from './place.ts';
import type { RowKeys } from './row-keys.ts';
import { renderEmpty, renderProblem } from './view-empty.ts';
import type { ViewHost } from './view-host.ts';

const SKELETON_ROWS = 12;
/** A value in a sentence is read, not studied: what is longer is whole where it belongs. */
const QUOTED_CHARS = 120;

function cut(text: string): string {
  return text.length <= QUOTED_CHARS ? text : `${text.slice(0, QUOTED_CHARS).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

export function renderList(v: ViewHost): TemplateResult {
  const { page } = v.model;
  const words = v.words;
  const waits = page.loading && !page.value;
  const empty = page.value && page.value.entries.length === 0;
  return html`<div
      class="list"
      tabindex="-1"
      role="region"
      aria-label=${words.t('list.label')}
      aria-busy=${page.loading}
      @pointermove=${v.pointed}
    >
      ${renderElsewhere(v)}
      ${
        v.model.slow
          ? html`<div class="slow">
              <span role="status">${words.t('slow')}</span
              ><button class="button" @click=${() => v.model.stopAsking()}>${words.t('slow.stop')}</button>
            </div>`
          : nothing
      }
      ${
        page.problem
          ? renderProblem(v)
          : empty
            ? renderEmpty(v)
            : html`<table ${vars({ '--least': `${v.widths.least(v.model.view.columns)}px` })}>
                <caption class="visually-hidden">
                  ${words.t('list.caption')}
                </caption>
                <thead>
                  <tr>
                    ${heading(v, 'time', words.t('column.time'))}
                    <th scope="col">${words.t('column.sentence')}</th>
                    ${v.model.view.columns.map((c) => heading(v, c, words.maybe(`column.${c}`, c)))}
                  </tr>
                </thead>
                <tbody>
                  ${waits ? skeleton(v) : guardedRows(v)}
                </tbody>
              </table>`
      }
    </div>
    ${renderFoot(v)}`;
}

function heading(v: ViewHost, column: Column | 'time', name: string): TemplateResult {
  return html`<th scope="col" class="${column}-column" aria-label=${name} ${vars({ width: v.widths.of(column) })}>
    ${name}${v.widths.grip(column, name)}
  </th>`;
}

function skeleton(v: ViewHost): TemplateResult[] {
  return Array.from(
    { length: SKELETON_ROWS },
    (_, i) =>
      html`<tr class="entry" aria-hidden="true">
        <td class="time"><span class="skeleton" ${vars({ '--w': '52px' })}></span></td>
        <td class="sentence"><span class="skeleton" ${vars({ '--w': `${40 + ((i * 37) % 45)}%` })}></span></td>
        ${v.model.view.columns.map(() => html`<td class="meta"></td>`)}
      </tr>`,
  );
}

/** The rows are most of the page, so they are looked at again only when something that they show has changed. */
function guardedRows(v: ViewHost): unknown {
  const { entries, zone, view, arrived, catalog } = v.model;
  return guard([entries, zone, view, arrived.size, catalog, v.words, v.links], () => rows(v, v.rowKeys));
}

function rows(v: ViewHost, rowKeys: RowKeys): unknown {
  const { entries, zone, view } = v.model;
  let day: number | null = null;
  const lines: { key: number; entry: Entry; day: boolean }[] = [];
  const keys = rowKeys.of(entries.map((entry) => entry.id));
  for (const [i, entry] of entries.entries()) {
    const its = dayNumber(placedAt(entry), zone);
    lines.push({ key: keys[i]!, entry, day: its !== day });
    day = its;
  }
  return repeat(
    lines,
    (line) => line.key,
    ({ entry, day: newDay }) =>
      html`${
        newDay
          ? html`<tr class="day">
              <th scope="rowgroup" colspan=${2 + view.columns.length}>
                ${dayText(placedAt(entry), zone, v.words.locale)}
              </th>
            </tr>`
          : nothing
      }
      ${row(v, entry)}`,
  );
}

function row(v: ViewHost, entry: Entry): TemplateResult {
  const { zone, view, arrived } = v.model;
  const words = v.words;
  const at = placedAt(entry);
  const classes = [
    'entry',
    entry.security_relevant ? 'security' : '',
    view.entry === entry.id ? 'open' : '',
    arrived.has(entry.id) ? 'arrived' : '',
  ].join(' ');
  const address = v.links ? v.address({ ...view, entry: entry.id }) : `#${encodeURIComponent(entry.id)}`;
  return html`<tr
    class=${classes}
    data-id=${entry.id}
    @click=${(e: MouseEvent) => {
      if (!(e.target as Element).closest('a, button') && !String(getSelection())) v.open(entry);
    }}
  >
    <td class="time">
      <a
        href=${address}
        title=${fullText(at, zone, words.locale)}
        aria-current=${view.entry === entry.id ? 'true' : nothing}
        @click=${(e: MouseEvent) => {
          if (e.ctrlKey || e.metaKey || e.shiftKey) return;
          e.preventDefault();
          v.open(entry);
        }}
        ><span class="visually-hidden">${words.t('list.open')} </span>${clockText(at, zone)}</a
      >
    </td>
    <td class="sentence" part="sentence">
      ${sentenceOf(entry, v.model.catalog, words).map((part) => renderPart(v, part))}${tags(v, entry)}
    </td>
    ${view.columns.map((column) => cell(v, entry, column))}
  </tr>`;
}

export function tags(v: ViewHost, entry: Entry): unknown {
  const words = v.words;
  const { type, model, version } = entry.actor;
  return [
    type === 'ai_agent'
      ? html` <span class="tag agent" title=${[model, version].filter(Boolean).join(' ') || nothing}
          >${words.t('agent.tag')}</span
        >`
      : nothing,
    entry.security_relevant ? html` <span class="tag security">${words.t('security.tag')}</span>` : nothing,
    entry.holds?.length ? html` <span class="tag hold">${words.t('hold.tag')}</span>` : nothing,
    entry.personal_erased ? html` <span class="tag">${words.t('erased.tag')}</span>` : nothing,
    timeTag(v, entry),
  ];
}

/**
 * That it was recorded late, and when; or that it says to be of the future, and of when: its row has the other time.
 */
function timeTag(v: ViewHost, entry: Entry): unknown {
  const mark = timeMark(entry);
  if (!mark) return nothing;
  const time = fullText(
    Date.parse(mark === 'late' ? entry.recorded_at : entry.occurred_at),
    v.model.zone,
    v.words.locale,
  );
  const said = `${v.words.t(`flag.${mark}`)}: ${time}`;
  // After an import all rows are late: a small mark tells enough. What says to be of the future is seldom.
  if (mark === 'late')
    return html` <span class="tag late" title=${said}
      >${icon('clock')}<span class="visually-hidden">${said}</span></span
    >`;
  return html` <span class="tag early" title=${time}
    >${v.words.t('flag.early')}<span class="visually-hidden">: ${time}</span></span
  >`;
}

/** A stretch of a sentence; values can be clicked. */
export function renderPart(v: ViewHost, part: Part): unknown {
  if (part.kind === 'quoted')
    return html`<bdi class="quoted" title=${part.text.length > QUOTED_CHARS ? part.text : nothing}
      >${cut(part.text)}</bdi
    >`;
  if (!part.field || part.value === undefined) return part.kind === 'actor' ? html`<bdi>${part.text}</bdi>` : part.text;
  return valueLink(
    v,
    part.field,
    part.value,
    cut(part.text),
    part.kind === 'action' ? 'action' : '',
    part.target ?? null,
  );
}

export function valueButton(v: ViewHost, field: string, value: string, label = value, strong = false): unknown {
  return valueLink(v, field, value, label, strong ? '' : 'plain-weight', null);
}

/** A link and not a button: it leads to the entries with this value, and breaks off with an ellipsis as text does. */
function valueLink(
  v: ViewHost,
  field: string,
  value: string,
  label: string,
  look: string,
  target: Target | null,
): TemplateResult {
  const address = v.links
    ? v.address({ ...v.model.view, entry: null, q: chips.only(v.model.view.q, field, value) })
    : '#';
  return html`<a
    class="value ${look}"
    href=${address}
    data-field=${field}
    data-value=${value}
    @click=${(e: MouseEvent) => {
      if (e.ctrlKey || e.metaKey || e.shiftKey) return;
      e.preventDefault();
      e.stopPropagation();
      if (e.altKey) v.model.query(chips.exclude(v.model.view.q, field, value));
      else v.showMenu({ kind: 'value', field, value, label, target }, e);
    }}
    ><bdi>${field === 'action' ? breakable(label) : label}</bdi></a
  >`;
}

const OUTCOME_ICONS: Record<Entry['outcome'], IconName> = { success: 'check', failure: 'close', unknown: 'minus' };

export function outcome(v: ViewHost, entry: Entry): TemplateResult {
  return html`<span class="outcome ${entry.outcome}"
    >${icon(OUTCOME_ICONS[entry.outcome])}${v.words.t(`outcome.${entry.outcome}`)}</span
  >`;
}

function cell(v: ViewHost, entry: Entry, column: Column): TemplateResult {
  const country = entry.context?.location?.country;
  switch (column) {
    case 'outcome':
      return html`<td class="meta">${outcome(v, entry)}</td>`;
    case 'country':
      return html`<td class="meta">
        ${country ? valueButton(v, 'country', country, v.words.country(country)) : lacking(v)}
      </td>`;
    case 'action':
      return html`<td class="meta mono">${valueButton(v, 'action', entry.action)}</td>`;
    case 'category':
      return html`<td class="meta">
        ${valueButton(v, 'category', entry.category, v.model.name('category', entry.category))}
      </td>`;
    case 'account':
      return html`<td class="meta">${entry.account ? valueButton(v, 'account', entry.account) : '–'}</td>`;
    case 'actor':
    case 'target':
    case 'target_type':
    case 'verb':
    case 'reason':
      return html`<td class="meta">${plainCell(v, entry, column)}</td>`;
    case 'ip':
      return html`<td class="meta mono">
        ${entry.context?.ip ? valueButton(v, 'ip', entry.context.ip) : lacking(v)}
      </td>`;
  }
}

/** What stands for an address or a place that the entry lacks, or that the reader is not shown. */
function lacking(v: ViewHost): string {
  return v.model.withholds ? v.words.t('withheld') : '–';
}

function plainCell(v: ViewHost, entry: Entry, column: 'actor' | 'target' | 'target_type' | 'verb' | 'reason'): unknown {
  const target = entry.targets?.[0];
  switch (column) {
    case 'actor':
      return entry.actor.id
        ? valueButton(v, 'actor_id', entry.actor.id, actorName(entry, v.words))
        : actorName(entry, v.words);
    case 'target':
      return target ? renderPart(v, targetPart(target)) : '–';
    case 'target_type':
      return target ? valueButton(v, 'target_type', target.type) : '–';
    case 'verb':
      return valueButton(v, 'verb', entry.verb);
    case 'reason':
      return entry.reason ? html`<span title=${entry.reason}>${entry.reason}</span>` : '–';
  }
}

/** That the open entry, which a link named, is not among the rows, and the way to those around it. */
function renderElsewhere(v: ViewHost): TemplateResult | typeof nothing {
  const { model, words } = v;
  const entry = model.entry.value;
  const isHere =
    !entry || model.page.loading || !model.entries.length || model.entries.some(({ id }) => id === entry.id);
  if (model.view.entry === null || isHere) return nothing;
  return html`<div class="elsewhere">
    <span class="muted">${words.t('list.elsewhere')}</span>
    <button class="button" @click=${() => model.showAround(entry, { q: '', range: { kind: 'newest' } })}>
      ${words.t('list.around')}
    </button>
  </div>`;
}

/** Above the list and not in it: what waits neither moves nor covers a row. */
export function renderPaused(v: ViewHost): TemplateResult | typeof nothing {
  const count = v.model.live.unread;
  if (!count) return nothing;
  return html`<span class="paused"
    ><button
      class="button primary"
      @click=${() => {
        v.renderRoot.querySelector('.list')?.scrollTo({ top: 0 });
        v.model.live.flush();
      }}
    >
      ${v.words.t('live.paused', { count })}
    </button></span
  >`;
}

/** That something was recorded which happened before what is shown, and so is no row here. */
export function renderBelow(v: ViewHost): TemplateResult | typeof nothing {
  const count = v.model.live.below;
  if (!count) return nothing;
  const said = v.words.t('list.below', { count });
  return html`<span class="below muted" role="status" title=${said}>${said}</span>`;
}

function renderFoot(v: ViewHost): TemplateResult {
  const { model, words } = v;
  const shown = model.entries.length;
  const first = model.isFirst;
  return html`<div class="foot">
    ${renderLive(v)}
    <span class="grow"></span>
    <span class="muted page-text"
      >${
        shown
          ? first
            ? words.t('page.first', { count: shown })
            : model.around.before === null
              ? words.t('page.number', { number: model.cursors.length + 1 })
              : words.t('page.around')
          : ''
      }</span
    >
    <button
      class="button newer"
      ?disabled=${first}
      @click=${() => {
        model.newer();
        v.renderRoot.querySelector('.list')?.scrollTo({ top: 0 });
      }}
    >
      ${icon('left')}${words.t('page.newer')}
    </button>
    <button
      class="button older"
      ?disabled=${!model.page.value?.next_cursor}
      @click=${() => {
        model.older();
        v.renderRoot.querySelector('.list')?.scrollTo({ top: 0 });
      }}
    >
      ${words.t('page.older')}${icon('right')}
    </button>
  </div>`;
}

function renderLive(v: ViewHost): TemplateResult {
  const { live, isOpenEnded, zone } = v.model;
  const words = v.words;
  const state = !isOpenEnded || !live.wanted ? 'off' : live.state;
  const text =
    state === 'live'
      ? live.unread
        ? words.t('live.paused', { count: live.unread })
        : words.t('live.on')
      : state === 'lost'
        ? words.t('live.lost', { since: clockText(live.lostAt ?? Date.now(), zone) })
        : state === 'connecting'
          ? words.t('live.connecting')
          : isOpenEnded
            ? words.t('live.off')
            : words.t(v.model.isFirst ? 'live.past' : 'live.older');
  return html`<button
    class="button plain live ${state === 'live' ? 'on' : state === 'lost' ? 'lost' : ''}"
    aria-pressed=${live.wanted && isOpenEnded}
    ?disabled=${!isOpenEnded}
    title=${words.t('live.title')}
    @click=${() => live.toggle()}
  >
    <span class="lamp" aria-hidden="true"></span><span role="status">${text}</span>
  </button>`;
}
