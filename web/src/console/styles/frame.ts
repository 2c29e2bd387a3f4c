/** The rail, and what stands on every page: its heading, blocks and tiles. */
import { css } from 'lit';

export const frame = css`
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
`;
