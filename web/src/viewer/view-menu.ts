/** The menus: of a value, the time, the zone, the columns, and copying the query. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../shared/html.ts';
import * as chips from '../query/chips.ts';
import { icon } from '../shared/icons.ts';
import { fromInput, localZone, offsetMinutes, offsetText, toInput, zoneName } from '../shared/time.ts';
import { COLUMNS, type Range } from './link.ts';
import { PAGE_ENTRIES } from './preset.ts';
import { rememberColumns } from './remembered.ts';
import { exportItems } from './view-export.ts';
import { safeHref } from './view-panel.ts';
import { savedItems } from './view-saved.ts';
import type { Menu, ViewHost } from './view-host.ts';

const SPANS = ['PT1H', 'P1D', 'P7D', 'P30D', 'P90D'];

export function renderMenu(v: ViewHost): TemplateResult | typeof nothing {
  const menu = v.menu;
  if (!menu) return nothing;
  return html`<div
    class="menu"
    popover="auto"
    role="dialog"
    aria-label=${v.words.t(`menu.${menu.kind}`)}
    @toggle=${v.menuClosed}
    @keydown=${arrows}
  >
    ${items(v, menu)}
  </div>`;
}

/** Up and down move between the items. */
function arrows(event: KeyboardEvent): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const target = event.target as HTMLElement;
  if (target.matches('input')) return; // a field moves its caret, radio buttons their choice
  const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('button, a')];
  const at = all.indexOf(target);
  all[(at + (event.key === 'ArrowDown' ? 1 : -1) + all.length) % all.length]?.focus();
  event.preventDefault();
}

function items(v: ViewHost, menu: Menu): unknown {
  switch (menu.kind) {
    case 'value':
      return valueItems(v, menu);
    case 'time':
      return timeItems(v);
    case 'zone':
      return zoneItems(v);
    case 'columns':
      return columnItems(v);
    case 'copy':
      return copyItems(v);
    case 'export':
      return exportItems(v);
    case 'views':
      return savedItems(v);
  }
}

function valueItems(v: ViewHost, { field, value, label, target }: Menu & { kind: 'value' }): TemplateResult {
  const { model, words } = v;
  const q = model.view.q;
  const href = safeHref(target?.href);
  const go = (next: string): void => {
    v.hideMenu();
    model.query(next);
  };
  const history = field === 'target' || field === 'actor_id';
  return html`<div class="title">
      ${words.maybe(`facet.${field}`, field)}: ${label === value ? value : `${label} · ${value}`}
    </div>
    <button @click=${() => go(chips.only(q, field, value))}>${icon('filter')}${words.t('value.only')}</button>
    <button @click=${() => go(chips.exclude(q, field, value))}>${icon('minus')}${words.t('value.exclude')}</button>
    ${
      history
        ? html`<button
            @click=${() => {
              v.hideMenu();
              model.show({ q: model.own(chips.only('', field, value)), range: { kind: 'newest' } });
            }}
          >
            ${icon('clock')}${words.t('value.history')}
          </button>`
        : nothing
    }
    ${
      href
        ? html`<a href=${href} target="_blank" rel="noopener noreferrer"
            >${icon('external')}${words.t('target.open')}</a
          >`
        : nothing
    }
    <button
      @click=${() => {
        v.hideMenu();
        void v.copy(value);
      }}
    >
      ${icon('copy')}${words.t('copy')}
    </button>`;
}

function timeItems(v: ViewHost): TemplateResult {
  const { model, words } = v;
  const range = model.view.range;
  const zone = model.zone;
  const shown = v.brush.shown ?? { from: model.api.now() - 86_400_000, to: model.api.now() };
  const item = (label: string, wanted: Range): TemplateResult => {
    const chosen = JSON.stringify(range) === JSON.stringify(wanted);
    return html`<button aria-current=${chosen ? 'true' : nothing} @click=${() => v.range(wanted)}>
      ${label}${chosen ? html`<span class="tick">${icon('check')}</span>` : nothing}
    </button>`;
  };
  const apply = (event: Event): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const value = (name: string): string => (form.elements.namedItem(name) as HTMLInputElement).value;
    const from = value('from') ? fromInput(value('from'), zone) : null;
    const to = value('to') ? fromInput(value('to'), zone, true) : null;
    v.range({ kind: 'between', from, to });
  };
  const offsets = `${offsetText(offsetMinutes(shown.from, zone))}`;
  return html`${item(words.t('range.newest'), { kind: 'newest' })}
    ${SPANS.map((span) => item(words.maybe(`range.${span}`, span), { kind: 'last', span }))}
    <form class="pad" @submit=${apply}>
      <label
        >${words.t('time.from')}<input
          class="field"
          type="datetime-local"
          step="1"
          name="from"
          .value=${toInput(shown.from, zone)}
      /></label>
      <label
        >${words.t('time.to')}<input
          class="field"
          type="datetime-local"
          step="1"
          name="to"
          .value=${range.kind === 'between' && range.to !== null ? toInput(range.to, zone) : ''}
      /></label>
      <span class="muted">${words.t('time.zone', { zone: zoneName(zone), offset: offsets })}</span>
      <span><input class="button primary" type="submit" value=${words.t('time.apply')} /></span>
    </form>`;
}

