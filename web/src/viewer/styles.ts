/** How the viewer looks; its own width decides, not that of the page. */
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

export const facetStyles = css`
  .facets h2 {
    font-size: 14px;
    margin: 4px 8px 8px;
  }
  .facet {
    margin-bottom: 6px;
  }
  .facet summary {
    list-style: none;
    cursor: pointer;
    padding: 5px 8px;
    font-weight: 600;
    font-size: 12px;
    color: var(--_muted);
    display: flex;
    align-items: center;
    gap: 4px;
    border-radius: 4px;
  }
  .facet summary::-webkit-details-marker {
    display: none;
  }
  .facet summary svg {
    width: 13px;
    height: 13px;
    transition: none;
  }
  .facet:not([open]) summary svg {
    transform: rotate(-90deg);
  }
  .facet ul {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .facet li {
    position: relative;
    display: flex;
    align-items: center;
    border-radius: 4px;
  }
  .facet li:hover {
    background: var(--_surface);
  }
  .facet .take {
    flex: 1 1 auto;
    min-width: 0;
    display: flex;
    gap: 8px;
    align-items: baseline;
    border: 0;
    background: none;
    cursor: pointer;
    padding: 4px 8px;
    text-align: start;
    min-height: 28px;
  }
  .facet .label {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    overflow-wrap: anywhere;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    line-clamp: 2;
  }
  .facet .count {
    color: var(--_muted);
    font-size: 12px;
  }
  .facet .out {
    border: 0;
    background: none;
    cursor: pointer;
    color: var(--_muted);
    padding: 4px;
    min-width: 26px;
    min-height: 26px;
    opacity: 0;
  }
  .facet li:hover .out,
  .facet .out:focus-visible,
  .facet li.excluded .out {
    opacity: 1;
  }
  .facet .out:hover {
    color: var(--_red);
  }
  .facet .out svg {
    width: 13px;
    height: 13px;
  }
  .facet li.chosen {
    background: var(--_accent-soft);
  }
  .facet li.chosen .label {
    font-weight: 600;
    color: var(--_accent);
  }
  .facet li.chosen .count {
    color: var(--_accent);
  }
  .facet li.excluded .label {
    text-decoration: line-through;
    color: var(--_muted);
  }
  .facet .share {
    position: absolute;
    inset-inline-start: 8px;
    bottom: 1px;
    height: 2px;
    border-radius: 1px;
    background: var(--_chart);
    opacity: 0.4;
    width: calc((100% - 42px) * var(--share, 0));
  }
  .withheld {
    margin: 0;
    font-size: 12px;
  }
  .facet > .more {
    margin: 0 8px 2px;
    min-height: 24px;
    font-size: 12px;
  }
  .facet > .small {
    margin: 2px 8px;
    font-size: 12px;
  }
  .facet > input {
    width: calc(100% - 16px);
    margin: 2px 8px 4px;
    min-height: 28px;
    font-size: 13px;
  }
  @media (hover: none) {
    .facet .out {
      opacity: 1;
    }
  }
  /* Where a pointer can hover, no room is kept for what it shows: beside the count, on the end of the name. */
  @media (hover: hover) {
    .facet li:not(.excluded) .out {
      position: absolute;
      inset-inline-end: calc(10px + 5.5ch);
      background: var(--_surface);
      border-radius: 4px;
    }
    .facet li.chosen .out {
      background: var(--_accent-soft);
    }
    .facet .share {
      width: calc((100% - 16px) * var(--share, 0));
    }
  }
`;

