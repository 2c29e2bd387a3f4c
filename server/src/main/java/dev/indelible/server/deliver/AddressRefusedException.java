package dev.indelible.server.deliver;

import java.net.UnknownHostException;

/**
 * Refusal to connect to a host. It is an {@link UnknownHostException} as libraries let resolvers
 * throw no other; the message is for people.
 */
public final class AddressRefusedException extends UnknownHostException {

  private static final long serialVersionUID = 1L;

  AddressRefusedException(String message) {
    super(message);
  }
}
