/**
 * Documents and files that leave a log: exports, proofs, certificates and reports. They know of no
 * request: a schedule makes them as a route does.
 */
@NullMarked
package dev.indelible.server.takeout;

import org.jspecify.annotations.NullMarked;
