/** The check of a copy, and its findings. */
import { css } from 'lit';

export const check = css`
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
`;
