/** How the console looks around the viewer. */
import type { CSSResultGroup } from 'lit';
import { check } from './styles/check.ts';
import { evidenceStyles } from './styles/evidence.ts';
import { exportsStyles } from './styles/exports.ts';
import { frame } from './styles/frame.ts';
import { media } from './styles/media.ts';
import { sheets } from './styles/sheets.ts';
import { signIn } from './styles/sign-in.ts';
import { streamsStyles } from './styles/streams.ts';
import { tables } from './styles/tables.ts';

/** In the order of the cascade. */
export const consoleStyles: CSSResultGroup = [
  frame,
  tables,
  sheets,
  exportsStyles,
  evidenceStyles,
  streamsStyles,
  check,
  signIn,
  media,
];
