package dev.indelible.verify;

import java.io.IOException;

/** Source of tiles: a directory, a server, the middle of a file. */
@FunctionalInterface
public interface TileSource {

  /**
   * The bytes of a tile. A source that has only the full one for a partial one cuts it.
   *
   * @throws IOException if there is none or it cannot be read, naming it
   */
  byte[] read(Tile tile) throws IOException;
}
