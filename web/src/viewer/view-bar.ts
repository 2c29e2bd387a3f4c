/** The query bar: text, chips, time, zone. */
import { nothing, type TemplateResult } from 'lit';
import { html } from '../shared/html.ts';
import { live } from 'lit/directives/live.js';
import * as chips from '../query/chips.ts';
import { bare, hidesReads, WITHOUT_READS } from '../query/reads.ts';
import { renderClock } from '../shared/clock.ts';
import { icon } from '../shared/icons.ts';
import type { Key } from '../shared/i18n.ts';
import { dateText, minuteText, offsetMinutes, offsetText, zoneName } from '../shared/time.ts';
import { formats, renderExport } from './view-export.ts';
import type { ViewHost } from './view-host.ts';

export function renderBar(v: ViewHost): TemplateResult {
  const { t } = words(v);
  const model = v.model;
  const at = model.resolved.to ?? model.api.now();
  return html`<div class="bar">
    <div class="row">
      <button
        class="button icon-only narrow-only facets-button"
        aria-label=${t('filters')}
        aria-expanded=${v.facetsOpen}
        @click=${() => {
          v.facetsOpen = !v.facetsOpen;
          v.requestUpdate();
        }}
      >
        ${icon('filter')}
      </button>
      ${renderQuery(v)}
      <button class="button time-button" aria-haspopup="dialog" @click=${(e: Event) => v.showMenu({ kind: 'time' }, e)}>
        ${icon('clock')}<span>${rangeText(v)}</span>${icon('down')}
      </button>
      <button
        class="button zone-button"
        aria-haspopup="dialog"
        title=${t('zone.title')}
        @click=${(e: Event) => v.showMenu({ kind: 'zone' }, e)}
      >
        <span class="wide-only">${zoneName(model.zone)}</span> <span>${offsetText(offsetMinutes(at, model.zone))}</span>
      </button>
    </div>
    ${renderProblem(v)} ${renderChips(v)} ${renderExport(v)} ${renderClock(model.api, v.words)}
    ${model.withholds ? html`<p class="muted small withheld">${t('withheld.notice')}</p>` : nothing}
  </div>`;
}

function words(v: ViewHost): { t: (key: Key, p?: Record<string, string | number>) => string } {
  return { t: (key, p) => v.words.t(key, p) };
}

export function rangeText(v: ViewHost): string {
  const { range } = v.model.view;
  if (range.kind === 'newest') return v.words.t('range.newest');
  if (range.kind === 'last') return v.words.maybe(`range.${range.span}`, range.span);
  const zone = v.model.zone;
  const point = (instant: number | null): string =>
    instant === null ? '…' : `${dateText(instant, zone, v.words.locale)}, ${minuteText(instant, zone)}`;
  return `${point(range.from)} – ${range.to === null ? v.words.t('range.now') : point(range.to)}`;
}

function renderQuery(v: ViewHost): TemplateResult {
  const box = v.queryBox;
  const t = v.words;
  const changed = box.draft.trim() !== box.shown;
  const problem = queryProblem(v);
  return html`<div class="query" role="search">
    ${icon('search')}
    <input
      class="field"
      type="text"
      role="combobox"
      aria-label=${t.t('query.label')}
      placeholder=${t.t('query.placeholder')}
      aria-autocomplete="list"
      aria-expanded=${box.open}
      aria-controls="suggestions"
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      aria-activedescendant=${box.open && box.selected >= 0 ? `suggestion-${box.selected}` : nothing}
      aria-invalid=${problem ? 'true' : nothing}
      aria-describedby=${problem ? 'query-problem' : nothing}
      maxlength="4096"
      .value=${live(box.draft)}
      @input=${box.typed}
      @keydown=${box.pressed}
      @blur=${box.left}
      @click=${box.caretMoved}
    />
    <span class="hint wide-only" aria-hidden="true"
      >${changed ? html`<kbd>Enter</kbd>` : html`<kbd>/</kbd><kbd>?</kbd>`}</span
    >
    <ul id="suggestions" class="suggestions" role="listbox" aria-label=${t.t('query.suggestions')} ?hidden=${!box.open}>
      ${box.suggestions.map(
        (s, i) =>
          html`<li
            id="suggestion-${i}"
            role="option"
            aria-selected=${i === box.selected}
            @pointerdown=${(e: Event) => e.preventDefault()}
            @click=${() => box.take(i)}
          >
            <span class="name"><bdi>${s.text}</bdi>${s.count === null && s.about ? ':' : ''}</span
            ><span class="about">${s.about}</span>
            ${s.count === null ? nothing : html`<span class="muted">${t.n(s.count)}</span>`}
          </li>`,
      )}
    </ul>
  </div>`;
}

export function queryProblem(v: ViewHost): { column: number; length: number; detail: string; english: string } | null {
  const problem = v.model.page.problem;
  if (problem?.code !== 'invalid_query' || problem.column === undefined) return null;
  const { text, english } = v.words.problem(problem);
  return { column: problem.column, length: problem.length, detail: text, english };
}

