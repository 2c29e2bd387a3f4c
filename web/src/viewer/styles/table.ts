/** The list of entries. */
import { css } from 'lit';

export const table = css`
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
