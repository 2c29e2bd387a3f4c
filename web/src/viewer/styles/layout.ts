/** The bar with the query and its chips, and where everything stands. */
import { css } from 'lit';

export const layout = css`
  :host {
    display: block;
    container-type: inline-size;
    position: relative;
    min-width: 0;
    height: 100%;
    min-height: 420px;
  }
  .viewer {
    position: relative;
    display: flex;
    flex-direction: column;
    height: 100%;
    min-height: inherit;
    overflow: hidden;
  }

  .bar {
    padding: 12px 16px 8px;
    border-bottom: 1px solid var(--_line);
    display: flex;
    flex-direction: column;
    gap: 8px;
  }
  .bar .row {
    display: flex;
    gap: 8px;
    align-items: center;
    flex-wrap: wrap;
  }

  .export progress {
    flex: 0 1 220px;
    min-width: 80px;
    accent-color: var(--_accent);
  }
  .export .notice {
    flex: 1;
  }

  /* Numbers and offsets keep their order where the page goes from right to left. */
  .zone-button span,
  .chart .sum,
  .page-text,
  td.time a {
    unicode-bidi: isolate;
    direction: ltr;
  }

  .query {
    position: relative;
    flex: 1 1 320px;
    min-width: 0;
  }
  .query > svg {
    position: absolute;
    inset-inline-start: 10px;
    top: 9px;
    color: var(--_muted);
    pointer-events: none;
  }
  .query input {
    min-height: 34px;
    padding-inline: 34px 92px;
    font-family: var(--_mono);
    font-size: 13px;
  }
  .query .hint {
    position: absolute;
    inset-inline-end: 8px;
    top: 7px;
    display: flex;
    gap: 4px;
  }
  kbd {
    display: inline-block;
    padding: 0 5px;
    border: 1px solid var(--_line-strong);
    border-radius: 4px;
    color: var(--_muted);
    background: var(--_surface);
    font-size: 11px;
    line-height: 18px;
    min-width: 20px;
    text-align: center;
  }
  .suggestions {
    position: absolute;
    inset-inline: 0;
    top: calc(100% + 4px);
    z-index: 20;
    margin: 0;
    padding: 4px;
    list-style: none;
    background: var(--_raised);
    border: 1px solid var(--_line-strong);
    border-radius: var(--_radius);
    max-height: 320px;
    overflow: auto;
    box-shadow: 0 6px 24px rgb(0 0 0 / 0.12);
  }
  .suggestions li {
    display: flex;
    gap: 8px;
    align-items: baseline;
    padding: 5px 8px;
    border-radius: 4px;
    cursor: pointer;
  }
  .suggestions li[aria-selected='true'] {
    background: var(--_accent-soft);
  }
  .suggestions .name {
    font-family: var(--_mono);
    font-size: 13px;
    overflow-wrap: anywhere;
  }
  .suggestions .about {
    color: var(--_muted);
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .caret-error {
    margin: 0;
    color: var(--_red);
  }
  .caret-error pre {
    margin: 0 0 2px;
    overflow-x: auto;
    font-size: 13px;
    line-height: 1.3;
    direction: ltr;
    text-align: start;
  }
  .caret-error mark {
    background: var(--_red-soft);
    color: var(--_red);
    text-decoration: underline wavy;
    text-underline-offset: 3px;
  }

  .bar .tools {
    display: flex;
    gap: 8px;
    flex: none;
    margin-inline-start: auto;
  }

  .offered {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    min-width: 0;
  }
  .offered .button {
    min-height: 28px;
    padding: 2px 7px;
    font-size: 13px;
    color: var(--_accent);
  }

  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    min-width: 0;
  }
  .reads {
    border: 1px dashed transparent;
    border-radius: 999px;
    background: none;
    color: var(--_muted);
    cursor: pointer;
    padding: 2px 10px;
    min-height: 28px;
    flex: none;
  }
  .reads.on {
    border-color: var(--_line);
    color: inherit;
  }
  .reads:hover {
    color: var(--_accent);
  }
  .reads svg.icon {
    width: 13px;
    height: 13px;
    vertical-align: -2px;
    margin-inline-start: 5px;
  }
  .chip {
    display: inline-flex;
    align-items: center;
    max-width: 100%;
    border: 1px solid var(--_line-strong);
    border-radius: 999px;
    background: var(--_raised);
    font-size: 13px;
  }
  .chip.out {
    border-style: dashed;
  }
  .chip button {
    border: 0;
    background: none;
    cursor: pointer;
    padding: 2px 4px;
    min-height: 26px;
    border-radius: 999px;
  }
  .chip .text {
    padding-inline-start: 10px;
    display: inline-flex;
    align-items: center;
    gap: 5px;
    overflow: hidden;
  }
  .chip .text > span,
  .chip .text > bdi {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .chip .text .field-name {
    color: var(--_muted);
    flex: none;
  }
  .chip .text .not {
    color: var(--_red);
    flex: none;
    font-weight: 600;
  }
  .chip .remove {
    padding-inline-end: 8px;
    color: var(--_muted);
  }
  .chip .remove:hover,
  .chip .text:hover {
    color: var(--_accent);
  }
  .chip svg.icon {
    width: 13px;
    height: 13px;
    vertical-align: -2px;
  }

  .body {
    display: flex;
    flex: 1 1 auto;
    min-height: 0;
  }
  .facets {
    flex: none;
    width: clamp(232px, 15cqi, 300px);
    overflow: auto;
    padding: 8px 8px 24px;
    border-inline-end: 1px solid var(--_line);
  }
  .main {
    flex: 1 1 auto;
    min-width: 0;
    display: flex;
    flex-direction: column;
  }
  /* Its own container: rows have two lines when the list is narrow, also beside an open entry. */
  .list {
    flex: 1 1 auto;
    overflow: auto;
    min-height: 160px;
    position: relative;
    container-type: inline-size;
  }
  .panel {
    flex: none;
    width: min(440px, 42%);
    border-inline-start: 1px solid var(--_line);
    overflow: auto;
    background: var(--_bg);
  }
  .narrow-only {
    display: none;
  }

  @container (max-width: 1100px) {
    .facets {
      width: 212px;
    }
    .panel {
      width: min(400px, 46%);
    }
  }
  @container (max-width: 860px) {
    .facets {
      display: none;
    }
    .facets.open {
      display: block;
      position: absolute;
      z-index: 15;
      inset-block: 0;
      inset-inline-start: 0;
      width: min(320px, 100%);
      background: var(--_bg);
      box-shadow: 0 0 40px rgb(0 0 0 / 0.2);
    }
    .narrow-only {
      display: inline-flex;
    }
  }
  @container (max-width: 720px) {
    .bar {
      padding: 8px 12px;
    }
    .panel {
      position: absolute;
      inset: 0;
      width: 100%;
      border: 0;
      z-index: 16;
    }
    .wide-only {
      display: none !important;
    }
    .query input {
      padding-inline-end: 12px;
    }
    .query {
      flex-basis: 180px;
    }
    .bar .row {
      gap: 6px;
    }
    .bar .tools .button.plain {
      padding-inline: 7px;
    }
    .time-button {
      flex: 1;
      justify-content: start;
    }
    .time-button > svg:last-child {
      margin-inline-start: auto;
    }
    .page-text {
      display: none;
    }
  }
`;
