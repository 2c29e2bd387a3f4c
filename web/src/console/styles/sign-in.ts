/** The page before the others, the embedded viewer, and what stands over a page. */
import { css } from 'lit';

export const signIn = css`
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
`;
