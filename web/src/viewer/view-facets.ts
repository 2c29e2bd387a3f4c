/** The facets: values with counts, to include or to exclude. */
import { nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { html } from '../shared/html.ts';
import * as chips from '../query/chips.ts';
import { breakable } from '../shared/breaks.ts';
import { vars } from '../shared/vars.ts';
import { icon } from '../shared/icons.ts';
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

function renderFacet(v: ViewHost, field: string): TemplateResult | typeof nothing {
  const q = v.model.view.q;
  const answer = v.model.facets.value;
  const open = v.facetSearch.isOpen(field);
  const found = v.facetSearch.of(field);
  const values = [...(found?.values ?? answer?.facets[field] ?? [])];
  const distinct = found?.distinct ?? answer?.distinct?.[field] ?? 0;
  const typed = v.facetSearch.typed(field);
  const further = distinct - values.length;
  // What is excluded matches nothing, so the server does not list it; here it has to stay to be taken back.
  for (const chip of chips.chips(q)) {
    if (chip.field !== field) continue;
    for (const value of chip.values) {
      if (!value.prefix && !typed && !values.some((known) => known.value === value.text))
        values.push({ value: value.text, count: 0 });
    }
  }
  if ((!values.length && !open) || (field === 'security' && values.length === 1 && values[0]!.value === 'false'))
    return nothing;
  const most = Math.max(...values.map((value) => value.count), 1);
  const words = v.words;
  const name = words.maybe(`facet.${field}`, field);
  return html`<details class="facet" open>
    <summary>${icon('down')}${name}</summary>
    ${
      open
        ? html`<input
            class="field"
            type="search"
            aria-label=${words.t('facet.search', { name })}
            placeholder=${words.t('facet.search', { name })}
            maxlength="256"
            autocomplete="off"
            spellcheck="false"
            .value=${live(typed)}
            @input=${(e: Event) => v.facetSearch.type(field, (e.target as HTMLInputElement).value)}
          />`
        : nothing
    }
    <ul aria-label=${name}>
      ${values.map(({ value, count }) => {
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
            @click=${(e: MouseEvent) => {
              const next = e.altKey
                ? chips.exclude(q, field, value)
                : state !== 'none'
                  ? chips.drop(q, field, value)
                  : e.shiftKey || e.ctrlKey || e.metaKey
                    ? chips.also(q, field, value)
                    : chips.only(q, field, value);
              v.model.query(next);
            }}
          >
            <span class="label"><bdi>${breakable(label)}</bdi></span
            ><span class="count">${state === 'out' ? words.t('facet.excluded') : words.n(count)}</span>
          </button>
          <button
            class="out"
            aria-pressed=${state === 'out'}
            aria-label=${words.t('facet.exclude', { what: label })}
            title=${words.t('facet.exclude', { what: label })}
            @click=${() =>
              v.model.query(state === 'out' ? chips.drop(q, field, value) : chips.exclude(q, field, value))}
          >
            ${icon(state === 'out' ? 'plus' : 'minus')}
          </button>
          <span class="share" aria-hidden="true" ${vars({ '--share': String(count / most) })}></span>
        </li>`;
      })}
    </ul>
    ${
      open && further > 0
        ? html`<p class="muted small" role="status">${words.t('facet.beyond', { count: further })}</p>`
        : nothing
    }
    ${
      open && found && !values.length
        ? html`<p class="muted small" role="status">${words.t('facet.none')}</p>`
        : nothing
    }
    ${
      open || further > 0
        ? html`<button
            class="link more"
            data-more=${field}
            aria-expanded=${open}
            @click=${() => v.facetSearch.toggle(field)}
          >
            ${open ? words.t('facet.less') : words.t('facet.more', { count: further })}<span class="visually-hidden">
              ${name}</span
            >
          </button>`
        : nothing
    }
  </details>`;
}
