/** Reports: their question, what is listed of people, and stories. */
import { css } from 'lit';

export const evidenceStyles = css`
  form.question {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 8px 12px;
  }
  form.question label.line {
    display: grid;
    gap: 4px;
    flex: 1 1 180px;
    min-width: 0;
    font-weight: 500;
  }
  form.question .field {
    width: 100%;
    min-width: 0;
  }
  form.question .end {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin: 0;
  }
  ul.plain,
  ol.plain {
    list-style: none;
    margin: 0;
    padding: 0;
    display: grid;
    gap: 4px;
    overflow-wrap: anywhere;
  }
  ol.story {
    gap: 0;
  }
  ol.story li {
    padding: 6px 0;
    border-bottom: 1px solid var(--_line);
  }
  ol.story li.day {
    border-bottom: 0;
    padding-top: 16px;
  }
  ol.story h2 {
    margin: 0;
    font-size: 13px;
  }
`;
