/** The facets beside the list. */
import { css } from 'lit';

export const facets = css`
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
