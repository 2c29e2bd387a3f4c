/** The facets: values with counts, to include or to exclude. */
import { nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { html } from '../shared/html.ts';
import * as chips from '../query/chips.ts';
import { breakable } from '../shared/breaks.ts';
import { vars } from '../shared/vars.ts';
import { icon } from '../shared/icons.ts';
import type { FacetValue } from '../shared/types.ts';
import type { ViewHost } from './view-host.ts';

export function renderFacets(v: ViewHost): TemplateResult {
  const { facets } = v.model;
  const words = v.words;
  return html`<nav class="facets ${v.facetsOpen ? 'open' : ''}" aria-label=${words.t('filters')} tabindex="-1">
    <div class="narrow-only"><h2>${words.t('filters')}</h2></div>
    ${
      facets.value
        ? v.model.preset.facets.map((field) => renderFacet(v, field))
        : facets.loading
          ? html`<div class="facet" aria-hidden="true">
              ${[70, 50, 60, 40, 65, 45].map(
                (w) => html`<p class="skeleton" ${vars({ '--w': `${w}%`, display: 'block', margin: '14px 8px' })}></p>`,
              )}
            </div>`
          : nothing
    }
  </nav>`;
}

/** The values that a facet shows. */
function shownValues(v: ViewHost, field: string): FacetValue[] {
  const values = [...(v.facetSearch.of(field)?.values ?? v.model.facets.value?.facets[field] ?? [])];
  // What is excluded matches nothing, so the server does not list it; here it has to stay to be taken back.
  for (const chip of chips.chips(v.model.view.q)) {
    if (chip.field !== field) continue;
    for (const value of chip.values) {
      if (!value.prefix && !v.facetSearch.typed(field) && !values.some((known) => known.value === value.text))
        values.push({ value: value.text, count: 0 });
    }
  }
  return values;
}

function renderFacet(v: ViewHost, field: string): TemplateResult | typeof nothing {
  const open = v.facetSearch.isOpen(field);
  const values = shownValues(v, field);
  if ((!values.length && !open) || (field === 'security' && values.length === 1 && values[0]!.value === 'false'))
    return nothing;
  const most = Math.max(...values.map((value) => value.count), 1);
  const name = v.words.maybe(`facet.${field}`, field);
  return html`<details class="facet" open>
    <summary>${icon('down')}${name}</summary>
    ${open ? renderSearch(v, field, name) : nothing}
    <ul aria-label=${name}>
      ${values.map((value) => renderValue(v, field, value, most))}
    </ul>
    ${renderFurther(v, field, name, values.length)}
  </details>`;
}

function renderSearch(v: ViewHost, field: string, name: string): TemplateResult {
  const label = v.words.t('facet.search', { name });
  return html`<input
    class="field"
    type="search"
    aria-label=${label}
    placeholder=${label}
    maxlength="256"
    autocomplete="off"
    spellcheck="false"
    .value=${live(v.facetSearch.typed(field))}
    @input=${(e: Event) => v.facetSearch.type(field, (e.target as HTMLInputElement).value)}
  />`;
}

/** The query once a value is clicked, with the keys that are held. */
function taken(q: string, field: string, value: string, e: MouseEvent): string {
  if (e.altKey) return chips.exclude(q, field, value);
  if (chips.state(q, field, value) !== 'none') return chips.drop(q, field, value);
  return e.shiftKey || e.ctrlKey || e.metaKey ? chips.also(q, field, value) : chips.only(q, field, value);
}

function renderValue(v: ViewHost, field: string, { value, count }: FacetValue, most: number): TemplateResult {
  const words = v.words;
  const { q } = v.model.view;
  const state = chips.state(q, field, value);
  const label = v.model.name(field, value);
  return html`<li
    class=${state === 'in' ? 'chosen' : state === 'out' ? 'excluded' : ''}
    data-field=${field}
    data-value=${value}
  >
    <button
      class="take"
      aria-pressed=${state === 'in'}
      title=${label === value ? value : `${label} (${value})`}
      @click=${(e: MouseEvent) => v.model.query(taken(q, field, value, e))}
    >
      <span class="label"><bdi>${breakable(label)}</bdi></span
      ><span class="count">${state === 'out' ? words.t('facet.excluded') : words.n(count)}</span>
    </button>
    <button
      class="out"
      aria-pressed=${state === 'out'}
      aria-label=${words.t('facet.exclude', { what: label })}
      title=${words.t('facet.exclude', { what: label })}
      @click=${() => v.model.query(state === 'out' ? chips.drop(q, field, value) : chips.exclude(q, field, value))}
    >
      ${icon(state === 'out' ? 'plus' : 'minus')}
    </button>
    <span class="share" aria-hidden="true" ${vars({ '--share': String(count / most) })}></span>
  </li>`;
}

/** How many values there are besides, and the way to them. */
function renderFurther(v: ViewHost, field: string, name: string, shown: number): unknown {
  const words = v.words;
  const open = v.facetSearch.isOpen(field);
  const found = v.facetSearch.of(field);
  const further = (found?.distinct ?? v.model.facets.value?.distinct?.[field] ?? 0) - shown;
  return html`${
    open && further > 0
      ? html`<p class="muted small" role="status">${words.t('facet.beyond', { count: further })}</p>`
      : nothing
  }
  ${open && found && !shown ? html`<p class="muted small" role="status">${words.t('facet.none')}</p>` : nothing}
  ${
    open || further > 0
      ? html`<button
          class="link more"
          data-more=${field}
          aria-expanded=${open}
          @click=${() => v.facetSearch.toggle(field)}
        >
          <span
            >${open ? words.t('facet.less') : words.t('facet.more', { count: further })}<span class="visually-hidden">
              ${name}</span
            ></span
          >
        </button>`
      : nothing
  }`;
}
