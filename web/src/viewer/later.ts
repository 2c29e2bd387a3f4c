/**
 * What is not needed at first sight, and so loaded when somebody comes near it: the open entry, the menus, the help.
 */
export { renderHelp } from './view-help.ts';
export { renderMenu } from './view-menu.ts';
export { renderPanel } from './view-panel.ts';
