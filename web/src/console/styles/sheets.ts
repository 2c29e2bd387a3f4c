/** The side sheet and its forms. */
import { css } from 'lit';

export const sheets = css`
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
`;
