/** The menus, the help, the toast, and what is printed. */
import { css } from 'lit';

export const menus = css`
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
