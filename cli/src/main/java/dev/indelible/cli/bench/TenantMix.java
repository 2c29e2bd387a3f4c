package dev.indelible.cli.bench;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Distribution of events over tenants: the one of rank {@code r} has {@code 1/r} of the first's.
 */
final class TenantMix {

  private final double[] cumulative;

  TenantMix(int tenants) {
    cumulative = new double[tenants];
    double sum = 0;
    for (int i = 0; i < tenants; i++) {
      sum += 1.0 / (i + 1);
      cumulative[i] = sum;
    }
  }

  /** A tenant, from 0; lower ones are larger. */
  int pick(RandomGenerator random) {
    double at = random.nextDouble() * cumulative[cumulative.length - 1];
    int found = Arrays.binarySearch(cumulative, at);
    return Math.min(found < 0 ? -found - 1 : found, cumulative.length - 1);
  }

  /** Id of a tenant. */
  static String name(int tenant) {
    return "bench-%04d".formatted(tenant);
  }
}
