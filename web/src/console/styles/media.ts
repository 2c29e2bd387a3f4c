/** Narrow and wide pages, and paper. */
import { css } from 'lit';

export const media = css`
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
