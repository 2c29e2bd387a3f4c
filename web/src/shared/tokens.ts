/** Colours, spaces and type as custom properties `--indelible-*`, so that a host page can make them its own. */
import { css } from 'lit';

export const tokens = css`
  :host {
    --_bg: var(--indelible-background, light-dark(#fdfcfa, #171614));
    --_surface: var(--indelible-surface, light-dark(#f7f5f1, #1d1b19));
    --_raised: var(--indelible-raised, light-dark(#ffffff, #26231f));
    --_ink: var(--indelible-ink, light-dark(#24211d, #ece8e1));
    --_muted: var(--indelible-muted, light-dark(#655f56, #aaa397));
    --_line: var(--indelible-line, light-dark(#e6e1d8, #33302b));
    --_line-strong: var(--indelible-line-strong, light-dark(#cdc6b9, #4b463f));
    --_field: var(--indelible-field-border, light-dark(#8b8477, #7d766a));
    --_accent: var(--indelible-accent, light-dark(#1f4b99, #94b8f7));
    --_accent-ink: var(--indelible-accent-ink, light-dark(#ffffff, #10192b));
    --_accent-soft: var(--indelible-accent-soft, light-dark(#e8eef9, #1f2b42));
    --_amber: var(--indelible-security, light-dark(#865300, #e8b85f));
    --_amber-bar: var(--indelible-security-bar, light-dark(#c27c00, #e0a63a));
    --_amber-soft: var(--indelible-security-soft, light-dark(#fcf2df, #2f2611));
    --_red: var(--indelible-danger, light-dark(#b3261e, #f49a92));
    --_red-soft: var(--indelible-danger-soft, light-dark(#fbebe9, #3a1f1c));
    --_green: var(--indelible-verified, light-dark(#1a6638, #84d3a1));
    --_green-soft: var(--indelible-verified-soft, light-dark(#e5f3ea, #16301f));
    --_chart: var(--indelible-chart, light-dark(#5f83c4, #6b90d2));
    --_chart-failure: var(--indelible-chart-failure, light-dark(#c5443a, #e67d74));
    --_font: var(
      --indelible-font,
      system-ui,
      -apple-system,
      'Segoe UI',
      Roboto,
      'Helvetica Neue',
      'Noto Sans',
      sans-serif
    );
    --_mono: var(
      --indelible-font-mono,
      ui-monospace,
      'SF Mono',
      'Cascadia Code',
      Menlo,
      Consolas,
      'Liberation Mono',
      'DejaVu Sans Mono',
      monospace
    );
    --_size: var(--indelible-font-size, 14px);
    --_radius: var(--indelible-radius, 6px);
    --_row: var(--indelible-row-height, 36px);

    color-scheme: light dark;
    font: var(--_size) / 1.45 var(--_font);
    font-variant-numeric: tabular-nums;
    color: var(--_ink);
    background: var(--_bg);
    -webkit-text-size-adjust: 100%;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  :host([hidden]) {
    display: none;
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  button,
  input,
  select,
  textarea {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
  }

  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  :focus {
    outline: none;
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 1px;
    border-radius: 4px;
  }

  .mono,
  code,
  kbd,
  pre {
    font-family: var(--_mono);
    font-size: 0.9em;
  }
  .muted {
    color: var(--_muted);
  }
  .grow {
    flex: 1 1 auto;
    min-width: 0;
  }

  svg.icon {
    width: 16px;
    height: 16px;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
    vertical-align: -3px;
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-height: 32px;
    padding: 4px 10px;
    border: 1px solid var(--_line-strong);
    border-radius: var(--_radius);
    background: var(--_raised);
    color: var(--_ink);
    cursor: pointer;
    text-decoration: none;
    white-space: nowrap;
  }
  .button:hover {
    border-color: var(--_muted);
  }
  .button:disabled {
    color: var(--_muted);
    cursor: default;
    border-color: var(--_line);
    background: transparent;
  }
  .button.primary {
    background: var(--_accent);
    border-color: var(--_accent);
    color: var(--_accent-ink);
  }
  .button.primary:hover {
    filter: brightness(1.08);
  }
  .button.danger:not(:disabled) {
    color: var(--_red);
    border-color: var(--_red);
  }
  .button.plain {
    border-color: transparent;
    background: transparent;
  }
  .button.plain:hover {
    background: var(--_surface);
    border-color: var(--_line);
  }
  .button.plain:disabled:hover {
    background: transparent;
    border-color: transparent;
  }
  .button.icon-only {
    padding: 4px;
    width: 32px;
  }
  .button[aria-pressed='true'] {
    background: var(--_accent-soft);
    border-color: var(--_accent);
    color: var(--_accent);
  }

  select.button {
    padding-inline: 8px;
    max-width: 100%;
  }

  .link {
    border: 0;
    padding: 0;
    background: none;
    color: var(--_accent);
    cursor: pointer;
    text-align: start;
    text-decoration: underline;
    text-decoration-color: color-mix(in srgb, currentColor 35%, transparent);
    text-underline-offset: 3px;
  }
  .link:hover {
    text-decoration-color: currentColor;
  }

  .field {
    border: 1px solid var(--_field);
    border-radius: var(--_radius);
    background: var(--_raised);
    min-height: 32px;
    padding: 4px 8px;
    width: 100%;
  }
  .field:focus-visible {
    outline-offset: -1px;
    border-radius: var(--_radius);
  }
  ::placeholder {
    color: var(--_muted);
    opacity: 1;
  }

  .notice {
    display: flex;
    gap: 8px;
    align-items: flex-start;
    padding: 8px 12px;
    border-radius: var(--_radius);
    background: var(--_surface);
    border: 1px solid var(--_line);
  }
  .notice > svg {
    margin-top: 2px;
  }
  .notice.security {
    background: var(--_amber-soft);
    border-color: transparent;
    color: var(--_amber);
  }
  .notice.danger {
    background: var(--_red-soft);
    border-color: transparent;
    color: var(--_red);
  }
  .original {
    display: block;
    font-size: 12px;
  }
  .notice.good {
    background: var(--_green-soft);
    border-color: transparent;
    color: var(--_green);
  }

  pre.code {
    margin: 0;
    padding: 8px 12px;
    border-radius: var(--_radius);
    background: var(--_surface);
    border: 1px solid var(--_line);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    font-size: 12px;
    line-height: 1.55;
    text-align: start;
    direction: ltr;
  }

  .skeleton {
    display: inline-block;
    height: 0.75em;
    border-radius: 4px;
    background: var(--_line);
    width: var(--w, 60%);
    animation: appear 0s 200ms both;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
    to {
      opacity: 1;
    }
  }

  @media (forced-colors: active) {
    .button {
      border-color: ButtonText;
    }
    svg.icon {
      stroke: currentColor;
    }
  }
`;
