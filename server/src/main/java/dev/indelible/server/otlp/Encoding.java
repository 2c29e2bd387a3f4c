package dev.indelible.server.otlp;

/** Encodings of OTLP/HTTP; an answer has that of its request. */
public enum Encoding {
  /** Protocol Buffers in binary. */
  PROTOBUF("application/x-protobuf"),
  /** The JSON encoding of OTLP. */
  JSON("application/json");

  private final String mediaType;

  Encoding(String mediaType) {
    this.mediaType = mediaType;
  }

  /** Media type of bodies in this encoding. */
  public String mediaType() {
    return mediaType;
  }

  /** The encoding of a body by its media type in lower case, without parameters; else JSON. */
  public static Encoding of(String mediaType) {
    return mediaType.equals(PROTOBUF.mediaType) ? PROTOBUF : JSON;
  }
}
