package dev.indelible.verify;

import java.io.IOException;

/** A tile that was read and is none; the message names it. */
public final class MalformedTileException extends IOException {

  private static final long serialVersionUID = 1;

  MalformedTileException(Tile tile, int lengthBytes) {
    super(tile.path() + " has " + lengthBytes + " bytes, not " + tile.lengthBytes());
  }
}