export const chartStyles = css`
  .chart {
    flex: none;
    padding: 8px 16px 4px;
    border-bottom: 1px solid var(--_line);
  }
  .chart .head {
    display: flex;
    align-items: center;
    gap: 4px;
    flex-wrap: wrap;
    min-height: 32px;
  }
  .chart .sum {
    margin-inline-end: auto;
  }
  .chart .sum strong {
    font-weight: 600;
    font-size: 15px;
  }
  .chart .head .button {
    min-height: 28px;
    padding-block: 2px;
  }
  .chart .head .icon-only {
    width: 28px;
  }
  .paused .button {
    border-radius: 999px;
    margin-inline-end: 8px;
  }
  /* Cut before it would need a line of its own, which would move the rows. */
  .below {
    flex: 1 1 0;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    font-size: 13px;
  }
  .plot {
    position: relative;
    height: 78px;
    cursor: crosshair;
    touch-action: none;
    direction: ltr;
  }
  .plot svg {
    display: block;
    width: 100%;
    height: 64px;
    overflow: visible;
  }
  .plot .bar-ok {
    fill: var(--_chart);
  }
  .plot .bar-failure {
    fill: var(--_chart-failure);
  }
  .plot .base {
    stroke: var(--_line-strong);
    stroke-width: 1;
  }
  .plot .hover {
    fill: var(--_ink);
    opacity: 0.06;
  }
  .plot .brush {
    fill: var(--_accent);
    opacity: 0.16;
    stroke: var(--_accent);
  }
  .plot .ticks {
    position: absolute;
    inset-inline: 0;
    bottom: 0;
    height: 14px;
    font-size: 11px;
    line-height: 14px;
    color: var(--_muted);
  }
  .plot .ticks span {
    position: absolute;
    left: calc(100% * var(--at, 0));
    white-space: nowrap;
  }
  .plot .tip {
    position: absolute;
    bottom: 100%;
    left: clamp(0px, calc(100% * var(--at, 0) - 90px), calc(100% - 190px));
    z-index: 5;
    padding: 2px 8px;
    background: var(--_ink);
    color: var(--_bg);
    border-radius: 4px;
    font-size: 12px;
    pointer-events: none;
    white-space: nowrap;
  }
  .plot input[type='range'] {
    position: absolute;
    inset-inline: 0;
    bottom: 0;
    width: 100%;
    margin: 0;
    opacity: 0;
    pointer-events: none;
    height: 14px;
    accent-color: var(--_accent);
  }
  .plot input[type='range']:focus-visible {
    opacity: 1;
    background: var(--_bg);
  }
  .chart-table {
    max-height: 240px;
    overflow: auto;
  }
  .chart-table table {
    border-collapse: collapse;
    width: auto;
    min-width: 50%;
  }
  .chart-table th,
  .chart-table td {
    text-align: start;
    padding: 3px 12px 3px 0;
    border-bottom: 1px solid var(--_line);
    font-weight: 400;
  }
  .chart-table thead th {
    color: var(--_muted);
    font-size: 12px;
  }
  .chart-table td,
  .chart-table thead th + th {
    text-align: end;
  }
`;

