/**
 * Everything that an auditor needs: leaf, Merkle tree, tile, checkpoint, proof, bundle. JDK only.
 */
@NullMarked
package dev.indelible.verify;

import org.jspecify.annotations.NullMarked;
