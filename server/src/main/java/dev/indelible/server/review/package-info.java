/** Reviews of logs: when they are due, and who is told. */
@NullMarked
package dev.indelible.server.review;

import org.jspecify.annotations.NullMarked;