export const tableStyles = css`
  /* More columns make the list wider than its place, and not the sentence narrower. */
  .list table {
    border-collapse: collapse;
    width: 100%;
    min-width: var(--least, 0);
    table-layout: fixed;
  }
  .list thead th {
    position: sticky;
    top: 0;
    z-index: 3;
    background: var(--_bg);
    text-align: start;
    font-size: 12px;
    font-weight: 500;
    color: var(--_muted);
    padding: 6px 8px;
    border-bottom: 1px solid var(--_line);
  }
  .list th.time-column {
    width: 96px;
    padding-inline-start: 16px;
  }
  .list th.outcome-column {
    width: 112px;
  }
  .list th.country-column {
    width: clamp(124px, 11cqi, 180px);
  }
  .list th.action-column {
    width: clamp(190px, 17cqi, 300px);
  }
  .list th.category-column {
    width: clamp(150px, 17cqi, 250px);
  }
  .list th.account-column,
  .list th.ip-column,
  .list th.actor-column,
  .list th.target_type-column {
    width: clamp(128px, 12cqi, 220px);
  }
  .list th.target-column,
  .list th.reason-column {
    width: clamp(150px, 14cqi, 280px);
  }
  .list th.verb-column {
    width: 88px;
  }
  .grip {
    position: absolute;
    inset-block: 0;
    inset-inline-start: -6px;
    width: 13px;
    cursor: col-resize;
    touch-action: none;
  }
  .time-column .grip {
    inset-inline: auto 0;
  }
  .grip::after {
    content: '';
    position: absolute;
    inset-block: 7px;
    left: 6px;
    width: 1px;
    background: var(--_line-strong);
  }
  .grip:hover::after,
  .grip:focus-visible::after {
    inset-block: 0;
    left: 5px;
    width: 3px;
    background: var(--_accent);
  }
  .list tr.day th {
    position: sticky;
    top: 30px;
    z-index: 2;
    background: var(--_surface);
    text-align: start;
    font-weight: 600;
    font-size: 12px;
    padding: 4px 16px;
    border-bottom: 1px solid var(--_line);
  }
  .list tbody tr.entry {
    cursor: pointer;
    scroll-margin-block: 64px 8px;
  }
  .list tbody tr.entry > td {
    height: var(--_row);
    padding-block: 4px;
    padding-inline: 8px;
    border-bottom: 1px solid var(--_line);
    vertical-align: middle;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .list tr.entry:hover > * {
    background: var(--_surface);
  }
  .list tr.entry[aria-selected='true'] > *,
  .list tr.entry.open > * {
    background: var(--_accent-soft);
  }
  .list tr.arrived > * {
    background: var(--_green-soft);
  }
  .list tbody tr.entry > td.time {
    padding-inline-start: 16px;
    white-space: nowrap;
    position: relative;
  }
  .list td.time a {
    display: inline-block;
    color: var(--_muted);
    text-decoration: none;
    font-size: 13px;
    padding: 4px 0;
  }
  .list td.time a:hover {
    color: var(--_accent);
    text-decoration: underline;
  }
  .list tr.security td.time::before {
    content: '';
    position: absolute;
    inset-block: 3px;
    inset-inline-start: 4px;
    width: 4px;
    border-radius: 2px;
    background: var(--_amber-bar);
  }
  @media (forced-colors: active) {
    .list tr.security td.time::before {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
  .list td.sentence {
    white-space: nowrap;
  }
  .list td.sentence .action {
    margin-inline-start: 4px;
  }
  .list td small {
    font-size: 12px;
    color: var(--_muted);
  }
  .list td.meta .value {
    display: inline-block;
    padding: 4px 0;
    max-width: 100%;
    overflow: hidden;
    text-overflow: ellipsis;
    vertical-align: middle;
  }
  .list td.meta {
    white-space: nowrap;
    font-size: 13px;
    color: var(--_muted);
  }
  .tag {
    display: inline-block;
    border-radius: 4px;
    padding: 0 6px;
    font-size: 12px;
    line-height: 18px;
    white-space: nowrap;
    background: var(--_surface);
    color: var(--_muted);
    border: 1px solid var(--_line);
  }
  .tag.late {
    border: 0;
    background: none;
    padding: 0 2px;
  }
  .tag.late svg.icon {
    width: 13px;
    height: 13px;
    vertical-align: -2px;
  }
  .tag.security {
    background: var(--_amber-soft);
    color: var(--_amber);
    border-color: transparent;
  }
  .tag.hold {
    background: var(--_accent-soft);
    color: var(--_accent);
    border-color: transparent;
  }
  /* The row has the tag's own colour then. */
  .list tr.open .tag.hold,
  .list tr[aria-selected='true'] .tag.hold {
    background: var(--_bg);
  }
  .list td.sentence .tag {
    margin-inline-start: 2px;
  }

  .value {
    cursor: pointer;
    color: inherit;
    font-weight: 600;
    text-decoration: none;
    overflow-wrap: anywhere;
  }
  .value.plain-weight {
    font-weight: 400;
  }
  .value:hover {
    color: var(--_accent);
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .value.action {
    font: 12px var(--_mono);
    color: var(--_muted);
    font-weight: 400;
  }
  .quoted {
    font-weight: 500;
    background: var(--_surface);
    border-radius: 4px;
    padding: 0 4px;
    box-shadow: inset 0 0 0 1px var(--_line);
  }
  .outcome {
    display: inline-flex;
    gap: 5px;
    align-items: center;
    vertical-align: middle;
    color: var(--_muted);
  }
  .outcome svg {
    width: 14px;
    height: 14px;
  }
  .outcome.failure {
    color: var(--_red);
    font-weight: 500;
  }

  .foot {
    flex: none;
    display: flex;
    gap: 8px;
    align-items: center;
    padding: 6px 16px;
    border-top: 1px solid var(--_line);
    flex-wrap: wrap;
  }
  .live[aria-pressed='true'] {
    background: none;
    border-color: transparent;
    color: var(--_ink);
  }
  .live {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  .live .lamp {
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: transparent;
    border: 2px solid var(--_muted);
  }
  .live.on .lamp {
    background: var(--_green);
    border-color: var(--_green);
  }
  .live.lost .lamp {
    background: var(--_red);
    border-color: var(--_red);
  }

  .elsewhere {
    display: flex;
    gap: 12px;
    align-items: center;
    flex-wrap: wrap;
    padding: 6px 16px;
    border-bottom: 1px solid var(--_line);
  }
  .slow {
    position: sticky;
    top: 0;
    z-index: 5;
    display: flex;
    gap: 12px;
    align-items: center;
    padding: 8px 16px;
    background: var(--_surface);
    border-bottom: 1px solid var(--_line);
  }

  .empty {
    max-width: 620px;
    margin: 0 auto;
    padding: 40px 24px;
  }
  .empty h2 {
    font-size: 18px;
    margin: 0 0 8px;
    font-weight: 600;
  }
  .empty p {
    margin: 0 0 12px;
  }
  .empty ul {
    margin: 0 0 12px;
    padding: 0;
    list-style: none;
    display: grid;
    gap: 6px;
    justify-items: start;
  }

  @container (max-width: 720px) {
    .list table,
    .list tbody {
      display: block;
      min-width: 0;
    }
    .list thead {
      position: absolute;
      clip-path: inset(50%);
      width: 1px;
      height: 1px;
      overflow: hidden;
    }
    .grip {
      display: none;
    }
    /* In its place, as a line of its own would move the rows. */
    .chart .head:has(.paused) .sum {
      display: none;
    }
    .paused {
      margin-inline-end: auto;
    }
    .list tr.day {
      display: block;
      position: sticky;
      top: 0;
      z-index: 2;
    }
    .list tr.day th {
      display: block;
      position: static;
      padding-inline: 12px;
    }
    .list tbody tr.entry {
      display: flex;
      flex-wrap: wrap;
      column-gap: 10px;
      align-items: center;
      padding: 8px 12px;
      border-bottom: 1px solid var(--_line);
      position: relative;
    }
    .list tbody tr.entry > td {
      display: block;
      height: auto;
      border: 0;
      padding: 0;
      background: none !important;
      overflow: visible;
    }
    .list tr.entry:hover {
      background: var(--_surface);
    }
    .list tr.entry.open {
      background: var(--_accent-soft);
    }
    .list tr.arrived {
      background: var(--_green-soft);
    }
    .list td.sentence {
      flex: 1 0 100%;
      order: -1;
      min-width: 0;
      white-space: normal;
      overflow-wrap: anywhere;
      line-height: 1.5;
    }
    .list td.sentence .tag {
      margin-inline-start: 0;
    }
    .list tbody tr.entry > td.time,
    .list tbody tr.entry > td.meta {
      font-size: 12px;
      padding-top: 2px;
      max-width: 100%;
    }
    .list tbody tr.entry > td.time {
      position: static;
      padding-inline: 0;
    }
    .list tr.security td.time::before {
      inset-block: 6px;
      inset-inline-start: 2px;
    }
    .foot {
      padding-inline: 12px;
    }
    .chart {
      padding-inline: 12px;
    }
  }
  @media (prefers-contrast: more) {
    :host {
      --_muted: var(--_ink);
      --_line: var(--_line-strong);
    }
  }
`;

