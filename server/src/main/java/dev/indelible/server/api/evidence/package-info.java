/** The routes of evidence: reviews of access, and reports over the same entries. */
@NullMarked
package dev.indelible.server.api.evidence;

import org.jspecify.annotations.NullMarked;
