/** How the viewer looks; its own width decides, not that of the page. */
import type { CSSResultGroup } from 'lit';
import { chart } from './styles/chart.ts';
import { facets } from './styles/facets.ts';
import { layout } from './styles/layout.ts';
import { menus } from './styles/menus.ts';
import { panel } from './styles/panel.ts';
import { table } from './styles/table.ts';

/** In the order of the cascade. */
export const viewerStyles: CSSResultGroup = [layout, facets, chart, table, panel, menus];