/** The query with what is wrong marked; columns count code points, from 1. */
function renderProblem(v: ViewHost): TemplateResult | typeof nothing {
  const problem = queryProblem(v);
  if (!problem) return nothing;
  const points = [...v.queryBox.shown];
  const from = problem.column - 1;
  const marked = points.slice(from, from + problem.length).join('') || ' ';
  return html`<div class="caret-error" id="query-problem" role="alert">
    <pre tabindex="0" aria-label=${v.words.t('query.faulty')}>
${points.slice(0, from).join('')}<mark>${marked}</mark>${points.slice(from + problem.length).join('')}
${' '.repeat(from)}${'^'.repeat(Math.max(1, problem.length))}</pre>
    <div>
      ${v.words.t('query.column', { column: String(problem.column), detail: problem.detail })}
      ${problem.english ? html`<span class="original" lang="en">${problem.english}</span>` : nothing}
      <button class="link" @click=${() => v.queryBox.edit(offset(points, from), offset(points, from + problem.length))}>
        ${v.words.t('query.correct')}
      </button>
    </div>
  </div>`;
}

function offset(points: string[], count: number): number {
  return points.slice(0, count).join('').length;
}

/** The filters that the profile offers, while there is none. */
function renderOffered(v: ViewHost): TemplateResult {
  const { filters } = v.model.preset;
  const t = v.words;
  if (!filters.length) return html`<span class="muted wide-only">${t.t('chips.none')}</span>`;
  const take = (name: string, event: Event): void => {
    if (name === 'time') v.showMenu({ kind: 'time' }, event);
    else if (name === 'text') v.queryBox.focus();
    else v.queryBox.begin(name);
  };
  return html`<div class="offered wide-only" role="group" aria-label=${t.t('offered')}>
    <span class="muted" aria-hidden="true">${t.t('offered')}</span>
    ${filters.map(
      (name) =>
        html`<button class="button plain" data-filter=${name} @click=${(e: Event) => take(name, e)}>
          ${t.maybe(`facet.${name}`, name)}
        </button>`,
    )}
  </div>`;
}

function renderChips(v: ViewHost): TemplateResult | typeof nothing {
  const q = v.model.view.q;
  const hides = hidesReads(q);
  const all = chips.chips(bare(q));
  const t = v.words;
  return html`<div class="row">
    <button
      class="reads ${hides ? 'on' : ''}"
      title=${t.t(hides ? 'reads.show' : 'reads.title')}
      @click=${() => v.model.query(hides ? bare(q) : chips.and(q, WITHOUT_READS))}
    >
      ${t.t(hides ? 'reads.hidden' : 'reads.hide')}${hides ? icon('close') : nothing}
    </button>
    ${
      all.length
        ? html`<div class="chips" role="group" aria-label=${t.t('chips.label')}>
            ${all.map((chip) => renderChip(v, q, chip))}
            ${
              all.length > 1
                ? html`<button class="button plain" @click=${() => v.model.query(v.model.own(''))}>
                    ${t.t('chips.clear')}
                  </button>`
                : nothing
            }
          </div>`
        : renderOffered(v)
    }
    ${renderTools(v)}
  </div>`;
}

function renderChip(v: ViewHost, q: string, chip: chips.Chip): TemplateResult {
  const t = v.words;
  const label = chip.field
    ? chip.values.map((value) => v.model.name(chip.field!, value.text) + (value.prefix ? '*' : '')).join(', ')
    : chips.affirmed(chip);
  return html`<span class="chip ${chip.negated ? 'out' : ''}">
    <button
      class="text"
      title=${t.t('chips.edit')}
      @click=${(e: MouseEvent) => {
        if (e.altKey) v.model.query(chips.invert(q, chip));
        else v.queryBox.edit(chip.from, chip.to);
      }}
    >
      ${chip.negated ? html`<span class="not">${t.t('chips.not')}</span>` : nothing}
      ${chip.field ? html`<span class="field-name">${t.maybe(`facet.${chip.field}`, chip.field)}</span>` : nothing}
      <bdi>${label}</bdi>
    </button>
    <button
      class="remove"
      aria-label=${t.t('chips.remove', { what: chip.text })}
      @click=${() => v.model.query(chips.without(q, chip))}
    >
      ${icon('close')}
    </button>
  </span>`;
}

/** The menus beside the chips. */
function renderTools(v: ViewHost): TemplateResult {
  const t = v.words;
  return html`<div class="tools">
    <button
      class="button plain views-button"
      aria-haspopup="dialog"
      aria-label=${t.t('views')}
      @click=${(e: Event) => v.showMenu({ kind: 'views' }, e)}
    >
      ${icon('bookmark')}<span class="wide-only">${t.t('views')}</span>
    </button>
    ${
      v.model.may('audit.export') && formats(v).length
        ? html`<button
            class="button plain export-button"
            aria-haspopup="dialog"
            aria-label=${t.t('export')}
            @click=${(e: Event) => v.showMenu({ kind: 'export' }, e)}
          >
            ${icon('download')}<span class="wide-only">${t.t('export')}</span>
          </button>`
        : nothing
    }
    <button
      class="button plain columns-button wide-only"
      aria-haspopup="dialog"
      @click=${(e: Event) => v.showMenu({ kind: 'columns' }, e)}
    >
      ${icon('columns')}${t.t('columns')}
    </button>
    ${
      v.noCommands
        ? nothing
        : html`<button
            class="button plain copy-button"
            aria-haspopup="dialog"
            aria-label=${t.t('copyAs')}
            @click=${(e: Event) => v.showMenu({ kind: 'copy' }, e)}
          >
            ${icon('terminal')}<span class="wide-only">${t.t('copyAs')}</span>
          </button>`
    }
    <button class="button plain icon-only help-button" aria-label=${t.t('help')} @click=${() => v.openHelp()}>
      ${icon('help')}
    </button>
  </div>`;
}
