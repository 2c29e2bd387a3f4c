/** How the console looks around the viewer. */
import { css } from 'lit';

export const consoleStyles = css`
  :host {
    display: block;
    height: 100dvh;
    min-width: 0;
  }
  .frame {
    display: grid;
    grid-template-columns: 212px minmax(0, 1fr);
    height: 100%;
  }
  .rail {
    border-inline-end: 1px solid var(--_line);
    background: var(--_surface);
    display: flex;
    flex-direction: column;
    min-height: 0;
    overflow: auto;
    padding: 14px 10px;
    gap: 2px;
  }
  .brand {
    display: flex;
    align-items: center;
    gap: 8px;
    font-weight: 650;
    font-size: 15px;
    padding: 0 8px 12px;
    color: var(--_ink);
    text-decoration: none;
    letter-spacing: -0.01em;
  }
  .brand svg {
    width: 20px;
    height: 20px;
    color: var(--_accent);
  }
  .rail .tenant {
    margin: 0 0 10px;
    width: 100%;
  }
  .rail h2 {
    font-size: 11px;
    font-weight: 600;
    color: var(--_muted);
    margin: 14px 8px 4px;
  }
  .rail a.item {
    display: flex;
    align-items: center;
    gap: 9px;
    padding: 6px 8px;
    border-radius: var(--_radius);
    color: var(--_ink);
    text-decoration: none;
  }
  .rail a.item:hover {
    background: color-mix(in srgb, var(--_ink) 6%, transparent);
  }
  .rail a.item[aria-current='page'] {
    background: var(--_accent-soft);
    color: var(--_accent);
    font-weight: 600;
  }
  .rail a.item svg {
    color: var(--_muted);
  }
  .rail a.item[aria-current='page'] svg {
    color: var(--_accent);
  }
  .choices {
    font-size: 13px;
    padding: 0 8px;
  }
  .choices summary {
    display: flex;
    align-items: center;
    gap: 9px;
    padding: 6px 0;
    cursor: pointer;
    list-style: none;
    color: var(--_muted);
  }
  .choices summary::-webkit-details-marker {
    display: none;
  }
  .choices label {
    display: grid;
    gap: 2px;
    padding-bottom: 6px;
    font-size: 12px;
    color: var(--_muted);
  }
  .rail .who {
    padding: 12px 8px 0;
    display: flex;
    align-items: center;
    gap: 6px;
    font-size: 13px;
  }
  .rail .who span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    flex: 1;
  }
  .menu-button,
  .here {
    display: none;
  }
  main {
    min-width: 0;
    min-height: 0;
    overflow: auto;
    position: relative;
  }
  main.whole {
    overflow: hidden;
  }
  .page {
    container: page / inline-size;
    max-width: 1080px;
    margin: 0 auto;
    padding: 24px 28px 64px;
    display: grid;
    gap: 22px;
    grid-template-columns: minmax(0, 1fr);
  }
  .page > header {
    display: flex;
    align-items: flex-start;
    gap: 12px;
    flex-wrap: wrap;
  }
  .page > header div {
    flex: 1;
    min-width: min(100%, 280px);
  }
  .page > header .does {
    display: flex;
    gap: 12px;
    flex-wrap: wrap;
  }
  h1 {
    font-size: 21px;
    font-weight: 600;
    margin: 0;
    letter-spacing: -0.01em;
  }
  .page > header p {
    margin: 2px 0 0;
    color: var(--_muted);
    max-width: 68ch;
  }
  section.block {
    border: 1px solid var(--_line);
    border-radius: 8px;
    overflow: hidden;
    background: var(--_bg);
  }
  section.block > h2 {
    font-size: 13px;
    font-weight: 600;
    margin: 0;
    padding: 10px 14px;
    border-bottom: 1px solid var(--_line);
    display: flex;
    gap: 8px;
    align-items: center;
  }
  section.block > h2 .more {
    margin-inline-start: auto;
    font-weight: 400;
  }
  section.block > .inside {
    padding: 12px 14px;
  }
  section.block > h2 input.more {
    width: min(240px, 50%);
  }
  .aside {
    display: flex;
    gap: 12px;
    align-items: center;
    justify-content: space-between;
    flex-wrap: wrap;
  }
  nav.tabs {
    display: flex;
    flex-wrap: wrap;
    gap: 0 18px;
    border-bottom: 1px solid var(--_line);
  }
  nav.tabs a {
    padding: 6px 0;
    margin-bottom: -1px;
    color: var(--_muted);
    text-decoration: none;
    border-bottom: 2px solid transparent;
  }
  nav.tabs a:hover {
    color: var(--_ink);
  }
  nav.tabs a[aria-current='page'] {
    color: var(--_accent);
    border-color: var(--_accent);
    font-weight: 600;
  }
  .columns {
    display: grid;
    gap: 22px;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr));
    align-items: start;
  }
  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 190px), 1fr));
    border: 1px solid var(--_line);
    border-radius: 8px;
    overflow: hidden;
  }
  .tile {
    padding: 12px 14px;
    color: var(--_ink);
    text-decoration: none;
    border: 0 solid var(--_line);
    border-width: 0 0 1px;
    border-inline-end-width: 1px;
    margin-inline-end: -1px;
    margin-bottom: -1px;
  }
  a.tile:hover {
    background: var(--_surface);
  }
  .tile .label {
    color: var(--_muted);
    font-size: 12px;
    display: flex;
    gap: 6px;
    align-items: center;
  }
  .tile .number {
    font-size: 22px;
    font-weight: 600;
    line-height: 1.3;
    letter-spacing: -0.01em;
  }
  .tile .about {
    font-size: 12px;
    color: var(--_muted);
    overflow-wrap: anywhere;
  }
  .tile.bad .number,
  .tile.bad .label {
    color: var(--_red);
  }
  .tile.warn .number {
    color: var(--_amber);
  }
  .tile.good .label svg {
    color: var(--_green);
  }
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
  .made {
    padding-inline-start: 12px;
    border-inline-start: 3px solid var(--_accent);
    overflow-wrap: anywhere;
  }
  form.sheet,
  .sheet {
    display: grid;
    gap: 14px;
    grid-template-columns: minmax(0, 1fr);
  }
  .sheet .button {
    white-space: normal;
  }
  .sheet label.line {
    display: grid;
    gap: 4px;
    font-weight: 500;
  }
  .sheet p {
    margin: 0;
  }
  section.block > h2 input {
    font-weight: 400;
  }
  .sheet .help {
    font-weight: 400;
    color: var(--_muted);
    font-size: 13px;
  }
  .sheet .choice {
    display: flex;
    gap: 8px;
    align-items: flex-start;
    font-weight: 400;
  }
  .sheet fieldset {
    border: 0;
    padding: 0;
    margin: 0;
    display: grid;
    gap: 6px;
  }
  .sheet legend {
    font-weight: 500;
    padding: 0;
    margin-bottom: 4px;
  }
  .sheet .givables {
    gap: 10px;
  }
  .sheet .where {
    display: grid;
    gap: 8px;
    grid-template-columns: minmax(0, 1fr);
    margin: 6px 0 4px 6px;
    padding-inline-start: 14px;
    border-inline-start: 1px solid var(--_line-strong);
  }
  .sheet .boxes {
    display: grid;
    gap: 6px;
    max-height: 168px;
    overflow: auto;
    padding: 8px 10px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }
  .sheet fieldset.nested {
    gap: 8px;
    min-width: 0;
  }
  .sheet .missing {
    color: var(--_red);
    font-size: 13px;
  }
  .sheet details.more summary {
    cursor: pointer;
    font-weight: 500;
    margin-bottom: 8px;
  }
  .sheet code {
    overflow-wrap: anywhere;
  }
  ul.delta {
    list-style: none;
    margin: 0;
    padding: 8px 12px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
    overflow-wrap: anywhere;
  }
  ul.delta li {
    display: grid;
    grid-template-columns: 14px minmax(0, 1fr);
  }
  ul.delta .gone {
    color: var(--_red);
  }
  ul.delta .added {
    color: var(--_green);
  }
  .sheet textarea {
    min-height: 64px;
    resize: vertical;
  }
  .sheet textarea.short {
    min-height: 48px;
  }
  .sheet textarea.tall {
    min-height: 280px;
  }
  .requirements > .help {
    margin: 0;
  }
  .requirement {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 136px 36px;
    gap: 2px 6px;
    align-items: center;
  }
  .requirement .help {
    grid-column: 2 / -1;
  }
  .due {
    display: grid;
    gap: 6px;
  }
  .counts {
    list-style: none;
    margin: 0;
    padding: 0;
    max-width: 460px;
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
  }
  .counts li {
    display: grid;
    grid-template-columns: subgrid;
    grid-column: 1 / -1;
    gap: 18px;
    padding: 3px 0;
    border-bottom: 1px solid var(--_line);
    overflow-wrap: anywhere;
  }
  .counts li > :last-child {
    text-align: end;
  }
  .ask {
    display: flex;
    gap: 12px;
    align-items: flex-end;
    flex-wrap: wrap;
  }
  .ask label.line {
    width: 180px;
  }
  .forms {
    display: flex;
    gap: 12px;
    flex-wrap: wrap;
  }
  .forms .button {
    white-space: normal;
  }
  .forms .which {
    flex-basis: 100%;
    font-weight: 500;
    margin-bottom: -6px;
  }
  .sheet .end {
    display: flex;
    gap: 8px;
    justify-content: flex-end;
    flex-wrap: wrap;
  }
  .before-after {
    display: grid;
    grid-template-columns: 1fr auto 1fr;
    gap: 12px;
    align-items: center;
    padding: 10px 14px;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  dialog.side {
    margin: 0;
    margin-inline-start: auto;
    height: 100dvh;
    max-height: none;
    width: min(460px, 100vw);
    border: 0;
    border-inline-start: 1px solid var(--_line-strong);
    border-radius: 0;
    padding: 0;
    background: var(--_bg);
    color: var(--_ink);
    font: inherit;
  }
  dialog.side::backdrop {
    background: rgb(20 18 15 / 0.35);
  }
  dialog.side header {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 14px 18px;
    border-bottom: 1px solid var(--_line);
    position: sticky;
    top: 0;
    background: var(--_bg);
    z-index: 1;
  }
  dialog.side header h2 {
    margin: 0;
    font-size: 16px;
    font-weight: 600;
    flex: 1;
  }
  dialog.side .inside > p {
    margin: 0;
  }
  dialog.side .inside {
    padding: 18px;
    display: grid;
    gap: 16px;
    grid-template-columns: minmax(0, 1fr);
  }
  dialog.side .inside > p {
    margin: 0;
  }
  .drop {
    display: flex;
    gap: 14px;
    align-items: center;
    padding: 26px 22px;
    border: 1px dashed var(--_line-strong);
    border-radius: 8px;
    cursor: pointer;
  }
  .drop > span {
    display: grid;
    gap: 2px;
  }
  .drop > svg {
    width: 26px;
    height: 26px;
    color: var(--_accent);
  }
  .drop:hover,
  .drop.over {
    border-color: var(--_accent);
    background: var(--_accent-soft);
  }
  .drop:focus-within {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  .findings {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  .findings li {
    display: grid;
    grid-template-columns: 20px minmax(0, 1fr);
    gap: 6px;
    padding: 10px 14px;
    border-bottom: 1px solid var(--_line);
    overflow-wrap: anywhere;
  }
  .findings li:last-child {
    border: 0;
  }
  .findings li > svg {
    color: var(--_red);
    margin-top: 2px;
  }
  .findings li.said-so > svg {
    color: var(--_muted);
  }
  .findings .said {
    margin: 2px 0;
  }
  .reasons {
    margin: 0;
    padding-inline-start: 20px;
  }
  .sign-in {
    min-height: 100dvh;
    display: grid;
    place-items: center;
    padding: 24px;
  }
  .sign-in .card {
    width: min(420px, 100%);
    display: grid;
    gap: 18px;
  }
  .sign-in .brand {
    padding: 0;
    font-size: 20px;
  }
  .sign-in .brand svg {
    width: 26px;
    height: 26px;
  }
  .sign-in p {
    margin: 0;
  }
  indelible-viewer {
    height: 100%;
  }
  .preview {
    height: 520px;
    border: 1px solid var(--_line);
    border-radius: 8px;
    overflow: hidden;
  }
  .watermark {
    position: fixed;
    z-index: 40;
    inset-inline-end: 16px;
    bottom: 60px;
    pointer-events: none;
    color: var(--_ink);
    opacity: 0.32;
    font-size: 20px;
    font-weight: 600;
  }
  .skip {
    position: absolute;
    inset-inline-start: 8px;
    top: -60px;
    z-index: 50;
  }
  .skip:focus {
    top: 8px;
  }
  @media (max-width: 860px) {
    .frame {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: auto minmax(0, 1fr);
    }
    .rail {
      flex-direction: row;
      align-items: center;
      padding: 6px 10px;
      border-inline-end: 0;
      border-bottom: 1px solid var(--_line);
      flex-wrap: wrap;
      overflow: visible;
    }
    .rail .brand {
      padding: 0 4px;
    }
    .here {
      display: block;
      flex: 1;
      min-width: 0;
      margin-inline-end: auto;
      color: var(--_muted);
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .menu-button {
      display: inline-flex;
    }
    .rail .rest {
      display: none;
      width: 100%;
      flex-direction: column;
      gap: 2px;
      padding: 6px 0;
      max-height: 70dvh;
      overflow: auto;
    }
    .rail .rest.open {
      display: flex;
    }
    .page {
      padding: 16px 14px 48px;
      gap: 16px;
    }
    .rail .who {
      margin-top: 6px;
    }
  }
  @media (max-width: 560px) {
    .requirement {
      grid-template-columns: minmax(0, 1fr) 36px;
    }
    .requirement .name,
    .requirement .help {
      grid-column: 1 / -1;
    }
    dl.facts {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
    }
    dl.facts dd {
      margin-bottom: 8px;
    }
  }
  @media print {
    :host {
      height: auto;
    }
    .frame {
      display: block;
      height: auto;
    }
    .rail,
    .skip,
    .does,
    .actions,
    dialog {
      display: none !important;
    }
    main,
    main.whole {
      overflow: visible;
    }
    .page {
      max-width: none;
      padding: 0;
    }
    .scroll {
      overflow: visible;
    }
    section.block,
    table.rows tr {
      break-inside: avoid;
    }
    indelible-viewer {
      height: auto;
    }
    .watermark {
      position: static;
      opacity: 1;
      font-size: 12px;
      margin-bottom: 8px;
    }
  }
  @media (min-width: 861px) {
    .rail .rest {
      display: flex;
      flex-direction: column;
      gap: 2px;
      flex: 1;
    }
  }
`;