function zoneItems(v: ViewHost): TemplateResult {
  const { model, words } = v;
  const item = (zone: string, actual: string, about: string): TemplateResult => {
    const chosen = model.view.zone === zone;
    return html`<button
      aria-current=${chosen ? 'true' : nothing}
      @click=${() => {
        v.hideMenu();
        model.show({ zone });
      }}
    >
      ${zoneName(actual)} ${offsetText(offsetMinutes(Date.now(), actual))}<span class="muted">${about}</span
      >${chosen ? html`<span class="tick">${icon('check')}</span>` : nothing}
    </button>`;
  };
  const tenantZone = model.tenantZone ?? model.preset.zone;
  return html`${item('local', localZone(), words.t('zone.local'))}
  ${tenantZone ? item(tenantZone, tenantZone, words.t('zone.tenant')) : nothing} ${item('UTC', 'UTC', '')}`;
}

function columnItems(v: ViewHost): TemplateResult {
  const chosen = v.model.view.columns;
  return html`${COLUMNS.map(
    (column) =>
      html`<label
        ><input
          type="checkbox"
          .checked=${chosen.includes(column)}
          @change=${(e: Event) => {
            const on = (e.target as HTMLInputElement).checked;
            const columns = COLUMNS.filter((c) => (c === column ? on : chosen.includes(c)));
            rememberColumns(v.model.tenant, columns);
            v.model.show({ columns }, false);
          }}
        />${v.words.maybe(`column.${column}`, column)}</label
      >`,
  )}`;
}

function shell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The query as a command for a terminal. */
export function curlOf(v: ViewHost): string {
  const base = v.model.api.base || location.origin;
  const url = base + v.model.api.url(v.model.path('/events'), v.model.pageParameters()).slice(v.model.api.base.length);
  return `curl -sS ${shell(url)} -H "Authorization: Bearer $INDELIBLE_KEY"`;
}

export function cliOf(v: ViewHost): string {
  const { view, resolved, zone, preset } = v.model;
  const { from, to } = resolved;
  const point = (name: string, instant: number | null): string =>
    instant === null ? '' : ` --${name} ${new Date(instant).toISOString()}`;
  // Where the query speaks of days, they are those of the zone.
  const days = chips.chips(view.q).some(({ field }) => field !== null && /^(recorded_)?(after|before)$/.test(field))
    ? ` --zone ${zone}`
    : '';
  const limit = preset.pageEntries === PAGE_ENTRIES ? '' : ` --limit ${preset.pageEntries}`;
  // What begins with a minus would be taken for an option.
  const query = `${view.q.startsWith('-') ? '-- ' : ''}${shell(view.q || '*')}`;
  const server = v.model.api.base ? ` --server ${shell(v.model.api.base)}` : '';
  const bounds = `${point('from', from)}${point('to', to)}${days}${limit}`;
  return `./indelible search${server} --tenant ${v.model.tenant}${bounds} ${query}`;
}

function copyItems(v: ViewHost): TemplateResult {
  const item = (label: string, text: string): TemplateResult =>
    html`<div class="pad">
      <strong>${label}</strong>
      <pre class="code" tabindex="0" aria-label=${label}>${text}</pre>
      <span
        ><button
          class="button"
          @click=${() => {
            v.hideMenu();
            void v.copy(text);
          }}
        >
          ${icon('copy')}${v.words.t('copy')}
        </button></span
      >
    </div>`;
  return html`${item('curl', curlOf(v))}${item(v.words.t('copy.cli'), cliOf(v))}
  ${
    v.links
      ? html`<div class="pad">
          <span
            ><button
              class="button"
              @click=${() => {
                v.hideMenu();
                void v.copy(location.href);
              }}
            >
              ${icon('link')}${v.words.t('copy.link')}
            </button></span
          >
        </div>`
      : nothing
  }`;
}
