/** JSON that folds, and changes as before and after. */
import { nothing, render, type TemplateResult } from 'lit';
import { html } from '../shared/html.ts';
import { keyed } from 'lit/directives/keyed.js';
import { isContainer } from '../shared/exact.ts';
import { escaped } from '../shared/visible.ts';
import type { Change } from '../shared/types.ts';
import { diffJson, diffWords } from './diff.ts';
import type { ViewHost } from './view-host.ts';

const LONG_TEXT = 600;
const MANY_MEMBERS = 100;
/** Texts from this length on are compared by word. */
const WORDS_FROM = 40;

/** A value, folded below a depth. */
export function renderJson(value: unknown, depth = 2): TemplateResult {
  // Another value gets elements of its own: what was unfolded of this one is not a part of it.
  return html`<div class="json">${keyed(value, node(null, value, depth))}</div>`;
}

function node(key: string | null, value: unknown, depth: number): TemplateResult {
  const name = key === null ? nothing : html`<bdi class="k">${escaped(key)}</bdi>: `;
  if (!isContainer(value)) return html`<div class="leaf">${name}${scalar(value)}</div>`;
  const isList = Array.isArray(value);
  const members = Object.entries(value);
  if (!members.length) return html`<div class="leaf">${name}${isList ? '[]' : '{}'}</div>`;
  const sum = html`${name}<span class="muted">${isList ? `[${members.length}]` : `{${members.length}}`}</span>`;
  return depth > 0
    ? html`<details open>
        <summary>${sum}</summary>
        <div class="inside">${list(members, depth)}</div>
      </details>`
    : onDemand(sum, () => list(members, depth));
}

function list(members: [string, unknown][], depth: number): TemplateResult {
  const more = members.slice(MANY_MEMBERS);
  return html`${members.slice(0, MANY_MEMBERS).map(([member, inner]) => node(member, inner, depth - 1))}
  ${more.length ? onDemand(html`<span class="muted">… ${more.length}</span>`, () => list(more, depth)) : nothing}`;
}

/** What is folded is made when somebody unfolds it: a payload may have tens of thousands of members. */
function onDemand(summary: TemplateResult, inside: () => TemplateResult): TemplateResult {
  return html`<details
    @toggle=${(event: Event) => {
      const details = event.currentTarget as HTMLDetailsElement;
      if (details.open) render(inside(), details.querySelector<HTMLElement>('.inside')!);
    }}
  >
    <summary>${summary}</summary>
    <div class="inside"></div>
  </details>`;
}

function scalar(value: unknown): TemplateResult {
  if (typeof value !== 'string') return html`<span class="x">${String(value)}</span>`;
  if (value.length <= LONG_TEXT) return html`<bdi class="s">"${escaped(value)}"</bdi>`;
  return html`<details>
    <summary><bdi class="s">"${escaped(value.slice(0, LONG_TEXT))}…"</bdi></summary>
    <bdi class="s">${escaped(value)}</bdi>
  </details>`;
}

/** What changed, field by field; never by colour alone. */
export function renderChanges(v: ViewHost, changes: Change[]): TemplateResult[] {
  return changes.flatMap((change) => {
    if (isContainer(change.before) && isContainer(change.after)) {
      const paths = diffJson(change.before, change.after);
      return paths.map((path) =>
        oneChange(v, change.field + (path.path === '/' ? '' : path.path), path.before, path.after),
      );
    }
    return [oneChange(v, change.field, change.before, change.after)];
  });
}

function oneChange(v: ViewHost, field: string, before: unknown, after: unknown): TemplateResult {
  const long =
    typeof before === 'string' && typeof after === 'string' && Math.max(before.length, after.length) >= WORDS_FROM;
  const pieces = long ? diffWords(before, after) : null;
  const side = (kind: 'gone' | 'come', value: unknown): TemplateResult | typeof nothing =>
    value === undefined
      ? nothing
      : html`<div class="side ${kind}">
          <span class="sign" aria-hidden="true">${kind === 'gone' ? '−' : '+'}</span
          ><span
            ><span class="visually-hidden">${v.words.t(kind === 'gone' ? 'change.before' : 'change.after')} </span>${
              pieces
                ? pieces.map((piece) =>
                    piece.kind === 'same'
                      ? piece.text
                      : piece.kind !== kind
                        ? nothing
                        : kind === 'gone'
                          ? html`<del>${piece.text}</del>`
                          : html`<ins>${piece.text}</ins>`,
                  )
                : isContainer(value)
                  ? renderJson(value, 1)
                  : typeof value === 'string'
                    ? value
                    : html`<code>${String(value)}</code>`
            }</span
          >
        </div>`;
  return html`<div class="change">
    <div class="name">${field}</div>
    ${side('gone', before)}${side('come', after)}
  </div>`;
}
