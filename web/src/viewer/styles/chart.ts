/** The histogram. */
import { css } from 'lit';

export const chart = css`
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
