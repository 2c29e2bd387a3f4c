/** The entry that is open: its facts, changes, details and proof. */
import { css } from 'lit';

export const panel = css`
  .panel .top {
    position: sticky;
    top: 0;
    z-index: 4;
    display: flex;
    gap: 2px;
    align-items: center;
    padding: 8px 8px 8px 12px;
    background: var(--_bg);
    border-bottom: 1px solid var(--_line);
  }
  .panel .top .where {
    margin-inline-end: auto;
    color: var(--_muted);
    font-size: 12px;
  }
  .panel .content {
    padding: 14px 16px 40px;
    display: grid;
    gap: 16px;
    grid-template-columns: minmax(0, 1fr);
    overflow-wrap: anywhere;
  }
  .panel h2 {
    margin: 0;
    font-size: 17px;
    line-height: 1.4;
    font-weight: 500;
    overflow-wrap: anywhere;
  }
  .panel h2 .value {
    font-size: inherit;
  }
  .panel h2 .value.action {
    font-size: 12px;
  }
  .panel h3 {
    margin: 0 0 6px;
    font-size: 12px;
    font-weight: 600;
    color: var(--_muted);
  }
  .panel .notices {
    display: grid;
    gap: 6px;
  }
  dl.facts {
    display: grid;
    grid-template-columns: minmax(88px, max-content) minmax(0, 1fr);
    gap: 0 12px;
    margin: 0;
  }
  dl.facts dt {
    color: var(--_muted);
  }
  /* Values are targets to click: lines are far enough apart to hit one. */
  dl.facts dt,
  dl.facts dd {
    line-height: 26px;
  }
  dl.facts dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  dl.facts .tag {
    line-height: 24px;
  }
  dl.facts .tags {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
  }

  .change {
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    overflow: hidden;
    margin-bottom: 8px;
  }
  .change .name {
    padding: 4px 10px;
    font-family: var(--_mono);
    font-size: 12px;
    background: var(--_surface);
    border-bottom: 1px solid var(--_line);
  }
  .change .side {
    display: grid;
    grid-template-columns: 20px minmax(0, 1fr);
    padding: 4px 10px;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  .change .sign {
    font-family: var(--_mono);
    font-weight: 600;
  }
  .change .gone {
    background: var(--_red-soft);
  }
  .change .gone .sign {
    color: var(--_red);
  }
  .change .come {
    background: var(--_green-soft);
  }
  .change .come .sign {
    color: var(--_green);
  }
  .change ins,
  .change del {
    text-decoration: none;
    border-radius: 3px;
    padding: 0 1px;
  }
  .change del {
    background: color-mix(in srgb, var(--_red) 22%, transparent);
    text-decoration: line-through;
  }
  .change ins {
    background: color-mix(in srgb, var(--_green) 24%, transparent);
    text-decoration: underline;
    text-underline-offset: 2px;
  }

  .json {
    font: 12px/1.6 var(--_mono);
    overflow-wrap: anywhere;
    direction: ltr;
    text-align: start;
    white-space: normal;
  }
  .json details {
    margin: 0;
  }
  .json summary {
    cursor: pointer;
    list-style: none;
    border-radius: 4px;
    min-height: 24px;
    padding-block: 3px;
  }
  .json summary::-webkit-details-marker {
    display: none;
  }
  .json summary::before {
    content: '▸';
    display: inline-block;
    width: 14px;
    color: var(--_muted);
  }
  .json details[open] > summary::before {
    content: '▾';
  }
  .json .inside {
    padding-inline-start: 14px;
    border-inline-start: 1px solid var(--_line);
    margin-inline-start: 4px;
  }
  .json .leaf {
    padding-inline-start: 14px;
  }
  .json .k {
    color: var(--_accent);
  }
  .json .s {
    color: var(--_green);
    white-space: pre-wrap;
  }
  .json .x {
    color: var(--_amber);
  }

  .proof {
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }
  .proof > summary {
    list-style: none;
    cursor: pointer;
    display: flex;
    gap: 8px;
    align-items: center;
    padding: 8px 12px;
    font-weight: 600;
    border-radius: var(--_radius);
  }
  .proof > summary::-webkit-details-marker {
    display: none;
  }
  .proof > summary .more {
    margin-inline-start: auto;
    color: var(--_muted);
    font-weight: 400;
    display: inline-flex;
  }
  .proof[open] > summary .more {
    transform: rotate(180deg);
  }
  .proof.verified {
    border-color: color-mix(in srgb, var(--_green) 40%, transparent);
  }
  .proof.verified > summary {
    color: var(--_green);
    background: var(--_green-soft);
  }
  .proof.failed {
    border-color: var(--_red);
  }
  .proof.failed > summary {
    color: var(--_red);
    background: var(--_red-soft);
  }
  .proof ol {
    list-style: none;
    margin: 0;
    padding: 8px 12px;
    display: grid;
    gap: 10px;
  }
  .proof li {
    display: grid;
    grid-template-columns: 20px minmax(0, 1fr);
    gap: 6px;
  }
  .proof li svg {
    margin-top: 2px;
  }
  .proof li.ok svg {
    color: var(--_green);
  }
  .proof li.failed,
  .proof li.failed svg {
    color: var(--_red);
  }
  .proof li.note svg,
  .proof li.open svg {
    color: var(--_muted);
  }
  .proof li .evidence {
    display: block;
    font: 11px/1.5 var(--_mono);
    color: var(--_muted);
    overflow-wrap: anywhere;
  }

  .related {
    display: grid;
    gap: 2px;
    justify-items: stretch;
  }
  .related button {
    display: flex;
    gap: 8px;
    border: 0;
    background: none;
    cursor: pointer;
    padding: 5px 8px;
    margin-inline: -8px;
    border-radius: 4px;
    text-align: start;
    color: var(--_accent);
  }
  .related button:hover {
    background: var(--_surface);
  }
  .related button > bdi {
    overflow: hidden;
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    line-clamp: 2;
    overflow-wrap: anywhere;
  }
  .related .count {
    margin-inline-start: auto;
    color: var(--_muted);
  }
`;
