/** Tables, and the cards that their rows are on a narrow page; lists and facts. */
import { css } from 'lit';

export const tables = css`
  /* What is hidden for the eye in a cell scrolls with it. */
  .scroll {
    overflow-x: auto;
    position: relative;
  }
  table.rows {
    border-collapse: collapse;
    width: 100%;
  }
  table.rows th {
    text-align: start;
    font-size: 12px;
    color: var(--_muted);
    font-weight: 500;
    padding: 7px 14px;
    border-bottom: 1px solid var(--_line);
    white-space: nowrap;
  }
  table.rows th .sort {
    border: 0;
    background: none;
    padding: 2px 0;
    margin: -2px 0;
    min-height: 24px;
    font: inherit;
    color: inherit;
    cursor: pointer;
    display: inline-flex;
    align-items: center;
    gap: 4px;
  }
  table.rows th .sort:hover,
  table.rows th[aria-sort] .sort {
    color: var(--_ink);
  }
  table.rows th .sort svg {
    width: 12px;
    height: 12px;
  }
  .sort-by {
    display: none;
    flex: 1 1 120px;
    font-weight: 400;
  }
  section.block > h2:has(.sort-by) {
    flex-wrap: wrap;
  }
  section.block > h2:has(.sort-by) > input {
    flex: 1 1 160px;
  }
  a.tag {
    text-decoration: none;
  }
  a.tag:hover {
    text-decoration: underline;
  }
  table.rows td {
    padding: 8px 14px;
    border-bottom: 1px solid var(--_line);
    vertical-align: middle;
    overflow-wrap: anywhere;
  }
  table.rows td:first-child {
    min-width: 128px;
  }
  table.rows .time,
  table.rows td.number {
    white-space: nowrap;
  }
  table.rows td.named {
    min-width: 196px;
  }
  table.rows tr:last-child td {
    border-bottom: 0;
  }
  table.rows td.actions {
    text-align: end;
    white-space: nowrap;
  }
  table.rows td .button {
    min-height: 28px;
    padding-block: 2px;
  }
  @container page (max-width: 560px) {
    ul.sentences:not(.unusual) a {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
    }
    ul.sentences:not(.unusual) a > span + span {
      font-size: 12px;
    }
  }
  /* On a narrow page a row is a card: its name, what else there is with the names of the columns, what can be done. */
  @container page (max-width: 680px) {
    table.cards,
    table.cards tbody {
      display: block;
    }
    table.cards thead .sort {
      visibility: hidden;
    }
    .sort-by {
      display: block;
    }
    table.cards thead {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    table.cards tr {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 140px), 1fr));
      gap: 6px 14px;
      padding: 10px 14px;
      border-bottom: 1px solid var(--_line);
    }
    table.cards tr:last-child {
      border-bottom: 0;
    }
    table.cards td,
    table.cards td.named {
      display: block;
      min-width: 0;
      padding: 0;
      border: 0;
    }
    table.cards td:first-child,
    table.cards td.actions,
    table.cards td:has(.tag ~ .tag) {
      grid-column: 1 / -1;
    }
    table.cards td.actions {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
      text-align: start;
      white-space: normal;
    }
    table.cards td.actions:not(:has(*)) {
      display: none;
    }
    table.cards td[data-column]::before {
      content: attr(data-column);
      content: attr(data-column) / '';
      display: block;
      font-size: 12px;
      color: var(--_muted);
    }
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
  .tag.good {
    background: var(--_green-soft);
    color: var(--_green);
    border-color: transparent;
  }
  .tag.bad {
    background: var(--_red-soft);
    color: var(--_red);
    border-color: transparent;
  }
  .tag.security {
    background: var(--_amber-soft);
    color: var(--_amber);
    border-color: transparent;
  }
  .none {
    padding: 28px 14px;
    color: var(--_muted);
    text-align: center;
  }
  ul.sentences {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  ul.sentences li {
    border-bottom: 1px solid var(--_line);
  }
  ul.sentences li:last-child {
    border: 0;
  }
  ul.sentences a {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 12px;
    padding: 8px 14px;
    color: var(--_ink);
    text-decoration: none;
  }
  ul.sentences a:hover {
    background: var(--_surface);
  }
  ul.sentences a > span:first-child {
    overflow: hidden;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    line-clamp: 2;
    overflow-wrap: anywhere;
  }
  ul.sentences .why {
    display: block;
    color: var(--_muted);
    font-size: 12px;
  }
  ul.unusual a > span:first-child {
    display: block;
  }
  .ranked {
    list-style: none;
    margin: 0;
    padding: 6px 0;
  }
  .ranked a {
    position: relative;
    display: flex;
    gap: 10px;
    padding: 5px 14px;
    color: var(--_ink);
    text-decoration: none;
  }
  .ranked a:hover {
    background: var(--_surface);
  }
  .ranked .count {
    margin-inline-start: auto;
    color: var(--_muted);
  }
  .ranked .share {
    position: absolute;
    inset-inline-start: 14px;
    bottom: 2px;
    height: 2px;
    border-radius: 1px;
    background: var(--_chart);
    opacity: 0.45;
    width: calc((100% - 28px) * var(--share, 0));
  }
  .spark {
    display: block;
    width: 100%;
    height: 72px;
    padding: 12px 14px 2px;
    box-sizing: border-box;
  }
  .spark-days {
    display: flex;
    justify-content: space-between;
    padding: 0 14px 8px;
    font-size: 11px;
    color: var(--_muted);
  }
  .spark rect.ok {
    fill: var(--_chart);
  }
  .spark rect.failure {
    fill: var(--_chart-failure);
  }
  dl.facts {
    display: grid;
    grid-template-columns: minmax(120px, max-content) minmax(0, 1fr);
    gap: 6px 18px;
    margin: 0;
  }
  dl.facts dt {
    color: var(--_muted);
  }
  dl.facts dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
`;
