/** Other programs' logs, pulled from where they lie, page by page and without gaps. */
@NullMarked
package dev.indelible.cli.pull;

import org.jspecify.annotations.NullMarked;
