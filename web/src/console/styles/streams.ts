/** The pages of streams. */
import { css } from 'lit';

export const streamsStyles = css`
  tr[data-stream] .link {
    display: inline-flex;
    align-items: center;
    min-height: 24px;
  }
  .page > p.back {
    margin: 0;
  }
  .page > p.back .link {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    min-height: 24px;
  }
  section.block > h2:has(> .button) {
    flex-wrap: wrap;
  }
  .page .does .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }
  .page > .under {
    display: grid;
    gap: 8px;
  }
  .page > .under p {
    margin: 0;
  }
`;
