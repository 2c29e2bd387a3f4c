/** The pages of exports and schedules: progress, the query's field, the preview, and the runs. */
import { css } from 'lit';

export const exportsStyles = css`
  /* Rows that can do much keep room for what they say. */
  tr[data-schedule] td {
    min-width: 104px;
  }
  tr[data-schedule] td.actions,
  tr[data-export] td.actions {
    white-space: normal;
    min-width: 190px;
  }
  tr[data-export] td.named .link,
  tr[data-schedule] td.named .link {
    display: inline-block;
    padding-block: 2px;
  }
  tr[data-schedule] td.actions .button {
    margin-block: 2px;
  }
  td progress {
    display: block;
    width: 100%;
    min-width: 110px;
    height: 6px;
    margin: 6px 0 2px;
    accent-color: var(--_accent);
  }
  td progress[hidden] {
    display: none;
  }
  .missing {
    color: var(--_red);
  }
  .sheet div.line {
    display: grid;
    gap: 4px;
  }
  .sheet div.line > label {
    font-weight: 500;
  }
  .combo {
    position: relative;
    display: grid;
  }
  .combo [role='listbox'] {
    position: absolute;
    inset-inline: 0;
    top: 100%;
    z-index: 2;
    list-style: none;
    margin: 2px 0 0;
    padding: 4px;
    max-height: 240px;
    overflow: auto;
    background: var(--_bg);
    border: 1px solid var(--_line-strong);
    border-radius: var(--_radius);
  }
  .combo [role='option'] {
    padding: 4px 8px;
    border-radius: 4px;
    cursor: pointer;
    overflow-wrap: anywhere;
  }
  .combo [role='option']:hover,
  .combo [role='option'][aria-selected='true'] {
    background: var(--_accent-soft);
  }
  .sheet .two {
    display: grid;
    gap: 12px;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 170px), 1fr));
    align-items: end;
  }
  .sheet .two label.line {
    grid-template-columns: minmax(0, 1fr);
    min-width: 0;
  }
  .sheet .two .field {
    min-width: 0;
    width: 100%;
    box-sizing: border-box;
  }
  .sheet .columns-of {
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 170px), 1fr));
    max-height: 220px;
  }
  .outlook {
    display: grid;
    gap: 10px;
    padding-top: 14px;
    border-top: 1px solid var(--_line);
  }
  .outlook h3 {
    margin: 0;
    font-size: 13px;
    font-weight: 600;
  }
  ol.sample,
  ol.runs {
    list-style: none;
    margin: 0;
    padding: 0;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }
  ol.sample li,
  ol.runs li {
    display: grid;
    gap: 2px;
    padding: 6px 10px;
    border-bottom: 1px solid var(--_line);
    overflow-wrap: anywhere;
  }
  ol.sample li:last-child,
  ol.runs li:last-child {
    border-bottom: 0;
  }
  ol.sample .muted {
    font-size: 12px;
  }
  ol.sample:empty {
    display: none;
  }
  .coming {
    display: grid;
    gap: 6px;
  }
`;