export const panelStyles = css`
  .panel .top {
    position: sticky;
    top: 0;
    z-index: 4;
    display: flex;
    gap: 2px;
    align-items: center;
    padding: 8px 8px 8px 12px;
    background: var(--_bg);
    border-bottom: 1px solid var(--_line);
  }
  .panel .top .where {
    margin-inline-end: auto;
    color: var(--_muted);
    font-size: 12px;
  }
  .panel .content {
    padding: 14px 16px 40px;
    display: grid;
    gap: 16px;
    grid-template-columns: minmax(0, 1fr);
    overflow-wrap: anywhere;
  }
  .panel h2 {
    margin: 0;
    font-size: 17px;
    line-height: 1.4;
    font-weight: 500;
    overflow-wrap: anywhere;
  }
  .panel h2 .value {
    font-size: inherit;
  }
  .panel h2 .value.action {
    font-size: 12px;
  }
  .panel h3 {
    margin: 0 0 6px;
    font-size: 12px;
    font-weight: 600;
    color: var(--_muted);
  }
  .panel .notices {
    display: grid;
    gap: 6px;
  }
  dl.facts {
    display: grid;
    grid-template-columns: minmax(88px, max-content) minmax(0, 1fr);
    gap: 0 12px;
    margin: 0;
  }
  dl.facts dt {
    color: var(--_muted);
  }
  /* Values are targets to click: lines are far enough apart to hit one. */
  dl.facts dt,
  dl.facts dd {
    line-height: 26px;
  }
  dl.facts dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  dl.facts .tag {
    line-height: 24px;
  }
  dl.facts .tags {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }

  .change {
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    overflow: hidden;
    margin-bottom: 8px;
  }
  .change .name {
    padding: 4px 10px;
    font-family: var(--_mono);
    font-size: 12px;
    background: var(--_surface);
    border-bottom: 1px solid var(--_line);
  }
  .change .side {
    display: grid;
    grid-template-columns: 20px minmax(0, 1fr);
    padding: 4px 10px;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .change .sign {
    font-family: var(--_mono);
    font-weight: 600;
  }
  .change .gone {
    background: var(--_red-soft);
  }
  .change .gone .sign {
    color: var(--_red);
  }
  .change .come {
    background: var(--_green-soft);
  }
  .change .come .sign {
    color: var(--_green);
  }
  .change ins,
  .change del {
    text-decoration: none;
    border-radius: 3px;
    padding: 0 1px;
  }
  .change del {
    background: color-mix(in srgb, var(--_red) 22%, transparent);
    text-decoration: line-through;
  }
  .change ins {
    background: color-mix(in srgb, var(--_green) 24%, transparent);
    text-decoration: underline;
    text-underline-offset: 2px;
  }

  .json {
    font: 12px/1.6 var(--_mono);
    overflow-wrap: anywhere;
    direction: ltr;
    text-align: start;
    white-space: normal;
  }
  .json details {
    margin: 0;
  }
  .json summary {
    cursor: pointer;
    list-style: none;
    border-radius: 4px;
    min-height: 24px;
    padding-block: 3px;
  }
  .json summary::-webkit-details-marker {
    display: none;
  }
  .json summary::before {
    content: '▸';
    display: inline-block;
    width: 14px;
    color: var(--_muted);
  }
  .json details[open] > summary::before {
    content: '▾';
  }
  .json .inside {
    padding-inline-start: 14px;
    border-inline-start: 1px solid var(--_line);
    margin-inline-start: 4px;
  }
  .json .leaf {
    padding-inline-start: 14px;
  }
  .json .k {
    color: var(--_accent);
  }
  .json .s {
    color: var(--_green);
    white-space: pre-wrap;
  }
  .json .x {
    color: var(--_amber);
  }

  .proof {
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }
  .proof > summary {
    list-style: none;
    cursor: pointer;
    display: flex;
    gap: 8px;
    align-items: center;
    padding: 8px 12px;
    font-weight: 600;
    border-radius: var(--_radius);
  }
  .proof > summary::-webkit-details-marker {
    display: none;
  }
  .proof > summary .more {
    margin-inline-start: auto;
    color: var(--_muted);
    font-weight: 400;
    display: inline-flex;
  }
  .proof[open] > summary .more {
    transform: rotate(180deg);
  }
  .proof.verified {
    border-color: color-mix(in srgb, var(--_green) 40%, transparent);
  }
  .proof.verified > summary {
    color: var(--_green);
    background: var(--_green-soft);
  }
  .proof.failed {
    border-color: var(--_red);
  }
  .proof.failed > summary {
    color: var(--_red);
    background: var(--_red-soft);
  }
  .proof ol {
    list-style: none;
    margin: 0;
    padding: 8px 12px;
    display: grid;
    gap: 10px;
  }
  .proof li {
    display: grid;
    grid-template-columns: 20px minmax(0, 1fr);
    gap: 6px;
  }
  .proof li svg {
    margin-top: 2px;
  }
  .proof li.ok svg {
    color: var(--_green);
  }
  .proof li.failed,
  .proof li.failed svg {
    color: var(--_red);
  }
  .proof li.note svg,
  .proof li.open svg {
    color: var(--_muted);
  }
  .proof li .evidence {
    display: block;
    font: 11px/1.5 var(--_mono);
    color: var(--_muted);
    overflow-wrap: anywhere;
  }

  .related {
    display: grid;
    gap: 2px;
    justify-items: stretch;
  }
  .related button {
    display: flex;
    gap: 8px;
    border: 0;
    background: none;
    cursor: pointer;
    padding: 5px 8px;
    margin-inline: -8px;
    border-radius: 4px;
    text-align: start;
    color: var(--_accent);
  }
  .related button:hover {
    background: var(--_surface);
  }
  .related button > bdi {
    overflow: hidden;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    line-clamp: 2;
    overflow-wrap: anywhere;
  }
  .related .count {
    margin-inline-start: auto;
    color: var(--_muted);
  }

  .menu {
    position: fixed;
    inset: auto;
    left: var(--x, 0);
    top: var(--y, 0);
    margin: 0;
    padding: 4px;
    border: 1px solid var(--_line-strong);
    border-radius: var(--_radius);
    background: var(--_raised);
    color: var(--_ink);
    min-width: 200px;
    max-width: min(340px, 92vw);
    box-shadow: 0 8px 28px rgb(0 0 0 / 0.16);
    font: var(--_size) / 1.45 var(--_font);
  }
  .menu .title {
    padding: 4px 10px 6px;
    color: var(--_muted);
    font-size: 12px;
    overflow-wrap: anywhere;
    border-bottom: 1px solid var(--_line);
    margin-bottom: 4px;
  }
  .menu button,
  .menu a,
  .menu label {
    display: flex;
    gap: 8px;
    align-items: center;
    width: 100%;
    border: 0;
    background: none;
    padding: 5px 10px;
    border-radius: 4px;
    cursor: pointer;
    text-align: start;
    color: inherit;
    text-decoration: none;
  }
  .menu button:hover,
  .menu a:hover,
  .menu label:hover,
  .menu button:focus-visible,
  .menu a:focus-visible {
    background: var(--_accent-soft);
  }
  .menu svg.icon {
    width: 14px;
    height: 14px;
    color: var(--_muted);
  }
  .menu .button.primary svg.icon {
    color: inherit;
  }
  .menu .pad {
    padding: 6px 10px;
    display: grid;
    gap: 8px;
  }
  .menu .pad label {
    display: grid;
    gap: 2px;
    padding: 0;
    font-size: 12px;
    color: var(--_muted);
    cursor: default;
  }
  .menu .pad label:hover {
    background: none;
  }
  .menu .small {
    font-size: 12px;
  }
  .menu fieldset {
    border: 0;
    margin: 0;
    padding: 0;
    display: grid;
    gap: 2px;
  }
  .menu legend {
    padding: 0;
    font-size: 12px;
  }
  .menu .pad label.choice {
    display: flex;
    gap: 8px;
    padding: 4px 0;
    font-size: inherit;
    color: inherit;
    cursor: pointer;
  }
  .menu .line-above {
    border-top: 1px solid var(--_line);
    margin-top: 4px;
  }
  .saved {
    list-style: none;
    margin: 0;
    padding: 0;
    max-height: 40vh;
    overflow: auto;
  }
  .saved li {
    display: flex;
    align-items: center;
    gap: 2px;
  }
  .saved li form {
    flex: 1;
    padding: 2px 6px;
  }
  .saved .open {
    flex: 1;
    min-width: 0;
  }
  .saved .open span,
  .saved .ask {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .saved .ask {
    flex: 1;
    padding-inline-start: 10px;
  }
  .menu .saved button:not(.open) {
    width: auto;
    padding: 6px;
  }
  .menu .saved .danger {
    color: var(--_red);
    font-weight: 600;
  }
  .menu [aria-checked='true'] {
    font-weight: 600;
    color: var(--_accent);
  }
  .menu .tick {
    margin-inline-start: auto;
  }

  dialog {
    border: 1px solid var(--_line-strong);
    border-radius: 8px;
    background: var(--_raised);
    color: var(--_ink);
    padding: 0;
    width: min(640px, 94vw);
    max-height: 88vh;
    box-shadow: 0 16px 60px rgb(0 0 0 / 0.25);
    font: var(--_size) / 1.45 var(--_font);
  }
  dialog::backdrop {
    background: rgb(20 18 15 / 0.4);
  }
  dialog header {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 12px 16px;
    border-bottom: 1px solid var(--_line);
  }
  dialog header h2 {
    margin: 0;
    font-size: 16px;
    flex: 1;
  }
  dialog .inside {
    padding: 16px;
    display: grid;
    gap: 14px;
  }
  dialog h3 {
    margin: 0 0 4px;
    font-size: 13px;
  }
  dl.keys {
    display: grid;
    grid-template-columns: max-content 1fr;
    gap: 6px 16px;
    margin: 0;
  }
  dl.keys dd {
    margin: 0;
  }
  @container (max-width: 560px) {
    dl.keys.examples {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
    }
    dl.keys.examples dd {
      margin-bottom: 8px;
      color: var(--_muted);
    }
  }
  .copied {
    color: var(--_green);
  }
  @media print {
    :host {
      display: block;
      height: auto;
    }
    .viewer,
    .body,
    .main,
    .list,
    .panel {
      display: block;
      height: auto;
      overflow: visible;
      position: static;
      container-type: normal;
    }
    .bar .row > :not(.chips, .reads.on),
    .tools,
    .facets,
    .chart,
    .foot,
    .paused,
    .grip,
    .menu,
    .toast,
    .panel .top button,
    .panel .related {
      display: none !important;
    }
    .bar .row:has(.chips, .reads.on) {
      display: block;
    }
    .panel {
      width: auto;
      border: 0;
      break-before: page;
    }
    .list table {
      min-width: 0;
      table-layout: auto;
    }
    .list thead th {
      width: auto !important;
    }
    .list thead th,
    .list tr.day th {
      position: static;
    }
    .list tbody tr.entry > td,
    .list td.sentence {
      white-space: normal;
      overflow: visible;
      height: auto;
    }
    .list tr.entry,
    .change,
    .panel section {
      break-inside: avoid;
    }
  }
  .toast {
    position: absolute;
    inset-inline: 0;
    bottom: 52px;
    display: flex;
    justify-content: center;
    pointer-events: none;
    z-index: 30;
  }
  .toast span {
    background: var(--_ink);
    color: var(--_bg);
    padding: 6px 14px;
    border-radius: 999px;
    font-size: 13px;
  }
`;
