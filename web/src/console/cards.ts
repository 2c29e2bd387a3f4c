/**
 * On a narrow page the rows of a table are cards (styles.ts): each cell then needs the name of its column beside it.
 */

/** Writes the names of the columns to the cells, which the style sheet shows. */
export function nameCells(root: ParentNode): void {
  for (const table of root.querySelectorAll('table.cards')) {
    const names = Array.from(table.querySelectorAll('thead th'), (head) =>
      head.querySelector('.visually-hidden') ? '' : head.textContent.trim(),
    );
    for (const row of table.querySelectorAll('tbody tr')) {
      // The first cell is what the row is called by.
      for (const [i, cell] of Array.from(row.children).entries()) {
        if (i && names[i]) cell.setAttribute('data-column', names[i]);
      }
    }
  }
}
