/** Tests of the viewer and the console in a real browser, against the demonstration's server. */
@NullMarked
package dev.indelible.systemtests.browser;

import org.jspecify.annotations.NullMarked;
