/** The routes of reviews of logs, and of the reports that they begin with. */
@NullMarked
package dev.indelible.server.api.review;

import org.jspecify.annotations.NullMarked;
